import Domain

/// What a person typed, as a query of a full-text index. Quoting takes every operator of the index from his hands.
struct FullText {
    private enum Term {
        /// Words that stand one after the other, with spaces between.
        case phrase(String)
        case beginning(String)
    }

    /// The least letters of a word that is searched for as the beginning of one.
    private static let leastBeginning = 3
    private static let mostTerms = 16
    /// More words than these with one beginning are asked for in one walk over the index: it costs as much as all places of all of them.
    static let mostBeginnings = 64

    private let terms: [Term]

    /// Each word as the beginning of one, all of them required; nil when there is no word.
    init?(filter words: String) {
        terms = Self.words(in: words.unicodeScalars).prefix(Self.mostTerms).map { .beginning($0) }
        if terms.isEmpty { return nil }
    }

    /// Words and, in double quotes, phrases, all of them required; nil when there is no word or there are too many.
    ///
    /// The last word, unless it is in quotes or shorter than three letters, may be the beginning of one.
    init?(search text: String) {
        var terms: [Term] = []
        for (index, part) in text.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let words = Self.words(in: part)
            if index.isMultiple(of: 2) {
                terms += words.map { .phrase($0) }
            } else if !words.isEmpty {
                terms.append(.phrase(words.joined(separator: " ")))
            }
        }
        guard terms.count <= Self.mostTerms, case .phrase(let last)? = terms.last else { return nil }
        let endsInQuotes = text.unicodeScalars.last { !$0.properties.isWhitespace } == "\""
        if !endsInQuotes, last.unicodeScalars.count >= Self.leastBeginning, !last.contains(" ") {
            terms[terms.count - 1] = .beginning(last)
        }
        self.terms = terms
    }

    /// The query of `index`, narrowed to what `parts` show alone where the index knows; nil when no word begins as asked.
    func query(of index: TextIndex, seenBy parts: [Visibility], _ connection: any Connection) throws(DomainError) -> String? {
        var required: [String] = []
        for term in terms {
            switch term {
            case .phrase(let words): required.append("\"\(words)\"")
            case .beginning(let beginning):
                if let words = try index.words(beginningWith: beginning, connection) {
                    if words.isEmpty { return nil }
                    required.append("(\(words.map { "\"\($0)\"" }.joined(separator: " OR ")))")
                } else {
                    required.append("\"\(beginning)\"*")
                }
            }
        }
        let query = required.joined(separator: " AND ")
        guard index.hasSight else { return query }
        let ids = parts.compactMap { part -> String? in
            switch part {
            // Who takes part in a case is not in the index.
            case .all, .member: nil
            case .unit(let id): id.text
            case .requester(let id), .officer(let id): id.text
            }
        }
        let texts = "- sight : (\(query))"
        if ids.count < parts.count { return texts }
        return "(sight : (\(ids.map { "\"\($0.dropFirst(4))\"" }.joined(separator: " OR ")))) AND (\(texts))"
    }

    private static func words(in text: some Collection<UnicodeScalar>) -> [String] {
        text.split { !isLetterOrDigit($0) && !isMark($0) }
            .filter { $0.contains(where: isLetterOrDigit) }
            .map { String(String.UnicodeScalarView($0)) }
    }

    private static func isLetterOrDigit(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// A mark written after its letter, as in a decomposed é; it parts no word.
    private static func isMark(_ scalar: UnicodeScalar) -> Bool { scalar.properties.generalCategory == .nonspacingMark }
}
