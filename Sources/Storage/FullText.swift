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
