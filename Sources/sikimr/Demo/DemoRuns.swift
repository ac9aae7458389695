import Domain

/// The procedure runs of a demonstration: every procedure of the catalogue in turn, each step done by those who hold its role.
final class DemoRuns: DemoStory {
    /// How far a run comes that rests at the end of the history.
    struct Rest {
        let procedure: String
        /// The parts of steps that are done by then.
        let parts: Int
        var isPaused = false
    }

    /// What is settled about a run when it begins.
    struct Plan {
        let requester: Principal
        let rest: Rest?
        /// After how many parts it is stopped for a while; nil for never.
        let pausedAfter: Int?
        let cancelledAfter: Int?
    }

    struct Act {
        enum Name { case step, pause, resume, cancel }

        let name: Name
        /// As it was left.
        let run: ProcedureRun
        let plan: Plan
        /// The parts of steps that are done.
        let parts: Int
    }

    /// Those with the most to do begin first.
    private static let rests = [
        Rest(procedure: "pemantik-assessment", parts: 12), Rest(procedure: "infrastructure-maintenance", parts: 6),
        Rest(procedure: "system-deployment", parts: 3, isPaused: true), Rest(procedure: "website-management", parts: 4),
        Rest(procedure: "it-planning", parts: 4), Rest(procedure: "network-cooperation", parts: 3),
        Rest(procedure: "content-publication", parts: 3), Rest(procedure: "it-service-request", parts: 4),
        Rest(procedure: "it-planning", parts: 3), Rest(procedure: "it-security-monitoring", parts: 2),
        Rest(procedure: "it-planning", parts: 2), Rest(procedure: "it-planning", parts: 1), Rest(procedure: "it-planning", parts: 0),
    ]
    /// So many runs are needed for each procedure to come to an end and for all rests.
    static let least = 60

    private let count: Int
    private let people: DemoPeople
    private let staff: [Principal]
    private let principals: [User.ID: Principal]
    private let calendar: WorkingCalendar
    private let ids: IdentifierSource
    let timeline: DemoTimeline<Act>

    init(count: Int, span: DemoCommand.Span, people: DemoPeople, calendar: WorkingCalendar, random: SplitMix64, ids: IdentifierSource) {
        (self.count, self.people, self.calendar, self.ids) = (count, people, calendar, ids)
        staff = people.officers + people.workers + people.technicians
        let leaders = people.heads + people.givers + [people.director, people.administrator, people.ictManager]
        principals = Dictionary(uniqueKeysWithValues: (staff + leaders).map { ($0.userID, $0) })
        timeline = DemoTimeline(count: count, span: span, calendar: calendar, random: random)
    }

    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let held = ordinal - 1 - max(0, count - Self.rests.count)
        let rest = Self.rests.indices.contains(held) ? Self.rests[held] : nil
        let procedures = try tx.procedures.summaries()
        let code = rest?.procedure ?? procedures[(ordinal - 1) % procedures.count].code
        guard let procedure = procedures.first(where: { $0.code == code }) else { throw .fault("there is no procedure \(code)") }
        let requester = people.heads[chance(people.heads.count)]
        let head = try tx.runs.head(
            following: ProcedureRun.workflow(of: procedure.code),
            unit: requester.unitID,
            by: requester,
            at: now,
            ids: ids
        )
        let date = calendar.localDate(of: now)
        let run = ProcedureRun(
            head,
            procedure: procedure.code,
            title: "\(procedure.title.id), kegiatan ke-\(ordinal) tahun \(date.year)",
            work: try work(of: procedure, by: requester, at: now, in: tx)
        )
        let plan = Plan(
            requester: requester,
            rest: rest,
            pausedAfter: rest == nil && ordinal % 5 == 2 ? 1 + chance(3) : nil,
            cancelledAfter: rest == nil && ordinal % 19 == 8 ? 1 + chance(2) : nil
        )
        goOn(with: try tx.runs.create(run, by: requester, at: now, ids: ids).subject, plan, parts: 0, after: now)
    }

    /// Who holds which role, and who takes part.
    private func work(
        of procedure: ProcedureSummary,
        by requester: Principal,
        at now: Instant,
        in tx: borrowing Transaction
    ) throws(DomainError) -> RunWork {
        let graph = try tx.procedures.graph(of: procedure.code, version: procedure.version)
        let assignments = RunWork.neededRoles(of: graph).flatMap { role in
            let first = chance(staff.count)
            return switch role {
            case "chair", "bureau-head", "director": [RunAssignment(role: role, userID: people.director.userID)]
            // Each of them scores every participant.
            case "assessor": [first, first + 1].map { RunAssignment(role: role, userID: staff[$0 % staff.count].userID) }
            default: [RunAssignment(role: role, userID: staff[first].userID)]
            }
        }
        var participants: [RunParticipant] = []
        if graph.steps.contains(where: { $0.scope == .participant }) {
            let first = chance(people.offices.count)
            for place in 0..<4 {
                let unit = people.offices[(first + place) % people.offices.count].requesters[0].unitID
                let name = try tx.units.find(unit)?.name ?? ""
                participants.append(RunParticipant(id: ids.make(at: now), name: name, userID: nil, unitID: unit))
            }
        }
        return RunWork(
            graph: graph,
            requesterID: requester.userID,
            assignments: assignments,
            participants: participants,
            questionnaire: graph.steps.contains { $0.code == AssessmentStep.scores } ? DemoTexts.questionnaire : nil
        )
    }

    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let (id, plan) = (CaseReference<ProcedureRun>.id(act.run.id), act.plan)
        switch act.name {
        case .step:
            goOn(with: try step(act.run, at: now, in: tx), plan, parts: act.parts + 1, after: now)
        case .pause:
            let reason = DemoTexts.pauseReason(chance(100))
            _ = try tx.runs.pause(id, at: nil, because: reason, expecting: nil, by: plan.requester, at: now, ids: ids)
            if plan.rest == nil { agree(.resume, act, after: now, in: 200...1800) }
        case .resume:
            _ = try tx.runs.resume(id, at: nil, note: "Kegiatan dilanjutkan.", expecting: nil, by: plan.requester, at: now, ids: ids)
            agree(.step, act, after: now, in: 10...200)
        case .cancel:
            let event = CaseEvent(ProcedureRun.Event.cancel, [.reason: "Kegiatan digabung dengan program tahun berikutnya."])
            _ = try tx.runs.apply(event, to: id, expecting: nil, by: plan.requester, at: now, ids: ids)
        }
    }

    /// Does one part of one of the open steps.
    private func step(_ run: ProcedureRun, at now: Instant, in tx: borrowing Transaction) throws(DomainError) -> ProcedureRun {
        guard let work = run.work, let task = work.openTasks.first, let step = work.graph[task.step],
            let performer = work.waiting(on: task).first
        else { throw .fault("run \(run.id) has nothing to do") }
        return try tx.runs.complete(
            step.number,
            with: handedIn(for: step, of: work),
            for: task.participantID,
            of: .id(run.id),
            expecting: nil,
            by: principal(for: performer),
            at: now,
            ids: ids
        ).subject
    }

    private func principal(for performer: RunPerformer) throws(DomainError) -> Principal {
        let found: Principal? =
            switch performer {
            case .user(let id): principals[id]
            case .unit(let id): people.offices.lazy.flatMap(\.requesters).first { $0.unitID == id }
            }
        guard let found else { throw .fault("nobody is \(performer.text)") }
        return found
    }

    private func handedIn(for step: Procedure.Step, of work: RunWork) -> StepWork {
        var done = StepWork(note: DemoTexts.stepNote(chance(100)), checklist: Array(0..<step.checklist))
        // One gate in six says no, and one participant in ten declines to confirm.
        if work.graph.decision(of: step) != nil { done.decision = chance(6) > 0 }
        if step.code == "confirm-participation", chance(10) == 0 { done.decision = false }
        guard let questionnaire = work.questionnaire else { return done }
        if step.code == AssessmentStep.answers {
            done.answers = questionnaire.indicators.map { indicator in
                RunAnswer(indicator: indicator.code, answer: DemoTexts.answerOfParticipant(chance(100)), evidence: [])
            }
        } else if step.code == AssessmentStep.scores {
            done.scores = questionnaire.dimensions.map { RunScore(dimension: $0.code, score: $0.maximum * (50 + chance(50)) / 100) }
        }
        return done
    }

    /// Agrees on the next act, if one follows.
    private func goOn(with run: ProcedureRun, _ plan: Plan, parts: Int, after now: Instant) {
        guard run.state == .running, let work = run.work, let step = work.openTasks.first.flatMap({ work.graph[$0.step] }) else { return }
        let last = Act(name: .step, run: run, plan: plan, parts: parts)
        if plan.rest?.parts == parts {
            if plan.rest?.isPaused == true { agree(.pause, last, after: now, in: 10...120) }
        } else if plan.pausedAfter == parts {
            agree(.pause, last, after: now, in: 5...100)
        } else if plan.cancelledAfter == parts {
            agree(.cancel, last, after: now, in: 60...600)
        } else {
            agree(.step, last, after: now, in: minutes(for: step, shared: work.openTasks.reduce(0) { $0 + work.waiting(on: $1).count }))
        }
    }

    private func agree(_ name: Act.Name, _ last: Act, after now: Instant, in minutes: ClosedRange<Int>) {
        timeline.agree(Act(name: name, run: last.run, plan: last.plan, parts: last.parts), after: now, in: minutes)
    }

    /// The time for one of the parts that wait: within the standard of the step, but of seven one is late.
    private func minutes(for step: Procedure.Step, shared parts: Int) -> ClosedRange<Int> {
        let share = max(4, Int((step.standard ?? 10_800_000) / 60_000) / max(1, parts))
        return chance(7) == 0 ? share + 1...3 * share : share / 4...share - 1
    }
}
