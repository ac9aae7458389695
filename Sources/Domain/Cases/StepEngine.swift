/// Opens and closes the step timings of one case at one moment.
struct StepEngine<Kind: Case> {
    private let repositories: any Repositories
    private let subject: Kind
    private let principal: Principal
    private let now: Instant
    private let ids: IdentifierSource

    init(_ repositories: any Repositories, subject: Kind, by principal: Principal, at now: Instant, ids: IdentifierSource) {
        self.repositories = repositories
        self.subject = subject
        self.principal = principal
        self.now = now
        self.ids = ids
    }

    /// Starts the clock of a step: the next attempt at it, due by the standard of the pinned procedure version.
    ///
    /// `isFirst` says that there can be no attempt before it, as on a new case.
    func open(_ number: Int, startedAt: Instant, performer: User.ID?, isFirst: Bool = false) throws(DomainError) -> StepClock {
        guard let procedure = subject.workflow.procedure, let version = subject.head.procedureVersion else {
            throw .fault("no procedure times the steps of \(subject.workflow.code)")
        }
        guard let step = try repositories.procedures.step(number, of: procedure, version: version) else {
            throw .fault("procedure \(procedure) version \(version) has no step \(number)")
        }
        let clock = StepClock(
            timingID: ids.make(at: now),
            stepNumber: number,
            stepCode: step.code,
            attempt: isFirst ? 1 : try repositories.timings.attempts(at: number, of: subject.id.text) + 1,
            startedAt: startedAt,
            standard: step.standard,
            dueAt: step.standard.map { repositories.calendar.instant(after: startedAt, working: $0) }
        )
        try repositories.timings.insert(
            StepTiming(
                procedure: procedure,
                procedureVersion: version,
                subjectKind: Kind.kind,
                subjectID: subject.id.text,
                unitID: subject.unitID,
                role: step.role,
                performerID: performer ?? expectedPerformer(of: number),
                clock: clock
            )
        )
        return clock
    }

    /// Stops the clock of an attempt; the actor is its performer.
    func close(_ running: StepClock, outcome: StepTiming.Outcome) throws(DomainError) -> StepClock {
        var clock = running
        clock.finish(at: now, by: repositories.calendar)
        try repositories.timings.finish(clock, by: principal.userID, outcome: outcome)
        return clock
    }

    /// The one whose step it is while it runs, where the case names him.
    private func expectedPerformer(of step: Int) -> User.ID? {
        switch subject.workflow.performer(of: step) {
        case .officer: subject.officerID
        case .requester: subject.requesterID
        case .anyone, .unit, nil: nil
        }
    }
}
