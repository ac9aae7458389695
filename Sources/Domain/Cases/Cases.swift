/// All cases of one kind, within one transaction: the one place where a case is made or moved.
package struct Cases<Kind: Case> {
    private let repositories: any Repositories
    private let repository: any CaseRepository<Kind>

    init(_ repositories: any Repositories) {
        self.repositories = repositories
        repository = Kind.repository(in: repositories)
    }

    /// The case under an id or a number, if `principal` may see it; throws `notFound` otherwise.
    package func get(_ reference: CaseReference<Kind>, for principal: Principal) throws(DomainError) -> Clocked<Kind> {
        guard let found = try repository.find(reference), found.subject.isVisible(to: principal) else {
            throw .notFound(Kind.kind.rawValue)
        }
        return found
    }

    package func list(_ query: CaseQuery<Kind>, for principal: Principal) throws(DomainError) -> Page<Clocked<Kind>> {
        try repository.list(query, visible: Kind.visibility(for: principal))
    }

    /// Counts what `list` would give in all, but no further than `most`.
    package func count(_ query: CaseQuery<Kind>, for principal: Principal, most: Int) throws(DomainError) -> Int {
        try repository.count(query, visible: Kind.visibility(for: principal), most: most)
    }

    /// The next number of this kind in the year of `now`, in the zone of the calendar.
    package func nextNumber(at now: Instant) throws(DomainError) -> String {
        let year = repositories.calendar.localYear(of: now)
        return Kind.kind.number(year: year, ordinal: try repositories.sequences.next(Kind.kind, year: year))
    }

    /// The version of the procedure that a case beginning now stays on.
    package func procedureVersion() throws(DomainError) -> Int {
        try repositories.procedures.latestVersion(of: Kind.kind.procedure)
    }

    /// Stores a new case and starts its clock.
    package func create(_ subject: Kind, by principal: Principal, at now: Instant, ids: IdentifierSource) throws(DomainError) -> Clocked<
        Kind
    > {
        var engine = StepClock(repositories, subject: subject, by: principal, at: now, ids: ids)
        // Whoever creates a case has signed in: that step ran from the sign-in to now.
        let signedInAt = principal.signedInAt ?? now
        let signIn = try engine.open(Kind.workflow.creation.stops, startedAt: signedInAt, performer: principal.userID, isFirst: true)
        try engine.close(signIn, outcome: .done)
        let timing = try engine.open(Kind.workflow.creation.starts, startedAt: now, performer: principal.userID, isFirst: true)
        try repository.insert(subject, timing: timing.id)
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: subject.eventSubject,
                subjectID: subject.id.text,
                name: "create",
                unitID: subject.unitID,
                by: principal,
                to: subject.state.rawValue
            )
        )
        return Clocked(subject: subject, timing: timing)
    }

    /// Moves a case by one event: checks sight, version, state, role and four eyes; times the steps; writes the history.
    package func apply(
        _ event: Kind.Event,
        to reference: CaseReference<Kind>,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try get(reference, for: principal)
        var subject = found.subject
        try expected?.check(subject.version)
        let transition = try transition(of: event, on: subject, by: principal)
        if let assignee = event.assignee { try check(assignee, of: subject) }

        let before = subject
        let changed = subject.take(event)
        subject.state = transition.to
        subject.updatedAt = now
        subject.version += 1
        if Kind.workflow.isFinal(transition.to) { subject.closedAt = now }

        var engine = StepClock(repositories, subject: subject, by: principal, at: now, ids: ids)
        var timing = found.timing
        if transition.stops == timing.stepNumber, timing.finishedAt == nil {
            timing = try engine.close(timing, outcome: transition.outcome)
        }
        if let step = transition.starts {
            timing = try engine.open(step, startedAt: now, performer: nil)
        }
        try repository.update(subject, from: before, timing: timing.id)
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: subject.eventSubject,
                subjectID: subject.id.text,
                name: event.name.rawValue,
                unitID: subject.unitID,
                by: principal,
                from: before.state.rawValue,
                to: subject.state.rawValue,
                reason: event.reason,
                note: event.note,
                changed: changed
            )
        )
        return Clocked(subject: subject, timing: timing)
    }

    /// Stores an edit of a case in its first state by the one who made it; `edit` returns the names of the changed fields.
    package func edit(
        _ reference: CaseReference<Kind>,
        expecting expected: ExpectedVersion,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        _ edit: (inout Kind) -> [String]
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try get(reference, for: principal)
        var subject = found.subject
        try expected.check(subject.version)
        guard subject.requesterID == principal.userID else { throw .forbidden }
        guard subject.state == Kind.workflow.start else {
            throw .refused(event: "edit", state: subject.state.rawValue, allowed: allowed(in: subject.state))
        }
        let changed = edit(&subject)
        if changed.isEmpty { return found }
        subject.updatedAt = now
        subject.version += 1
        try repository.update(subject, from: found.subject, timing: found.timing.id)
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: subject.eventSubject,
                subjectID: subject.id.text,
                name: "edit",
                unitID: subject.unitID,
                by: principal,
                from: subject.state.rawValue,
                to: subject.state.rawValue,
                changed: changed
            )
        )
        return Clocked(subject: subject, timing: found.timing)
    }

    private func allowed(in state: Kind.State) -> [String] {
        Kind.workflow.transitions(from: state).map(\.event.rawValue)
    }

    private func transition(
        of event: Kind.Event,
        on subject: Kind,
        by principal: Principal
    ) throws(DomainError) -> Transition<Kind.State, Kind.Event.Name> {
        let (name, rows) = (event.name, Kind.workflow.transitions)
        guard rows.contains(where: { $0.event == name && subject.admits(principal, to: $0.performer) }) else { throw .forbidden }
        guard let row = rows.first(where: { $0.event == name && $0.from == subject.state }) else {
            throw .refused(event: event.name.rawValue, state: subject.state.rawValue, allowed: allowed(in: subject.state))
        }
        guard subject.admits(principal, to: row.performer) else { throw .forbidden }
        if row.isGate, subject.officerID == principal.userID { throw .fourEyes }
        return row
    }

    /// The one put in charge must be active, hold the role, and not be the one who asked.
    private func check(_ assignee: User.ID, of subject: Kind) throws(DomainError) {
        guard let user = try repositories.users.find(assignee) else {
            throw .invalid([.unknownReference("/officer_id")])
        }
        guard user.isActive, user.roles.contains(Kind.officerRole) else {
            let role = Kind.officerRole.rawValue
            let detail = Text(
                id: "Pengguna ini harus aktif dan berperan \(role).",
                en: "This user must be active and hold the role \(role)."
            )
            throw .invalid([Issue("/officer_id", code: "not_eligible", detail: detail)])
        }
        if user.id == subject.requesterID { throw .fourEyes }
    }
}

extension Case {
    var eventSubject: Domain.Event.Subject {
        switch Self.kind {
        case .consultation: .consultation
        }
    }
}

extension Issue {
    /// The field names a thing that does not exist.
    package static func unknownReference(_ pointer: String) -> Issue {
        Issue(pointer, code: "unknown_reference", detail: Text(id: "Objek yang ditunjuk tidak ada.", en: "It names nothing that exists."))
    }
}

/// Opens and closes the step timings of one case at one moment.
struct StepClock<Kind: Case> {
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
    mutating func open(
        _ number: Int,
        startedAt: Instant,
        performer: User.ID?,
        isFirst: Bool = false
    ) throws(DomainError) -> StepTiming {
        let procedure = Kind.kind.procedure
        guard let step = try repositories.procedures.step(number, of: procedure, version: subject.procedureVersion) else {
            throw .fault("procedure \(procedure) version \(subject.procedureVersion) has no step \(number)")
        }
        let timing = StepTiming(
            id: ids.make(at: now),
            procedure: procedure,
            procedureVersion: subject.procedureVersion,
            subjectKind: Kind.kind,
            subjectID: subject.id.text,
            unitID: subject.unitID,
            stepNumber: number,
            stepCode: step.code,
            role: step.role,
            attempt: isFirst ? 1 : try repositories.timings.attempts(at: number, of: subject.id.text) + 1,
            performerID: performer ?? (step.role == Kind.officerRole.rawValue ? subject.officerID : nil),
            startedAt: startedAt,
            standard: step.standard,
            dueAt: step.standard.map { repositories.calendar.instant(after: startedAt, working: $0) }
        )
        try repositories.timings.insert(timing)
        return timing
    }

    /// Stops the clock of an attempt; the actor is its performer.
    @discardableResult
    mutating func close(_ timing: StepTiming, outcome: StepTiming.Outcome) throws(DomainError) -> StepTiming {
        var timing = timing
        timing.finish(at: now, by: principal.userID, outcome: outcome, calendar: repositories.calendar)
        try repositories.timings.update(timing)
        return timing
    }
}
