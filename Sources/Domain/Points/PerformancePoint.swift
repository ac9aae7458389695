/// One entry of the ledger of performance points; it is never changed, and what happens to it is an entry of its own.
package struct PerformancePoint: Sendable, Identified {
    package typealias ID = Identifier<PerformancePoint>
    package static let idPrefix = "pts"

    /// What an entry does.
    package enum Status: String, Sendable, CaseIterable {
        /// It accrues points, to be posted by a recap.
        case pending
        /// It gives points: those of a pending entry, or of an adjustment.
        case posted
        /// It takes the points of another entry back.
        case reversed
    }

    /// The case that earned the points, and the rule that said how many.
    package struct Source: Sendable {
        package let rule: PointRule.Code
        package let ruleVersion: Int
        package let kind: CaseKind
        package let subjectID: String

        package init(rule: PointRule.Code, ruleVersion: Int, kind: CaseKind, subjectID: String) {
            self.rule = rule
            self.ruleVersion = ruleVersion
            self.kind = kind
            self.subjectID = subjectID
        }
    }

    /// The entry that this one posts or takes back.
    package struct Previous: Sendable {
        package let id: ID
        package let status: Status

        package init(id: ID, status: Status) {
            self.id = id
            self.status = status
        }
    }

    package let id: ID
    package let userID: User.ID
    /// The unit that the user was of when the points accrued.
    package let unitID: Unit.ID
    package let period: CivilMonth
    /// Less than 0 where points are taken.
    package let points: Int
    /// How many of them are for being on time.
    package let bonus: Int
    package let status: Status
    /// Nil for an adjustment by hand.
    package let source: Source?
    package let recapID: Recap.ID?
    package let previous: Previous?
    package let reason: String?
    /// Who made the entry by hand; nil where the system did.
    package let actorID: User.ID?
    package let createdAt: Instant

    package init(
        id: ID,
        userID: User.ID,
        unitID: Unit.ID,
        period: CivilMonth,
        points: Int,
        bonus: Int = 0,
        status: Status,
        source: Source? = nil,
        recapID: Recap.ID? = nil,
        previous: Previous? = nil,
        reason: String? = nil,
        actorID: User.ID? = nil,
        createdAt: Instant
    ) {
        self.id = id
        self.userID = userID
        self.unitID = unitID
        self.period = period
        self.points = points
        self.bonus = bonus
        self.status = status
        self.source = source
        self.recapID = recapID
        self.previous = previous
        self.reason = reason
        self.actorID = actorID
        self.createdAt = createdAt
    }

    /// What the entry does to the balances of its user.
    package var change: (pending: Int, posted: Int) {
        switch (status, previous?.status) {
        case (.pending, _): (points, 0)
        case (.posted, nil): (0, points)
        case (.posted, _): (-points, points)
        case (.reversed, .pending): (points, 0)
        case (.reversed, _): (0, points)
        }
    }
}

/// What an officer says against an entry of his, and what he was answered.
package struct PointObjection: Sendable {
    package enum Answer: String, Sendable, CaseIterable {
        /// The entry stands.
        case uphold
        /// The entry was taken back.
        case reverse
    }

    /// What was answered, why, by whom and when.
    package struct Answered: Sendable {
        package let answer: Answer
        package let reason: String
        package let userID: User.ID
        package let at: Instant

        package init(answer: Answer, reason: String, userID: User.ID, at: Instant) {
            self.answer = answer
            self.reason = reason
            self.userID = userID
            self.at = at
        }
    }

    package let userID: User.ID
    package let reason: String
    package let createdAt: Instant
    package let answered: Answered?

    package init(userID: User.ID, reason: String, createdAt: Instant, answered: Answered? = nil) {
        self.userID = userID
        self.reason = reason
        self.createdAt = createdAt
        self.answered = answered
    }
}

/// An entry with what came after it.
package struct PointRecord: Sendable {
    package let point: PerformancePoint
    /// The entry that posts it or takes it back.
    package let nextID: PerformancePoint.ID?
    package let objection: PointObjection?

    package init(point: PerformancePoint, nextID: PerformancePoint.ID? = nil, objection: PointObjection? = nil) {
        self.point = point
        self.nextID = nextID
        self.objection = objection
    }

    /// Counts what became of the entry, which itself never changes.
    package var version: Int { 1 + (nextID == nil ? 0 : 1) + (objection == nil ? 0 : 1) + (objection?.answered == nil ? 0 : 1) }
}

/// What a list of entries is filtered by.
package struct PointQuery: Sendable {
    package var userID: User.ID?
    package var unitID: Unit.ID?
    package var period: CivilMonth?
    package var status: PerformancePoint.Status?
    package var rule: PointRule.Code?
    package var subjectID: String?
    package var recapID: Recap.ID?
    package var page: PageRequest

    package init(page: PageRequest) { self.page = page }
}

/// What the balances of the ledger can be gathered by.
package enum PointGroup: String, Sendable, CaseIterable {
    case user, unit, period
}

/// The points of one group; the members that it is not gathered by are nil.
package struct PointBalance: Sendable {
    package let userID: User.ID?
    package let unitID: Unit.ID?
    package let period: CivilMonth?
    package let pending: Int
    package let posted: Int

    package init(userID: User.ID? = nil, unitID: Unit.ID? = nil, period: CivilMonth? = nil, pending: Int, posted: Int) {
        self.userID = userID
        self.unitID = unitID
        self.period = period
        self.pending = pending
        self.posted = posted
    }

    package var total: Int { pending + posted }
}

/// The ledger of points in storage.
package protocol PointRepository {
    /// The rules in force.
    func rules() throws(DomainError) -> [PointRule]
    func rule(_ code: PointRule.Code) throws(DomainError) -> PointRule
    func insert(_ rule: PointRule) throws(DomainError)
    /// Adds an entry and its change of the balances; throws `conflict` if the entry before it has another after it already.
    func insert(_ point: PerformancePoint) throws(DomainError)
    func find(_ id: PerformancePoint.ID) throws(DomainError) -> PointRecord?
    func list(_ query: PointQuery) throws(DomainError) -> Page<PointRecord>
    func count(_ query: PointQuery, most: Int) throws(DomainError) -> Int
    /// The first `limit` pending entries of a rule and a month behind `last` that nothing has followed yet, in the order of their ids.
    func open(
        _ rule: PointRule.Code,
        in period: CivilMonth,
        after last: PerformancePoint.ID?,
        limit: Int
    ) throws(DomainError) -> [PerformancePoint]
    /// The balances by those groups; all months when `period` is nil, all users when `user` is.
    func balances(by groups: [PointGroup], in period: CivilMonth?, of user: User.ID?) throws(DomainError) -> [PointBalance]
    /// The kept balances that the entries do not add up to.
    func wrongBalances() throws(DomainError) -> [PointBalance]
    /// The cases whose entry is missing, or of another month or amount than their row of a recap, and those that are settled but not
    /// posted.
    func wrongCases() throws(DomainError) -> [String]
    /// Throws `conflict` if there is an objection to the entry already.
    func insert(_ objection: PointObjection, to id: PerformancePoint.ID) throws(DomainError)
    func answer(_ answered: PointObjection.Answered, to id: PerformancePoint.ID) throws(DomainError)
}
