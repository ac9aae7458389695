import Domain

/// Turns what a person typed into a query of the full-text index.
enum FullText {
    /// Each word as a quoted prefix, all of them required; nil when there is no word.
    ///
    /// Quoting takes every operator of the index from the reader's hands.
    static func query(_ words: String) -> String? {
        let terms = words.unicodeScalars.split { !($0.properties.isAlphabetic || $0.properties.numericType != nil) }
            .prefix(16)
            .map { "\"\(String(String.UnicodeScalarView($0)))\"*" }
        return terms.isEmpty ? nil : terms.joined(separator: " ")
    }
}

/// A row of the full-text index of consultations, as it is in the index or should be.
struct ConsultationText: Equatable {
    let row: Int
    let number: String
    let subject: String
    let detail: String
    /// Nil until the answer is delivered.
    let answer: String?

    private static let source: SQLFragment = "select row, number, subject, detail, answer from consultation_text_source where row ="

    /// What the index should hold of the consultation in `row`.
    static func of(_ row: Int, on connection: any Connection) throws(DomainError) -> ConsultationText? {
        try connection.first("\(source) \(row)") { columns in
            ConsultationText(
                row: columns.integer(),
                number: columns.text(),
                subject: columns.text(),
                detail: columns.text(),
                answer: columns.optionalText()
            )
        }
    }

    func insert(on connection: any Connection) throws(DomainError) {
        switch connection.dialect {
        case .sqlite:
            try connection.execute(
                """
                insert into consultation_text (rowid, number, subject, detail, answer)
                values (\(row), \(number), \(subject), \(detail), \(answer))
                """
            )
        }
    }

    func remove(on connection: any Connection) throws(DomainError) {
        switch connection.dialect {
        case .sqlite:
            // The index finds what to remove by the very texts that went in.
            try connection.execute(
                """
                insert into consultation_text (consultation_text, rowid, number, subject, detail, answer)
                values ('delete', \(row), \(number), \(subject), \(detail), \(answer))
                """
            )
        }
    }
}
