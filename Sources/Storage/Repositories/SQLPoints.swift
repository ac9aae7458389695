import Domain

/// The ledger of performance points, with the sums that are kept beside it.
struct SQLPoints: PointRepository {
    let connection: any Connection

    private static let ruleColumns: SQLFragment = "code, version, points, on_time_bonus, created_at_ms"
    private static let columns: SQLFragment = """
        p.id, p.user_id, p.unit_id, p.period, p.points, p.bonus, p.status, p.rule, p.rule_version, p.subject_type, p.subject_id, p.recap_id, \
        p.previous_id, p.previous_status, p.reason, p.actor_id, p.created_at_ms
        """
    private static let recordColumns: SQLFragment = """
        n.id, o.user_id, o.reason, o.created_at_ms, o.answer, o.answer_reason, o.answerer_id, o.answered_at_ms
        """
    private static let joins: SQLFragment = """
        left join performance_point as n on n.previous_id = p.id \
        left join point_objection as o on o.point_id = p.id
        """

    // MARK: Rules

    private static func decodeRule(_ columns: inout Columns) throws(DomainError) -> PointRule {
        PointRule(
            code: try columns.choice(),
            version: columns.integer(),
            points: columns.integer(),
            onTimeBonus: columns.integer(),
            createdAt: columns.instant()
        )
    }

    func rules() throws(DomainError) -> [PointRule] {
        try connection.all(
            """
            select \(Self.ruleColumns)
            from point_rule as r
            where version = (select max(version) from point_rule where code = r.code)
            order by code
            """,
            Self.decodeRule
        )
    }

    func rule(_ code: PointRule.Code) throws(DomainError) -> PointRule {
        let found = try connection.first(
            "select \(Self.ruleColumns) from point_rule where code = \(code) order by version desc limit 1",
            Self.decodeRule
        )
        guard let found else { throw .fault("there is no point rule \(code.rawValue)") }
        return found
    }

    func insert(_ rule: PointRule) throws(DomainError) {
        try connection.execute(
            """
            insert into point_rule (\(Self.ruleColumns))
            values (\(rule.code), \(rule.version), \(rule.points), \(rule.onTimeBonus), \(rule.createdAt))
            """
        )
    }

    // MARK: Entries

    func insert(_ point: PerformancePoint) throws(DomainError) {
        let source = point.source
        try connection.execute(
            """
            insert into performance_point (
                id, user_id, unit_id, period, points, bonus, status, rule, rule_version, subject_type, subject_id, recap_id,
                previous_id, previous_status, reason, actor_id, created_at_ms
            )
            values (
                \(point.id), \(point.userID), \(point.unitID), \(point.period), \(point.points), \(point.bonus), \(point.status),
                \(source?.rule), \(source?.ruleVersion), \(source?.kind), \(source?.subjectID), \(point.recapID),
                \(point.previous?.id), \(point.previous?.status), \(point.reason), \(point.actorID), \(point.createdAt)
            )
            """,
            conflicts: ["performance_point.previous_id": "/id", "performance_point.subject_id": "/id"]
        )
        let change = point.change
        try connection.execute(
            """
            insert into point_balance (period, user_id, unit_id, pending, posted)
            values (\(point.period), \(point.userID), \(point.unitID), \(change.pending), \(change.posted))
            on conflict (period, user_id, unit_id) do update set pending = pending + excluded.pending, posted = posted + excluded.posted
            """
        )
    }

    private static func decode(_ columns: inout Columns) throws(DomainError) -> PerformancePoint {
        let id: PerformancePoint.ID = columns.identifier()
        let (userID, unitID): (User.ID, Domain.Unit.ID) = (columns.identifier(), columns.identifier())
        let period = try columns.month()
        let (points, bonus) = (columns.integer(), columns.integer())
        let status: PerformancePoint.Status = try columns.choice()
        let rule: PointRule.Code? = try columns.optionalChoice()
        let ruleVersion = columns.optionalInteger()
        let kind: CaseKind? = try columns.optionalChoice()
        let subjectID = columns.optionalText()
        var source: PerformancePoint.Source?
        if let rule, let ruleVersion, let kind, let subjectID {
            source = .init(rule: rule, ruleVersion: ruleVersion, kind: kind, subjectID: subjectID)
        }
        let recapID: Recap.ID? = columns.optionalIdentifier()
        let previousID: PerformancePoint.ID? = columns.optionalIdentifier()
        let previousStatus: PerformancePoint.Status? = try columns.optionalChoice()
        var previous: PerformancePoint.Previous?
        if let previousID, let previousStatus { previous = .init(id: previousID, status: previousStatus) }
        return PerformancePoint(
            id: id,
            userID: userID,
            unitID: unitID,
            period: period,
            points: points,
            bonus: bonus,
            status: status,
            source: source,
            recapID: recapID,
            previous: previous,
            reason: columns.optionalText(),
            actorID: columns.optionalIdentifier(),
            createdAt: columns.instant()
        )
    }

    private static func decodeRecord(_ columns: inout Columns) throws(DomainError) -> PointRecord {
        let point = try decode(&columns)
        let nextID: PerformancePoint.ID? = columns.optionalIdentifier()
        let objector: User.ID? = columns.optionalIdentifier()
        let reason = columns.text()
        let createdAt = columns.instant()
        let answer: PointObjection.Answer? = try columns.optionalChoice()
        let answerReason = columns.text()
        let answerer: User.ID? = columns.optionalIdentifier()
        let answeredAt = columns.instant()
        guard let objector else { return PointRecord(point: point, nextID: nextID) }
        var answered: PointObjection.Answered?
        if let answer, let answerer { answered = .init(answer: answer, reason: answerReason, userID: answerer, at: answeredAt) }
        let objection = PointObjection(userID: objector, reason: reason, createdAt: createdAt, answered: answered)
        return PointRecord(point: point, nextID: nextID, objection: objection)
    }

    func find(_ id: PerformancePoint.ID) throws(DomainError) -> PointRecord? {
        try connection.first(
            """
            select \(Self.columns), \(Self.recordColumns)
            from performance_point as p
            \(Self.joins)
            where p.id = \(id)
            """,
            Self.decodeRecord
        )
    }

    func list(_ query: PointQuery) throws(DomainError) -> Page<PointRecord> {
        var statement: SQL = """
            select \(Self.columns), \(Self.recordColumns)
            from performance_point as p
            \(Self.joins)
            where true
            """
        statement.append(Self.conditions(query))
        return try connection.page(statement, limit: query.page.limit, Self.decodeRecord)
    }

    func count(_ query: PointQuery, most: Int) throws(DomainError) -> Int {
        var query = query
        query.page = PageRequest(limit: most)
        return try connection.first("select count(*) from (select 1 from performance_point as p where true\(Self.conditions(query)))") {
            columns in columns.integer()
        } ?? 0
    }

    private static func conditions(_ query: PointQuery) -> SQL {
        var statement: SQL = ""
        if let id = query.userID { statement.append(" and p.user_id = \(id)") }
        if let id = query.unitID { statement.append(" and p.unit_id = \(id)") }
        // The expression keeps the index by month away, which would give its rows out of order, all to be sorted.
        if let period = query.period { statement.append(" and p.period || '' = \(period)") }
        if let status = query.status { statement.append(" and p.status = \(status)") }
        if let rule = query.rule { statement.append(" and p.rule = \(rule)") }
        if let id = query.subjectID { statement.append(" and p.subject_id = \(id)") }
        if let id = query.recapID { statement.append(" and p.recap_id = \(id)") }
        statement.appendPage(query.page, over: "p.id")
        return statement
    }

    func open(
        _ rule: PointRule.Code,
        in period: CivilMonth,
        after last: PerformancePoint.ID?,
        limit: Int
    ) throws(DomainError) -> [PerformancePoint] {
        try connection.all(
            """
            select \(Self.columns)
            from performance_point as p
            where p.period = \(period)
            and p.rule = \(rule)
            and p.status = 'pending'
            and p.id > \(last?.text ?? "")
            and not exists (select 1 from performance_point as n where n.previous_id = p.id)
            order by p.id
            limit \(limit)
            """,
            Self.decode
        )
    }

    // MARK: Balances

    func balances(by groups: [PointGroup], in period: CivilMonth?, of user: User.ID?) throws(DomainError) -> [PointBalance] {
        var keys: SQL = ""
        keys.append(groups.contains(.user) ? "user_id, " : "null as user_id, ")
        keys.append(groups.contains(.unit) ? "unit_id, " : "null as unit_id, ")
        keys.append(groups.contains(.period) ? "period" : "null as period")
        var statement: SQL = "select \(keys), sum(pending), sum(posted) from point_balance where true"
        if let period { statement.append(" and period = \(period)") }
        if let user { statement.append(" and user_id = \(user)") }
        statement.append(" group by 1, 2, 3 order by 3, 2, 1")
        return try connection.all(statement, Self.decodeBalance)
    }

    private static func decodeBalance(_ columns: inout Columns) throws(DomainError) -> PointBalance {
        PointBalance(
            userID: columns.optionalIdentifier(),
            unitID: columns.optionalIdentifier(),
            period: columns.optionalText().flatMap { CivilMonth($0) },
            pending: columns.integer(),
            posted: columns.integer()
        )
    }

    func wrongBalances() throws(DomainError) -> [PointBalance] {
        try connection.all(
            """
            with entry as (
                select period, user_id, unit_id,
                    case
                        when status = 'pending' or previous_status = 'pending' and status = 'reversed' then points
                        when previous_status = 'pending' then -points
                        else 0
                    end as pending,
                    case when status = 'posted' or status = 'reversed' and previous_status = 'posted' then points else 0 end as posted
                from performance_point
                union all
                select period, user_id, unit_id, -pending, -posted
                from point_balance
            )
            select user_id, unit_id, period, sum(pending), sum(posted)
            from entry
            group by user_id, unit_id, period
            having sum(pending) <> 0 or sum(posted) <> 0
            order by period, user_id, unit_id
            """,
            Self.decodeBalance
        )
    }

    func wrongCases() throws(DomainError) -> [String] {
        try connection.all(
            """
            select r.case_id
            from recap_row as r
            left join performance_point as p on p.subject_id = r.case_id and p.status = 'pending'
            where r.status in ('closed', 'completed')
            and r.officer_id is not null
            and (p.id is null or p.period <> r.period or p.points <> r.points or p.user_id <> r.officer_id)
            union all
            select p.subject_id
            from recap as c
            cross join performance_point as p
            where c.state = 'settled'
            and p.period = c.period
            and p.rule = case c.kind when 'consultation' then 'consultation.closed' else 'workspace_item.completed' end
            and p.status = 'pending'
            and not exists (select 1 from performance_point as n where n.previous_id = p.id)
            order by 1
            """
        ) { columns in columns.text() }
    }

    // MARK: Objections

    func insert(_ objection: PointObjection, to id: PerformancePoint.ID) throws(DomainError) {
        try connection.execute(
            """
            insert into point_objection (point_id, user_id, reason, created_at_ms)
            values (\(id), \(objection.userID), \(objection.reason), \(objection.createdAt))
            """,
            conflicts: ["point_objection": "/id"]
        )
    }

    func answer(_ answered: PointObjection.Answered, to id: PerformancePoint.ID) throws(DomainError) {
        try connection.execute(
            """
            update point_objection
            set answer = \(answered.answer), answer_reason = \(answered.reason), answerer_id = \(answered.userID),
                answered_at_ms = \(answered.at)
            where point_id = \(id)
            and answer is null
            """
        )
    }
}
