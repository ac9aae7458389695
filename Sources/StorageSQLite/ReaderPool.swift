import Domain
import Storage

/// A connection for reading, with its repositories.
final class Reader: @unchecked Sendable {
    // Safety: a reader is either idle in the pool or taken by exactly one thread, and the pool's lock lies between the two.
    let connection: SQLiteConnection
    let repositories: any Repositories
    /// The snapshot that is open, if one is.
    fileprivate var snapshot: Snapshot?

    /// When a snapshot was opened: after how many turns of the writer, and at which monotonic time.
    fileprivate struct Snapshot {
        let turns: UInt64
        let time_ns: UInt64
    }

    init(_ connection: SQLiteConnection, _ repositories: any Repositories) {
        self.connection = connection
        self.repositories = repositories
    }

    /// Opens a snapshot, or goes on with the one that is open; after the deadline its statements are interrupted.
    fileprivate func open(at now_ns: UInt64, afterTurns turns: UInt64, deadline_ns: UInt64) throws(StorageError) {
        // Should another program change the file after all, it is seen soon.
        if let snapshot, now_ns &- snapshot.time_ns > 1_000_000_000 { _ = close() }
        if snapshot != nil { return connection.resume(deadline_ns: deadline_ns) }
        try connection.begin(.beginDeferred, deadline_ns: deadline_ns)
        snapshot = Snapshot(turns: turns, time_ns: now_ns)
    }

    /// Ends what is open; answers whether the connection can be used again.
    fileprivate func close() -> Bool {
        snapshot = nil
        return connection.end()
    }
}

/// The connections for reading; the one last given back is taken first, for its pages are warm.
///
/// While nobody writes, an idle reader keeps its snapshot open, for to open and close one costs as much as to find a row. A turn of the
/// writer begins with none open, so that the log can begin anew, and no snapshot outlives it: what was acknowledged is seen.
final class ReaderPool: Sendable {
    private struct State {
        var idle: [Reader] = []
        var open = 0
        var isClosed = false
        var isWriting = false
        /// How many turns the writer has ended.
        var turns: UInt64 = 0
    }

    private let state = Monitor(State())
    private let limit: Int
    private let make: @Sendable () throws(StorageError) -> Reader

    init(limit: Int, make: @escaping @Sendable () throws(StorageError) -> Reader) {
        self.limit = limit
        self.make = make
    }

    /// Runs `body` with a reader on a snapshot that holds every write acknowledged so far; statements are interrupted after the time given.
    func read<Value>(within limit_ns: UInt64, _ body: (any Repositories) throws(DomainError) -> Value) throws(DomainError) -> Value {
        let (reader, turns) = try take()
        var isWhole = false
        defer { give(reader, isWhole) }
        let now_ns = Monotonic.now_ns
        do throws(StorageError) {
            try reader.open(at: now_ns, afterTurns: turns, deadline_ns: now_ns &+ limit_ns)
        } catch {
            throw error.domain
        }
        let value = try body(reader.repositories)
        isWhole = true
        return value
    }

    /// Takes an idle reader or opens one more.
    private func take() throws(DomainError) -> (Reader, turns: UInt64) {
        let (idle, turns) = try state.withLock { state throws(DomainError) -> (Reader?, UInt64) in
            guard !state.isClosed else { throw .unavailable("the store is closed") }
            if let reader = state.idle.popLast() { return (reader, state.turns) }
            guard state.open < limit else { throw .unavailable("all readers are in use") }
            state.open += 1
            return (nil, state.turns)
        }
        if let idle { return (idle, turns) }
        do throws(StorageError) {
            return (try make(), turns)
        } catch {
            state.withLock { $0.open -= 1 }
            throw error.domain
        }
    }

    /// Gives a reader back, with its snapshot if that `isWhole` and nobody has begun to write since it was opened.
    private func give(_ reader: Reader, _ isWhole: Bool) {
        if isWhole, reader.connection.isInTransaction {
            reader.connection.rest()
            let isKept = state.withLock { state in
                guard !state.isClosed, !state.isWriting, reader.snapshot?.turns == state.turns else { return false }
                state.idle.append(reader)
                return true
            }
            if isKept { return }
        }
        let isFit = reader.close()
        state.withLock { state in
            if isFit && !state.isClosed {
                state.idle.append(reader)
            } else {
                state.open -= 1
            }
        }
    }

    /// A turn of the writer begins: closes every snapshot that is kept.
    func beginWriting() {
        state.withLock { state in
            state.isWriting = true
            let count = state.idle.count
            state.idle.removeAll { reader in reader.snapshot != nil && !reader.close() }
            state.open -= count - state.idle.count
        }
    }

    /// The turn has ended, before anyone is told of it.
    func endWriting() {
        state.withLock { state in
            state.isWriting = false
            state.turns &+= 1
        }
    }

    /// Whether readers are out, or idle and open.
    var hasOpen: Bool { state.withLock { $0.open > 0 } }

    /// Closes the idle readers now and the others as they come back.
    func close() {
        let idle = state.withLock { state in
            state.isClosed = true
            state.open -= state.idle.count
            defer { state.idle = [] }
            return state.idle
        }
        withExtendedLifetime(idle) {}
    }
}
