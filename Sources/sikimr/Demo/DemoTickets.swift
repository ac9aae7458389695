import Domain

/// The ICT tickets of a demonstration, complaints and service requests.
final class DemoTickets: DemoStory {
    /// What is settled about a ticket when it begins.
    struct Plan {
        let complainant: Principal
        let officer: Principal
        /// The open state in which it rests at the end of the history.
        let hold: Ticket.State?
        /// The state in which it is taken back.
        let cancelled: Ticket.State?
        let isRejected: Bool
        /// Whether the officer has to wait for something on the way.
        let isPaused: Bool
    }

    struct Act {
        enum Name {
            case event(Ticket.Event)
            case pause, resume
        }

        let name: Name
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
    private let equipment: DemoEquipment
    private let ids: IdentifierSource
    let timeline: DemoTimeline<Act>

    init(
        count: Int,
        span: DemoCommand.Span,
        people: DemoPeople,
        equipment: DemoEquipment,
        calendar: WorkingCalendar,
        random: SplitMix64,
        ids: IdentifierSource
    ) {
        (self.people, self.equipment, self.ids) = (people, equipment, ids)
        timeline = DemoTimeline(count: count, span: span, calendar: calendar, random: random)
    }

    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
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
            // One in twenty is taken back, and one request in six is rejected.
            cancelled: held == nil && ordinal % 21 == 8 ? states[chance(states.count)].state : nil,
            isRejected: held == nil && ordinal % 15 == 4,
            // One officer in twelve waits, and one waits still.
            isPaused: held?.state == .inProgress || held == nil && ordinal % 12 == 6
        )
        let theme = chance(DemoTexts.problems(of: variant).count)
        // Every other complaint is about a piece of equipment.
        let piece = equipment.piece(of: plan.complainant.unitID, chance(1000))
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
            handlingSoFar: variant == .complaint && chance(2) == 0 ? "Perangkat sudah dinyalakan ulang." : nil,
            equipmentID: variant == .complaint && ordinal % 2 == 0 ? piece : nil
        )
        let made = try tx.tickets.create(ticket, by: plan.complainant, at: now, ids: ids)
        goOn(with: made.subject, plan, after: now)
    }

    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let (id, plan) = (CaseReference<Ticket>.id(act.id), act.plan)
        switch act.name {
        case .event(let name):
            let found = try tx.tickets.get(id, for: people.administrator).subject
            let event = CaseEvent(name, members(of: name, on: found, plan))
            let moved = try tx.tickets.apply(event, to: id, expecting: nil, by: actor(of: name, plan), at: now, ids: ids).subject
            guard plan.isPaused, moved.state == Self.waiting[moved.variant] else { return goOn(with: moved, plan, after: now) }
            timeline.agree(Act(name: .pause, id: act.id, plan: plan), after: now, in: 5...200)
        case .pause:
            let reason = DemoTexts.pauseReason(chance(100))
            _ = try tx.tickets.pause(id, at: nil, because: reason, expecting: nil, by: plan.officer, at: now, ids: ids)
            if plan.hold == nil { timeline.agree(Act(name: .resume, id: act.id, plan: plan), after: now, in: 300...2400) }
        case .resume:
            let note = "Pekerjaan dilanjutkan."
            let moved = try tx.tickets.resume(id, at: nil, note: note, expecting: nil, by: plan.officer, at: now, ids: ids)
            goOn(with: moved.subject, plan, after: now)
        }
    }

    /// Where an officer waits for something.
    private static let waiting: [Ticket.Variant: Ticket.State] = [.complaint: .inProgress, .serviceRequest: .assigned]

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
        timeline.agree(Act(name: .event(event), id: ticket.id, plan: plan), after: now, in: minutes)
    }
}
