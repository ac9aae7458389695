import Domain

extension SQLComments {
    func search(_ words: String, in sight: Sight, internally: Bool, limit: Int) throws(DomainError) -> [CommentHit] {
        let kinds = CaseKind.allCases.filter { !sight[$0].isEmpty }
        guard !kinds.isEmpty, let query = try FullText(search: words)?.query(of: .comments, seenBy: [], connection) else { return [] }
        var statement: SQL = """
            select row, subject_type, subject_id, cast(rank * 1000000000000 as integer)
            from (
                select k.row, k.subject_type, k.subject_id, bm25(f.comment_text) as rank
                from comment_text as f
                cross join comment as k
                where f.comment_text match \(query)
                and k.row = f.rowid
            """
        if !internally { statement.append(" and k.internal = 0") }
        statement.append(" and (false")
        for kind in kinds {
            statement.append(" or k.subject_type = \(kind)")
            if sight[kind].contains(.all) { continue }
            statement.append(" and exists (select 1 from \(kind.table) as c where c.id = k.subject_id and (false")
            for part in sight[kind] { statement.append(part.alternative) }
            statement.append("))")
        }
        statement.append(") order by f.rowid desc limit 1000) as p order by rank, row desc limit \(limit)")
        let found = try connection.all(statement) { columns throws(DomainError) in
            (row: columns.integer(), kind: try columns.choice(CaseKind.self), id: columns.text(), rank: columns.integer())
        }
        let snippets = try snippets(of: found.map(\.row), query)
        return found.map {
            CommentHit(
                subjectKind: $0.kind,
                subjectID: $0.id,
                rank: $0.rank,
                snippet: snippets[$0.row] ?? Snippet(text: "", matches: [])
            )
        }
    }

    private func snippets(of rows: [Int], _ query: String) throws(DomainError) -> [Int: Snippet] {
        guard let first = rows.min(), let last = rows.max() else { return [:] }
        let found = try connection.all(
            """
            select f.rowid, snippet(f.comment_text, 0, char(2), char(3), '…', 24)
            from comment_text as f
            where f.comment_text match \(query)
            and f.rowid between \(first) and \(last)
            and +f.rowid in (select value from json_each(\("[\(rows.map(String.init).joined(separator: ","))]")))
            """
        ) { columns in (columns.integer(), Snippet(marked: columns.text())) }
        return Dictionary(found) { first, _ in first }
    }
}
