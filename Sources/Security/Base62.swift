/// Numbers written with the digits 0-9, A-Z, a-z, in a fixed width, most significant first.
enum Base62 {
    static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private static let base: UInt64 = 62

    /// Writes 32-bit words, most significant first, as one number of exactly `width` digits; higher digits are lost.
    static func encode(_ words: [UInt32], width: Int) -> [UInt8] {
        var words = words
        var text = [UInt8](repeating: 0, count: width)
        for position in text.indices.reversed() {
            var remainder: UInt64 = 0
            for index in words.indices {
                let (quotient, rest) = (remainder << 32 | UInt64(words[index])).quotientAndRemainder(dividingBy: base)
                words[index] = UInt32(truncatingIfNeeded: quotient)
                remainder = rest
            }
            text[position] = digits[Int(remainder)]
        }
        return text
    }

    /// The value of a digit, or nil for any other byte.
    @inline(__always)
    static func value(of byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt64(byte &- UInt8(ascii: "A") &+ 10)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt64(byte &- UInt8(ascii: "a") &+ 36)
        default: nil
        }
    }
}
