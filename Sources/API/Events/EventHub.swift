import Dispatch
import Domain
import HTTP
import Synchronization

/// How many streams of events there may be, and how they are kept alive.
package struct StreamLimits: Sendable {
    /// All streams together.
    package var all = 256
    package var perUser = 4
    /// Seconds between two heartbeats of a stream, at which its right is checked again.
    package var heartbeat = 15

    package init() {}
}

/// Brings new entries of the log to the streams that wait for them.
///
/// It reads what was committed once for all streams, keeps the latest at hand and wakes those whose clients may see it. All of it can
/// be read again from the log; without streams it does nothing.
final class EventHub: Sendable {
    /// An entry of the log, ready to be sent.
    final class Item: Sendable {
        let entry: HistoryEntry
        let parties: CaseParties?
        private let whole: [UInt8]
        private let bare: [UInt8]

        init(_ entry: HistoryEntry, of parties: CaseParties?) {
            self.entry = entry
            self.parties = parties
            whole = EventStream.bytes(of: entry, showsTexts: true)
            let hasTexts = entry.event.reason != nil || entry.event.note != nil
            bare = hasTexts ? EventStream.bytes(of: entry, showsTexts: false) : whole
        }

        func bytes(seenWith sight: LogSight) -> [UInt8] { sight.showsTexts(of: entry) ? whole : bare }
    }

    /// What the hub has of the entries beyond a place.
    enum Recent {
        case known(ArraySlice<Item>)
        /// They are older than what it has at hand.
        case forgotten
    }

    private struct State {
        /// The streams in as many groups as a heartbeat has seconds, so that each second has its share.
        var groups: [[ObjectIdentifier: EventStream]]
        var joined = 0
        var seats: [User.ID: Int] = [:]
        var seatsTaken = 0
        /// The latest entries without a gap; the last of them is at `end`.
        var recent: [Item] = []
        var end: Int?
        var isPumping = false
        var isTicking = false
        var ticks = 0

        var isEmpty: Bool { groups.allSatisfy(\.isEmpty) }
    }

    /// How many entries are kept at hand.
    private static let kept = 1024
    private static let stride = 256

    private let environment: Environment
    private let limits: StreamLimits
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "events")

    init(_ environment: Environment, limits: StreamLimits) {
        self.environment = environment
        self.limits = limits
        state = Mutex(State(groups: Array(repeating: [:], count: max(1, limits.heartbeat))))
        environment.store.observeCommits { [weak self] in self?.pumpSoon() }
    }

    // MARK: Streams

    /// A new stream for a client, if there is a seat for it.
    func stream(
        for credentials: EventStream.Credentials,
        sight: LogSight,
        after place: Int,
        opening: [UInt8]
    ) throws(Problem) -> EventStream {
        try state.withLock { state throws(Problem) in
            let own = state.seats[credentials.userID] ?? 0
            guard own < limits.perUser else { throw Problem(.rateLimited, headers: ["retry-after": "\(limits.heartbeat)"]) }
            guard state.seatsTaken < limits.all else { throw Problem(.unavailable) }
            state.seats[credentials.userID] = own + 1
            state.seatsTaken += 1
        }
        return EventStream(self, for: credentials, sight: sight, after: place, opening: opening)
    }

    /// How many streams there are now.
    var openStreams: Int { state.withLock { $0.seatsTaken } }

    func giveBackSeat(of user: User.ID) {
        state.withLock { state in
            state.seatsTaken -= 1
            let left = (state.seats[user] ?? 1) - 1
            state.seats[user] = left > 0 ? left : nil
        }
    }

    /// Takes a stream in; what was committed since its place was read is looked for at once.
    func add(_ stream: EventStream) {
        let startsTicking = state.withLock { state in
            state.groups[state.joined % state.groups.count][ObjectIdentifier(stream)] = stream
            state.joined &+= 1
            defer { state.isTicking = true }
            return !state.isTicking
        }
        if startsTicking { tickSoon() }
        pumpSoon()
    }

    func remove(_ stream: EventStream) {
        let gone = state.withLock { state in
            var gone: EventStream?
            for group in state.groups.indices {
                if let found = state.groups[group].removeValue(forKey: ObjectIdentifier(stream)) { gone = found }
            }
            if state.isEmpty { (state.recent, state.end) = ([], nil) }
            return gone
        }
        // What the last reference frees takes the lock again.
        withExtendedLifetime(gone) {}
    }

    /// What the owner of a stream may see now; nil when his right to it has ended.
    func sight(of credentials: EventStream.Credentials) -> LogSight? {
        let found = try? environment.store.readNow { tx throws(DomainError) in try tx.tokens.credentials(hash: credentials.hash) }
        guard let found, found.isActive, !found.life.isOver(at: environment.clock()) else { return nil }
        let principal = Principal(found, requestID: nil)
        guard principal.may(.eventsRead), !principal.mustChangePassword else { return nil }
        return LogSight(of: principal)
    }

    /// The entries beyond a place that are at hand.
    func recent(beyond place: Int) -> Recent {
        state.withLock { state in
            guard let end = state.end else { return .forgotten }
            if place >= end { return .known([]) }
            guard let first = state.recent.first?.entry.event.sequence, first <= place + 1 else { return .forgotten }
            return .known(state.recent[(place + 1 - first)...])
        }
    }

    /// The next entries beyond a place from storage.
    func stored(beyond place: Int, seenWith sight: LogSight) throws -> Page<HistoryEntry> {
        try environment.store.readNow { tx throws(DomainError) in
            try tx.log(seenWith: sight).entries(beyond: place, isAscending: true, limit: 100)
        }
    }

    // MARK: New entries

    private func pumpSoon() {
        let isNeeded = state.withLock { state in
            guard !state.isPumping, !state.isEmpty else { return false }
            state.isPumping = true
            return true
        }
        if isNeeded { queue.async { self.pump() } }
    }

    /// Reads what is new and wakes those whom it concerns.
    private func pump() {
        // What is committed from here on asks for another round.
        let end = state.withLock { state in
            state.isPumping = false
            return state.end
        }
        guard let end else { return begin() }
        guard let items = try? items(beyond: end), let last = items.last?.entry.event.sequence else { return }
        let streams = state.withLock { state -> [EventStream] in
            guard state.end == end else { return [] }
            state.recent += items
            if state.recent.count > Self.kept { state.recent.removeFirst(state.recent.count - Self.kept) }
            state.end = last
            return state.groups.flatMap(\.values)
        }
        let people = Set(items.filter(\.isAboutPeople).map(\.entry.event.subjectID))
        for stream in streams {
            let isConcerned =
                people.contains(stream.credentials.userID.text) || stream.credentials.tokenID.map { people.contains($0.text) } == true
            if isConcerned { stream.becomeDue() } else { stream.notice(items[...]) }
        }
        if items.count == Self.stride { pumpSoon() }
    }

    /// Begins at the end of the log; who waits for something before it finds that, and what it changed for him, in storage.
    private func begin() {
        guard let last = try? environment.store.readNow({ tx throws(DomainError) in try tx.events.lastSequence() }) else { return }
        let streams = state.withLock { state -> [EventStream] in
            if state.end == nil, !state.isEmpty { state.end = last }
            return state.groups.flatMap(\.values)
        }
        for stream in streams { stream.becomeDue() }
    }

    private func items(beyond place: Int) throws -> [Item] {
        try environment.store.readNow { tx throws(DomainError) in
            try tx.events.entries(beyond: place, isAscending: true, limit: Self.stride).map { entry throws(DomainError) in
                Item(entry, of: try tx.events.parties(of: entry.event))
            }
        }
    }

    // MARK: Heartbeats

    private func tickSoon() { queue.asyncAfter(deadline: .now() + 1) { [weak self] in self?.tick() } }

    /// Makes the streams of one group due; ends with the last stream.
    private func tick() {
        let due = state.withLock { state -> [EventStream]? in
            guard !state.isEmpty else {
                state.isTicking = false
                return nil
            }
            state.ticks &+= 1
            return Array(state.groups[state.ticks % state.groups.count].values)
        }
        guard let due else { return }
        for stream in due { stream.becomeDue() }
        tickSoon()
    }
}

extension EventHub.Item {
    /// Whether it may have changed what someone may see.
    fileprivate var isAboutPeople: Bool {
        switch entry.event.subject {
        case .user, .token, .session: true
        default: false
        }
    }
}
