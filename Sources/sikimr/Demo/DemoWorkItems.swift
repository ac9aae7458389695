import Domain

/// The work items of a demonstration.
final class DemoWorkItems: DemoStory {
    /// What is settled about a work item when it begins.
    private struct Plan {
        let giver: Principal
        let officer: Principal
        /// The open state in which it rests at the end of the history.
        let hold: WorkspaceItem.State?
        /// The state in which it is taken back.
        let cancelled: WorkspaceItem.State?
    }

    private struct Act {
        let event: WorkspaceItem.Event
        let id: WorkspaceItem.ID
        let plan: Plan
    }

    /// What usually happens in a state, and after how many working minutes.
    private static let way: [WorkspaceItem.State: (event: WorkspaceItem.Event, minutes: ClosedRange<Int>)] = [
        .draft: (.submit, 10...400), .assigned: (.receive, 10...600), .inVerification: (.approve, 20...500),
        .verified: (.acknowledge, 10...500), .inProgress: (.progress, 200...2400),
    ]
    private static let holds: [WorkspaceItem.State] = [.draft, .assigned, .inVerification, .verified, .inProgress]

    private let people: DemoPeople
    private let ids: IdentifierSource
    private let calendar: WorkingCalendar
    private let timeline: DemoTimeline<Act>

    init(count: Int, span: DemoCommand.Span, people: DemoPeople, calendar: WorkingCalendar, random: SplitMix64, ids: IdentifierSource) {
        (self.people, self.ids, self.calendar) = (people, ids, calendar)
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
        let hold = timeline.hold(of: ordinal, among: Self.holds.count).map { Self.holds[$0] }
        let plan = Plan(
            giver: people.givers[chance(people.givers.count)],
            officer: people.workers[chance(people.workers.count)],
            hold: hold,
            // One in twenty is taken back on the way.
            cancelled: hold == nil && ordinal % 20 == 7 ? Self.holds[chance(Self.holds.count)] : nil
        )
        let theme = chance(DemoTexts.works.count)
        let target = CivilDate(daysSinceEpoch: calendar.localDate(of: now).daysSinceEpoch + 7 + chance(60))
        let head = try tx.workspaceItems.head(
            following: WorkspaceItem.workflow,
            unit: plan.giver.unitID,
            officer: chance(2) == 0 ? plan.officer.userID : nil,
            by: plan.giver,
            at: now,
            ids: ids
        )
        let item = WorkspaceItem(
            head,
            title: DemoTexts.workTitle(theme, chance(1000)),
            description: DemoTexts.workDescription(theme, chance(1000)),
            targetDate: chance(10) == 0 ? nil : target,
            priority: [.normal, .normal, .high, .low][chance(4)]
        )
        let made = try tx.workspaceItems.create(item, by: plan.giver, at: now, ids: ids)
        goOn(with: made.subject, plan, after: now)
    }

    private func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let (plan, number) = (act.plan, chance(100))
        let (event, actor): (CaseEvent<WorkspaceItem.Event>, Principal) =
            switch act.event {
            case .submit: (CaseEvent(.submit, [.officerID: plan.officer.userID.text]), plan.giver)
            case .receive: (CaseEvent(.receive), plan.officer)
            case .return: (CaseEvent(.return, [.reason: DemoTexts.workReason(number)]), people.administrator)
            case .approve: (CaseEvent(.approve), people.administrator)
            case .acknowledge: (CaseEvent(.acknowledge), plan.giver)
            case .progress: (try progress(act.id, number, in: tx), plan.officer)
            case .complete: (CaseEvent(.complete, [.result: DemoTexts.workResult(number)]), plan.officer)
            case .cancel: (CaseEvent(.cancel, [.reason: "Pekerjaan digabung dengan kegiatan lain."]), plan.giver)
            }
        if act.event == .receive { try correct(act, number, at: now, in: tx) }
        let moved = try tx.workspaceItems.apply(event, to: .id(act.id), expecting: nil, by: actor, at: now, ids: ids)
        goOn(with: moved.subject, plan, after: now)
    }

    /// Work that was returned is corrected before it is received again.
    private func correct(_ act: Act, _ number: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        guard let clock = try tx.workspaceItems.get(.id(act.id), for: act.plan.officer).clock, clock.attempt > 1 else { return }
        _ = try tx.workspaceItems.edit(.id(act.id), expecting: .any, by: act.plan.officer, at: now, ids: ids) {
            item throws(DomainError) in
            item.description += "\n\(DemoTexts.correction(number))"
            return ["description"]
        }
    }

    private func progress(
        _ id: WorkspaceItem.ID,
        _ number: Int,
        in tx: borrowing Transaction
    ) throws(DomainError) -> CaseEvent<WorkspaceItem.Event> {
        let percent = min(95, try tx.workspaceItems.get(.id(id), for: people.administrator).subject.percent + 15 + number / 3)
        return CaseEvent(.progress, [.percent: String(percent), .note: DemoTexts.progress(number)])
    }

    /// Agrees on the next event, if one follows.
    private func goOn(with item: WorkspaceItem, _ plan: Plan, after now: Instant) {
        guard let usual = Self.way[item.state], plan.hold != item.state || item.state == .inProgress && item.percent == 0 else { return }
        var (event, minutes) = usual
        let fate = chance(100)
        if plan.cancelled == item.state {
            event = .cancel
        } else if event == .submit, fate < 10 {
            // One draft in ten lies for longer than the standard of one working day.
            minutes = 460...1500
        } else if event == .approve, fate < 18 {
            event = .return
        } else if event == .progress, item.percent >= 70 {
            event = .complete
        }
        timeline.agree(Act(event: event, id: item.id, plan: plan), after: now, in: minutes)
    }
}
