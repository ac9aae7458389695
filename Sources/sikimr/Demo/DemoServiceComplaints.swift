import Domain

/// The complaints about the service in a demonstration, with objections and suggestions.
final class DemoServiceComplaints: DemoStory {
    /// What is settled about a complaint when it begins.
    struct Plan {
        let complainant: Principal
        let officer: Principal
        /// What the director does with it.
        let answer: ServiceComplaint.Event
        /// The open state in which it rests at the end of the history.
        let hold: ServiceComplaint.State?
        /// The state in which it is taken back.
        let withdrawn: ServiceComplaint.State?
    }

    struct Act {
        let event: ServiceComplaint.Event
        let id: ServiceComplaint.ID
        let plan: Plan
    }

    private static let holds: [ServiceComplaint.State] = [.draft, .submitted, .approvedForDirect, .forwarded, .meetingScheduled]
    private static let answers: [ServiceComplaint.Event] = [.forward, .approveDirect, .forward, .reject, .forward]
    /// So many show every state.
    static let least = 30

    private let people: DemoPeople
    private let calendar: WorkingCalendar
    private let ids: IdentifierSource
    let timeline: DemoTimeline<Act>

    init(count: Int, span: DemoCommand.Span, people: DemoPeople, calendar: WorkingCalendar, random: SplitMix64, ids: IdentifierSource) {
        (self.people, self.calendar, self.ids) = (people, calendar, ids)
        timeline = DemoTimeline(count: count, span: span, calendar: calendar, random: random)
    }

    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let hold = timeline.hold(of: ordinal, among: Self.holds.count).map { Self.holds[$0] }
        let office = people.offices[chance(people.offices.count)]
        let complainant = office.requesters[chance(office.requesters.count)]
        let plan = Plan(
            complainant: complainant,
            officer: people.technicians[chance(people.technicians.count)],
            answer: hold == .approvedForDirect ? .approveDirect : hold == nil ? Self.answers[ordinal % Self.answers.count] : .forward,
            hold: hold,
            withdrawn: hold == nil && ordinal % 8 == 4 ? Self.holds[chance(Self.holds.count)] : nil
        )
        let head = try tx.serviceComplaints.head(
            following: ServiceComplaint.workflow,
            unit: complainant.unitID,
            by: complainant,
            at: now,
            ids: ids
        )
        let variant = ServiceComplaint.Variant.allCases[chance(ServiceComplaint.Variant.allCases.count)]
        let text = DemoTexts.serviceComplaint(variant, chance(100))
        let complaint = ServiceComplaint(head, variant: variant, subject: text.subject, detail: text.detail)
        goOn(with: try tx.serviceComplaints.create(complaint, by: complainant, at: now, ids: ids).subject, plan, after: now)
    }

    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let plan = act.plan
        let (members, actor): ([EventMember: String], Principal) =
            switch act.event {
            case .submit: ([:], plan.complainant)
            case .approveDirect, .forward: ([.officerID: plan.officer.userID.text], people.director)
            case .reject: ([.reason: "Sudah dijawab melalui surat resmi."], people.director)
            case .schedule: ([.meetingDate: meetingDate(after: now), .meetingPlace: "Ruang rapat lantai 3"], plan.officer)
            case .settle: ([.result: "Disepakati jadwal layanan yang baru.", .minutes: "Notula ditandatangani kedua pihak."], plan.officer)
            case .withdraw: ([.reason: "Sudah diselesaikan secara langsung."], plan.complainant)
            }
        let event = CaseEvent(act.event, members)
        let moved = try tx.serviceComplaints.apply(event, to: .id(act.id), expecting: nil, by: actor, at: now, ids: ids)
        goOn(with: moved.subject, plan, after: now)
    }

    private func meetingDate(after now: Instant) -> String {
        CivilDate(daysSinceEpoch: calendar.localDate(of: now).daysSinceEpoch + 3 + chance(7)).description
    }

    /// Agrees on the next event, if one follows.
    private func goOn(with complaint: ServiceComplaint, _ plan: Plan, after now: Instant) {
        guard plan.hold != complaint.state else { return }
        let next: (event: ServiceComplaint.Event, minutes: ClosedRange<Int>)? =
            switch complaint.state {
            case .draft: (.submit, 5...300)
            case .submitted: (plan.answer, 60...1200)
            case .approvedForDirect, .forwarded: (.schedule, 60...900)
            // One meeting in five is put off.
            case .meetingScheduled: (chance(5) == 0 && plan.hold == nil ? .schedule : .settle, 900...3600)
            case .settled, .rejected, .withdrawn: nil
            }
        guard let next else { return }
        let event = plan.withdrawn == complaint.state ? .withdraw : next.event
        timeline.agree(Act(event: event, id: complaint.id, plan: plan), after: now, in: next.minutes)
    }
}
