import Domain

/// The log of progress on workspace items.
struct SQLProgress: ProgressRepository {
    let connection: any Connection

    func insert(_ entry: ProgressEntry) throws(DomainError) {
        try connection.execute(
            """
            insert into workspace_progress (item_id, version, percent, note, user_id, created_at_ms)
            values (\(entry.itemID), \(entry.version), \(entry.percent), \(entry.note), \(entry.userID), \(entry.createdAt))
            """
        )
    }

    func list(of item: WorkspaceItem.ID, page: PageRequest) throws(DomainError) -> Page<ProgressEntry> {
        var statement: SQL = """
            select item_id, version, percent, note, user_id, created_at_ms
            from workspace_progress
            where item_id = \(item)
            """
        if let after = page.after.flatMap({ Int($0) }) {
            if page.isAscending { statement.append(" and version > \(after)") } else { statement.append(" and version < \(after)") }
        }
        statement.append(page.isAscending ? " order by version asc" : " order by version desc")
        statement.append(" limit \(page.limit + 1)")
        return try connection.page(statement, limit: page.limit) { columns throws(DomainError) in
            ProgressEntry(
                itemID: columns.identifier(),
                version: columns.integer(),
                percent: columns.integer(),
                note: columns.text(),
                userID: columns.identifier(),
                createdAt: columns.instant()
            )
        }
    }

    func count(of item: WorkspaceItem.ID, most: Int) throws(DomainError) -> Int {
        try connection.first(
            "select count(*) from (select 1 from workspace_progress where item_id = \(item) limit \(most + 1))"
        ) { columns in columns.integer() } ?? 0
    }
}
