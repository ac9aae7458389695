import Domain

extension SQLRecaps {
    func waiting(_ waits: [RecapWait], for user: User.ID, after place: InboxPlace?, limit: Int) throws(DomainError) -> [InboxEntry] {
        // There are two recaps a month: all are looked through, and the clocks of those that wait are searched for.
        var statement: SQL = """
            select * from (
                select coalesce(t.due_at_ms, \(InboxPlace.never)) as due, r.id, r.version, t.unit_id, t.standard_ms
                from recap as r
                cross join step_timing as t
                where t.subject_id = r.id
                and t.finished_at_ms is null
                and \(Self.condition(waits, user))
            )
            """
        if let place { statement.append(" where (due, id) > (\(place.due), \("\(Recap.idPrefix)_\(place.age)"))") }
        statement.append(" order by due, id limit \(limit)")
        return try connection.all(statement) { columns in
            let due = Int64(columns.integer())
            let id: Recap.ID = columns.identifier()
            return InboxEntry(
                kind: .recap,
                id: id.text,
                version: columns.integer(),
                place: InboxPlace(due: due, age: String(id.text.dropFirst(Recap.idPrefix.utf8.count + 1))),
                unitID: columns.identifier(),
                standard: columns.optionalInteger().map { Int64($0) }
            )
        }
    }

    func countWaiting(_ waits: [RecapWait], for user: User.ID, most: Int) throws(DomainError) -> [(state: Recap.State, count: Int)] {
        try connection.all(
            """
            select state, min(count(*), \(most))
            from recap as r
            where \(Self.condition(waits, user))
            group by state
            order by state
            """
        ) { columns throws(DomainError) in (state: try columns.choice(), count: columns.integer()) }
    }

    /// What a recap `r` fulfils that waits in one of these ways.
    private static func condition(_ waits: [RecapWait], _ user: User.ID) -> SQL {
        var condition: SQL = "(false"
        for wait in waits {
            condition.append(" or (r.state = \(wait.state) and r.kind = \(wait.kind)")
            if wait.barsCompiler { condition.append(" and r.compiler_id <> \(user)") }
            condition.append(")")
        }
        condition.append(")")
        return condition
    }
}
