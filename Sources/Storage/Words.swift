import Glibc

/// Texts as small numbers: one met before is told by its bytes and not decoded again.
package struct Words {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    /// A hash table with open addresses, of a power of two, half empty at least; a place that is free has -1.
    private var slots = [Int](repeating: -1, count: 64)

    package init() {}

    /// The number of a text in UTF-8: 0 for the first that is met, 1 for the next that differs from it.
    package mutating func number(of text: Span<UInt8>) -> Int {
        var slot = home(of: text)
        while slots[slot] >= 0 {
            if isWord(slots[slot], text) { return slots[slot] }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = ends.count
        for place in text.indices { bytes.append(text[place]) }
        ends.append(bytes.count)
        slots[slot] = number
        if ends.count * 2 > slots.count { grow() }
        return number
    }

    /// The text with a number; nil for a number that none has.
    package subscript(number: Int) -> String? {
        ends.indices.contains(number) ? String(decoding: bytes[range(of: number)], as: UTF8.self) : nil
    }

    private func range(of number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    private func home(of text: Span<UInt8>) -> Int {
        var hasher = Hasher()
        text.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize() & (slots.count - 1)
    }

    private func isWord(_ number: Int, _ text: Span<UInt8>) -> Bool {
        let range = range(of: number)
        guard range.count == text.count else { return false }
        // Safety: both have `range.count` bytes; without any there is nothing to compare and perhaps no address.
        return range.isEmpty
            || bytes.withUnsafeBytes { known in
                text.withUnsafeBytes { new in
                    guard let known = known.baseAddress, let new = new.baseAddress else { return false }
                    return memcmp(known + range.lowerBound, new, range.count) == 0
                }
            }
    }

    private mutating func grow() {
        slots = [Int](repeating: -1, count: slots.count * 2)
        for number in ends.indices {
            var slot = home(of: bytes[range(of: number)].span)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = number
        }
    }
}
