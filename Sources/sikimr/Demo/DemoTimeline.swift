import Domain
import Synchronization

/// One kind of case in a demonstration, played event by event.
protocol DemoStory: Sendable {
    /// How many cases have begun.
    var begun: Int { get }
    /// The time of the next event; nil when there is none left.
    var next: Instant? { get }
    /// Plays the next event.
    func play(in tx: borrowing Transaction) throws(DomainError)
}

/// What happens next to the cases of one kind: their beginnings, spread evenly over the working time, and what was agreed on since.
final class DemoTimeline<Act: Sendable>: Sendable {
    /// A beginning with its ordinal from 1, or an act that was agreed on.
    enum Entry {
        case beginning(Int, at: Instant)
        case act(Act, at: Instant)
    }

    private struct Appointment {
        let time: Instant
        /// Appointments at one time keep the order of their making.
        let order: Int
        let act: Act
    }

    private struct State {
        var agenda = Heap()
        var order = 0
        var begun = 0
        /// When the next case begins; nil when all have begun.
        var start: Instant?
    }

    private let count: Int
    private let from: Instant
    private let until: Instant
    private let calendar: WorkingCalendar
    private let random: SplitMix64
    /// The working time between two beginnings, in milliseconds.
    private let share: Int64
    private let state: Mutex<State>

    init(count: Int, span: DemoCommand.Span, calendar: WorkingCalendar, random: SplitMix64) {
        self.count = count
        (from, until, self.calendar, self.random) = (span.from, span.until, calendar, random)
        let minutes = calendar.workingMilliseconds(from: from, to: until) / 60_000
        share = count == 0 ? 0 : minutes * 60_000 / Int64(count)
        state = Mutex(State(start: count == 0 ? nil : calendar.instant(after: span.from, working: 1)))
    }

    var begun: Int { state.withLock { $0.begun } }

    var next: Instant? {
        state.withLock { state in
            guard let start = state.start else { return state.agenda.earliest?.time }
            return state.agenda.earliest.map { min($0.time, start) } ?? start
        }
    }

    /// Takes the earliest of what is agreed and what begins.
    func take() -> Entry? {
        state.withLock { state in
            if let start = state.start, state.agenda.earliest.map({ start <= $0.time }) ?? true {
                state.begun += 1
                state.order += 1
                state.start = state.begun < count ? calendar.instant(after: from, working: max(1, share * Int64(state.begun))) : nil
                return .beginning(state.begun, at: start)
            }
            return state.agenda.takeEarliest().map { .act($0.act, at: $0.time) }
        }
    }

    /// A number from 0 up to but not `count`.
    func chance(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    /// Agrees on what happens next, `low` to `high` working minutes later; what falls behind the end does not happen.
    func agree(_ act: Act, after last: Instant, in minutes: ClosedRange<Int>) {
        let wait = Int64(minutes.lowerBound + chance(minutes.count)) * 60_000 + Int64(chance(60_000))
        let time = calendar.instant(after: last, working: wait)
        guard time < until else { return }
        state.withLock { state in
            state.order += 1
            state.agenda.add(Appointment(time: time, order: state.order, act: act))
        }
    }

    /// The place among `holds` of a case that rests in an open state at the end, so that even a short history shows them all.
    ///
    /// Those that rest begin early enough to come as far.
    func hold(of ordinal: Int, among holds: Int) -> Int? {
        let place = ordinal - 1 - (count - max(min(4 * holds, count), count / 15))
        return (0..<holds).contains(place) ? place : nil
    }

    /// A binary heap of appointments, the earliest on top; the standard library has none.
    private struct Heap {
        private var items: [Appointment] = []

        var earliest: Appointment? { items.first }

        private static func isBefore(_ left: Appointment, _ right: Appointment) -> Bool {
            (left.time, left.order) < (right.time, right.order)
        }

        mutating func add(_ item: Appointment) {
            items.append(item)
            var place = items.count - 1
            while place > 0, Self.isBefore(items[place], items[(place - 1) / 2]) {
                items.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        }

        mutating func takeEarliest() -> Appointment? {
            guard let top = items.first, let last = items.popLast() else { return nil }
            guard !items.isEmpty else { return top }
            items[0] = last
            var place = 0
            while true {
                var least = place
                for child in [2 * place + 1, 2 * place + 2] where child < items.count && Self.isBefore(items[child], items[least]) {
                    least = child
                }
                if least == place { return top }
                items.swapAt(place, least)
                place = least
            }
        }
    }
}
