import Domain

/// The ICT tickets of a demonstration, complaints and service requests.
final class DemoTickets: DemoStory {
    /// What is settled about a ticket when it begins.
    private struct Plan {
        let complainant: Principal
        let officer: Principal
        /// The open state in which it rests at the end of the history.
        let hold: Ticket.State?
        /// The state in which it is taken back.
        let cancelled: Ticket.State?
        let isRejected: Bool
    }

    private struct Act {
        let event: Ticket.Event
        let id: Ticket.ID
        let plan: Plan
    }

    /// What usually happens in a state, after how many working minutes, and how many are too late.
    private struct Stretch {
        let event: Ticket.Event
        let minutes: ClosedRange<Int>
        let late: ClosedRange<Int>?

        init(_ event: Ticket.Event, _ minutes: ClosedRange<Int>) {
            (self.event, self.minutes, late) = (event, minutes, nil)
        }

        /// A gate with a standard, in minutes.
        init(_ event: Ticket.Event, within standard: Int) {
            (self.event, minutes, late) = (event, 1...standard - 1, standard + 1...6 * standard)
        }
    }

    private static let ways: [Ticket.Variant: [Ticket.State: Stretch]] = [
        .complaint: [
            .draft: Stretch(.submit, 5...120), .submitted: Stretch(.dispatch, 5...200), .assigned: Stretch(.start, 5...300),
            .inProgress: Stretch(.followUp, 20...900), .awaitingCheck: Stretch(.solved, 10...600),
            .resolved: Stretch(.report, 20...500), .reported: Stretch(.close, 10...900),
        ],
        .serviceRequest: [
            .draft: Stretch(.submit, 5...120), .submitted: Stretch(.register, within: 10), .registered: Stretch(.dispose, within: 10),
            .disposed: Stretch(.examine, within: 10), .examined: Stretch(.classify, within: 15),
            .classified: Stretch(.verify, within: 15), .verified: Stretch(.prioritise, within: 30),
            .prioritised: Stretch(.consider, within: 30), .considered: Stretch(.approve, within: 15),
            .approved: Stretch(.assign, 2...60), .assigned: Stretch(.handle, within: 380),
        ],
    ]
    private static let holds: [(variant: Ticket.Variant, state: Ticket.State)] = [
        (.complaint, .draft), (.complaint, .submitted), (.complaint, .assigned), (.complaint, .inProgress), (.complaint, .awaitingCheck),
        (.complaint, .resolved), (.complaint, .reported), (.serviceRequest, .submitted), (.serviceRequest, .registered),
        (.serviceRequest, .disposed), (.serviceRequest, .examined), (.serviceRequest, .classified), (.serviceRequest, .verified),
        (.serviceRequest, .prioritised), (.serviceRequest, .considered), (.serviceRequest, .approved), (.serviceRequest, .assigned),
    ]

    private let people: DemoPeople
    private let ids: IdentifierSource
    private let timeline: DemoTimeline<Act>

    init(count: Int, span: DemoCommand.Span, people: DemoPeople, calendar: WorkingCalendar, random: SplitMix64, ids: IdentifierSource) {
        (self.people, self.ids) = (people, ids)
        timeline = DemoTimeline(count: count, span: span, calendar: calendar, random: random)
    }

    var begun: Int { timeline.begun }

    var next: Instant? { timeline.next }

    func play(in tx: borrowing Transaction) throws(DomainError) {
        switch timeline.take() {
        case .beginning(let ordinal, let time): try begin(ordinal, at: time, in: tx)
        case .act(let act, let time): try play(act, at: time, in: tx)
        case nil: break
        }
    }

    private func chance(_ count: Int) -> Int { timeline.chance(count) }

    private func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let held = timeline.hold(of: ordinal, among: Self.holds.count).map { Self.holds[$0] }
        let variant = held?.variant ?? (ordinal % 5 < 3 ? .complaint : .serviceRequest)
        let office = people.offices[chance(people.offices.count)]
        let complainants = chance(3) == 0 ? people.officers : office.requesters
        let states = Self.holds.filter {
            $0.variant == variant && $0.state != .awaitingCheck && $0.state != .resolved && $0.state != .reported
        }
        let plan = Plan(
            complainant: complainants[chance(complainants.count)],
            officer: people.technicians[chance(people.technicians.count)],
            hold: held?.state,
            // One in twenty is taken back, and one request in five is rejected.
            cancelled: held == nil && ordinal % 20 == 8 ? states[chance(states.count)].state : nil,
            isRejected: held == nil && ordinal % 10 == 4
        )
        let theme = chance(DemoTexts.problems(of: variant).count)
        let head = try tx.tickets.head(
            following: variant.workflow,
            unit: plan.complainant.unitID,
            by: plan.complainant,
            at: now,
            ids: ids
        )
        let ticket = Ticket(
            head,
            variant: variant,
            applicantName: try tx.users.find(plan.complainant.userID)?.name ?? "",
            applicantNIP: nil,
            problem: DemoTexts.problem(of: variant, theme, chance(1000)),
            handlingSoFar: variant == .complaint && chance(2) == 0 ? "Perangkat sudah dinyalakan ulang." : nil
        )
        let made = try tx.tickets.create(ticket, by: plan.complainant, at: now, ids: ids)
        goOn(with: made.subject, plan, after: now)
    }

    private func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let found = try tx.tickets.get(.id(act.id), for: people.administrator).subject
        let event = CaseEvent(act.event, members(of: act.event, on: found, act.plan))
        let moved = try tx.tickets.apply(event, to: .id(act.id), expecting: nil, by: actor(of: act.event, act.plan), at: now, ids: ids)
        goOn(with: moved.subject, act.plan, after: now)
    }

    private func actor(of event: Ticket.Event, _ plan: Plan) -> Principal {
        switch event {
        case .submit, .notSolved, .solved, .cancel: plan.complainant
        case .start, .followUp, .report, .handle, .register, .examine, .classify: plan.officer
        case .dispatch, .close, .dispose, .verify, .prioritise, .assign: people.ictManager
        case .consider: people.heads[0]
        case .approve, .reject: people.director
        }
    }

    private func members(of event: Ticket.Event, on ticket: Ticket, _ plan: Plan) -> [EventMember: String] {
        let number = chance(100)
        switch event {
        case .dispatch, .assign: return [.officerID: plan.officer.userID.text]
        case .start: return number < 50 ? [.plan: DemoTexts.repairPlan(number)] : [:]
        case .followUp, .handle: return [.result: DemoTexts.repair(number)]
        case .notSolved: return [.reason: "Gangguan yang sama muncul lagi setelah perangkat dipakai."]
        case .report: return [.summary: DemoTexts.repairSummary(number)]
        case .dispose: return [.instruction: "Periksa kelayakan permintaan dan siapkan usulan."]
        case .examine: return [.findings: "Permintaan lengkap dan dapat dilayani dengan perangkat yang ada."]
        case .classify: return [.category: Ticket.Category.allCases[number % Ticket.Category.allCases.count].rawValue]
        case .prioritise: return priority(of: ticket, number)
        case .consider: return [.recommendation: "Permintaan layak dipenuhi pada bulan berjalan."]
        case .reject: return [.reason: "Anggaran tahun berjalan tidak mencukupi."]
        case .cancel: return [.reason: "Sudah teratasi sendiri."]
        case .submit, .solved, .close, .register, .verify, .approve: return [:]
        }
    }

    /// What the matrix proposes, but once in ten something more pressing, with its reason.
    private func priority(of ticket: Ticket, _ number: Int) -> [EventMember: String] {
        let urgency = Ticket.Urgency.allCases[number % 3]
        guard number >= 10, let category = ticket.category else {
            return [.urgency: urgency.rawValue, .priority: Ticket.Priority.critical.rawValue, .note: "Diperlukan untuk rapat pimpinan."]
        }
        return [.urgency: urgency.rawValue, .priority: Ticket.priority(of: category.impact, urgency).rawValue]
    }

    /// Agrees on the next event, if one follows.
    private func goOn(with ticket: Ticket, _ plan: Plan, after now: Instant) {
        guard let usual = Self.ways[ticket.variant]?[ticket.state], plan.hold != ticket.state else { return }
        let fate = chance(100)
        var event = usual.event
        if plan.cancelled == ticket.state {
            event = .cancel
        } else if event == .solved, fate < 22, plan.hold == nil {
            event = .notSolved
        } else if event == .approve, plan.isRejected {
            event = .reject
        }
        // One gate in seven is passed too late.
        let minutes = fate % 7 == 3 ? usual.late ?? usual.minutes : usual.minutes
        timeline.agree(Act(event: event, id: ticket.id, plan: plan), after: now, in: minutes)
    }
}
