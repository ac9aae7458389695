import Domain

extension SQLCases {
    /// How many of the newest matches are ranked: a word of every case would otherwise have all of them read.
    private static var mostRanked: Int { 1_000 }

    /// A case that matches, before its texts are read.
    private struct Match {
        let row: Int
        let rank: Int
        let id: Identifier<Kind>
    }

    func search(_ words: String, visible: [Visibility], limit: Int) throws(DomainError) -> [SearchHit] {
        guard let seen = try FullText(search: words)?.query(of: Kind.text.index, seenBy: visible, connection) else { return [] }
        let matches = try matches(seen, visible, limit)
        let rows = matches.map(\.row)
        guard let first = rows.min(), let last = rows.max() else { return [] }
        // One walk for all: a beginning of very many words would be gathered anew for each row that is looked up by itself.
        let statement: SQL = """
            select f.rowid, \(Kind.text.snippets)
            from \(Kind.text.index.table) as f
            where f.\(Kind.text.index.table) match \(seen)
            and f.rowid between \(first) and \(last)
            and +f.rowid in (select value from json_each(\("[\(rows.map(String.init).joined(separator: ","))]")))
            """
        let columns = Kind.text.columns
        let snippets = Dictionary(
            try connection.all(statement) { found in
                (found.integer(), columns.map { _ in Snippet(marked: found.optionalText() ?? "") })
            }
        ) { first, _ in first }
        var hits: [SearchHit] = []
        for match in matches {
            guard let snippets = snippets[match.row], let found = try find(.id(match.id)) else { continue }
            let matched = columns.indices.filter { !snippets[$0].matches.isEmpty }
            // The title and the number are told anyway: a text that says more goes first.
            let shown = matched.first { $0 > 1 } ?? matched.last ?? 0
            hits.append(
                SearchHit(
                    found: CaseSummary(found.subject),
                    rank: match.rank,
                    matchedIn: matched.map { columns[$0] },
                    snippet: snippets[shown]
                )
            )
        }
        return hits
    }

    /// The best of the newest matches; what the caller may not see is left out before any is counted.
    private func matches(_ query: String, _ visible: [Visibility], _ limit: Int) throws(DomainError) -> [Match] {
        var statement: SQL = """
            select row, cast(rank * 1000000000000 as integer), id
            from (
                select f.rowid as row, \(Kind.text.rank) as rank, c.id
                from \(Kind.text.index.table) as f
                cross join \(Kind.table) as c
                where f.\(Kind.text.index.table) match \(query)
                and c.row = f.rowid
            """
        if !visible.contains(.all) {
            statement.append(" and (false")
            for part in visible { statement.append(part.alternative) }
            statement.append(")")
        }
        statement.append(" order by f.rowid desc limit \(Self.mostRanked)) as p order by rank, row desc limit \(limit)")
        return try connection.all(statement) { columns in
            Match(row: columns.integer(), rank: columns.integer(), id: columns.identifier())
        }
    }
}

extension Snippet {
    /// Reads what the index marks with U+0002 and U+0003.
    init(marked: String) {
        var text = String.UnicodeScalarView()
        var matches: [Range<Int>] = []
        var (count, start) = (0, 0)
        for scalar in marked.unicodeScalars {
            switch scalar {
            case "\u{2}": start = count
            case "\u{3}": matches.append(start..<count)
            default:
                text.append(scalar)
                count += 1
            }
        }
        self.init(text: String(text), matches: matches)
    }
}
