/// A text of at most 47 bytes of UTF-8 that lies in place, without an allocation and a count of owners.
package struct ShortText: Sendable, Hashable {
    /// The most bytes there is room for; what is longer is cut.
    private static var most: Int { 47 }

    // The bytes in the order of memory, zeros behind them, and in the last byte how many they are.
    private var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)

    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let count = min(bytes.count, Self.most)
        // Safety: the six words are 48 bytes, of which the first `count`, at most 47, and the last are written.
        withUnsafeMutableBytes(of: &words) { room in
            room.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<count]))
            room[Self.most] = UInt8(truncatingIfNeeded: count)
        }
    }

    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { ShortText($0) }
    }

    /// Runs `body` with the bytes.
    package func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeBytes(of: words) { room in
            body(UnsafeBufferPointer(rebasing: room.assumingMemoryBound(to: UInt8.self)[..<min(Int(room[Self.most]), Self.most)]))
        }
    }

    package var text: String {
        var text = ""
        withBytes { text = String(decoding: $0, as: UTF8.self) }
        return text
    }

    package static func == (left: ShortText, right: ShortText) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
            && left.words.3 == right.words.3 && left.words.4 == right.words.4 && left.words.5 == right.words.5
    }

    package func hash(into hasher: inout Hasher) {
        for word in [words.0, words.1, words.2, words.3, words.4, words.5] { hasher.combine(word) }
    }
}
