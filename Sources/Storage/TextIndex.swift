import Domain

/// A full-text index: a virtual table over the texts of a table or view, kept by the repositories, since no trigger may write it.
///
/// A new row enters with all others of its commit, as the index writes a segment for each time it is written to.
struct TextIndex {
    /// The virtual table; beside it lie its own table `_docsize` and its vocabulary `_word`.
    let table: SQLFragment
    /// What it is filled from: a table or view with a column `row`.
    let source: SQLFragment
    /// The columns that both have.
    let columns: SQLFragment
    /// Whether a column `sight` names the unit and the people that see a row.
    var hasSight = true

    /// The index of each kind of case, and that of the comments.
    static let all = [
        Consultation.text.index, WorkspaceItem.text.index, Ticket.text.index, ServiceComplaint.text.index, ProcedureRun.text.index,
        .comments,
    ]
    static let comments = TextIndex(table: "comment_text", source: "comment", columns: "text", hasSight: false)

    /// The last row that it holds.
    private var last: SQL { "(select coalesce(max(id), 0) from \(table)_docsize)" }

    private var insert: SQL { "insert into \(table) (rowid, \(columns)) select row, \(columns) from \(source)" }

    /// Takes in the rows that are newer than the last it holds.
    func takeInNewRows(_ connection: any Connection) throws(DomainError) {
        let isBehind = try connection.first("select (select max(row) from \(source)) > \(last)") { columns in columns.flag() }
        if isBehind == true { try connection.execute("\(insert) where row > \(last) order by row") }
    }

    /// Takes the row of `id` out by the very texts that went in: it must still be stored with them. Does nothing if it is not in yet.
    func remove(_ id: Identifier<some Any>, _ connection: any Connection) throws(DomainError) {
        try connection.execute(
            """
            insert into \(table) (\(table), rowid, \(columns))
            select 'delete', row, \(columns) from \(source) where id = \(id) and row in (select id from \(table)_docsize)
            """
        )
    }

    /// Takes the row of `id` in again. One that is newer than the last that the index holds comes with the new rows.
    func takeInAgain(_ id: Identifier<some Any>, _ connection: any Connection) throws(DomainError) {
        try connection.execute("\(insert) where id = \(id) and row < \(last)")
    }

    /// Builds it anew from all rows.
    func rebuild(_ connection: any Connection) throws(DomainError) {
        try connection.execute("insert into \(table) (\(table)) values ('rebuild')")
    }

    /// The words that begin with `beginning`; nil when they are too many to ask for one by one, or cannot be told without the tokenizer.
    func words(beginningWith beginning: String, _ connection: any Connection) throws(DomainError) -> [String]? {
        guard beginning.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let beginning = beginning.lowercased()
        var words: [String] = []
        var least = beginning
        // Each step seeks: to read the words in one walk would walk over all their places.
        while let word = try connection.first(
            "select term from \(table)_word where term >= \(least) order by term limit 1",
            { columns in columns.text() }
        ), word.hasPrefix(beginning) {
            if words.count == FullText.mostBeginnings { return nil }
            words.append(word)
            least = word + "\u{1}"
        }
        return words
    }
}

/// Whether a transaction may have stored texts that are not in their index yet.
final class NewTexts {
    var mayWait = false
}
