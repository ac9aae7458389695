import Domain

/// The cases of one kind, each with the clock that runs or ran last.
struct SQLCases<Kind: StoredCase>: CaseRepository {
    let connection: any Connection
    let newTexts: NewTexts
    /// Whether changed texts go into the full-text index; new ones do at the end of the transaction.
    let keepsIndex: Bool
    /// Nil while very many rows are stored, after which it is made anew.
    let tally: SQLTally?
    /// Cases that are not stored as they are; nil unless very many rows are stored.
    let held: HeldCases<Kind>?

    private static var headColumns: SQLFragment {
        """
        id, number, state, unit_id, requester_id, officer_id, created_at_ms, updated_at_ms, closed_at_ms, version, procedure_version, \
        timing_id, step_no, step_code, step_attempt, step_started_at_ms, step_finished_at_ms, step_elapsed_ms, step_standard_ms, \
        step_due_at_ms, step_paused_ms, step_paused_at_ms
        """
    }

    // Behind an existential the compiler would leave the readings generic, at a tenth of the time of a list.
    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    private static func decode(_ columns: inout Columns) throws(DomainError) -> Clocked<Kind> {
        let head = CaseHead<Kind>(
            id: columns.identifier(),
            number: columns.text(),
            state: try columns.choice(of: Kind.states),
            unitID: columns.identifier(),
            requesterID: columns.identifier(),
            officerID: columns.optionalIdentifier(),
            createdAt: columns.instant(),
            updatedAt: columns.instant(),
            closedAt: columns.optionalInstant(),
            version: columns.integer(),
            procedureVersion: columns.optionalInteger()
        )
        let clock = StepClock(optional: &columns)
        return Clocked(subject: try Kind(head, &columns), clock: clock)
    }

    private static func values(_ head: CaseHead<Kind>) -> SQL {
        """
        \(head.id), \(head.number), \(head.state), \(head.unitID), \(head.requesterID), \(head.officerID), \(head.createdAt), \
        \(head.updatedAt), \(head.closedAt), \(head.version), \(head.procedureVersion)
        """
    }

    private static func values(_ clock: StepClock?) -> SQL {
        """
        \(clock?.timingID), \(clock?.stepNumber), \(clock?.stepCode), \(clock?.attempt), \(clock?.startedAt), \(clock?.finishedAt), \
        \(clock?.elapsed), \(clock?.standard), \(clock?.dueAt), \(clock?.paused), \(clock?.pausedAt)
        """
    }

    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    func find(_ reference: CaseReference<Kind>) throws(DomainError) -> Clocked<Kind>? {
        if let found = held?.find(reference) { return found }
        var statement: SQL = "select \(Self.headColumns), \(Kind.ownColumns) from \(Kind.table) where "
        switch reference {
        case .id(let id): statement.append("id = \(id)")
        case .number(let number): statement.append("number = \(number)")
        }
        return try connection.first(statement, Self.decode)
    }

    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    func insert(_ new: Clocked<Kind>) throws(DomainError) {
        // The attempt of a case that is held is not stored yet, so that its row cannot name it.
        let clock = held == nil ? new.clock : nil
        try connection.execute(
            """
            insert into \(Kind.table) (\(Self.headColumns), \(Kind.ownColumns))
            values (\(Self.values(new.subject.head)), \(Self.values(clock)), \(new.subject.ownValues))
            """
        )
        held?.keep(new)
        newTexts.mayWait = true
        tally?.addOpened(Kind.kind, at: new.subject.head.createdAt)
    }

    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    func update(_ changed: Clocked<Kind>, from before: Kind) throws(DomainError) {
        if held?.update(changed) == true { return }
        try update(changed, from: before, storedAs: before.version)
    }

    /// Stores the cases that are held and have ended, or all, as they are, behind their attempts, which they name.
    func storeHeld(all: Bool, _ timings: SQLTimings) throws(DomainError) {
        let entries = held?.take(all: all) ?? []
        try timings.storeHeld(of: entries.map(\.clocked.subject.id.text))
        for entry in entries { try update(entry.clocked, from: entry.clocked.subject, storedAs: entry.stored) }
    }

    private func update(_ changed: Clocked<Kind>, from before: Kind, storedAs version: Int) throws(DomainError) {
        let (subject, head) = (changed.subject, changed.subject.head)
        let isReindexed = keepsIndex && (subject.officerID != before.officerID || !subject.indexes(sameAs: before))
        if isReindexed { try Kind.text.index.remove(subject.id, connection) }
        try connection.execute(
            """
            update \(Kind.table)
            set (
                state, officer_id, updated_at_ms, closed_at_ms, version, timing_id, step_no, step_code, step_attempt, step_started_at_ms,
                step_finished_at_ms, step_elapsed_ms, step_standard_ms, step_due_at_ms, step_paused_ms, step_paused_at_ms,
                \(Kind.ownColumns)
            ) = (
                \(head.state), \(head.officerID), \(head.updatedAt), \(head.closedAt), \(head.version), \(Self.values(changed.clock)),
                \(subject.ownValues)
            )
            where id = \(head.id)
            and version = \(version)
            """
        )
        guard connection.changes == 1 else { throw .stale }
        if before.head.closedAt == nil, let closedAt = head.closedAt { tally?.addClosed(Kind.kind, at: closedAt) }
        guard isReindexed else { return }
        try Kind.text.index.takeInAgain(subject.id, connection)
        newTexts.mayWait = true
    }

    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    func list(_ query: CaseQuery<Kind>, visible: [Visibility]) throws(DomainError) -> Page<Clocked<Kind>> {
        let only = query.words == nil && visible.count == 1 ? visible.first : nil
        if let part = only, let state = Self.states(of: query, in: part).only {
            // One way through one index: the rows come in its order, with no second look for each.
            var statement: SQL = "select \(Self.headColumns), \(Kind.ownColumns) from \(Self.source(part)) where true"
            statement.append(Self.conditions(part, state, query))
            return try connection.page(statement, limit: query.page.limit, Self.decode)
        }
        guard let page = try page(of: query, visible: visible) else { return Page([], hasMore: false) }
        var statement: SQL = """
            select \(Self.headColumns), \(Kind.ownColumns)
            from (\(page)) as p
            cross join \(Kind.table) as c using (id)
            order by id 
            """
        statement.append(query.page.isAscending ? "asc" : "desc")
        return try connection.page(statement, limit: query.page.limit, Self.decode)
    }

    func count(_ query: CaseQuery<Kind>, visible: [Visibility], most: Int) throws(DomainError) -> Int {
        var query = query
        query.page = PageRequest(limit: most)
        guard let page = try page(of: query, visible: visible) else { return 0 }
        return try connection.first("select count(*) from (\(page))") { columns in columns.integer() } ?? 0
    }

    /// The ids of a page: each branch walks one index in order, so that the cost does not grow with the depth.
    private func page(of query: CaseQuery<Kind>, visible: [Visibility]) throws(DomainError) -> SQL? {
        if let words = query.words { return try matching(words, query, visible) }
        let branches = visible.flatMap { part in Self.states(of: query, in: part).map { state in Self.branch(part, state, query) } }
        guard branches.count > 1 else { return branches.first }
        var joined = SQL.union(branches)
        joined.append(query.page.isAscending ? " order by id asc" : " order by id desc")
        joined.append(" limit \(query.page.limit + 1)")
        return joined
    }

    /// The states that each have a branch; nil for one branch over all of them.
    private static func states(of query: CaseQuery<Kind>, in part: Visibility) -> [Kind.State?] {
        if !query.states.isEmpty { return query.states }
        // The index of an officer's cases is ordered by state first: only within each state does it give them in order.
        switch part {
        case .officer: return Array(Kind.State.allCases)
        case .all:
            let isOrdered = query.officerID == nil && !Kind.isOrderedByState(query.filter)
            return isOrdered ? [nil] : Array(Kind.State.allCases)
        case .unit, .requester, .member: return [nil]
        }
    }

    private static func branch(_ part: Visibility, _ state: Kind.State?, _ query: CaseQuery<Kind>) -> SQL {
        var statement: SQL = "select c.id from \(source(part)) where true"
        statement.append(conditions(part, state, query))
        return statement
    }

    /// All that one branch asks for, with its order and length.
    private static func conditions(_ part: Visibility, _ state: Kind.State?, _ query: CaseQuery<Kind>) -> SQL {
        var statement = part.condition
        if let state { statement.append(" and c.state = \(state)") }
        appendFilters(of: query, to: &statement)
        let bounds = query.created.bounds(of: Identifier<Kind>.self)
        // The list of what a member has a part in is in the order of the ids; of the cases it would be known by a sort only.
        if case .member = part {
            statement.appendPage(query.page, over: "m.case_id", created: bounds)
        } else {
            statement.appendPage(query.page, over: "c.id", created: bounds)
        }
        return statement
    }

    /// The table, behind the list of the members' cases where that leads the way.
    private static func source(_ part: Visibility) -> SQL {
        guard case .member = part else { return "\(Kind.table) as c" }
        return "case_member as m cross join \(Kind.table) as c"
    }

    private static func appendFilters(of query: CaseQuery<Kind>, to statement: inout SQL) {
        if let id = query.unitID { statement.append(" and c.unit_id = \(id)") }
        if let id = query.officerID { statement.append(" and c.officer_id = \(id)") }
        if let id = query.requesterID { statement.append(" and c.requester_id = \(id)") }
        statement.append(Kind.conditions(query.filter))
    }

    /// The full-text index gives its rows in the order of their making, which is that of their ids.
    private func matching(_ words: String, _ query: CaseQuery<Kind>, _ visible: [Visibility]) throws(DomainError) -> SQL? {
        guard !visible.isEmpty, let match = try FullText(filter: words)?.query(of: Kind.text.index, seenBy: visible, connection) else {
            return nil
        }
        var statement: SQL = """
            select c.id
            from \(Kind.text.index.table) as f
            cross join \(Kind.table) as c
            where f.\(Kind.text.index.table) match \(match)
            and c.row = f.rowid
            """
        if !visible.contains(.all) {
            statement.append(" and (false")
            for part in visible { statement.append(part.alternative) }
            statement.append(")")
        }
        if !query.states.isEmpty {
            statement.append(" and (false")
            for state in query.states { statement.append(" or c.state = \(state)") }
            statement.append(")")
        }
        Self.appendFilters(of: query, to: &statement)
        let bounds = query.created.bounds(of: Identifier<Kind>.self)
        if let from = bounds.from { statement.append(" and c.id >= \(from)") }
        if let to = bounds.to { statement.append(" and c.id < \(to)") }
        if let after = query.page.after {
            let row: SQL = "(select row from \(Kind.table) where id = \(after))"
            if query.page.isAscending { statement.append(" and f.rowid > \(row)") } else { statement.append(" and f.rowid < \(row)") }
        }
        statement.append(query.page.isAscending ? " order by f.rowid asc" : " order by f.rowid desc")
        statement.append(" limit \(query.page.limit + 1)")
        return statement
    }
}

extension StepClock {
    /// Reads the eleven columns of a clock; nil when the case has none yet.
    fileprivate init?(optional columns: inout Columns) {
        let timingID: StepTiming.ID? = columns.optionalIdentifier()
        let stepNumber = columns.integer()
        let stepCode = columns.text()
        let attempt = columns.integer()
        let startedAt = columns.instant()
        let finishedAt = columns.optionalInstant()
        let elapsed = columns.optionalInteger().map { Int64($0) }
        let standard = columns.optionalInteger().map { Int64($0) }
        let dueAt = columns.optionalInstant()
        let paused = columns.optionalInteger().map { Int64($0) }
        let pausedAt = columns.optionalInstant()
        guard let timingID else { return nil }
        self.init(
            timingID: timingID,
            stepNumber: stepNumber,
            stepCode: stepCode,
            attempt: attempt,
            startedAt: startedAt,
            finishedAt: finishedAt,
            elapsed: elapsed,
            standard: standard,
            dueAt: dueAt,
            paused: paused,
            pausedAt: pausedAt
        )
    }
}

extension Array {
    /// The element of an array that has just one.
    fileprivate var only: Element? { count == 1 ? first : nil }
}
