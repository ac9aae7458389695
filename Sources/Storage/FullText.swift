import Domain

/// Turns what a person typed into a query of the full-text index.
enum FullText {
    /// Each word as a quoted prefix, all of them required; nil when there is no word.
    ///
    /// Quoting takes every operator of the index from the reader's hands.
    static func query(_ words: String) -> String? {
        let terms = Self.words(in: words.unicodeScalars).prefix(16).map { "\"\($0)\"*" }
        return terms.isEmpty ? nil : "- sight : (\(terms.joined(separator: " ")))"
    }

    /// The least letters of a word that is taken for the beginning of one: so many the index holds of each.
    private static let leastPrefix = 3

    /// What a person searches for: words and, in double quotes, phrases, all of them required; nil when there is no word.
    ///
    /// The last word, unless it is in quotes or shorter than three letters, may be the beginning of one. The column `sight`, where the
    /// index has one, is left out.
    static func search(_ text: String, leavingOutSight hasSight: Bool = true) -> String? {
        var terms: [String] = []
        for (index, part) in text.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            let words = words(in: part)
            if index.isMultiple(of: 2) {
                terms += words.map { "\"\($0)\"" }
            } else if !words.isEmpty {
                terms.append("\"\(words.joined(separator: " "))\"")
            }
        }
        guard terms.count <= 16, let last = terms.last else { return nil }
        let quoted = last.unicodeScalars.dropFirst().dropLast()
        let endsInQuotes = text.unicodeScalars.last { !$0.properties.isWhitespace } == "\""
        if !endsInQuotes, quoted.count >= leastPrefix, !quoted.contains(" ") { terms[terms.count - 1] += "*" }
        let query = terms.joined(separator: " ")
        return hasSight ? "- sight : (\(query))" : query
    }

    /// The same among what `parts` show alone.
    static func search(_ query: String, seenBy parts: [Visibility]) -> String {
        let ids = parts.compactMap { part -> String? in
            switch part {
            // Who takes part in a case is not in the index.
            case .all, .member: nil
            case .unit(let id): id.text
            case .requester(let id), .officer(let id): id.text
            }
        }
        if ids.count < parts.count { return query }
        return "(sight : (\(ids.map { "\"\($0.dropFirst(4))\"" }.joined(separator: " OR ")))) AND (\(query))"
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
