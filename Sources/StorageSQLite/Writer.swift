import Domain
import Storage

/// The one thread that writes: it takes all bodies that wait, commits them together, then answers them.
final class Writer: @unchecked Sendable {
    private struct State {
        var waiting: [any WriteJob] = []
        var isClosing = false
        var figures = SQLiteStore.Metrics()
        var observers: [@Sendable () -> Void] = []
    }

    private enum Turn {
        case batch([any WriteJob])
        case end
    }

    // Safety: these three are touched only by the writer thread, once it runs; all that other threads touch lies in `state`.
    private var connection: SQLiteConnection?
    private var checkpointedPages = 0
    private var isAlarmed = false

    private let readers: ReaderPool
    private let repositories: @Sendable (any Connection) -> any Repositories
    private let state = Monitor(State())
    private let health: Health
    private let configuration: SQLiteStore.Configuration

    init(
        _ connection: SQLiteConnection,
        _ readers: ReaderPool,
        _ configuration: SQLiteStore.Configuration,
        _ health: Health,
        _ repositories: @escaping @Sendable (any Connection) -> any Repositories
    ) {
        self.connection = connection
        self.readers = readers
        self.configuration = configuration
        self.health = health
        self.repositories = repositories
    }

    /// Puts a body into the queue, or answers why it cannot wait there.
    func submit(_ job: any WriteJob) {
        let refusal = state.withLock { state -> DomainError? in
            if state.isClosing { return .unavailable("the store is closed") }
            if state.waiting.count >= configuration.longestQueue { return .unavailable("writer queue full") }
            state.waiting.append(job)
            // The writer waits only for an empty queue to fill.
            if state.waiting.count == 1 { self.state.announce() }
            return nil
        }
        if let refusal { job.finish(refusal) }
    }

    /// Takes no more bodies; the thread ends once it has run those that wait.
    func stop() {
        state.withLock { $0.isClosing = true }
        state.announce()
    }

    func observeCommits(_ observer: @escaping @Sendable () -> Void) { state.withLock { $0.observers.append(observer) } }

    var figures: SQLiteStore.Metrics {
        state.withLock { state in
            var figures = state.figures
            figures.queueDepth = state.waiting.count
            return figures
        }
    }

    /// The work of the thread, until `stop`: it ends with a checkpoint and a closed connection.
    func work() {
        guard let connection else { return }
        let repositories = repositories(connection)
        while case .batch(let batch) = state.wait({ state in next(&state) }) {
            run(batch, on: connection, repositories)
            keepLogShort(connection)
        }
        if !health.isFailed { try? connection.checkpoint(truncating: true) }
        self.connection = nil
    }

    /// What there is to do; nil when there is nothing yet.
    private func next(_ state: inout State) -> Turn? {
        if state.waiting.isEmpty { return state.isClosing ? .end : nil }
        guard state.waiting.count > configuration.largestBatch else {
            defer { state.waiting = [] }
            return .batch(state.waiting)
        }
        defer { state.waiting.removeFirst(configuration.largestBatch) }
        return .batch(Array(state.waiting.prefix(configuration.largestBatch)))
    }

    /// Runs the bodies in one transaction and answers them once it is on disk.
    private func run(_ batch: [any WriteJob], on connection: SQLiteConnection, _ repositories: any Repositories) {
        var failure: DomainError?
        var observers: [@Sendable () -> Void] = []
        readers.beginWriting()
        do throws(StorageError) {
            guard !health.isFailed else { throw .domain(.unavailable("the storage has failed")) }
            try connection.begin(.beginImmediate)
            let kept = try runBodies(batch, on: connection, repositories)
            if kept > 0 {
                do throws(DomainError) { try repositories.complete() } catch { throw .domain(error) }
                let start_ns = Monotonic.now_ns
                try connection.commit()
                repositories.committed()
                observers = count(kept: kept, of: batch.count, in: Monotonic.now_ns &- start_ns)
            } else if !connection.rollback() {
                health.fail("a transaction cannot be rolled back")
            }
        } catch {
            if !connection.rollback() { health.fail("a transaction cannot be rolled back") }
            failure = .unavailable(error.reason)
        }
        readers.endWriting()
        for job in batch { job.finish(failure) }
        for observer in observers { observer() }
    }

    /// Runs each body in a savepoint of its own; answers how many left changes to keep.
    private func runBodies(
        _ batch: [any WriteJob],
        on connection: SQLiteConnection,
        _ repositories: any Repositories
    ) throws(StorageError) -> Int {
        let transaction = Transaction(repositories)
        var kept = 0
        // A body that is alone needs no savepoint: the transaction is its own.
        guard batch.count > 1 else {
            for job in batch where job.run(transaction) { kept += 1 }
            return kept
        }
        for job in batch {
            try connection.perform(.savepoint)
            let keeps = job.run(transaction)
            // Without the transaction the savepoints of the bodies before are gone too.
            guard connection.isInTransaction, !health.isFailed else {
                throw .domain(.unavailable("the transaction has ended"))
            }
            if keeps { kept += 1 } else { try connection.perform(.rollbackToSavepoint) }
            try connection.perform(.release)
        }
        return kept
    }

    /// Counts a commit and gives those who want to know of it.
    private func count(kept: Int, of size: Int, in duration_ns: UInt64) -> [@Sendable () -> Void] {
        state.withLock { state in
            state.figures.add(kept: kept, of: size, in: duration_ns)
            return state.observers
        }
    }

    /// Moves the log into the database as it grows, and raises the alarm when readers keep it from shrinking.
    private func keepLogShort(_ connection: SQLiteConnection) {
        let pages = connection.walPages
        // The log begins anew once it has been moved and no reader needs it.
        if pages < checkpointedPages { checkpointedPages = 0 }
        if pages >= checkpointedPages + configuration.checkpointPages, !health.isFailed {
            // What it cannot move now it moves next time; an error that matters has told the health.
            if (try? connection.checkpoint(truncating: false)) != nil { checkpointedPages = pages }
        }
        let bytes = pages * 4096
        if bytes > configuration.largestLog_bytes, !isAlarmed { configuration.onLargeLog(bytes) }
        isAlarmed = bytes > configuration.largestLog_bytes
    }
}

extension StorageError {
    /// The text for the log.
    var reason: String {
        switch self {
        case .constraint(let name): name
        case .domain(.unavailable(let text)), .domain(.fault(let text)): text
        case .domain(let error): "\(error)"
        }
    }
}
