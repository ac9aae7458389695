/// Opens and closes step timings at one moment, within one transaction.
package struct StepEngine {
    let repositories: any Repositories
    let principal: Principal
    package let moment: Moment

    /// An engine for the cases of `unit`, whose calendar counts.
    init(
        _ repositories: any Repositories,
        of unit: Unit.ID,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        self.repositories = repositories
        self.principal = principal
        moment = Moment(now: now, calendar: try repositories.calendars.current()[unit], ids: ids)
    }

    /// Starts the clock of a step of a case: the next attempt at it, due by the standard of the pinned procedure version.
    ///
    /// `isFirst` says that there can be no attempt before it, as on a new case.
    func open<Kind: Case>(
        _ number: Int,
        of subject: Kind,
        startedAt: Instant,
        performer: User.ID?,
        isFirst: Bool = false
    ) throws(DomainError) -> StepClock {
        guard let procedure = subject.workflow.procedure, let version = subject.head.procedureVersion else {
            throw .fault("no procedure times the steps of \(subject.workflow.code)")
        }
        guard let step = try repositories.procedures.step(number, of: procedure, version: version) else {
            throw .fault("procedure \(procedure) version \(version) has no step \(number)")
        }
        let attempt = isFirst ? 1 : try repositories.timings.attempts(at: number, of: subject.id.text) + 1
        let clock = moment.clock(of: step, attempt: attempt, startedAt: startedAt)
        try repositories.timings.insert(
            StepTiming(
                procedure: procedure,
                procedureVersion: version,
                subjectKind: Kind.kind.timingSubject,
                subjectID: subject.id.text,
                unitID: subject.unitID,
                role: step.role,
                performerID: performer ?? expectedPerformer(of: number, on: subject),
                clock: clock
            )
        )
        return clock
    }

    /// Stops the clock of an attempt at a step of a case of that kind; the actor is its performer.
    func close(_ running: StepClock, of kind: CaseKind, outcome: StepTiming.Outcome) throws(DomainError) -> StepClock {
        var clock = running
        clock.finish(at: moment.now, by: moment.calendar)
        if running.pausedAt != nil { try endPause(of: running) }
        try repositories.timings.finish(clock, of: kind.timingSubject, by: principal.userID, outcome: outcome)
        return clock
    }

    /// Ends the pause of an attempt that ends.
    func endPause(of clock: StepClock) throws(DomainError) {
        try repositories.pauses.end(of: clock.timingID, at: moment.now, by: principal.userID, note: nil)
    }

    /// The one whose step it is while it runs, where the case names him.
    private func expectedPerformer<Kind: Case>(of step: Int, on subject: Kind) -> User.ID? {
        switch subject.workflow.performer(of: step) {
        case .officer: subject.officerID
        case .requester: subject.requesterID
        case .anyone, .unit, nil: nil
        }
    }
}

extension Case {
    package mutating func begin(with engine: StepEngine) throws(DomainError) -> StepClock? {
        var clock: StepClock?
        let (now, performer) = (engine.moment.now, engine.principal.userID)
        if let step = workflow.creation.stops {
            // Whoever creates a case has signed in: that step ran from the sign-in to now.
            let start = engine.principal.signedInAt ?? now
            let opened = try engine.open(step, of: self, startedAt: start, performer: performer, isFirst: true)
            clock = try engine.close(opened, of: Self.kind, outcome: .done)
        }
        if let step = workflow.creation.starts {
            clock = try engine.open(step, of: self, startedAt: now, performer: performer, isFirst: true)
        }
        return clock
    }

    package mutating func turn(
        by transition: Transition<State, Event>,
        _ event: CaseEvent<Event>,
        from running: StepClock?,
        with engine: StepEngine
    ) throws(DomainError) -> StepClock? {
        var clock = running
        if let running, running.stepNumber == transition.stops, running.finishedAt == nil {
            clock = try engine.close(running, of: Self.kind, outcome: transition.outcome)
        }
        if let step = transition.starts { return try engine.open(step, of: self, startedAt: engine.moment.now, performer: nil) }
        if let assignee = event.assignee, let clock, clock.finishedAt == nil {
            try engine.repositories.timings.hand(clock.timingID, to: assignee)
        }
        return clock
    }
}
