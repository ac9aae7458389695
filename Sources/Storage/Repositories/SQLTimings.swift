import Domain

/// Step timings.
struct SQLTimings: TimingRepository {
    let connection: any Connection
    let calendars: any CalendarRepository
    /// Nil while very many rows are stored, after which it is made anew.
    let tally: SQLTally?
    /// What waits to be stored; nil unless very many rows are.
    let held: HeldTimings?

    private static let columns: SQLFragment = """
        t.id, t.step_no, t.step_code, t.attempt, t.started_at_ms, t.finished_at_ms, t.elapsed_ms, t.standard_ms, t.due_at_ms, \
        t.paused_ms, t.paused_at_ms, \
        t.procedure, t.procedure_version, t.subject_type, t.subject_id, t.participant_id, t.unit_id, t.role, t.performer_id, t.outcome
        """

    private static func decode(_ columns: inout Columns) throws(DomainError) -> StepTiming {
        let clock = StepClock(
            timingID: columns.identifier(),
            stepNumber: columns.integer(),
            stepCode: columns.text(),
            attempt: columns.integer(),
            startedAt: columns.instant(),
            finishedAt: columns.optionalInstant(),
            elapsed: columns.optionalInteger().map { Int64($0) },
            standard: columns.optionalInteger().map { Int64($0) },
            dueAt: columns.optionalInstant(),
            paused: columns.optionalInteger().map { Int64($0) },
            pausedAt: columns.optionalInstant()
        )
        return StepTiming(
            procedure: columns.text(),
            procedureVersion: columns.integer(),
            subjectKind: try columns.choice(),
            subjectID: columns.text(),
            participantID: columns.participant(),
            unitID: columns.identifier(),
            role: columns.text(),
            performerID: columns.optionalIdentifier(),
            clock: clock,
            outcome: try columns.optionalChoice()
        )
    }

    /// The verdict as it is stored: that of an ended attempt for good, `running` for one that may yet be overdue.
    private static func verdict(_ clock: StepClock) -> StepTiming.Verdict {
        clock.finishedAt == nil && clock.standard != nil ? .running : clock.verdict(at: clock.startedAt)
    }

    func insert(_ timing: StepTiming) throws(DomainError) {
        if let held, try holds(timing, in: held) { held.keep(timing) } else { try store(timing) }
    }

    /// The attempts of a case are all held, or all stored.
    private func holds(_ timing: StepTiming, in held: HeldTimings) throws(DomainError) -> Bool {
        guard HeldRows.holds(timing.subjectKind) else { return false }
        if held.holdsAttempts(of: timing.subjectID) { return true }
        return try connection.first("select 1 from step_timing where subject_id = \(timing.subjectID) limit 1") { _ in true } == nil
    }

    /// Stores an attempt that is held, with the others of its case, before something else names it.
    func storeHeld(_ id: StepTiming.ID) throws(DomainError) {
        for timing in held?.take(with: id) ?? [] { try store(timing) }
    }

    /// Stores the attempts of these cases that are held.
    func storeHeld(of subjects: [String]) throws(DomainError) {
        for timing in held?.take(of: subjects) ?? [] { try store(timing) }
    }

    private func store(_ timing: StepTiming) throws(DomainError) {
        let clock = timing.clock
        let notice = clock.finishedAt == nil ? clock.nextNotice(after: nil, by: try calendars.current()[timing.unitID]) : nil
        try connection.execute(
            """
            insert into step_timing (
                id, procedure, procedure_version, subject_type, subject_id, participant_id, unit_id, step_no, step_code, role, attempt,
                performer_id, started_at_ms, finished_at_ms, elapsed_ms, standard_ms, due_at_ms, outcome, verdict, notice_at_ms
            )
            values (
                \(clock.timingID), \(timing.procedure), \(timing.procedureVersion), \(timing.subjectKind), \(timing.subjectID),
                \(timing.participantID?.text ?? ""), \(timing.unitID), \(clock.stepNumber), \(clock.stepCode), \(timing.role), \(clock.attempt),
                \(timing.performerID), \(clock.startedAt), \(clock.finishedAt), \(clock.elapsed), \(clock.standard),
                \(clock.dueAt), \(timing.outcome), \(Self.verdict(clock)), \(notice)
            )
            """
        )
        tally?.add(Self.verdict(clock), to: timing.subjectKind.rawValue, at: clock.finishedAt)
    }

    func finish(
        _ clock: StepClock,
        of kind: StepTiming.SubjectKind,
        by performer: User.ID,
        outcome: StepTiming.Outcome
    ) throws(DomainError) {
        let isHeld = held?.update(clock.timingID) { timing in
            (timing.clock, timing.performerID, timing.outcome) = (clock, performer, outcome)
        }
        if isHeld == true { return }
        let verdict = Self.verdict(clock)
        try connection.execute(
            """
            update step_timing
            set performer_id = \(performer), finished_at_ms = \(clock.finishedAt), elapsed_ms = \(clock.elapsed),
                outcome = \(outcome), verdict = \(verdict), paused_ms = \(clock.paused), paused_at_ms = null, notice_at_ms = null
            where id = \(clock.timingID)
            """
        )
        tally?.add(verdict, to: kind.rawValue, at: clock.finishedAt)
    }

    func nextNotice() throws(DomainError) -> Instant? {
        try connection.first(
            """
            select notice_at_ms
            from step_timing
            where notice_at_ms is not null
            order by notice_at_ms
            limit 1
            """
        ) { columns in columns.instant() }
    }

    func pendingNotices(at now: Instant, limit: Int) throws(DomainError) -> [(timing: StepTiming, given: StepNotice?)] {
        try connection.all(
            """
            select \(Self.columns), t.notices
            from step_timing as t
            where t.notice_at_ms is not null
            and t.notice_at_ms <= \(now)
            order by t.notice_at_ms
            limit \(limit)
            """
        ) { columns throws(DomainError) in
            (timing: try Self.decode(&columns), given: StepNotice(rawValue: columns.integer()))
        }
    }

    func note(_ notice: StepNotice?, after before: StepNotice?, next: Instant?, on id: StepTiming.ID) throws(DomainError) -> Bool {
        try connection.execute(
            """
            update step_timing
            set notices = \(notice?.rawValue ?? 0), notice_at_ms = \(next)
            where id = \(id)
            and notices = \(before?.rawValue ?? 0)
            and finished_at_ms is null
            """
        )
        return connection.changes == 1
    }

    func tasks(of run: ProcedureRun.ID) throws(DomainError) -> [StepTiming] {
        try connection.all("select \(Self.columns) from step_timing as t where t.subject_id = \(run) order by t.id", Self.decode)
    }

    func hand(_ id: StepTiming.ID, to performer: User.ID) throws(DomainError) {
        if held?.update(id, { $0.performerID = performer }) == true { return }
        try connection.execute("update step_timing set performer_id = \(performer) where id = \(id)")
    }

    func attempts(at step: Int, of subjectID: String) throws(DomainError) -> Int {
        if let attempts = held?.attempts(of: subjectID) {
            return attempts.lazy.filter { $0.clock.stepNumber == step }.map(\.clock.attempt).max() ?? 0
        }
        return try connection.first(
            """
            select max(attempt)
            from step_timing
            where subject_id = \(subjectID)
            and step_no = \(step)
            """
        ) { columns in columns.integer() } ?? 0
    }

    func running(of unit: Domain.Unit.ID?) throws(DomainError) -> [RunningAttempt] {
        let pauses = try pauses()
        // Each part has an index of its own: with a standard, or without one but with a pause.
        let parts: [SQL] = ["verdict = 'running'", "elapsed_ms is null and paused_ms is not null and verdict <> 'running'"]
        var attempts: [RunningAttempt] = []
        for part in parts {
            var statement: SQL = """
                select id, subject_type, subject_id, unit_id, started_at_ms, standard_ms, due_at_ms, paused_ms
                from step_timing
                where 
                """
            statement.append(part)
            if let unit { statement.append(" and unit_id = \(unit)") }
            attempts += try connection.all(statement) { columns throws(DomainError) in
                let id: StepTiming.ID = columns.identifier()
                return RunningAttempt(
                    id: id,
                    subjectKind: try columns.choice(),
                    subjectID: columns.text(),
                    unitID: columns.identifier(),
                    startedAt: columns.instant(),
                    standard: columns.optionalInteger().map { Int64($0) },
                    dueAt: columns.optionalInstant(),
                    paused: columns.optionalInteger().map { Int64($0) },
                    pauses: pauses[id] ?? []
                )
            }
        }
        return attempts
    }

    /// The pauses that ended on attempts that have not.
    private func pauses() throws(DomainError) -> [StepTiming.ID: [RunningAttempt.Pause]] {
        let rows = try connection.all(
            """
            select p.timing_id, p.started_at_ms, p.ended_at_ms
            from step_timing as t
            cross join step_pause as p
            where t.elapsed_ms is null
            and t.paused_ms is not null
            and p.timing_id = t.id
            and p.ended_at_ms is not null
            """
        ) { columns in
            let id: StepTiming.ID = columns.identifier()
            return (id, RunningAttempt.Pause(start: columns.instant(), end: columns.instant()))
        }
        return Dictionary(rows.map { ($0.0, [$0.1]) }) { $0 + $1 }
    }

    func move(_ attempt: RunningAttempt) throws(DomainError) {
        try connection.execute(
            "update step_timing set due_at_ms = \(attempt.dueAt), paused_ms = \(attempt.paused) where id = \(attempt.id)"
        )
        // A recap has its clock from its attempt.
        guard let table = attempt.subjectKind.table else { return }
        try connection.execute(
            """
            update \(table)
            set step_due_at_ms = \(attempt.dueAt), step_paused_ms = \(attempt.paused)
            where id = \(attempt.subjectID)
            and timing_id = \(attempt.id)
            """
        )
        if attempt.subjectKind == .procedureRun { try standForRun(attempt.subjectID) }
    }

    /// Puts the clock on a run that stands for it, as `RunWork.clock` says: which one that is changes with what is due.
    private func standForRun(_ id: String) throws(DomainError) {
        try connection.execute(
            """
            update procedure_run
            set (
                timing_id, step_no, step_code, step_attempt, step_started_at_ms, step_standard_ms, step_due_at_ms, step_paused_ms,
                step_paused_at_ms
            ) = (
                select id, step_no, step_code, attempt, started_at_ms, standard_ms, due_at_ms, paused_ms, paused_at_ms
                from step_timing
                where subject_id = \(id)
                and elapsed_ms is null
                order by paused_at_ms is not null, due_at_ms is null, due_at_ms, step_no, id
                limit 1
            )
            where id = \(id)
            and closed_at_ms is null
            """
        )
    }

    func find(_ id: StepTiming.ID) throws(DomainError) -> StepTiming? {
        try storeHeld(id)
        return try connection.first("select \(Self.columns) from step_timing as t where t.id = \(id)", Self.decode)
    }

    func tallies(of subjectID: String) throws(DomainError) -> [StepTally] {
        if let attempts = held?.attempts(of: subjectID) { return Self.tallies(of: attempts) }
        return try connection.all(
            """
            select step_no, sum(verdict = 'on_time'), sum(verdict = 'late')
            from step_timing
            where subject_id = \(subjectID)
            and verdict in ('on_time', 'late')
            group by step_no
            order by step_no
            """
        ) { columns in StepTally(step: columns.integer(), onTime: columns.integer(), late: columns.integer()) }
    }

    private static func tallies(of attempts: [StepTiming]) -> [StepTally] {
        var verdicts: [Int: [StepTiming.Verdict]] = [:]
        for clock in attempts.map(\.clock) {
            let verdict = verdict(clock)
            if verdict == .onTime || verdict == .late { verdicts[clock.stepNumber, default: []].append(verdict) }
        }
        return verdicts.sorted { $0.key < $1.key }.map { step, verdicts in
            StepTally(step: step, onTime: verdicts.count { $0 == .onTime }, late: verdicts.count { $0 == .late })
        }
    }

    func performance(of performer: User.ID, in range: TimeRange) throws(DomainError) -> [StepPerformance] {
        let from = range.from ?? .earliest
        // An attempt is never stored before it starts, so that the bound on the start is one on the id, too.
        return try connection.all(
            """
            select procedure, step_no, step_code, count(*), sum(verdict = 'on_time'), sum(verdict = 'late'), sum(verdict = 'no_standard'),
                count(elapsed_ms), coalesce(sum(elapsed_ms), 0), coalesce(max(elapsed_ms), 0)
            from step_timing
            where performer_id = \(performer)
            and id >= \(StepTiming.ID.least(at: from))
            and started_at_ms >= \(from)
            and started_at_ms < \(range.to ?? .latest)
            group by procedure, step_no, step_code
            order by procedure, step_no, step_code
            """
        ) { columns in
            let (procedure, step, code) = (columns.text(), columns.integer(), columns.text())
            let (count, onTime, late, noStandard) = (columns.integer(), columns.integer(), columns.integer(), columns.integer())
            let (ended, sum, longest) = (columns.integer(), columns.integer(), columns.integer())
            return StepPerformance(
                procedure: procedure,
                step: step,
                stepCode: code,
                count: count,
                onTime: onTime,
                late: late,
                noStandard: noStandard,
                elapsed: ended == 0 ? nil : (mean: Int64(sum / ended), longest: Int64(longest))
            )
        }
    }

    func list(_ query: TimingQuery, visible: [Visibility]) throws(DomainError) -> Page<StepTiming> {
        guard let page = Self.page(of: query, visible: visible) else { return Page([], hasMore: false) }
        var statement: SQL = """
            select \(Self.columns)
            from (\(page)) as p
            cross join step_timing as t
            where t.id = p.id
            order by p.id 
            """
        statement.append(query.page.isAscending ? "asc" : "desc")
        return try connection.page(statement, limit: query.page.limit, Self.decode)
    }

    func count(_ query: TimingQuery, visible: [Visibility], most: Int) throws(DomainError) -> Int {
        var query = query
        query.page = PageRequest(limit: most)
        guard let page = Self.page(of: query, visible: visible) else { return 0 }
        return try connection.first("select count(*) from (\(page))") { columns in columns.integer() } ?? 0
    }

    private static func page(of query: TimingQuery, visible: [Visibility]) -> SQL? {
        let branches = visible.map { branch($0, query) }
        guard branches.count > 1 else { return branches.first }
        var joined = SQL.union(branches)
        joined.append(query.page.isAscending ? " order by id asc" : " order by id desc")
        joined.append(" limit \(query.page.limit + 1)")
        return joined
    }

    private static func branch(_ part: Visibility, _ query: TimingQuery) -> SQL {
        var statement: SQL = "select id from step_timing where true"
        switch part {
        case .all: break
        // A unit sees its consultations, but not the tickets and the work items of its people.
        case .unit(let id): statement.append(" and unit_id = \(id) and subject_type = 'consultation'")
        case .requester(let id), .officer(let id): statement.append(" and performer_id = \(id)")
        case .member: statement.append(" and false")
        }
        if let procedure = query.procedure {
            // Without the step the index by step would give its rows out of order, all to be sorted; the expression keeps it away.
            statement.append(query.stepNumber == nil ? " and procedure || '' = \(procedure)" : " and procedure = \(procedure)")
        }
        if let kind = query.subjectKind { statement.append(" and subject_type = \(kind)") }
        if let id = query.subjectID { statement.append(" and subject_id = \(id)") }
        if let number = query.stepNumber { statement.append(" and step_no = \(number)") }
        if let code = query.stepCode { statement.append(" and step_code = \(code)") }
        if let attempt = query.attempt { statement.append(" and attempt = \(attempt)") }
        if let id = query.performerID { statement.append(" and performer_id = \(id)") }
        if let role = query.role { statement.append(" and role = \(role)") }
        if let outcome = query.outcome { statement.append(" and outcome = \(outcome)") }
        if let verdict = query.verdict { statement.append(condition(verdict, at: query.now)) }
        if let from = query.started.from { statement.append(" and started_at_ms >= \(from)") }
        if let to = query.started.to { statement.append(" and started_at_ms < \(to)") }
        // An attempt is never stored before it starts, so that a bound on the start is one on the id, too.
        let bounds = (from: query.started.bounds(of: StepTiming.ID.self).from, to: String?.none)
        statement.appendPage(query.page, over: "id", created: bounds)
        return statement
    }

    private static func condition(_ verdict: StepTiming.Verdict, at now: Instant) -> SQL {
        switch verdict {
        case .onTime, .late, .noStandard: " and verdict = \(verdict)"
        // What pauses stands to its standard as it did when the pause began.
        case .running: " and verdict = 'running' and due_at_ms >= coalesce(paused_at_ms, \(now))"
        case .overdue: " and verdict = 'running' and due_at_ms < coalesce(paused_at_ms, \(now))"
        }
    }
}

extension Columns {
    /// The participant of a run; nil for the empty text that stands for none.
    mutating func participant() -> RunParticipant.ID? {
        let text = text()
        return text.isEmpty ? nil : RunParticipant.ID(stored: text)
    }
}
