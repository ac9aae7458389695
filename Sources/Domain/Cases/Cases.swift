/// All cases of one kind, within one transaction: the one place where a case is made or moved.
package struct Cases<Kind: Case> {
    let repositories: any Repositories
    let repository: any CaseRepository<Kind>

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

    /// What a new case begins with: its id, the next number in the year of `now`, and the version of the procedure it stays on.
    ///
    /// Throws `forbidden` if no role of `principal` may create a case that follows `workflow`.
    package func head(
        following workflow: Workflow<Kind.State, Kind.Event>,
        unit: Unit.ID,
        officer: User.ID? = nil,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> CaseHead<Kind> {
        guard !principal.roles.isDisjoint(with: workflow.creators) else { throw .forbidden }
        return try head(following: workflow, unit: unit, officer: officer, requester: principal.userID, at: now, ids: ids)
    }

    /// The same for a case that begins by itself.
    func head(
        following workflow: Workflow<Kind.State, Kind.Event>,
        unit: Unit.ID,
        officer: User.ID? = nil,
        requester: User.ID,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> CaseHead<Kind> {
        let year = try repositories.calendars.current().service.calendar.localYear(of: now)
        let version: Int? = if let procedure = workflow.procedure { try repositories.procedures.latestVersion(of: procedure) } else { nil }
        return CaseHead(
            id: ids.make(at: now),
            number: Kind.kind.number(year: year, ordinal: try repositories.sequences.next(Kind.kind, year: year)),
            state: workflow.start,
            unitID: unit,
            requesterID: requester,
            officerID: officer,
            createdAt: now,
            updatedAt: now,
            procedureVersion: version
        )
    }

    /// Stores a new case and starts its clock.
    // Specialised by hand, as `apply` is: through the existentials of the repositories the compiler does not see for which kinds.
    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    package func create(
        _ subject: Kind,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        if let officer = subject.officerID { try check(officer, of: subject) }
        try subject.checkReferences(since: nil, by: principal, in: repositories)
        var subject = subject
        let engine = try StepEngine(repositories, of: subject.unitID, by: principal, at: now, ids: ids)
        let clock = try subject.begin(with: engine)
        try repository.insert(Clocked(subject: subject, clock: clock))
        try append("create", of: subject, from: nil, by: principal, at: now, ids: ids)
        return Clocked(subject: subject, clock: clock)
    }

    /// Moves a case by one event: checks sight, version, state, role and four eyes; times the steps; writes the history.
    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    package func apply(
        _ event: CaseEvent<Kind.Event>,
        to reference: CaseReference<Kind>,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try get(reference, for: principal)
        var subject = found.subject
        try expected?.check(subject.version)
        let transition = try transition(of: event.name, on: subject, by: principal)
        if let issue = subject.check(event) { throw .invalid([issue]) }
        if let assignee = event.assignee { try check(assignee, of: subject) }

        let changed = subject.take(event)
        if let assignee = event.assignee { subject.head.officerID = assignee }
        subject.head.state = transition.to
        subject.head.updatedAt = now
        subject.head.version += 1
        if subject.workflow.isFinal(transition.to) { subject.head.closedAt = now }

        let engine = try StepEngine(repositories, of: subject.unitID, by: principal, at: now, ids: ids)
        let clock = try subject.turn(by: transition, event, from: found.clock, with: engine)
        try repository.update(Clocked(subject: subject, clock: clock), from: found.subject)
        try subject.keep(event, by: principal, at: now, in: repositories)
        if subject.head.closedAt != nil { try Recaps(repositories).take(subject, at: now, ids: ids) }
        try append(
            event.name.rawValue,
            of: subject,
            from: found.subject.state,
            by: principal,
            at: now,
            ids: ids,
            reason: event.reason,
            note: event.note,
            changed: event.assignee == nil ? changed : ["officer_id"] + changed
        )
        return Clocked(subject: subject, clock: clock)
    }

    /// Stores an edit of a case by the one who may edit it in its state; `edit` returns the names of the changed fields.
    package func edit(
        _ reference: CaseReference<Kind>,
        expecting expected: ExpectedVersion,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        _ edit: (inout Kind) throws(DomainError) -> [String]
    ) throws(DomainError) -> Clocked<Kind> {
        let found = try get(reference, for: principal)
        var subject = found.subject
        try expected.check(subject.version)
        guard subject.workflow.edits.contains(where: { subject.stands(principal, as: $0.editor) }) else { throw .forbidden }
        guard subject.isEditable(by: principal) else {
            throw .refused(event: "edit", state: subject.state.rawValue, allowed: allowed(on: subject))
        }
        let changed = try edit(&subject)
        if changed.isEmpty { return found }
        if subject.officerID != found.subject.officerID, let officer = subject.officerID { try check(officer, of: subject) }
        try subject.checkReferences(since: found.subject, by: principal, in: repositories)
        subject.head.updatedAt = now
        subject.head.version += 1
        try repository.update(Clocked(subject: subject, clock: found.clock), from: found.subject)
        try append("edit", of: subject, from: subject.state, by: principal, at: now, ids: ids, changed: changed)
        return Clocked(subject: subject, clock: found.clock)
    }

    func append(
        _ name: String,
        of subject: Kind,
        from: Kind.State?,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource,
        reason: String? = nil,
        note: String? = nil,
        changed: [String] = []
    ) throws(DomainError) {
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: Kind.kind.eventSubject,
                subjectID: subject.id.text,
                name: name,
                unitID: subject.unitID,
                by: principal,
                from: from?.rawValue,
                to: subject.state.rawValue,
                reason: reason,
                note: note,
                changed: changed
            )
        )
    }

    func allowed(on subject: Kind) -> [String] {
        var names: [String] = []
        for row in subject.workflow.transitions(from: subject.state) where !names.contains(row.event.rawValue) {
            names.append(row.event.rawValue)
        }
        return names
    }

    private func transition(
        of event: Kind.Event,
        on subject: Kind,
        by principal: Principal
    ) throws(DomainError) -> Transition<Kind.State, Kind.Event> {
        if let row = subject.workflow.transitions(from: subject.state).first(where: {
            $0.event == event && subject.admits(principal, to: $0.performer)
        }) {
            if subject.bars(principal, from: row) { throw .fourEyes }
            return row
        }
        let rows = subject.workflow.transitions.filter { $0.event == event }
        // An event of another workflow of this kind is none of this case at any time.
        guard rows.isEmpty || rows.contains(where: { subject.admits(principal, to: $0.performer) }) else { throw .forbidden }
        guard rows.contains(where: { $0.from == subject.state }) else { throw refusal(of: event, on: subject) }
        throw .forbidden
    }

    private func refusal(of event: Kind.Event, on subject: Kind) -> DomainError {
        .refused(event: event.rawValue, state: subject.state.rawValue, allowed: allowed(on: subject))
    }

    /// The one put in charge must be active, hold the role, and not be the one who asked.
    private func check(_ assignee: User.ID, of subject: Kind) throws(DomainError) {
        guard let user = try repositories.users.find(assignee) else {
            throw .invalid([.unknownReference("/officer_id")])
        }
        let role = subject.workflow.officerRole
        guard user.isActive, user.roles.contains(role) else {
            let detail = Text(
                id: "Pengguna ini harus aktif dan berperan \(role.rawValue).",
                en: "This user must be active and hold the role \(role.rawValue)."
            )
            throw .invalid([Issue("/officer_id", code: "not_eligible", detail: detail)])
        }
        if user.id == subject.requesterID { throw .fourEyes }
    }
}

extension Issue {
    /// The field names a thing that does not exist.
    package static func unknownReference(_ pointer: String) -> Issue {
        Issue(pointer, code: "unknown_reference", detail: Text(id: "Objek yang ditunjuk tidak ada.", en: "It names nothing that exists."))
    }
}
