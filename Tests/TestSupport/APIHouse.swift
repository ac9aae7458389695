package import API
package import Domain
import Files
import FoundationEssentials
import HTTP
import Resources
import Security
import Storage
import StorageSQLite
import Synchronization

/// The whole service behind its server, on a real database file in a directory of its own, with a clock that a test sets.
package final class APIHouse: Sendable {
    /// A user with a token that lets him in.
    package struct Person: Sendable {
        package let user: User
        package let token: String
        package let tokenID: Token.ID

        package init(user: User, token: String, tokenID: Token.ID) {
            self.user = user
            self.token = token
            self.tokenID = tokenID
        }

        package var id: String { user.id.text }
    }

    /// A wall clock and a monotonic one, both standing still until they are moved.
    private final class Clocks: Sendable {
        private let times: Mutex<(now: Instant, monotonic: UInt64)>

        init(_ now: Instant) { times = Mutex((now: now, monotonic: 1_000_000_000)) }

        var now: Instant { times.withLock { $0.now } }

        var monotonic: UInt64 { times.withLock { $0.monotonic } }

        func set(_ now: Instant) { times.withLock { $0.now = now } }

        func pass(milliseconds: Int64) {
            times.withLock { times in
                times.now = times.now.advanced(byMilliseconds: milliseconds)
                times.monotonic &+= UInt64(clamping: milliseconds) &* 1_000_000
            }
        }
    }

    /// What a house cannot be built without.
    private struct Unusable: Error {
        let what: String
    }

    package let directory: String
    private let sqlite: SQLiteStore
    package let environment: Environment
    package let application: Application
    private let clocks: Clocks
    private let isOpen = Mutex(true)

    /// Monday 16 November 2026, 08:00 in Jakarta: work has begun half an hour ago.
    package static let monday = Instant(milliseconds: 1_794_790_800_000)

    /// Few hashes are made in tests, but many at once: the queue holds them all.
    private static let hasher = Result { try PasswordHasher(passes: 2, memoryBytes: 19 << 20, queueLimit: 10_000) }
    private static let document = Result { try APIDocument() }
    private static let catalogue = Result { () throws -> [Procedure] in
        // Safety: the resource is a constant of the program, as long as its count says.
        try Catalogue.procedures(in: Array(UnsafeBufferPointer(start: sikimr_procedures.bytes, count: sikimr_procedures.count)))
    }

    /// Lends a fresh house and takes all of it away afterwards.
    package static func with<Value>(
        rateLimit: Int? = nil,
        limits: AttachmentLimits = AttachmentLimits(),
        streams: StreamLimits = StreamLimits(),
        _ body: (APIHouse) async throws -> Value
    ) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.path + "/house-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try await APIHouse.open(in: directory, at: monday, rateLimit: rateLimit, limits: limits, streams: streams, body)
    }

    /// Lends the house in `directory`, made there if it is not, and closes it.
    package static func open<Value>(
        in directory: String,
        at now: Instant,
        rateLimit: Int? = nil,
        limits: AttachmentLimits = AttachmentLimits(),
        streams: StreamLimits = StreamLimits(),
        _ body: (APIHouse) async throws -> Value
    ) async throws -> Value {
        let house = try await APIHouse(directory: directory, now: now, rateLimit: rateLimit, limits: limits, streams: streams)
        do {
            let value = try await body(house)
            await house.close()
            return value
        } catch {
            await house.close()
            throw error
        }
    }

    private init(directory: String, now: Instant, rateLimit: Int?, limits: AttachmentLimits, streams: StreamLimits) async throws {
        self.directory = directory
        let clocks = Clocks(now)
        self.clocks = clocks
        let store = try SQLiteStore(path: directory + "/house.db", migrations: Schema.migrations) { connection in
            SQLRepositories(connection) { Digest.sha256($0) }
        }
        sqlite = store
        guard let policy = PasswordPolicy(named: "default") else { throw Unusable(what: "the password policy") }
        environment = Environment(
            store: store,
            files: try FileStore(directory: directory + "/attachments", reserve: 0),
            attachmentLimits: limits,
            clock: { clocks.now },
            ids: IdentifierSource(),
            hasher: try Self.hasher.get(),
            passwords: policy
        )
        application = Application(
            environment,
            document: try Self.document.get(),
            settings: Application.Settings(
                rateLimit: rateLimit,
                monotonic: { clocks.monotonic },
                storage: { StorageReport(batches: 0, writes: 0, batchSizes: [], queueDepth: 0, databaseBytes: 0, logBytes: 0) },
                isReady: { true },
                streams: streams
            ),
            log: Log(format: .off, clock: { clocks.now }) { _ in }
        )
        let procedures = try Self.catalogue.get()
        if try await store.read({ tx throws(DomainError) in try tx.procedures.summaries().isEmpty }) {
            try await store.write { tx throws(DomainError) in
                for procedure in procedures { try tx.procedures.insert(procedure, at: now) }
            }
        }
    }

    package var store: any Store { sqlite }

    /// Closes the database; what is asked afterwards fails. It is harmless to close twice.
    package func close() async {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { await sqlite.close() }
    }

    /// The time by the wall clock of the service.
    package var now: Instant { clocks.now }

    package func set(_ now: Instant) { clocks.set(now) }

    /// Moves both clocks on.
    package func pass(seconds: Int64) { clocks.pass(milliseconds: seconds * 1000) }

    package func pass(milliseconds: Int64) { clocks.pass(milliseconds: milliseconds) }
}
