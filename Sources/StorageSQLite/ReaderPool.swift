import Domain
import Storage

/// A connection for reading, with its repositories.
final class Reader: @unchecked Sendable {
    // Safety: a reader is either idle in the pool or taken by exactly one thread, and the pool's lock lies between the two.
    let connection: SQLiteConnection
    let repositories: any Repositories

    init(_ connection: SQLiteConnection, _ repositories: any Repositories) {
        self.connection = connection
        self.repositories = repositories
    }
}

/// The connections for reading; the one last given back is taken first, for its pages are warm.
final class ReaderPool: Sendable {
    private struct State {
        var idle: [Reader] = []
        var open = 0
        var isClosed = false
    }

    private let state = Monitor(State())
    private let limit: Int
    private let make: @Sendable () throws(StorageError) -> Reader

    init(limit: Int, make: @escaping @Sendable () throws(StorageError) -> Reader) {
        self.limit = limit
        self.make = make
    }

    /// Takes an idle reader or opens one more.
    func take() throws(DomainError) -> Reader {
        let idle = try state.withLock { state throws(DomainError) -> Reader? in
            guard !state.isClosed else { throw .unavailable("the store is closed") }
            if let reader = state.idle.popLast() { return reader }
            guard state.open < limit else { throw .unavailable("all readers are in use") }
            state.open += 1
            return nil
        }
        if let idle { return idle }
        do throws(StorageError) {
            return try make()
        } catch {
            state.withLock { $0.open -= 1 }
            throw error.domain
        }
    }

    /// Gives a reader back; one that is not `fit` is closed.
    func give(_ reader: Reader, fit: Bool) {
        state.withLock { state in
            if fit && !state.isClosed {
                state.idle.append(reader)
            } else {
                state.open -= 1
            }
        }
    }

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
