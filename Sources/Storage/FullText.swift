import Domain

/// Turns what a person typed into a query of the full-text index.
enum FullText {
    /// Each word as a quoted prefix, all of them required; nil when there is no word.
    ///
    /// Quoting takes every operator of the index from the reader's hands.
    static func query(_ words: String) -> String? {
        let terms = words.unicodeScalars.split { !isLetterOrDigit($0) && !isMark($0) }
            .filter { $0.contains(where: isLetterOrDigit) }
            .prefix(16)
            .map { "\"\(String(String.UnicodeScalarView($0)))\"*" }
        return terms.isEmpty ? nil : terms.joined(separator: " ")
    }

    private static func isLetterOrDigit(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// A mark written after its letter, as in a decomposed é; it parts no word.
    private static func isMark(_ scalar: UnicodeScalar) -> Bool { scalar.properties.generalCategory == .nonspacingMark }
}

/// The full-text index of consultations, which holds of each what `consultation_text_source` says.
struct ConsultationIndex {
    let connection: any Connection

    /// Takes a consultation in; it must be stored already.
    func insert(_ id: Consultation.ID) throws(DomainError) {
        switch connection.dialect {
        case .sqlite:
            try connection.execute(
                """
                insert into consultation_text (rowid, number, subject, detail, answer)
                select row, number, subject, detail, answer from consultation_text_source where id = \(id)
                """
            )
        }
    }

    /// Takes a consultation out, by the very texts that went in: it must still be stored with them.
    func remove(_ id: Consultation.ID) throws(DomainError) {
        switch connection.dialect {
        case .sqlite:
            try connection.execute(
                """
                insert into consultation_text (consultation_text, rowid, number, subject, detail, answer)
                select 'delete', row, number, subject, detail, answer from consultation_text_source where id = \(id)
                """
            )
        }
    }

    /// Makes the whole index anew.
    func rebuild() throws(DomainError) {
        switch connection.dialect {
        case .sqlite: try connection.execute("insert into consultation_text (consultation_text) values ('rebuild')")
        }
    }

    /// Whether a change of a consultation changes what the index holds of it.
    static func changes(from before: Consultation, to after: Consultation) -> Bool {
        before.subject != after.subject || before.detail != after.detail || before.indexedAnswer != after.indexedAnswer
    }
}

extension Consultation {
    /// The answer, once it is delivered.
    fileprivate var indexedAnswer: String? { state == .answered || state == .closed ? answer : nil }
}
