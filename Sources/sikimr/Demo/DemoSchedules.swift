import Domain

/// The scheduled maintenance of a demonstration: in its last months steps open by themselves, and most are done in their period.
final class DemoSchedules: DemoStory {
    enum Act {
        case schedule
        /// What the service does while it runs: it opens what is due.
        case look
        case complete(ProcedureRun.ID)
    }

    private static let procedure = "infrastructure-maintenance"

    private let people: DemoPeople
    private let calendar: WorkingCalendar
    private let ids: IdentifierSource
    let timeline: DemoTimeline<Act>

    init(span: DemoCommand.Span, people: DemoPeople, calendar: WorkingCalendar, random: SplitMix64, ids: IdentifierSource) {
        (self.people, self.calendar, self.ids) = (people, calendar, ids)
        timeline = DemoTimeline(count: 0, span: span, calendar: calendar, random: random)
        timeline.agree(.schedule, after: span.until.advanced(byMilliseconds: -120 * 86_400_000), in: 5...100)
    }

    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {}

    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        switch act {
        case .schedule:
            let graph = try tx.procedures.graph(of: Self.procedure, version: try tx.procedures.latestVersion(of: Self.procedure))
            let (owner, today) = (people.heads[0], calendar.localDate(of: now))
            let wanted = ProcedureSchedule(
                procedure: Self.procedure,
                isActive: true,
                unitID: owner.unitID,
                ownerID: owner.userID,
                assignments: RunWork.neededRoles(of: graph).map { RunAssignment(role: $0, userID: holder(of: $0).userID) },
                steps: graph.steps.compactMap { step in
                    step.recurrence.map { ProcedureSchedule.Step(number: step.number, recurrence: $0, startsOn: today) }
                },
                version: 0
            )
            _ = try tx.schedule(wanted, expecting: nil, by: people.administrator, at: now, ids: ids)
            timeline.agree(.look, after: now, in: 1...5)
        case .look:
            _ = try ScheduledSteps().perform(at: now, ids: ids, in: tx)
            for step in try tx.schedules.find(Self.procedure)?.steps ?? [] {
                // One in eight is forgotten.
                guard let opened = try tx.schedules.occasions(of: step.number, in: Self.procedure, limit: 1).first, opened.openedAt == now,
                    let run = opened.runID, chance(8) > 0
                else { continue }
                timeline.agree(.complete(run), after: now, in: 20...500)
            }
            if let next = try tx.schedules.nextLook() { timeline.agree(.look, after: max(next, now), in: 0...5) }
        case .complete(let id):
            guard let step = try tx.runs.get(.id(id), for: people.administrator).subject.work?.steps.first else { return }
            _ = try tx.runs.complete(
                step.number,
                with: StepWork(note: DemoTexts.stepNote(chance(100)), checklist: Array(0..<step.checklist)),
                for: nil,
                of: .id(id),
                expecting: nil,
                by: holder(of: step.role),
                at: now,
                ids: ids
            )
        }
    }

    private func holder(of role: String) -> Principal { role == "admin-operator" ? people.technicians[0] : people.heads[0] }
}
