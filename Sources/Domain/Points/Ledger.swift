/// The ledger of performance points, within one transaction: the one place where points come about.
package struct Ledger {
    private let repositories: any Repositories

    init(_ repositories: any Repositories) { self.repositories = repositories }

    private var points: any PointRepository { repositories.points }

    private func currentMonth(at now: Instant) throws(DomainError) -> CivilMonth {
        try repositories.calendars.current().service.calendar.month(of: now)
    }

    // MARK: Rules

    package func rules() throws(DomainError) -> [PointRule] { try points.rules() }

    /// Puts the next version of a rule into force; what accrued before keeps its own.
    package func set(
        _ code: PointRule.Code,
        points given: Int,
        onTimeBonus: Int,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> PointRule {
        let old = try points.rule(code)
        try expected?.check(old.version)
        let rule = PointRule(code: code, version: old.version + 1, points: given, onTimeBonus: onTimeBonus, createdAt: now)
        try points.insert(rule)
        try note("set", of: .pointRule, code.rawValue, in: nil, by: principal, at: now, ids: ids, changed: ["points", "on_time_bonus"])
        return rule
    }

    // MARK: Entries

    /// Accrues what a case earned its officer, pending; gives the points.
    func accrue(
        _ code: PointRule.Code,
        to officer: User.ID,
        for subject: (kind: CaseKind, id: String),
        isOnTime: Bool,
        in period: CivilMonth,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Int {
        guard let user = try repositories.users.find(officer) else { throw .fault("case \(subject.id) has no officer \(officer)") }
        let rule = try points.rule(code)
        let bonus = isOnTime ? rule.onTimeBonus : 0
        try points.insert(
            PerformancePoint(
                id: ids.make(at: now),
                userID: officer,
                unitID: user.unitID,
                period: period,
                points: rule.points + bonus,
                bonus: bonus,
                status: .pending,
                source: .init(rule: code, ruleVersion: rule.version, kind: subject.kind, subjectID: subject.id),
                createdAt: now
            )
        )
        return rule.points + bonus
    }

    /// Posts a pending entry for a recap.
    func post(_ entry: PerformancePoint, for recap: Recap.ID, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        try points.insert(
            PerformancePoint(
                id: ids.make(at: now),
                userID: entry.userID,
                unitID: entry.unitID,
                period: entry.period,
                points: entry.points,
                bonus: entry.bonus,
                status: .posted,
                source: entry.source,
                recapID: recap,
                previous: .init(id: entry.id, status: entry.status),
                createdAt: now
            )
        )
    }

    /// Gives or takes points by hand, in this month when none is named, and in none to come. Nobody does it for himself.
    package func adjust(
        _ user: User.ID,
        by given: Int,
        reason: String,
        in period: CivilMonth?,
        as principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> PointRecord {
        guard principal.roles.contains(.superAdmin) else { throw .forbidden }
        guard let found = try repositories.users.find(user) else { throw .invalid([.unknownReference("/user_id")]) }
        if user == principal.userID { throw .fourEyes }
        let current = try currentMonth(at: now)
        let month = period ?? current
        if month > current { throw .invalid([.monthNotBegun]) }
        let point = PerformancePoint(
            id: ids.make(at: now),
            userID: user,
            unitID: found.unitID,
            period: month,
            points: given,
            status: .posted,
            reason: reason,
            actorID: principal.userID,
            createdAt: now
        )
        try points.insert(point)
        try note("adjust", of: .performancePoint, point.id.text, in: point.unitID, by: principal, at: now, ids: ids, reason: reason)
        return PointRecord(point: point)
    }

    /// Takes an entry back by an opposite one; an objection to it is answered so.
    package func reverse(
        _ id: PerformancePoint.ID,
        reason: String,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> PointRecord {
        let (found, entry) = try judged(id, "reverse", expecting: expected, by: principal)
        guard entry.status != .reversed else { throw refusal("reverse", of: found) }
        let opposite = PerformancePoint(
            id: ids.make(at: now),
            userID: entry.userID,
            unitID: entry.unitID,
            period: entry.period,
            points: -entry.points,
            bonus: -entry.bonus,
            status: .reversed,
            source: entry.source,
            recapID: entry.recapID,
            previous: .init(id: entry.id, status: entry.status),
            reason: reason,
            actorID: principal.userID,
            createdAt: now
        )
        try points.insert(opposite)
        if let objection = found.objection, objection.answered == nil {
            try points.answer(.init(answer: .reverse, reason: reason, userID: principal.userID, at: now), to: id)
        }
        try note("reverse", of: .performancePoint, id.text, in: entry.unitID, by: principal, at: now, ids: ids, reason: reason)
        return PointRecord(point: opposite)
    }

    // MARK: Objections

    /// The officer says what is wrong with an entry of his that still stands.
    package func object(
        to id: PerformancePoint.ID,
        reason: String,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> PointRecord {
        let found = try get(id, for: principal)
        guard found.point.userID == principal.userID else { throw .forbidden }
        try expected?.check(found.version)
        guard found.nextID == nil, found.objection == nil else { throw refusal("object", of: found) }
        let objection = PointObjection(userID: principal.userID, reason: reason, createdAt: now)
        try points.insert(objection, to: id)
        try note("object", of: .performancePoint, id.text, in: found.point.unitID, by: principal, at: now, ids: ids, reason: reason)
        return PointRecord(point: found.point, objection: objection)
    }

    /// Answers an objection: the entry stands.
    package func uphold(
        _ id: PerformancePoint.ID,
        reason: String,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> PointRecord {
        let (found, entry) = try judged(id, "uphold", expecting: expected, by: principal)
        guard let objection = found.objection, objection.answered == nil else { throw refusal("uphold", of: found) }
        let answered = PointObjection.Answered(answer: .uphold, reason: reason, userID: principal.userID, at: now)
        try points.answer(answered, to: id)
        try note("uphold", of: .performancePoint, id.text, in: entry.unitID, by: principal, at: now, ids: ids, reason: reason)
        return PointRecord(
            point: entry,
            objection: PointObjection(
                userID: objection.userID,
                reason: objection.reason,
                createdAt: objection.createdAt,
                answered: answered
            )
        )
    }

    // MARK: Readings

    /// Whose entries `principal` sees: everyone's when nil, else his own.
    package static func sight(of principal: Principal) -> User.ID? { principal.roles.areLeading ? nil : principal.userID }

    /// The entry, if `principal` may see it.
    package func get(_ id: PerformancePoint.ID, for principal: Principal) throws(DomainError) -> PointRecord {
        guard let found = try points.find(id), Self.sight(of: principal).map({ $0 == found.point.userID }) ?? true else {
            throw .notFound("performance_point")
        }
        return found
    }

    package func list(_ query: PointQuery, for principal: Principal) throws(DomainError) -> Page<PointRecord> {
        guard let query = Self.narrowed(query, for: principal) else { return Page([], hasMore: false) }
        return try points.list(query)
    }

    package func count(_ query: PointQuery, for principal: Principal, most: Int) throws(DomainError) -> Int {
        guard let query = Self.narrowed(query, for: principal) else { return 0 }
        return try points.count(query, most: most)
    }

    package func balances(
        by groups: [PointGroup],
        in period: CivilMonth?,
        for principal: Principal
    ) throws(DomainError) -> [PointBalance] {
        try points.balances(by: groups, in: period, of: Self.sight(of: principal))
    }

    package func balances(by groups: [PointGroup], in period: CivilMonth?, of user: User.ID) throws(DomainError) -> [PointBalance] {
        try points.balances(by: groups, in: period, of: user)
    }

    /// The kept balances that the entries do not add up to.
    package func wrongBalances() throws(DomainError) -> [PointBalance] { try points.wrongBalances() }

    /// The cases whose entry is missing, or of another month or amount than their row of a recap, and those that are settled but not
    /// posted.
    package func wrongCases() throws(DomainError) -> [String] { try points.wrongCases() }

    private static func narrowed(_ query: PointQuery, for principal: Principal) -> PointQuery? {
        guard let own = sight(of: principal) else { return query }
        if let named = query.userID, named != own { return nil }
        var query = query
        query.userID = own
        return query
    }

    /// An entry that the super admin may judge: not one of his own, and one that still stands.
    private func judged(
        _ id: PerformancePoint.ID,
        _ event: String,
        expecting expected: ExpectedVersion?,
        by principal: Principal
    ) throws(DomainError) -> (PointRecord, PerformancePoint) {
        let found = try get(id, for: principal)
        guard principal.roles.contains(.superAdmin) else { throw .forbidden }
        if found.point.userID == principal.userID { throw .fourEyes }
        try expected?.check(found.version)
        guard found.nextID == nil else { throw refusal(event, of: found) }
        return (found, found.point)
    }

    private func refusal(_ event: String, of record: PointRecord) -> DomainError {
        var allowed: [String] = []
        if record.nextID == nil {
            if record.point.status != .reversed { allowed.append("reverse") }
            if let objection = record.objection {
                if objection.answered == nil { allowed.append("uphold") }
            } else {
                allowed.append("object")
            }
        }
        return .refused(event: event, state: record.point.status.rawValue, allowed: allowed)
    }

    private func note(
        _ name: String,
        of subject: Event.Subject,
        _ id: String,
        in unit: Unit.ID?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        reason: String? = nil,
        changed: [String] = []
    ) throws(DomainError) {
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: subject,
                subjectID: id,
                name: name,
                unitID: unit,
                by: principal,
                reason: reason,
                changed: changed
            )
        )
    }
}
