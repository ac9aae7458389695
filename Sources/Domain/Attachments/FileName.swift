@_spi(_Unicode) import Swift

/// The name of a file as people see it: one line, no directories, at most 255 bytes of UTF-8 in NFC.
package struct FileName: Sendable, Hashable {
    package let text: String

    private static let longest = 255

    /// Makes a name out of what a client sent, whatever that is; nil when nothing is left of it.
    ///
    /// Directories, control characters and those that turn the direction of writing are dropped, so that a name reads as it ends.
    package init?(cleaning sent: String) {
        let last = sent.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? []
        var kept = String.UnicodeScalarView()
        for scalar in String(String.UnicodeScalarView(last))._nfc where !Self.isHidden(scalar) { kept.append(scalar) }
        guard let name = Self.shortened(Self.trimmed(kept)), name.unicodeScalars.contains(where: { $0 != "." }) else { return nil }
        text = name
    }

    /// Takes over a name that storage holds.
    package init(stored text: String) { self.text = text }

    /// What stands behind the last dot, in lower case; empty when there is none.
    package var fileExtension: String {
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return "" }
        return text[text.index(after: dot)...].lowercased()
    }

    private static func isHidden(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func trimmed(_ scalars: String.UnicodeScalarView) -> String {
        var rest = scalars[...]
        while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.properties.isWhitespace || last == "." { rest.removeLast() }
        return String(rest)
    }

    /// The name cut to the longest length in front of its extension; nil when the extension alone is too long.
    private static func shortened(_ name: String) -> String? {
        guard name.utf8.count > longest else { return name.isEmpty ? nil : name }
        guard let dot = name.lastIndex(of: ".") else { return prefix(of: name[...], bytes: longest) }
        let end = name[dot...]
        guard end.utf8.count < longest else { return nil }
        return prefix(of: name[..<dot], bytes: longest - end.utf8.count) + end
    }

    private static func prefix(of text: Substring, bytes: Int) -> String {
        var kept = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > bytes { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
