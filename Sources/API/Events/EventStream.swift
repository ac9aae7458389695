import Domain
import HTTP
import Synchronization

/// One client's stream of events: a place in the log and what its client may see, but no events of its own.
///
/// What it sends comes from what the hub has at hand, or from storage where it has fallen behind; so a slow client costs no more
/// memory than a fast one, and misses nothing.
final class EventStream: BodyFeed {
    /// Whose stream it is, by the token it was opened with.
    struct Credentials: Sendable {
        let userID: User.ID
        let tokenID: Token.ID?
        /// The SHA-256 of the token, by which it is looked up again.
        let hash: [UInt8]
    }

    /// Why a stream cannot go on from the place that was asked for.
    enum Gap: String {
        case tooOld = "too_old"
        case unknown
    }

    private struct State {
        var sight: LogSight
        var place: Int
        var opening: [UInt8]
        var wake: (@Sendable () -> Void)?
        /// Whether the right is to be checked; at first too, for what ended it while the stream was not yet known to the hub.
        var isDue = true
    }

    /// How far back a stream resumes, in milliseconds.
    static let memory: Int64 = 86_400_000
    /// A piece of the stream ends beyond this many bytes.
    private static let pieceSize = 32 << 10
    private static let heartbeat = Array(":\n\n".utf8)

    let credentials: Credentials
    private let hub: EventHub
    private let state: Mutex<State>

    init(_ hub: EventHub, for credentials: Credentials, sight: LogSight, after place: Int, opening: [UInt8]) {
        self.hub = hub
        self.credentials = credentials
        state = Mutex(State(sight: sight, place: place, opening: opening))
    }

    deinit { hub.giveBackSeat(of: credentials.userID) }

    // MARK: The server

    func whenReady(_ wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
        hub.add(self)
    }

    func close() {
        state.withLock { $0.wake = nil }
        hub.remove(self)
    }

    func draw() throws -> FeedDraw {
        var (isDue, piece) = state.withLock { state in
            defer { (state.isDue, state.opening) = (false, []) }
            return (state.isDue, state.opening)
        }
        if isDue {
            guard let sight = hub.sight(of: credentials) else { return .end }
            state.withLock { $0.sight = sight }
        }
        let (place, sight) = state.withLock { ($0.place, $0.sight) }
        var next = place
        switch hub.recent(beyond: place) {
        case .known(let items):
            for item in items where piece.count < Self.pieceSize {
                next = item.entry.event.sequence
                if sight.shows(item.entry.event, of: item.parties) { piece += item.bytes(seenWith: sight) }
            }
        case .forgotten:
            let page = try hub.stored(beyond: place, seenWith: sight)
            for entry in page.elements { piece += Self.bytes(of: entry, showsTexts: sight.showsTexts(of: entry)) }
            next = page.next.flatMap { Int($0) } ?? page.elements.last?.event.sequence ?? place
            // A long way through what is not shown leaves the thread to others in between: after the heartbeat it goes on.
            if page.hasMore { isDue = true }
        }
        state.withLock { $0.place = next }
        if piece.isEmpty, isDue { piece = Self.heartbeat }
        // What is committed from here on has the hub wake the stream.
        return piece.isEmpty ? .later : .bytes(piece)
    }

    // MARK: The hub

    /// Lets the stream be drawn if one of the new entries is for its client.
    func notice(_ items: ArraySlice<EventHub.Item>) {
        let wake = state.withLock { state in
            items.contains { state.sight.shows($0.entry.event, of: $0.parties) } ? state.wake : nil
        }
        wake?()
    }

    /// Has the right to the stream checked again, and a heartbeat sent if there is nothing else.
    func becomeDue() {
        state.withLock { state in
            state.isDue = true
            return state.wake
        }?()
    }

    // MARK: The form

    static let opening = Array("retry: 3000\n\n".utf8)

    static func place(_ sequence: Int) -> [UInt8] { Array("id: \(sequence)\n\n".utf8) }

    static func reset(to sequence: Int, reason: Gap) -> [UInt8] {
        Array("event: reset\nid: \(sequence)\ndata: {\"reason\":\"\(reason.rawValue)\",\"seq\":\(sequence)}\n\n".utf8)
    }

    static func bytes(of entry: HistoryEntry, showsTexts: Bool) -> [UInt8] {
        var json = JSONWriter(capacity: 512)
        Schema.Event(entry, showsTexts: showsTexts).write(to: &json)
        return Array("id: \(entry.event.sequence)\nevent: \(entry.event.type)\ndata: ".utf8) + json.finish() + [0x0A, 0x0A]
    }
}
