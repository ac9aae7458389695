import Synchronization

/// A thing with an id of its own; the prefix makes the kind of an id readable.
package protocol Identified {
    /// Three lower-case letters, such as `con`.
    static var idPrefix: String { get }
}

/// The id of one `Entity`: prefix, `_`, and a UUIDv7 in 26 base-32 digits, so that ids sort by their time.
package struct Identifier<Entity: Identified>: Sendable, Hashable, CustomStringConvertible {
    /// The digits and the prefix, kept in place: each row has many ids, and each string of their length is an allocation.
    package let characters: ShortText

    package var text: String { characters.text }

    /// Takes over a text that has the form of an id of this kind.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard (24...44).contains(bytes.count), bytes.starts(with: Entity.idPrefix.utf8) else { return nil }
        let rest = bytes.dropFirst(3)
        guard rest.first == UInt8(ascii: "_"), rest.dropFirst().allSatisfy({ Self.isDigit($0) }) else { return nil }
        characters = ShortText(text)
    }

    /// Takes over an id that storage holds.
    package init(stored text: String) { characters = ShortText(text) }

    /// Takes over an id that storage holds.
    package init(stored characters: ShortText) { self.characters = characters }

    package var description: String { text }

    /// The least id that can have been made at `instant`: what a bound on time becomes in a query over ids.
    package static func least(at instant: Instant) -> Identifier {
        Identifier(stored: "\(Entity.idPrefix)_\(UUIDVersion7.text(of: UUIDVersion7.earliest(at: instant)))")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}

/// Makes ids: UUIDs of version 7 (RFC 9562, section 5.7), ascending within this process.
package final class IdentifierSource: Sendable {
    private let last = Mutex<UInt128>(0)
    private let random: @Sendable () -> UInt64

    /// `random` gives 64 random bits; a seeded one makes the ids repeatable.
    package init(random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }) {
        self.random = random
    }

    package func make<Entity>(_ type: Identifier<Entity>.Type = Identifier<Entity>.self, at instant: Instant) -> Identifier<Entity> {
        Identifier(stored: "\(Entity.idPrefix)_\(UUIDVersion7.text(of: next(at: instant)))")
    }

    private func next(at instant: Instant) -> UInt128 {
        let (high, low) = (random(), random())
        let fresh = UUIDVersion7.earliest(at: instant) | UInt128(high & 0xFFF) << 64 | UInt128(low & 0x3FFF_FFFF_FFFF_FFFF)
        return last.withLock { last in
            // Within one millisecond the ids count on from the last, so that their order is that of their making.
            let isSameMillisecond = fresh >> 80 == last >> 80
            last = isSameMillisecond && fresh <= last ? last &+ UInt128(1 + (low & 0xFFFF)) : fresh
            return last
        }
    }
}

/// The layout of a UUID of version 7 and its writing in Crockford's base 32.
enum UUIDVersion7 {
    static func earliest(at instant: Instant) -> UInt128 {
        UInt128(UInt64(clamping: instant.milliseconds) & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0x2 << 62
    }

    static func text(of value: UInt128) -> String {
        String(unsafeUninitializedCapacity: 26) { buffer in
            let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
            var rest = value
            // Safety: both buffers are larger than the indices: 26 places are written, and five bits reach 31 of 32 digits.
            digits.withUTF8Buffer { digits in
                for place in (0..<26).reversed() {
                    buffer[place] = digits[Int(rest & 31)]
                    rest >>= 5
                }
            }
            return 26
        }
    }
}
