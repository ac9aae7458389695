/// Opens the steps that are done again and again, each once in its period.
///
/// A period that is over before anyone looked has no run: it stays on record as missed. That of today opens, however late the service is.
package struct ScheduledSteps: DueWork {
    /// How many periods one transaction takes in.
    private static let batch = 100

    package init() {}

    package func next(in tx: borrowing Transaction) throws(DomainError) -> Instant? { try tx.repositories.schedules.nextLook() }

    package func perform(at now: Instant, ids: IdentifierSource, in tx: borrowing Transaction) throws(DomainError) -> Int {
        let repositories = tx.repositories
        var count = 0
        for procedure in try repositories.schedules.due(at: now) {
            guard let schedule = try repositories.schedules.find(procedure) else { continue }
            let calendar = try repositories.calendars.current()[schedule.unitID]
            let graph = try repositories.procedures.graph(of: procedure, version: try repositories.procedures.latestVersion(of: procedure))
            var next: Instant?
            // A newer version of the procedure may have fewer steps.
            for step in schedule.steps where graph[step.number] != nil {
                var last = try repositories.schedules.lastPeriod(of: step.number, in: procedure)
                while let found = schedule.next(of: step, after: last, by: calendar) {
                    guard found.at <= now, count < Self.batch else {
                        next = min(next ?? found.at, found.at)
                        break
                    }
                    try take(found, of: step, in: schedule, calendar, at: now, ids: ids, tx)
                    last = found.period
                    count += 1
                }
            }
            try repositories.schedules.lookAgain(at: next, at: procedure)
            count += 1
        }
        return count
    }

    private func take(
        _ found: (period: Recurrence.Period, at: Instant),
        of step: ProcedureSchedule.Step,
        in schedule: ProcedureSchedule,
        _ calendar: WorkingCalendar,
        at now: Instant,
        ids: IdentifierSource,
        _ tx: borrowing Transaction
    ) throws(DomainError) {
        let end = calendar.end(of: found.period)
        let occasion = Occasion(step: step.number, period: found.period, dueAt: found.at, closesAt: end)
        guard try tx.repositories.schedules.insert(occasion, in: schedule.procedure), now < end else { return }
        let run = try tx.runs.open(step.number, for: found.period, of: schedule, at: now, ids: ids)
        try tx.repositories.schedules.attach(run, to: occasion, in: schedule.procedure)
    }
}

extension Cases where Kind == ProcedureRun {
    /// Begins a run of one step for a period of its schedule; nobody is its actor.
    fileprivate func open(
        _ number: Int,
        for period: Recurrence.Period,
        of schedule: ProcedureSchedule,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> ProcedureRun.ID {
        let workflow = ProcedureRun.workflow(of: schedule.procedure)
        let head = try head(following: workflow, unit: schedule.unitID, requester: schedule.ownerID, at: now, ids: ids)
        let graph = try repositories.procedures.graph(of: schedule.procedure, version: head.procedureVersion ?? 0)
        guard let step = graph[number] else { throw .fault("procedure \(schedule.procedure) has no step \(number)") }
        var assignments = schedule.assignments
        // A newer version may give the step to a role that the schedule does not know.
        for role in [step.role] + step.parallel where !assignments.contains(where: { $0.role == role }) {
            assignments.append(RunAssignment(role: role, userID: schedule.ownerID))
        }
        var work = RunWork(
            graph: graph,
            onlyStep: number,
            requesterID: schedule.ownerID,
            assignments: assignments.filter { $0.role == step.role || step.parallel.contains($0.role) },
            participants: []
        )
        let moment = Moment(now: now, calendar: try repositories.calendars.current()[schedule.unitID], ids: ids)
        work.begin(at: moment)
        let title = "\(step.title.id) (\(period.first) – \(period.last))"
        let run = ProcedureRun(head, procedure: schedule.procedure, title: title, onlyStep: number, work: work)
        for task in work.tasks { try repositories.timings.insert(StepTiming(task, of: run)) }
        try repository.insert(Clocked(subject: run, clock: work.clock))
        try append("create", of: run, from: nil, by: nil, at: now, ids: ids)
        return run.id
    }
}

extension Transaction {
    package var schedules: any ScheduleRepository { repositories.schedules }

    /// Stores the schedule of a procedure in the place of the one before; what was scheduled alike goes on, the rest begins today at the
    /// earliest.
    package func schedule(
        _ wanted: ProcedureSchedule,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> ProcedureSchedule {
        let before = try schedules.find(wanted.procedure)
        try expected?.check(before?.version ?? 0)
        let today = try calendars[wanted.unitID].localDate(of: now)
        let running = before.map { $0.isActive ? $0.steps : [] } ?? []
        var steps = wanted.steps
        for place in steps.indices where !running.contains(steps[place]) { steps[place].startsOn = max(steps[place].startsOn, today) }
        let schedule = ProcedureSchedule(
            procedure: wanted.procedure,
            isActive: wanted.isActive,
            unitID: wanted.unitID,
            ownerID: wanted.ownerID,
            assignments: wanted.assignments,
            steps: steps,
            version: (before?.version ?? 0) + 1
        )
        try schedules.store(schedule, at: now)
        try note("schedule", of: .procedure, wanted.procedure, in: wanted.unitID, by: principal, at: now, ids: ids, changed: ["schedule"])
        return schedule
    }
}
