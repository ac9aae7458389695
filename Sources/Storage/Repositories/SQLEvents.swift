import Domain

/// The append-only log of events.
struct SQLEvents: EventRepository {
    let connection: any Connection
    let digest: @Sendable ([UInt8]) -> [UInt8]

    private static let columns: SQLFragment = """
        e.id, e.time_ms, e.type, e.subject, e.subject_id, e.unit_id, e.actor_id, e.token_id, e.request_id, \
        e.from_state, e.to_state, e.reason, e.note, e.changed
        """

    private typealias Last = TransactionNotes.LastEvent

    private func last() throws(DomainError) -> Last {
        if let last = connection.notes.content.lastEvent { return last }
        return try connection.first("select seq, time_ms, hash from event order by seq desc limit 1") { columns in
            Last(sequence: columns.integer(), time: columns.instant(), hash: columns.blob())
        } ?? Last()
    }

    func append(_ event: Event) throws(DomainError) {
        let last = try last()
        let event = event.placed(at: last.sequence + 1, after: last.time)
        let hash = digest(event.chained(after: last.hash))
        try connection.execute(
            """
            insert into event (
                seq, id, time_ms, type, subject, subject_id, unit_id, actor_id, token_id, request_id,
                from_state, to_state, reason, note, changed, hash
            )
            values (
                \(event.sequence), \(event.id), \(event.time), \(event.type), \(event.subject), \(event.subjectID), \(event.unitID),
                \(event.actorID), \(event.tokenID), \(event.requestID), \(event.from), \(event.to), \(event.reason), \(event.note),
                \(event.changed.joined(separator: " ")), \(hash)
            )
            """
        )
        connection.notes.content.lastEvent = Last(sequence: event.sequence, time: event.time, hash: hash)
    }

    func list(of subject: Event.Subject, _ subjectID: String, page: PageRequest) throws(DomainError) -> Page<HistoryEntry> {
        var statement: SQL = """
            select e.seq, \(Self.columns), u.name, u.unit_id
            from event as e
            left join user_account as u on u.id = e.actor_id
            where e.subject_id = \(subjectID)
            and e.subject = \(subject)
            """
        if let after = page.after.flatMap({ Int($0) }) {
            if page.isAscending { statement.append(" and e.seq > \(after)") } else { statement.append(" and e.seq < \(after)") }
        }
        statement.append(page.isAscending ? " order by e.seq asc" : " order by e.seq desc")
        statement.append(" limit \(page.limit + 1)")
        return try connection.page(statement, limit: page.limit, Self.entry)
    }

    private static func entry(_ columns: inout Columns) throws(DomainError) -> HistoryEntry {
        let sequence = columns.integer()
        let event = try Event(stored: &columns, at: sequence)
        return HistoryEntry(event: event, actorName: columns.optionalText(), actorUnitID: columns.optionalIdentifier())
    }

    func count(of subject: Event.Subject, _ subjectID: String, most: Int) throws(DomainError) -> Int {
        try connection.first(
            """
            select count(*)
            from (select 1 from event where subject_id = \(subjectID) and subject = \(subject) limit \(most + 1))
            """
        ) { columns in columns.integer() } ?? 0
    }

    func entries(beyond place: Int, isAscending: Bool, limit: Int) throws(DomainError) -> [HistoryEntry] {
        var statement: SQL = """
            select e.seq, \(Self.columns), u.name, u.unit_id
            from event as e
            left join user_account as u on u.id = e.actor_id
            where 
            """
        statement.append(isAscending ? "e.seq > \(place) order by e.seq asc" : "e.seq < \(place) order by e.seq desc")
        statement.append(" limit \(limit)")
        return try connection.all(statement, Self.entry)
    }

    func parties(of event: Event) throws(DomainError) -> CaseParties? {
        guard let kind = event.subject.caseKind else { return nil }
        let found = try connection.first(
            "select unit_id, requester_id, officer_id from \(kind.table) where id = \(event.subjectID)"
        ) { columns in
            CaseParties(unitID: columns.identifier(), requesterID: columns.identifier(), officerID: columns.optionalIdentifier())
        }
        guard var found, kind == .procedureRun else { return found }
        let members = try connection.all(
            """
            select user_id from run_assignment where run_id = \(event.subjectID)
            union
            select coalesce(user_id, unit_id) from run_participant where run_id = \(event.subjectID)
            """
        ) { columns in columns.optionalText() }
        found.members = Set(members.compactMap(\.self))
        found.members.insert(found.requesterID.text)
        return found
    }

    func lastSequence() throws(DomainError) -> Int { try last().sequence }

    func firstBroken() throws(DomainError) -> Int? {
        var last = Last()
        var broken: Int?
        do {
            try connection.run(
                """
                select e.seq, e.hash, \(Self.columns)
                from event as e
                order by e.seq
                """
            ) { row throws(DomainError) in
                var columns = Columns(row)
                let sequence = columns.integer()
                let hash = columns.blob()
                let event = try Event(stored: &columns, at: sequence)
                guard sequence == last.sequence + 1, digest(event.chained(after: last.hash)) == hash, event.time >= last.time else {
                    broken = sequence
                    return false
                }
                last = Last(sequence: sequence, time: event.time, hash: hash)
                return true
            }
        } catch { throw error.domain }
        return broken
    }
}

extension Event {
    fileprivate init(stored columns: inout Columns, at sequence: Int) throws(DomainError) {
        self.init(
            id: columns.identifier(),
            sequence: sequence,
            time: columns.instant(),
            type: columns.text(),
            subject: try columns.choice(),
            subjectID: columns.text(),
            unitID: columns.optionalIdentifier(),
            actorID: columns.optionalIdentifier(),
            tokenID: columns.optionalIdentifier(),
            requestID: columns.optionalText(),
            from: columns.optionalText(),
            to: columns.optionalText(),
            reason: columns.optionalText(),
            note: columns.optionalText(),
            changed: columns.text().split(separator: " ").map(String.init)
        )
    }
}
