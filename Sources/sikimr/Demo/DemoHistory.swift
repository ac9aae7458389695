import Domain
import Synchronization

/// The history of a demonstration: every event of every consultation, in the order of time, by the rules of the service itself.
final class DemoHistory: Sendable {
    /// What happens next to one consultation.
    private enum Act {
        case create
        case submit, assign, propose, verify, deliver, acknowledge, withdraw, reassign
    }

    private struct Appointment {
        let time: Instant
        /// Appointments at one time keep the order of their making.
        let order: Int
        let act: Act
        let id: Consultation.ID?
        let office: Int
        let requester: Int
        let officer: Int
        /// What never happens to this consultation.
        let hold: Act?
    }

    private struct State {
        var agenda = Heap()
        var order = 0
        var begun = 0
        var nextStart: Int64
    }

    /// One consultation rests in each open state at the end, so that even a short history shows them all.
    private static let holds: [Act] = [.assign, .propose, .verify, .deliver, .acknowledge]

    private let count: Int
    /// The first of those that rest: it begins early enough to come as far.
    private let firstHeld: Int
    private let from: Instant
    private let until: Instant
    private let people: DemoPeople
    private let calendar: WorkingCalendar
    private let random: SplitMix64
    private let ids: IdentifierSource
    private let state: Mutex<State>
    private let minutesOfWork: Int64

    init(
        count: Int,
        from: Instant,
        until: Instant,
        people: DemoPeople,
        calendar: WorkingCalendar,
        random: SplitMix64,
        ids: IdentifierSource
    ) {
        self.count = count
        firstHeld = count - max(20, count / 15)
        self.from = from
        self.until = until
        self.people = people
        self.calendar = calendar
        self.random = random
        self.ids = ids
        minutesOfWork = calendar.workingMilliseconds(from: from, to: until) / 60_000
        state = Mutex(State(nextStart: 0))
    }

    var begun: Int { state.withLock { $0.begun } }

    var isOver: Bool { state.withLock { $0.begun >= count && $0.agenda.isEmpty } }

    /// Plays the next `most` events.
    func advance(_ most: Int, in tx: borrowing Transaction) throws(DomainError) {
        for _ in 0..<most {
            guard let next = next() else { return }
            try play(next, in: tx)
        }
    }

    /// The earliest of what is agreed and what begins; beginnings are spread evenly over the working time.
    private func next() -> Appointment? {
        state.withLock { state in
            if state.begun < count {
                let share = minutesOfWork * 60_000 / Int64(count)
                let start = calendar.instant(after: from, working: max(1, state.nextStart))
                if state.agenda.earliest.map({ start <= $0.time }) ?? true {
                    state.nextStart += share
                    state.begun += 1
                    state.order += 1
                    let held = state.begun - firstHeld
                    let office = chance(people.offices.count)
                    return Appointment(
                        time: start,
                        order: state.order,
                        act: .create,
                        id: nil,
                        office: office,
                        requester: chance(people.offices[office].requesters.count),
                        officer: chance(people.officers.count),
                        hold: Self.holds.indices.contains(held) ? Self.holds[held] : nil
                    )
                }
            }
            return state.agenda.takeEarliest()
        }
    }

    private func chance(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    /// Agrees on what happens next, `low` to `high` working minutes later; what falls behind the end does not happen.
    private func agree(_ act: Act, after last: Appointment, id: Consultation.ID, in minutes: ClosedRange<Int>, officer: Int? = nil) {
        let wait = Int64(minutes.lowerBound + chance(minutes.count)) * 60_000 + Int64(chance(60_000))
        let time = calendar.instant(after: last.time, working: wait)
        guard time < until, act != last.hold else { return }
        state.withLock { state in
            state.order += 1
            state.agenda.add(
                Appointment(
                    time: time,
                    order: state.order,
                    act: act,
                    id: id,
                    office: last.office,
                    requester: last.requester,
                    officer: officer ?? last.officer,
                    hold: last.hold
                )
            )
        }
    }

    private func play(_ next: Appointment, in tx: borrowing Transaction) throws(DomainError) {
        let requester = people.offices[next.office].requesters[next.requester]
        guard let id = next.id else { return try begin(next, by: requester, in: tx) }
        let officer = people.officers[next.officer]
        let fate = chance(100)
        switch next.act {
        case .create: break
        case .submit:
            try apply(CaseEvent(.submit), id, requester, next, tx)
            if fate < 97 || next.hold != nil {
                agree(.assign, after: next, id: id, in: 5...400)
            } else {
                agree(.withdraw, after: next, id: id, in: 30...900)
            }
        case .assign:
            var members: [EventMember: String] = [.officerID: officer.userID.text]
            if fate < 30 { members[.note] = "Mohon diproses sesuai urutan." }
            try apply(CaseEvent(.assign, members), id, people.administrator, next, tx)
            if fate < 4 {
                agree(.reassign, after: next, id: id, in: 60...900, officer: (next.officer + 1) % people.officers.count)
            } else {
                agree(.propose, after: next, id: id, in: 60...1800)
            }
        case .reassign:
            let reason = "Petugas sebelumnya sedang bertugas di luar kota."
            try apply(CaseEvent(.reassign, [.officerID: officer.userID.text, .reason: reason]), id, people.administrator, next, tx)
            agree(.propose, after: next, id: id, in: 60...1800)
        case .propose:
            var members: [EventMember: String] = [.answer: DemoTexts.answer(fate)]
            if fate < 60 { members[.plan] = DemoTexts.plan(fate) }
            try apply(CaseEvent(.propose, members), id, officer, next, tx)
            // A fifth of the verifications take longer than the standard of one working day.
            agree(.verify, after: next, id: id, in: fate < 80 ? 20...400 : 460...1200)
        case .verify:
            let head = people.heads[chance(people.heads.count)]
            if fate < 22 {
                try apply(CaseEvent(.return, [.reason: DemoTexts.reason(fate)]), id, head, next, tx)
                agree(.propose, after: next, id: id, in: 60...900)
            } else {
                try apply(CaseEvent(.approve), id, head, next, tx)
                agree(.deliver, after: next, id: id, in: 5...300)
            }
        case .deliver:
            try apply(CaseEvent(.deliver), id, officer, next, tx)
            agree(.acknowledge, after: next, id: id, in: 30...2400)
        case .acknowledge:
            let members: [EventMember: String] = fate < 40 ? [.note: "Terima kasih, jawaban kami terima."] : [:]
            try apply(CaseEvent(.acknowledge, members), id, requester, next, tx)
        case .withdraw:
            try apply(CaseEvent(.withdraw, [.reason: "Sudah terjawab melalui rapat koordinasi."]), id, requester, next, tx)
        }
    }

    private func begin(_ next: Appointment, by requester: Principal, in tx: borrowing Transaction) throws(DomainError) {
        let theme = chance(DemoTexts.themes.count)
        let head = try tx.consultations.head(
            following: Consultation.workflow,
            unit: requester.unitID,
            by: requester,
            at: next.time,
            ids: ids
        )
        let consultation = Consultation(
            head,
            subject: DemoTexts.subject(theme, chance(1000)),
            detail: DemoTexts.detail(theme, chance(1000)),
            topic: theme % 2 == 0 ? .compliance : .riskManagement
        )
        _ = try tx.consultations.create(consultation, by: requester, at: next.time, ids: ids)
        // One in twenty drafts lies for longer than the standard of one working day.
        let minutes = chance(100) < 95 ? 5...300 : 460...1500
        if chance(100) < 98 || next.hold != nil { agree(.submit, after: next, id: consultation.id, in: minutes) }
    }

    private func apply(
        _ event: CaseEvent<Consultation.Event>,
        _ id: Consultation.ID,
        _ principal: Principal,
        _ next: Appointment,
        _ tx: borrowing Transaction
    ) throws(DomainError) {
        _ = try tx.consultations.apply(event, to: .id(id), expecting: nil, by: principal, at: next.time, ids: ids)
    }

    /// A binary heap of appointments, the earliest on top; the standard library has none.
    private struct Heap {
        private var items: [Appointment] = []

        var isEmpty: Bool { items.isEmpty }
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
