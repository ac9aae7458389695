import CSodium

/// SHA-256 and what is built from it.
package enum Digest {
    /// The number of bytes in every digest.
    package static let byteCount = 32

    /// The SHA-256 of the bytes.
    package static func sha256(_ bytes: Span<UInt8>) -> [UInt8] {
        bytes.withUnsafeBufferPointer(sha256)
    }

    /// The SHA-256 of the bytes.
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer(sha256)
    }

    /// The SHA-256 of the text's UTF-8 bytes.
    package static func sha256(utf8 text: String) -> [UInt8] {
        sha256(text.utf8.span)
    }

    /// The HMAC-SHA-256 (RFC 2104) of a message under a key of any length.
    package static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        Sodium.ensureStarted()
        var state = crypto_auth_hmacsha256_state()
        // The state holds the key.
        defer { sodium_memzero(&state, MemoryLayout.size(ofValue: state)) }
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        var code = [UInt8](repeating: 0, count: byteCount)
        crypto_auth_hmacsha256_final(&state, &code)
        return code
    }

    /// A 32-byte key for one purpose, from a secret that is itself hard to guess; another context gives an unrelated key.
    package static func deriveKey(from secret: [UInt8], context: String) -> [UInt8] {
        hmacSHA256(Array(context.utf8), key: secret)
    }

    /// Whether both are the same bytes, in a time that depends on their lengths alone.
    package static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && sodium_memcmp(left, right, left.count) == 0
    }

    /// The bytes as lower-case hexadecimal digits.
    package static func hex(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            var end = 0
            for byte in bytes {
                buffer[end] = hexDigit(byte >> 4)
                buffer[end + 1] = hexDigit(byte & 15)
                end += 2
            }
            return end
        }
    }

    /// The bytes that hexadecimal digits stand for; nil when they are none or of odd number.
    package static func bytes(hex text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[place]), let low = value(digits[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// The bytes in base 64 (RFC 4648, section 4).
    package static func base64(_ bytes: [UInt8]) -> String {
        let variant = Int32(sodium_base64_VARIANT_ORIGINAL)
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
    }

    private static func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        crypto_hash_sha256(&digest, bytes.baseAddress, UInt64(bytes.count))
        return digest
    }
}

/// The SHA-256 of bytes that arrive piece by piece.
package struct SHA256Hasher: ~Copyable {
    private var state = crypto_hash_sha256_state()

    /// A hasher that has seen no bytes yet.
    package init() {
        crypto_hash_sha256_init(&state)
    }

    /// Adds the next bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { bytes in
            _ = crypto_hash_sha256_update(&state, bytes.baseAddress, UInt64(bytes.count))
        }
    }

    /// Adds the next bytes.
    package mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// The digest of everything added; the hasher ends with it.
    package consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Digest.byteCount)
        crypto_hash_sha256_final(&state, &digest)
        return digest
    }
}
