extension Cases {
    /// What stops and starts the clock of a step beside the workflow.
    private enum Event: String {
        case pause, resume
    }

    /// Stops the clock of the step that runs: from now on no time counts, until `resume` or the end of the step.
    ///
    /// For the officer in charge and the super admin; refused unless a clock runs.
    package func pause(
        _ reference: CaseReference<Kind>,
        because reason: String,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        let (found, running) = try running(.pause, on: reference, expecting: expected, by: principal)
        var clock = running
        guard clock.pausedAt == nil else { throw refused(.pause, on: found.subject) }
        clock.pause(at: now)
        let pause = StepPause(startedAt: now, endedAt: nil, ownerID: principal.userID, reason: reason, endedByID: nil, note: nil)
        try repositories.pauses.begin(pause, of: clock.timingID)
        return try store(.pause, clock, on: found, by: principal, at: now, ids: ids, reason: reason, note: nil)
    }

    /// Lets the clock run again; what is due is later by the working time of the pause.
    package func resume(
        _ reference: CaseReference<Kind>,
        note: String?,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        let (found, running) = try running(.resume, on: reference, expecting: expected, by: principal)
        var clock = running
        guard clock.pausedAt != nil else { throw refused(.resume, on: found.subject) }
        clock.resume(at: now, by: try repositories.calendars.current()[found.subject.unitID])
        try repositories.pauses.end(of: clock.timingID, at: now, by: principal.userID, note: note)
        return try store(.resume, clock, on: found, by: principal, at: now, ids: ids, reason: nil, note: note)
    }

    private func running(
        _ event: Event,
        on reference: CaseReference<Kind>,
        expecting expected: ExpectedVersion?,
        by principal: Principal
    ) throws(DomainError) -> (Clocked<Kind>, StepClock) {
        let found = try get(reference, for: principal)
        try expected?.check(found.subject.version)
        guard found.subject.mayPause(principal) else { throw .forbidden }
        guard let clock = found.clock, clock.finishedAt == nil else { throw refused(event, on: found.subject) }
        return (found, clock)
    }

    private func refused(_ event: Event, on subject: Kind) -> DomainError {
        .refused(event: event.rawValue, state: subject.state.rawValue, allowed: allowed(on: subject))
    }

    private func store(
        _ event: Event,
        _ clock: StepClock,
        on found: Clocked<Kind>,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        reason: String?,
        note: String?
    ) throws(DomainError) -> Clocked<Kind> {
        var subject = found.subject
        subject.head.updatedAt = now
        subject.head.version += 1
        try repositories.pauses.update(clock)
        let stored = Clocked(subject: subject, clock: clock)
        try repository.update(stored, from: found.subject)
        try append(event.rawValue, of: subject, from: subject.state, by: principal, at: now, ids: ids, reason: reason, note: note)
        return stored
    }
}

extension Case {
    /// Whether `principal` may stop and start the clock of this case.
    package func mayPause(_ principal: Principal) -> Bool {
        principal.roles.contains(.superAdmin) || officerID == principal.userID
    }
}
