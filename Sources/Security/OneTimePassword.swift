/// A password that a machine makes and a person types once.
package enum OneTimePassword {
    // Without i, l, o and u: nothing to mistake for a digit, and no words.
    private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let groupCount = 7
    private static let groupSize = 4

    /// Makes one with 140 random bits, in groups: `4k7d-x0vm-…`.
    package static func generate() -> String {
        // 32 letters: the low five bits of a byte pick each with the same chance.
        let symbols = SecureRandom.bytes(groupCount * groupSize).map { letters[Int($0 & 31)] }
        let groups = stride(from: 0, to: symbols.count, by: groupSize).map { symbols[$0..<$0 + groupSize] }
        return String(decoding: Array(groups.joined(separator: [UInt8(ascii: "-")])), as: UTF8.self)
    }
}
