import Domain

/// Consultations, each with the step timing that runs or ran last.
struct SQLConsultations: CaseRepository {
    let connection: any Connection
    /// Whether each change goes into the full-text index at once.
    let keepsIndex: Bool

    private static let columns: SQLFragment = """
        c.id, c.number, c.state, c.unit_id, c.requester_id, c.officer_id, c.subject, c.detail, c.topic, c.plan, c.answer, \
        c.created_at_ms, c.updated_at_ms, c.closed_at_ms, c.version, c.procedure_version
        """

    private static func decode(_ columns: inout Columns) throws(DomainError) -> Clocked<Consultation> {
        let consultation = Consultation(
            id: columns.identifier(),
            number: columns.text(),
            state: try columns.choice(),
            unitID: columns.identifier(),
            requesterID: columns.identifier(),
            officerID: columns.optionalIdentifier(),
            subject: columns.text(),
            detail: columns.text(),
            topic: try columns.optionalChoice(),
            plan: columns.optionalText(),
            answer: columns.optionalText(),
            createdAt: columns.instant(),
            updatedAt: columns.instant(),
            closedAt: columns.optionalInstant(),
            version: columns.integer(),
            procedureVersion: columns.integer()
        )
        return Clocked(subject: consultation, timing: try SQLTimings.decodeClock(of: consultation, &columns))
    }

    func find(_ reference: CaseReference<Consultation>) throws(DomainError) -> Clocked<Consultation>? {
        var statement: SQL = """
            select \(Self.columns), \(SQLTimings.clockColumns)
            from consultation as c
            join step_timing as t on t.id = c.timing_id

            """
        switch reference {
        case .id(let id): statement.append("where c.id = \(id)")
        case .number(let number): statement.append("where c.number = \(number)")
        }
        return try connection.first(statement, Self.decode)
    }

    func insert(_ subject: Consultation, timing: StepTiming.ID) throws(DomainError) {
        try connection.execute(
            """
            insert into consultation (
                id, number, state, unit_id, requester_id, officer_id, subject, detail, topic, plan, answer,
                created_at_ms, updated_at_ms, closed_at_ms, version, procedure_version, timing_id
            )
            values (
                \(subject.id), \(subject.number), \(subject.state), \(subject.unitID), \(subject.requesterID), \(subject.officerID),
                \(subject.subject), \(subject.detail), \(subject.topic), \(subject.plan), \(subject.answer),
                \(subject.createdAt), \(subject.updatedAt), \(subject.closedAt), \(subject.version), \(subject.procedureVersion),
                \(timing)
            )
            """
        )
        if keepsIndex { try ConsultationIndex(connection: connection).insert(subject.id) }
    }

    func update(_ subject: Consultation, from before: Consultation, timing: StepTiming.ID) throws(DomainError) {
        let index = ConsultationIndex(connection: connection)
        let isReindexed = keepsIndex && ConsultationIndex.changes(from: before, to: subject)
        if isReindexed { try index.remove(subject.id) }
        try connection.execute(
            """
            update consultation
            set state = \(subject.state), officer_id = \(subject.officerID), subject = \(subject.subject), detail = \(subject.detail),
                topic = \(subject.topic), plan = \(subject.plan), answer = \(subject.answer), updated_at_ms = \(subject.updatedAt),
                closed_at_ms = \(subject.closedAt), version = \(subject.version), timing_id = \(timing)
            where id = \(subject.id)
            and version = \(before.version)
            """
        )
        guard connection.changes == 1 else { throw .stale }
        if isReindexed { try index.insert(subject.id) }
    }

    func list(_ query: CaseQuery<Consultation>, visible: [Visibility]) throws(DomainError) -> Page<Clocked<Consultation>> {
        let only = query.words == nil && visible.count == 1 ? visible.first : nil
        if let part = only, let state = Self.states(of: query, in: part).only {
            // One way through one index: the rows come in its order, with no second look for each.
            var statement: SQL = """
                select \(Self.columns), \(SQLTimings.clockColumns)
                from consultation as c
                cross join step_timing as t
                where t.id = c.timing_id
                """
            statement.append(Self.conditions(part, state, query))
            return try connection.page(statement, limit: query.page.limit, Self.decode)
        }
        guard let page = Self.page(of: query, visible: visible) else { return Page([], hasMore: false) }
        var statement: SQL = """
            select \(Self.columns), \(SQLTimings.clockColumns)
            from (\(page)) as p
            cross join consultation as c
            cross join step_timing as t
            where c.id = p.id
            and t.id = c.timing_id
            order by p.id 
            """
        statement.append(query.page.isAscending ? "asc" : "desc")
        return try connection.page(statement, limit: query.page.limit, Self.decode)
    }

    func count(_ query: CaseQuery<Consultation>, visible: [Visibility], most: Int) throws(DomainError) -> Int {
        var query = query
        query.page = PageRequest(limit: most)
        guard let page = Self.page(of: query, visible: visible) else { return 0 }
        return try connection.first("select count(*) from (\(page))") { columns in columns.integer() } ?? 0
    }

    /// The ids of a page: each branch walks one index in order, so that the cost does not grow with the depth.
    private static func page(of query: CaseQuery<Consultation>, visible: [Visibility]) -> SQL? {
        if let words = query.words { return matching(words, query, visible) }
        let branches = visible.flatMap { part in states(of: query, in: part).map { state in branch(part, state, query) } }
        guard branches.count > 1 else { return branches.first }
        var joined = SQL.union(branches)
        joined.append(query.page.isAscending ? " order by id asc" : " order by id desc")
        joined.append(" limit \(query.page.limit + 1)")
        return joined
    }

    /// The states that each have a branch; nil for one branch over all of them.
    private static func states(of query: CaseQuery<Consultation>, in part: Visibility) -> [Consultation.State?] {
        if !query.states.isEmpty { return query.states }
        // The index of an officer's cases is ordered by state first: only within each state does it give them in order.
        switch part {
        case .officer: return Consultation.State.allCases
        case .all: return query.officerID == nil ? [nil] : Consultation.State.allCases
        case .unit: return [nil]
        }
    }

    private static func branch(_ part: Visibility, _ state: Consultation.State?, _ query: CaseQuery<Consultation>) -> SQL {
        var statement: SQL = "select c.id from consultation as c where true"
        statement.append(conditions(part, state, query))
        return statement
    }

    /// All that one branch asks for, with its order and length.
    private static func conditions(_ part: Visibility, _ state: Consultation.State?, _ query: CaseQuery<Consultation>) -> SQL {
        var statement = condition(part)
        if let state { statement.append(" and c.state = \(state)") }
        appendFilters(of: query, to: &statement)
        statement.appendPage(query.page, over: "c.id", created: query.created.bounds(of: Consultation.ID.self))
        return statement
    }

    private static func condition(_ part: Visibility) -> SQL {
        switch part {
        case .all: ""
        case .unit(let id): " and c.unit_id = \(id)"
        case .officer(let id): " and c.officer_id = \(id)"
        }
    }

    private static func appendFilters(of query: CaseQuery<Consultation>, to statement: inout SQL) {
        if let id = query.unitID { statement.append(" and c.unit_id = \(id)") }
        if let id = query.officerID { statement.append(" and c.officer_id = \(id)") }
        if let id = query.requesterID { statement.append(" and c.requester_id = \(id)") }
        if let topic = query.topic { statement.append(" and c.topic = \(topic)") }
    }

    /// The full-text index gives its rows in the order of their making, which is that of their ids.
    private static func matching(_ words: String, _ query: CaseQuery<Consultation>, _ visible: [Visibility]) -> SQL? {
        guard !visible.isEmpty, let match = FullText.query(words) else { return nil }
        var statement: SQL = """
            select c.id
            from consultation_text as f
            cross join consultation as c
            where f.consultation_text match \(match)
            and c.row = f.rowid
            """
        if !visible.contains(.all) {
            statement.append(" and (false")
            for part in visible {
                switch part {
                case .all: break
                case .unit(let id): statement.append(" or c.unit_id = \(id)")
                case .officer(let id): statement.append(" or c.officer_id = \(id)")
                }
            }
            statement.append(")")
        }
        if !query.states.isEmpty {
            statement.append(" and (false")
            for state in query.states { statement.append(" or c.state = \(state)") }
            statement.append(")")
        }
        appendFilters(of: query, to: &statement)
        let bounds = query.created.bounds(of: Consultation.ID.self)
        if let from = bounds.from { statement.append(" and c.id >= \(from)") }
        if let to = bounds.to { statement.append(" and c.id < \(to)") }
        if let after = query.page.after {
            let row: SQL = "(select row from consultation where id = \(after))"
            if query.page.isAscending { statement.append(" and f.rowid > \(row)") } else { statement.append(" and f.rowid < \(row)") }
        }
        statement.append(query.page.isAscending ? " order by f.rowid asc" : " order by f.rowid desc")
        statement.append(" limit \(query.page.limit + 1)")
        return statement
    }
}

extension Array {
    /// The element of an array that has just one.
    fileprivate var only: Element? { count == 1 ? first : nil }
}
