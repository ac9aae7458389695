import Domain
import Synchronization

/// One kind of case in a demonstration, played event by event.
protocol DemoStory: Sendable {
    /// Something that is to happen to one case.
    associatedtype Act: Sendable

    var timeline: DemoTimeline<Act> { get }
    /// Begins the case with this ordinal, from 1, and agrees on what happens next.
    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError)
    /// Plays what was agreed on, and agrees on what happens next.
    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError)
}

extension DemoStory {
    /// How many cases have begun.
    var begun: Int { timeline.begun }

    /// The time of the next event; nil when there is none left.
    var next: Instant? { timeline.next }

    /// Plays the next event.
    func play(in tx: borrowing Transaction) throws(DomainError) {
        switch timeline.take() {
        case .beginning(let ordinal, let time): try begin(ordinal, at: time, in: tx)
        case .act(let act, let time): try play(act, at: time, in: tx)
        case nil: break
        }
    }

    func chance(_ count: Int) -> Int { timeline.chance(count) }
}

/// What happens next to the cases of one kind: their beginnings, spread evenly over the working time, and what was agreed on since.
final class DemoTimeline<Act: Sendable>: Sendable {
    /// A beginning with its ordinal from 1, or an act that was agreed on.
    enum Entry {
        case beginning(Int, at: Instant)
        case act(Act, at: Instant)
    }

    private let agenda: DemoAgenda
    /// What each appointment is about.
    private let acts = Mutex<[Int: Act]>([:])

    init(count: Int, span: DemoCommand.Span, calendar: WorkingCalendar, random: SplitMix64) {
        agenda = DemoAgenda(count: count, span: span, calendar: calendar, random: random)
    }

    var begun: Int { agenda.begun }

    var next: Instant? { agenda.next }

    /// Takes the earliest of what is agreed and what begins.
    func take() -> Entry? {
        switch agenda.take() {
        case .beginning(let ordinal, let time): .beginning(ordinal, at: time)
        case .appointment(let number, let time): acts.withLock { $0.removeValue(forKey: number) }.map { .act($0, at: time) }
        case nil: nil
        }
    }

    /// A number from 0 up to but not `count`.
    func chance(_ count: Int) -> Int { agenda.chance(count) }

    /// Agrees on what happens next, `low` to `high` working minutes later; what falls behind the end does not happen.
    func agree(_ act: Act, after last: Instant, in minutes: ClosedRange<Int>) {
        guard let number = agenda.agree(after: last, in: minutes) else { return }
        acts.withLock { $0[number] = act }
    }

    /// The place among `holds` of a case that rests in an open state at the end, so that even a short history shows them all.
    func hold(of ordinal: Int, among holds: Int) -> Int? { agenda.hold(of: ordinal, among: holds) }
}

/// When something happens to the cases of one kind, whatever it is.
// Apart from what happens, so that it is compiled once: who asks for the next of all kinds does not know them.
final class DemoAgenda: Sendable {
    /// A beginning with its ordinal from 1, or an appointment by its number.
    enum Entry {
        case beginning(Int, at: Instant)
        case appointment(Int, at: Instant)
    }

    private struct Appointment {
        let time: Instant
        /// Appointments at one time keep the order of their making.
        let number: Int
    }

    private struct State {
        var appointments = Heap()
        var made = 0
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
            guard let start = state.start else { return state.appointments.earliest?.time }
            return state.appointments.earliest.map { min($0.time, start) } ?? start
        }
    }

    /// Takes the earliest of what is agreed and what begins.
    func take() -> Entry? {
        state.withLock { state in
            if let start = state.start, state.appointments.earliest.map({ start <= $0.time }) ?? true {
                state.begun += 1
                state.made += 1
                state.start = state.begun < count ? calendar.instant(after: from, working: max(1, share * Int64(state.begun))) : nil
                return .beginning(state.begun, at: start)
            }
            return state.appointments.takeEarliest().map { .appointment($0.number, at: $0.time) }
        }
    }

    /// A number from 0 up to but not `count`.
    func chance(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    /// Makes an appointment `low` to `high` working minutes later; answers its number, nil for what falls behind the end.
    func agree(after last: Instant, in minutes: ClosedRange<Int>) -> Int? {
        let wait = Int64(minutes.lowerBound + chance(minutes.count)) * 60_000 + Int64(chance(60_000))
        let time = calendar.instant(after: last, working: wait)
        guard time < until else { return nil }
        return state.withLock { state in
            state.made += 1
            state.appointments.add(Appointment(time: time, number: state.made))
            return state.made
        }
    }

    /// The place among `holds` of a case that rests in an open state at the end.
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
            left.time == right.time ? left.number < right.number : left.time < right.time
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
