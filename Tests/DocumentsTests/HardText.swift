import Testing

/// A text that breaks careless programs, with a name for the test's output.
struct HardText: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String

    init(_ name: String, _ text: String) {
        testDescription = name
        self.text = text
    }

    static let all = [
        HardText("nothing", ""),
        HardText("a space", " "),
        HardText("NUL", "\u{0}"),
        HardText("controls", "\u{0}\u{1}\u{7F}\u{85}\u{FFFF}\r\n\r"),
        HardText("many lines", String(repeating: "\n", count: 2_000)),
        HardText("one word", String(repeating: "a", count: 20_000)),
        HardText("joined emoji", String(repeating: "👩🏽‍💻", count: 2_000)),
        HardText("right to left", String(repeating: "هذا نص طويل جدا. ", count: 1_200)),
        HardText("an override left open", "\u{202E}terbalik\u{2066}"),
        HardText("stacked marks", String(repeating: "ü\u{301}\u{302}\u{303}", count: 3_000)),
        HardText("signs no font has", String(repeating: "漢字", count: 4_000)),
    ]
}
