extension Cases {
    /// What stops and starts the clocks of steps beside the workflow.
    private enum Event: String {
        case pause, resume
    }

    /// Stops the clocks that run, of all open steps or of the one named: from now on no time counts, until `resume` or the end of the step.
    ///
    /// For those whom the kind of case names; refused unless a clock runs.
    package func pause(
        _ reference: CaseReference<Kind>,
        at step: Int? = nil,
        because reason: String,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try found(reference, at: step, expecting: expected, by: principal)
        let open = found.subject.clocks(at: step, standing: found.clock, for: principal)
        var clocks = open.filter { $0.pausedAt == nil }
        guard !clocks.isEmpty else { throw refused(.pause, on: found.subject, open) }
        for place in clocks.indices {
            clocks[place].pause(at: now)
            let pause = StepPause(startedAt: now, endedAt: nil, ownerID: principal.userID, reason: reason, endedByID: nil, note: nil)
            try repositories.pauses.begin(pause, of: clocks[place].timingID)
        }
        return try store(.pause, clocks, on: found, by: principal, at: now, ids: ids, reason: reason, note: nil)
    }

    /// Lets stopped clocks run again; what is due is later by the working time of the pause.
    package func resume(
        _ reference: CaseReference<Kind>,
        at step: Int? = nil,
        note: String?,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try found(reference, at: step, expecting: expected, by: principal)
        let open = found.subject.clocks(at: step, standing: found.clock, for: principal)
        var clocks = open.filter { $0.pausedAt != nil }
        guard !clocks.isEmpty else { throw refused(.resume, on: found.subject, open) }
        let calendar = try repositories.calendars.current()[found.subject.unitID]
        for place in clocks.indices {
            clocks[place].resume(at: now, by: calendar)
            try repositories.pauses.end(of: clocks[place].timingID, at: now, by: principal.userID, note: note)
        }
        return try store(.resume, clocks, on: found, by: principal, at: now, ids: ids, reason: nil, note: note)
    }

    private func found(
        _ reference: CaseReference<Kind>,
        at step: Int?,
        expecting expected: ExpectedVersion?,
        by principal: Principal
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try get(reference, for: principal)
        try expected?.check(found.subject.version)
        guard found.subject.mayPause(principal, at: step) else { throw .forbidden }
        return found
    }

    /// Says what may be done instead: the opposite of what was asked for where clocks are `open`, beside what the workflow allows.
    private func refused(_ event: Event, on subject: Kind, _ open: [StepClock]) -> DomainError {
        let opposite: [Event] = open.isEmpty ? [] : event == .pause ? [.resume] : [.pause]
        return .refused(
            event: event.rawValue,
            state: subject.state.rawValue,
            allowed: allowed(on: subject) + opposite.map(\.rawValue)
        )
    }

    private func store(
        _ event: Event,
        _ clocks: [StepClock],
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
        for clock in clocks { try repositories.pauses.update(clock) }
        let (standing, changed) = subject.take(clocks)
        let stored = Clocked(subject: subject, clock: standing)
        try repository.update(stored, from: found.subject)
        try append(
            event.rawValue,
            of: subject,
            from: subject.state,
            by: principal,
            at: now,
            ids: ids,
            reason: reason,
            note: note,
            changed: changed
        )
        return stored
    }
}
