/// How long a text may be, in code points, and whether it may have several lines.
package struct TextRule: Sendable {
    package let length: ClosedRange<Int>
    private let form: Form

    private enum Form {
        case line, lines, anything
    }

    /// A text that is only compared, such as a password: any characters.
    package static func anything(_ length: ClosedRange<Int>) -> TextRule { TextRule(length: length, form: .anything) }

    /// A text on one line, such as a name: no control characters, and something to see.
    package static func line(_ length: ClosedRange<Int>) -> TextRule { TextRule(length: length, form: .line) }

    /// A text of several lines: tabs and line ends are allowed, and there must be something to see.
    package static func lines(_ length: ClosedRange<Int>) -> TextRule { TextRule(length: length, form: .lines) }

    /// What is wrong with `text`; nil when nothing is.
    package func fault(of text: String) -> (code: String, id: String, en: String)? {
        let count = text.unicodeScalars.count
        let low = length.lowerBound, high = length.upperBound
        if count < low { return ("too_short", "Paling sedikit \(low) karakter.", "It must have at least \(low) characters.") }
        if count > high { return ("too_long", "Paling banyak \(high) karakter.", "It must have at most \(high) characters.") }
        if form == .anything { return nil }
        let hasLines = form == .lines
        var isVisible = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20: break
            case 0x09 where hasLines, 0x0A where hasLines, 0x0D where hasLines: break
            case 0..<0x20, 0x7F...0x9F:
                return ("control_character", "Tidak boleh ada tanda kendali.", "It must have no control characters.")
            default: isVisible = true
            }
        }
        if !isVisible { return ("blank", "Tidak boleh hanya berisi spasi.", "It must not be blank.") }
        return nil
    }
}
