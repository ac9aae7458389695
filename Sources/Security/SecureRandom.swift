import CSodium

/// The only source of randomness for anything that must not be guessed.
package enum SecureRandom {
    /// Gives that many unpredictable bytes; none for a count below one.
    package static func bytes(_ count: Int) -> [UInt8] {
        Sodium.ensureStarted()
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }
}
