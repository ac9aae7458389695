import API
import Dispatch
import Domain
import StorageSQLite
import Synchronization

/// Runs the clockwork when something of it is due: it sleeps until then, and looks again when something was stored.
final class Ticker: Sendable {
    private struct State {
        var isLookAhead = false
        var isRunning = false
        var isStopped = false
        var sleep = 0
    }

    /// The seconds within which all that is stored causes one look.
    private static let grain = 1.0
    /// No sleep is longer, in milliseconds: the wall clock may be set meanwhile.
    private static let longestSleep: Int64 = 3_600_000
    /// The seconds until another try after the storage failed.
    private static let patience = 60.0

    private let clockwork: Clockwork
    private let house: House
    private let log: Log
    private let queue = DispatchQueue(label: "sikimr.ticker")
    private let state = Mutex(State())

    init(_ clockwork: Clockwork, _ house: House, _ log: Log) {
        (self.clockwork, self.house, self.log) = (clockwork, house, log)
    }

    func start() {
        house.store.observeCommits { [weak self] in self?.lookSoon() }
        queue.async { self.look() }
    }

    /// Begins nothing more; what runs ends with the storage.
    func stop() { state.withLock { $0.isStopped = true } }

    private func lookSoon() {
        let isFirst = state.withLock { state in
            defer { state.isLookAhead = true }
            return !state.isLookAhead
        }
        if isFirst { queue.asyncAfter(deadline: .now() + Self.grain) { self.look() } }
    }

    /// Asks the storage when something is due, and sleeps until then or sees to it now.
    private func look() {
        let isFree = state.withLock { state in
            state.isLookAhead = false
            state.sleep &+= 1
            return !state.isRunning && !state.isStopped
        }
        guard isFree else { return }
        let next: Instant?
        do { next = try house.store.readNow { tx throws(DomainError) in try clockwork.next(in: tx) } } catch { return retry() }
        guard let next else { return }
        let wait = next.milliseconds - House.clock().milliseconds
        if wait <= 0 { return run() }
        let sleep = state.withLock { $0.sleep }
        queue.asyncAfter(wallDeadline: .now() + .milliseconds(Int(min(wait, Self.longestSleep)))) {
            // A later look has found another time.
            if self.state.withLock({ $0.sleep == sleep }) { self.look() }
        }
    }

    private func run() {
        state.withLock { $0.isRunning = true }
        Task {
            var isFailed = false
            do {
                let count = try await clockwork.run(at: House.clock(), in: house.store, ids: house.ids)
                if count > 0 { log.write(.info, "due_work", [("count", .number(count))]) }
                // What is due and cannot be done is tried again later, not at once.
                isFailed = count == 0
            } catch { isFailed = true }
            state.withLock { $0.isRunning = false }
            if isFailed { retry() } else { queue.async { self.look() } }
        }
    }

    private func retry() {
        guard !state.withLock({ $0.isStopped }) else { return }
        log.write(.warning, "due_work_failed")
        queue.asyncAfter(deadline: .now() + Self.patience) { self.look() }
    }
}
