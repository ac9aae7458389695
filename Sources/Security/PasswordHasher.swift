import CSodium
import Glibc

/// Makes and checks password hashes (argon2id) on threads of its own, one to a core.
package final class PasswordHasher: Sendable {
    /// Why a password could be neither hashed nor checked.
    package enum Failure: Error {
        /// Every thread is busy and the queue is full: try again in a second.
        case overloaded
        /// The machine has not the memory for one more hash now.
        case outOfMemory
    }

    /// The work asked for is less than may protect a password.
    package struct BelowFloor: Error {}

    /// The fewest passes over the memory that may be asked for.
    package static let leastPasses: UInt64 = 2
    /// The least memory that may be asked for.
    package static let leastMemoryBytes = 19 << 20

    private let passes: UInt64
    private let memoryBytes: Int
    private let pool: WorkerPool
    private let dummy: String

    /// A hasher of the given cost; throws if the cost is below 2 passes over 19 MiB.
    package init(
        passes: UInt64 = 3,
        memoryBytes: Int = 64 << 20,
        width: Int = PasswordHasher.coreCount,
        queueLimit: Int = 32
    ) throws(BelowFloor) {
        guard passes >= Self.leastPasses, memoryBytes >= Self.leastMemoryBytes else { throw BelowFloor() }
        Sodium.ensureStarted()
        self.passes = passes
        self.memoryBytes = memoryBytes
        self.pool = WorkerPool(name: "password", width: width, queueLimit: queueLimit)
        self.dummy = Self.dummyHash(passes: passes, memoryBytes: memoryBytes)
    }

    /// The number of cores this machine has now.
    package static var coreCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Makes a hash to store; the same password gives another hash each time.
    package func hash(_ password: String) async throws(Failure) -> String {
        let secret = SecretBytes(utf8: password)
        let (passes, memoryBytes) = (passes, memoryBytes)
        return try await run { Self.makeHash(secret, passes: passes, memoryBytes: memoryBytes) }
    }

    /// Whether this is the password the hash was made from; without a hash it does the same work and says no.
    package func verify(_ password: String, against hash: String?) async throws(Failure) -> Bool {
        let secret = SecretBytes(utf8: password)
        let stored = hash ?? dummy
        let isMatch = try await run { Self.matches(secret, stored) }
        return isMatch && hash != nil
    }

    /// Whether a stored hash was made at another cost than this hasher's, so that the next sign-in should replace it.
    package func needsRehash(_ hash: String) -> Bool {
        crypto_pwhash_str_needs_rehash(hash, passes, memoryBytes) != 0
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () -> Result<Value, Failure>) async throws(Failure) -> Value {
        let result: Result<Value, Failure>
        do {
            result = try await pool.run(work)
        } catch {
            throw .overloaded
        }
        return try result.get()
    }

    private static func makeHash(_ secret: SecretBytes, passes: UInt64, memoryBytes: Int) -> Result<String, Failure> {
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = secret.withBytes { password, count in
            crypto_pwhash_str(&text, password, count, passes, memoryBytes)
        }
        // Lengths and cost are in bounds, so memory is all that can be missing.
        guard status == 0 else { return .failure(.outOfMemory) }
        return .success(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    private static func matches(_ secret: SecretBytes, _ hash: String) -> Result<Bool, Failure> {
        secret.withBytes { password, count in
            errno = 0
            if crypto_pwhash_str_verify(hash, password, count) == 0 { return .success(true) }
            // A wrong password leaves EINVAL behind: want of memory must not count as one.
            return errno == ENOMEM ? .failure(.outOfMemory) : .success(false)
        }
    }

    /// A well-formed hash of no password, at no cost.
    private static func dummyHash(passes: UInt64, memoryBytes: Int) -> String {
        let salt = base64(SecureRandom.bytes(Int(crypto_pwhash_SALTBYTES)))
        let output = base64(SecureRandom.bytes(32))
        return "$argon2id$v=19$m=\(memoryBytes >> 10),t=\(passes),p=1$\(salt)$\(output)"
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING
        let length = sodium_base64_encoded_len(bytes.count, variant)
        var text = [CChar](repeating: 0, count: length)
        sodium_bin2base64(&text, length, bytes, bytes.count, variant)
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
