package import Domain
import Glibc
package import Storage

/// The storage in one SQLite file: reads on the calling thread, writes in batches on one thread.
package final class SQLiteStore: Store {
    /// The limits of a store and whom it tells.
    package struct Configuration: Sendable {
        package var busyTimeout_ms = 5_000
        package var readDeadline_ms = 5_000
        package var mostReaders = 64
        package var longestQueue = 4_096
        package var largestBatch = 512
        package var cachedStatements = 256
        package var checkpointPages = 2_000
        package var largestLog_bytes = 256 << 20
        /// Told once, when the stored data can no longer be trusted; the service should then end.
        package var onFatal: @Sendable (String) -> Void = { _ in }
        /// Told when the write-ahead log has outgrown its limit, with its bytes.
        package var onLargeLog: @Sendable (Int) -> Void = { _ in }
        /// The time in milliseconds, for the record of migrations.
        package var now_ms: @Sendable () -> Int64 = {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        }

        package init() {}
    }

    /// What marks the file as ours: "SIKR".
    package static let applicationID = 0x5349_4b52

    let path: String
    let configuration: Configuration
    let health: Health
    private let lock: InstanceLock
    private let readers: ReaderPool
    private let writer: Writer
    private let ended: Ending

    /// Opens or creates the database, checks it after an unclean stop, and brings its schema up to date.
    package init(
        path: String,
        migrations: [Migration],
        configuration: Configuration = Configuration(),
        repositories: @escaping @Sendable (any Connection) -> any Repositories
    ) throws {
        let health = Health(onFatal: configuration.onFatal)
        try DatabaseFile.createDirectory(of: path)
        let lock = try InstanceLock(path: path + ".lock")
        try DatabaseFile.create(path)
        let connection = try DatabaseFile.open(path, configuration, health, checking: lock.followsUncleanStop)
        try lock.markRunning()
        do {
            // The file says so itself, whatever its table of migrations holds.
            let version = Int(clamping: try connection.integer("pragma user_version"))
            guard version <= migrations.count else { throw MigrationError.newer(found: version, known: migrations.count) }
            try Migrator(migrations).run(on: connection, at: configuration.now_ms())
        } catch {
            lock.release(isClean: !health.isFailed)
            throw error
        }

        self.path = path
        self.configuration = configuration
        self.health = health
        self.lock = lock
        readers = ReaderPool(limit: configuration.mostReaders) { () throws(StorageError) in
            let connection = try SQLiteConnection(path: path, role: .reader, configuration: configuration, health: health)
            return Reader(connection, repositories(connection))
        }
        writer = Writer(connection, readers, configuration, health, repositories)
        ended = Ending()
        let started = startThread { [writer, ended] in
            writer.work()
            ended.announce()
        }
        guard started else { throw SQLiteOpenError.cannotOpen("the writer thread cannot be started") }
    }

    package func read<Value>(
        _ body: (borrowing Transaction) throws(DomainError) -> Value
    ) async throws(DomainError) -> Value {
        try readNow(body)
    }

    package func readNow<Value>(_ body: (borrowing Transaction) throws(DomainError) -> Value) throws(DomainError) -> Value {
        guard !health.isFailed else { throw .unavailable("the storage has failed") }
        let limit_ns = UInt64(clamping: configuration.readDeadline_ms) &* 1_000_000
        return try readers.read(within: limit_ns) { repositories throws(DomainError) in try body(Transaction(repositories)) }
    }

    package func write<Value: Sendable>(
        discarding: Bool,
        _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Value
    ) async throws(DomainError) -> Value {
        guard !health.isFailed else { throw .unavailable("the storage has failed") }
        let result = await withCheckedContinuation { continuation in
            writer.submit(BodyJob(discarding: discarding, body, continuation))
        }
        return try result.get()
    }

    package func observeCommits(_ observer: @escaping @Sendable () -> Void) { writer.observeCommits(observer) }

    /// What the store has done so far and how large it is.
    package var metrics: Metrics {
        var metrics = writer.figures
        // Asked by name: opening the file here would drop the locks SQLite holds on it.
        metrics.database_bytes = DatabaseFile.size(of: path)
        metrics.log_bytes = DatabaseFile.size(of: path + "-wal")
        return metrics
    }

    /// Runs what waits, moves the log into the database and closes it; what comes later is refused.
    package func close() async {
        readers.close()
        // Whoever closes the file last should be the writer, who takes the log away; no reader is out for longer than its deadline.
        var waits = configuration.readDeadline_ms / 10
        while waits > 0, readers.hasOpen {
            waits -= 1
            // Cancelled, it waits no more.
            try? await Task.sleep(for: .milliseconds(10))
        }
        writer.stop()
        await ended.wait()
        lock.release(isClean: !health.isFailed)
    }
}
