/// A bearer token: `kimr_<kind>_`, 43 base62 digits of 32 random bytes, 6 base62 digits of the CRC-32 of all before them.
package struct AccessToken: Sendable {
    /// What a token is for.
    package enum Kind: String, Sendable, CaseIterable {
        case session = "s"
        case personal = "p"
        case machine = "m"

        /// The open part that every token of this kind starts with.
        package var prefix: String { "kimr_\(rawValue)_" }
    }

    /// What every token looks like, for scanners that search for leaked ones.
    package static let pattern = "kimr_[spm]_[0-9A-Za-z]{49}"

    private static let randomByteCount = 32
    private static let prefixCount = 7
    private static let secretCount = 43
    private static let checkCount = 6
    private static let checkedCount = prefixCount + secretCount
    private static let length = checkedCount + checkCount

    /// What this token is for.
    package let kind: Kind

    /// The whole secret: shown to its owner once, never stored, never logged.
    package let text: String

    private init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    /// Makes a new token that nobody can guess.
    package static func generate(_ kind: Kind) -> AccessToken {
        let random = SecureRandom.bytes(randomByteCount)
        let words = stride(from: 0, to: randomByteCount, by: 4).map { start in
            random[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        let checked = Array(kind.prefix.utf8) + Base62.encode(words, width: secretCount)
        let check = Base62.encode([CRC32.checksum(checked.span)], width: checkCount)
        return AccessToken(kind: kind, text: String(decoding: checked + check, as: UTF8.self))
    }

    /// Reads a token that someone presented; nil unless its form and its check digits are right.
    package init?(parsing text: String) {
        guard let kind = Self.kind(ofToken: text.utf8.span) else { return nil }
        self.init(kind: kind, text: text)
    }

    /// The SHA-256 of the text: the only form of the secret that is stored or looked up.
    package var hash: [UInt8] { Digest.sha256(utf8: text) }

    /// The last four characters, by which its owner knows it again.
    package var lastFour: String { String(text.suffix(4)) }

    /// The open part before the secret.
    package var prefix: String { kind.prefix }

    /// A form that is safe to show: `kimr_p_…AbCd`.
    package var masked: String { Self.masked(kind, lastFour: lastFour) }

    /// A form that is safe to show, from what is stored of a token.
    package static func masked(_ kind: Kind, lastFour: String) -> String {
        "\(kind.prefix)…\(lastFour)"
    }

    private static func kind(ofToken bytes: Span<UInt8>) -> Kind? {
        guard bytes.count == length,
            bytes[0] == UInt8(ascii: "k"), bytes[1] == UInt8(ascii: "i"), bytes[2] == UInt8(ascii: "m"), bytes[3] == UInt8(ascii: "r"),
            bytes[4] == UInt8(ascii: "_"), bytes[6] == UInt8(ascii: "_")
        else { return nil }
        let kind: Kind
        switch bytes[5] {
        case UInt8(ascii: "s"): kind = .session
        case UInt8(ascii: "p"): kind = .personal
        case UInt8(ascii: "m"): kind = .machine
        default: return nil
        }
        for index in prefixCount..<checkedCount where Base62.value(of: bytes[index]) == nil {
            return nil
        }
        // Six digits stay far below 2^64, so this cannot overflow; a value above 2^32 matches no checksum.
        var check: UInt64 = 0
        for index in checkedCount..<length {
            guard let digit = Base62.value(of: bytes[index]) else { return nil }
            check = check * 62 + digit
        }
        return check == UInt64(CRC32.checksum(bytes.extracting(0..<checkedCount))) ? kind : nil
    }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name of the type, never the secret.
    package var description: String { "AccessToken" }

    /// The name of the type, never the secret.
    package var debugDescription: String { description }

    /// A mirror without children, so that `dump` shows no secret either.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
