/// A recap with the clock that runs or ran last on it.
package struct TimedRecap: Sendable {
    package let recap: Recap
    package let clock: StepClock?

    package init(recap: Recap, clock: StepClock?) {
        self.recap = recap
        self.clock = clock
    }
}

/// The recaps, within one transaction.
package struct Recaps {
    let repositories: any Repositories

    init(_ repositories: any Repositories) { self.repositories = repositories }

    private var recaps: any RecapRepository { repositories.recaps }

    /// The recap under an id, if `principal` may see recaps.
    package func get(_ id: Recap.ID, for principal: Principal) throws(DomainError) -> TimedRecap {
        guard Recap.isVisible(to: principal), let recap = try recaps.find(id) else { throw .notFound("recap") }
        return try timed(recap)
    }

    package func list(_ query: RecapQuery, for principal: Principal) throws(DomainError) -> Page<Recap> {
        guard Recap.isVisible(to: principal) else { return Page([], hasMore: false) }
        return try recaps.list(query)
    }

    /// All recaps, for whoever holds the machine.
    package func list(_ query: RecapQuery) throws(DomainError) -> Page<Recap> { try recaps.list(query) }

    package func count(_ query: RecapQuery, for principal: Principal, most: Int) throws(DomainError) -> Int {
        guard Recap.isVisible(to: principal) else { return 0 }
        return try recaps.count(query, most: most)
    }

    package func totals(of recap: Recap) throws(DomainError) -> RecapTotals { try recaps.totals(of: recap.id) }

    package func rows(
        _ kind: Recap.Kind,
        _ period: CivilMonth,
        after last: String?,
        limit: Int
    ) throws(DomainError) -> [RecapRow] {
        try recaps.rows(kind, period, after: last, limit: limit)
    }

    package func rows(
        of officer: User.ID,
        in period: CivilMonth,
        after last: String?,
        limit: Int
    ) throws(DomainError) -> [RecapRow] {
        try recaps.rows(of: officer, in: period, after: last, limit: limit)
    }

    /// Begins the recap of a month that has begun; its first clock starts with the work of the first working day after that month.
    package func create(
        _ kind: Recap.Kind,
        _ period: CivilMonth,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> TimedRecap {
        guard !principal.roles.isDisjoint(with: kind.workflow.creators) else { throw .forbidden }
        let calendar = try repositories.calendars.current().service.calendar
        guard period <= calendar.month(of: now) else { throw .invalid([.monthNotBegun]) }
        let recap = Recap(
            id: ids.make(at: now),
            kind: kind,
            period: period,
            state: kind.workflow.start,
            procedureVersion: try repositories.procedures.latestVersion(of: kind.procedure),
            compilerID: principal.userID,
            createdAt: now,
            updatedAt: now
        )
        try recaps.insert(recap)
        var clock: StepClock?
        if let step = kind.workflow.creation.starts {
            clock = try open(step, of: recap, startedAt: calendar.firstWork(after: period), by: principal, at: now, ids: ids)
        }
        try append("create", of: recap, from: nil, by: principal, at: now, ids: ids)
        return TimedRecap(recap: recap, clock: clock)
    }

    /// Closes a draft to further cases, so that it can be compiled; it stays a draft, and to do it again changes nothing.
    package func seal(
        _ id: Recap.ID,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant
    ) throws(DomainError) {
        var recap = try get(id, for: principal).recap
        _ = try transition(of: .submit, on: recap, expecting: expected, by: principal)
        guard recap.sealedAt == nil else { return }
        recap.sealedAt = now
        try recaps.update(recap, from: recap.version)
    }

    /// Freezes what was compiled after the sealing.
    package func submit(
        _ id: Recap.ID,
        _ totals: RecapTotals,
        _ frozen: Recap.Frozen,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> TimedRecap {
        try move(id, by: .submit, expecting: expected, as: principal, at: now, ids: ids) { recap throws(DomainError) in
            recap.sealedAt = recap.sealedAt ?? now
            recap.submittedAt = now
            recap.compilerID = principal.userID
            recap.frozen = frozen
            try recaps.insert(totals, of: recap.id)
        }
    }

    package func receive(
        _ id: Recap.ID,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> TimedRecap {
        try move(id, by: .receive, expecting: expected, as: principal, at: now, ids: ids) { recap in
            recap.receivedAt = now
            recap.receiverID = principal.userID
        }
    }

    /// Posts the next `limit` points of a recap that is about to be settled, behind `last`, and gives where to go on; nil at the end.
    ///
    /// What is sealed has no new entries, so that the portions together are all there is. What was posted before is passed over:
    /// whoever comes after a crash, or beside another, goes on from where that one was.
    package func postPortion(
        of id: Recap.ID,
        after last: PerformancePoint.ID?,
        limit: Int,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> PerformancePoint.ID? {
        let recap = try get(id, for: principal).recap
        _ = try transition(of: .settle, on: recap, expecting: expected, by: principal)
        let entries = try repositories.points.open(recap.kind.rule, in: recap.period, after: last, limit: limit)
        let ledger = Ledger(repositories)
        for entry in entries { try ledger.post(entry, for: recap.id, at: now, ids: ids) }
        return entries.count == limit ? entries.last?.id : nil
    }

    /// Ends a recap; its points were posted in portions before, but for a dry run, which posts none.
    ///
    /// With a point left it is not settled, whatever came in between: the same request goes on.
    package func settle(
        _ id: Recap.ID,
        isDryRun: Bool = false,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> TimedRecap {
        try move(id, by: .settle, expecting: expected, as: principal, at: now, ids: ids) { recap throws(DomainError) in
            let isPosted = try repositories.points.open(recap.kind.rule, in: recap.period, after: nil, limit: 1).isEmpty
            guard isPosted || isDryRun else { throw .unavailable("the points of recap \(id) are not all posted") }
            recap.settledAt = now
            recap.settlerID = principal.userID
        }
    }

    /// The transition that an event makes on a recap, checked for version, role, state and four eyes.
    package func transition(
        of event: Recap.Event,
        on recap: Recap,
        expecting expected: ExpectedVersion?,
        by principal: Principal
    ) throws(DomainError) -> Transition<Recap.State, Recap.Event> {
        try expected?.check(recap.version)
        let workflow = recap.kind.workflow
        let rows = workflow.transitions.filter { $0.event == event }
        guard rows.contains(where: { !principal.roles.isDisjoint(with: $0.performer.roles) }) else { throw .forbidden }
        guard let row = rows.first(where: { $0.from == recap.state }) else {
            let allowed = workflow.transitions(from: recap.state).map(\.event.rawValue)
            throw .refused(event: event.rawValue, state: recap.state.rawValue, allowed: allowed)
        }
        if recap.bars(principal, from: row) { throw .fourEyes }
        return row
    }

    private func move(
        _ id: Recap.ID,
        by event: Recap.Event,
        expecting expected: ExpectedVersion?,
        as principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        _ change: (inout Recap) throws(DomainError) -> Void
    ) throws(DomainError) -> TimedRecap {
        let found = try get(id, for: principal)
        let transition = try transition(of: event, on: found.recap, expecting: expected, by: principal)
        var recap = found.recap
        try change(&recap)
        recap.state = transition.to
        recap.updatedAt = now
        recap.version += 1
        try recaps.update(recap, from: found.recap.version)

        var clock = found.clock
        if var running = clock, running.stepNumber == transition.stops, running.finishedAt == nil {
            running.finish(at: now, by: try repositories.calendars.current().service.calendar)
            try repositories.timings.finish(running, of: .recap, by: principal.userID, outcome: transition.outcome)
            clock = running
        }
        if let step = transition.starts { clock = try open(step, of: recap, startedAt: now, by: principal, at: now, ids: ids) }
        try append(event.rawValue, of: recap, from: found.recap.state, by: principal, at: now, ids: ids)
        return TimedRecap(recap: recap, clock: clock)
    }

    private func open(
        _ number: Int,
        of recap: Recap,
        startedAt: Instant,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> StepClock {
        let procedure = recap.kind.procedure
        guard let step = try repositories.procedures.step(number, of: procedure, version: recap.procedureVersion) else {
            throw .fault("procedure \(procedure) version \(recap.procedureVersion) has no step \(number)")
        }
        // An id is never older than the start, even of a clock that is set for the month after.
        let moment = Moment(now: max(now, startedAt), calendar: try repositories.calendars.current().service.calendar, ids: ids)
        let clock = moment.clock(of: step, attempt: 1, startedAt: startedAt)
        try repositories.timings.insert(
            StepTiming(
                procedure: procedure,
                procedureVersion: recap.procedureVersion,
                subjectKind: .recap,
                subjectID: recap.id.text,
                unitID: principal.unitID,
                role: step.role,
                performerID: nil,
                clock: clock
            )
        )
        return clock
    }

    private func timed(_ recap: Recap) throws(DomainError) -> TimedRecap {
        var query = TimingQuery(now: recap.updatedAt, page: PageRequest(limit: 10))
        query.subjectID = recap.id.text
        // The steps follow one another; their ids need not, since the first may be set for the month after.
        let last = try repositories.timings.list(query, visible: [.all]).elements.max { $0.clock.stepNumber < $1.clock.stepNumber }
        return TimedRecap(recap: recap, clock: last?.clock)
    }

    private func append(
        _ name: String,
        of recap: Recap,
        from: Recap.State?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: .recap,
                subjectID: recap.id.text,
                name: name,
                unitID: principal.unitID,
                by: principal,
                from: from?.rawValue,
                to: recap.state.rawValue
            )
        )
    }
}

extension Recap {
    /// Whether four eyes keep `principal` from causing `transition`: the compiler is not the receiver.
    package func bars(_ principal: Principal, from transition: Transition<State, Event>) -> Bool {
        transition.bars.contains(.requester) && compilerID == principal.userID
    }

    /// The events that `principal` may cause now.
    package func events(for principal: Principal) -> [Event] {
        kind.workflow.transitions(from: state)
            .filter { !principal.roles.isDisjoint(with: $0.performer.roles) && !bars(principal, from: $0) }
            .map(\.event)
    }
}

extension Issue {
    /// That `/period` names a month that has not begun.
    static let monthNotBegun = Issue(
        "/period",
        code: "out_of_range",
        detail: Text(id: "Bulan ini belum dimulai.", en: "This month has not begun.")
    )
}
