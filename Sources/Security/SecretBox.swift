import CSodium

/// Bytes that only the bearer of a key can read, and that nobody can change unseen (XSalsa20-Poly1305).
package enum SecretBox {
    /// The number of bytes in a key, as `Digest.deriveKey` makes them.
    package static let keyByteCount = Int(crypto_secretbox_KEYBYTES)

    private static let nonceByteCount = Int(crypto_secretbox_NONCEBYTES)
    private static let macByteCount = Int(crypto_secretbox_MACBYTES)

    /// Locks the bytes with a key of 32 bytes under a fresh nonce, which stands in front of the result.
    package static func seal(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(key.count == keyByteCount, "a key has \(keyByteCount) bytes")
        let nonce = SecureRandom.bytes(nonceByteCount)
        var sealed = [UInt8](repeating: 0, count: bytes.count + macByteCount)
        crypto_secretbox_easy(&sealed, bytes, UInt64(bytes.count), nonce, key)
        return nonce + sealed
    }

    /// The bytes that were sealed with this key; nil if the key is another or a single bit was changed.
    package static func open(_ box: [UInt8], key: [UInt8]) -> [UInt8]? {
        Sodium.ensureStarted()
        guard key.count == keyByteCount, box.count >= nonceByteCount + macByteCount else { return nil }
        let nonce = Array(box.prefix(nonceByteCount))
        let sealed = Array(box.dropFirst(nonceByteCount))
        var bytes = [UInt8](repeating: 0, count: sealed.count - macByteCount)
        return crypto_secretbox_open_easy(&bytes, sealed, UInt64(sealed.count), nonce, key) == 0 ? bytes : nil
    }
}
