import HTTP
import Synchronization

/// A feed that gives what a test puts in.
final class TestFeed: BodyFeed {
    private struct State {
        var waiting: [FeedDraw] = []
        var wake: (@Sendable () -> Void)?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let onEnd: @Sendable () -> Void

    init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }

    deinit { onEnd() }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func put(_ draw: FeedDraw) {
        state.withLock { state -> (@Sendable () -> Void)? in
            state.waiting.append(draw)
            return state.wake
        }?()
    }

    func put(_ text: String) { put(.bytes(Array(text.utf8))) }

    func draw() throws -> FeedDraw {
        state.withLock { $0.waiting.isEmpty ? .later : $0.waiting.removeFirst() }
    }

    func whenReady(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

    func close() {
        state.withLock {
            $0.isClosed = true
            $0.wake = nil
        }
    }
}

/// The feeds of a test, in the order they began.
final class Feeds: Sendable {
    private let open = Mutex<[TestFeed]>([])
    private let ended = Atomic(0)

    /// How many feeds are gone from memory.
    var gone: Int { ended.load(ordering: .relaxed) }
    var all: [TestFeed] { open.withLock { $0 } }

    func begin(isQuiet: Bool) -> TestFeed {
        let feed = TestFeed { self.ended.add(1, ordering: .relaxed) }
        if !isQuiet { feed.put(": welcome\n") }
        open.withLock { $0.append(feed) }
        return feed
    }

    /// Leaves the feeds to the server alone.
    func forget() { open.withLock { $0 = [] } }
}
