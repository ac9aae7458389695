/// Reads fixed-width numbers and single ASCII marks from the front of a short text.
struct DigitScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes exactly that many ASCII digits (nine at most), or nothing.
    mutating func number(digits: Int) -> Int? {
        let taken = rest.prefix(Swift.min(digits, 9))
        guard taken.count == digits else { return nil }
        var value = 0
        for byte in taken {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        rest = rest.dropFirst(digits)
        return value
    }

    /// Takes the mark when it is next.
    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard let next = rest.first, UInt32(next) == mark.value else { return false }
        rest = rest.dropFirst()
        return true
    }
}
