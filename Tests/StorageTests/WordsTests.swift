@testable import Storage
import Testing

@Suite struct WordsTests {
    @Test func `texts keep the numbers they got first and come back by them, however many there are`() {
        // Among them the empty one, those that begin alike, and those of more than one byte a character.
        let many = (0..<3_000).map { "step-\($0 % 7)-\(String(repeating: "x", count: $0 % 40))\($0)" }
        let texts = ["", "a", "aa", "a\0", "é", "e\u{301}"] + many
        var words = Words()
        for _ in 1...2 {
            for (number, text) in texts.enumerated() { #expect(words.number(of: Array(text.utf8).span) == number) }
        }
        for (number, text) in texts.enumerated() { #expect(words[number].map { Array($0.utf8) } == Array(text.utf8)) }
        #expect(words[-1] == nil && words[texts.count] == nil)
    }
}
