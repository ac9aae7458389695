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
