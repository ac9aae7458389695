import CSodium

/// A stored password hash taken apart: `$argon2id$v=19$m=65536,t=3,p=1$<salt>$<output>`.
struct PasswordHash {
    private static let outputByteCount = 32
    // Only ours are stored and none comes near; a damaged row must not ask for all the memory there is.
    private static let mostKibibytes = 4 << 20
    private static let mostPasses: UInt64 = 100

    let passes: UInt64
    let memoryBytes: Int
    private let salt: [UInt8]
    private let output: [UInt8]

    /// A hash that costs as much to check as any other and fits no password.
    init(fittingNothingAt passes: UInt64, memoryBytes: Int) {
        self.passes = passes
        self.memoryBytes = memoryBytes
        self.salt = SecureRandom.bytes(Int(crypto_pwhash_SALTBYTES))
        self.output = SecureRandom.bytes(Self.outputByteCount)
    }

    /// Reads what `crypto_pwhash_str` wrote; nil for anything else.
    init?(parsing text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" else { return nil }
        let costs = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 3, costs[0].hasPrefix("m="), costs[1].hasPrefix("t="), costs[2] == "p=1" else { return nil }
        guard let kibibytes = Int(costs[0].dropFirst(2)), (8...Self.mostKibibytes).contains(kibibytes) else { return nil }
        guard let passes = UInt64(costs[1].dropFirst(2)), (1...Self.mostPasses).contains(passes) else { return nil }
        guard let salt = Self.bytes(Int(crypto_pwhash_SALTBYTES), inBase64: parts[4]) else { return nil }
        guard let output = Self.bytes(Self.outputByteCount, inBase64: parts[5]) else { return nil }
        self.passes = passes
        self.memoryBytes = kibibytes << 10
        self.salt = salt
        self.output = output
    }

    /// Whether this is the hash of the password; nil if there was not the memory to find out.
    func matches(_ secret: SecretBytes) -> Bool? {
        Sodium.ensureStarted()
        // crypto_pwhash_str_verify would call want of memory a wrong password, and wrong passwords lock accounts.
        var computed = [UInt8](repeating: 0, count: output.count)
        let status = secret.withBytes { password, count in
            crypto_pwhash(
                &computed,
                UInt64(computed.count),
                password,
                count,
                salt,
                passes,
                memoryBytes,
                crypto_pwhash_ALG_ARGON2ID13
            )
        }
        guard status == 0 else { return nil }
        return Digest.isEqual(computed, output)
    }

    private static func bytes(_ count: Int, inBase64 text: Substring) -> [UInt8]? {
        let characters = text.utf8.map { CChar(bitPattern: $0) }
        var bytes = [UInt8](repeating: 0, count: count)
        var length = 0
        let status = sodium_base642bin(
            &bytes,
            count,
            characters,
            characters.count,
            nil,
            &length,
            nil,
            sodium_base64_VARIANT_ORIGINAL_NO_PADDING
        )
        return status == 0 && length == count ? bytes : nil
    }
}
