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
    private let dummy: PasswordHash

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
        self.dummy = PasswordHash(fittingNothingAt: passes, memoryBytes: memoryBytes)
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
        // A damaged hash costs as much as none: it must not tell a caller that the user exists.
        let stored = hash.flatMap(PasswordHash.init(parsing:)) ?? dummy
        return try await run {
            stored.matches(secret).map { .success($0) } ?? .failure(.outOfMemory)
        }
    }

    /// Whether a stored hash was made at a lower cost than this hasher's, so that the next sign-in should replace it.
    package func needsRehash(_ hash: String) -> Bool {
        guard let stored = PasswordHash(parsing: hash) else { return true }
        return stored.passes < passes || stored.memoryBytes >> 10 < memoryBytes >> 10
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
}
