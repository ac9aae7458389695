import Domain

/// How all cases stand: the open ones counted in their indexes, the past as it was tallied.
struct SQLOverview: OverviewRepository {
    let connection: any Connection
    let known: KnownLoads

    /// When a case `c` is due: the greatest number while no clock with a standard runs. The indexes hold this very expression.
    private static let due: SQLFragment =
        "coalesce(case when c.step_finished_at_ms is null then c.step_due_at_ms end, 9223372036854775807)"

    func open(_ kind: CaseKind, at now: Instant, endOfDay: Instant) throws(DomainError) -> [Overview.Part] {
        let version = try connection.contentVersion
        if let parts = known.parts(of: kind, at: now, endOfDay: endOfDay, version) { return parts }
        let counted = try count(kind, at: now, endOfDay: endOfDay)
        if let version {
            known.keep(counted.parts, of: kind, since: now, until: counted.nextDue, endOfDay: endOfDay, version)
        }
        return counted.parts
    }

    /// Counts the open cases; `nextDue` is when the first of them comes due, from which on the counts are others.
    private func count(
        _ kind: CaseKind,
        at now: Instant,
        endOfDay: Instant
    ) throws(DomainError) -> (parts: [Overview.Part], nextDue: Instant) {
        let table = kind.table
        // The index by officer gives each group by itself and, within it, what is due before a moment.
        let group: SQL = """
            from \(table) as c where c.closed_at_ms is null and c.officer_id is p.officer_id and c.state = p.state
            """
        let statement: SQL = """
            select p.officer_id, p.state, p.open,
                (select count(*) \(group) and \(Self.due) < \(now)),
                (select count(*) \(group) and \(Self.due) >= \(now) and \(Self.due) < \(endOfDay)),
                (select \(Self.due) \(group) and \(Self.due) >= \(now) order by \(Self.due) limit 1)
            from (
                select officer_id, state, count(*) as open
                from \(table)
                where closed_at_ms is null
                group by officer_id, state
            ) as p
            """
        let paused = try paused(kind, at: now, endOfDay: endOfDay)
        var nextDue = Instant.latest
        let parts = try connection.all(statement) { columns in
            let (officer, state): (User.ID?, String) = (columns.optionalIdentifier(), columns.text())
            var load = Overview.Load(open: columns.integer(), overdue: columns.integer(), dueToday: columns.integer())
            for part in paused where part.officerID == officer && part.state == state {
                load.overdue -= part.load.overdue
                load.dueToday -= part.load.dueToday
            }
            if let due = columns.optionalInstant() { nextDue = min(nextDue, due) }
            return Overview.Part(kind: kind, state: state, officerID: officer, load: load)
        }
        return (parts, nextDue)
    }

    /// The cases that come due by their index alone: what pauses stands to its standard as it did when the pause began.
    private func paused(_ kind: CaseKind, at now: Instant, endOfDay: Instant) throws(DomainError) -> [Overview.Part] {
        // The index over attempts that have paused holds few.
        try connection.all(
            """
            select c.officer_id, c.state, sum(t.due_at_ms < \(now)), sum(t.due_at_ms >= \(now) and t.due_at_ms < \(endOfDay))
            from step_timing as t
            cross join \(kind.table) as c
            where t.elapsed_ms is null
            and t.paused_ms is not null
            and t.paused_at_ms <= t.due_at_ms
            and t.subject_type = \(kind)
            and c.id = t.subject_id
            and c.timing_id = t.id
            group by c.officer_id, c.state
            """
        ) { columns in
            let (officer, state): (User.ID?, String) = (columns.optionalIdentifier(), columns.text())
            let load = Overview.Load(open: 0, overdue: columns.integer(), dueToday: columns.integer())
            return Overview.Part(kind: kind, state: state, officerID: officer, load: load)
        }
    }

    func hours(since start: Instant) throws(DomainError) -> [Overview.Hour] {
        // What has a tally without being a case is not asked for.
        try connection.all(
            """
            select hour, subject_type, opened, closed, on_time, late
            from case_tally
            where hour >= \(start.milliseconds / SQLTally.hour)
            and subject_type in ('consultation', 'workspace_item', 'ticket', 'service_complaint', 'procedure_run')
            order by hour
            """
        ) { columns throws(DomainError) in
            Overview.Hour(
                start: Instant(milliseconds: Int64(columns.integer()) * SQLTally.hour),
                kind: try columns.choice(),
                opened: columns.integer(),
                closed: columns.integer(),
                onTime: columns.integer(),
                late: columns.integer()
            )
        }
    }

    func tallyFaults() throws(DomainError) -> Int {
        // What both say alike is there twice.
        let statement: SQL = """
            select count(*)
            from (
                select hour, subject_type
                from (
                    select hour, subject_type, opened, closed, on_time, late from case_tally
                    union all
                    select * from (\(SQLTally.truth)) as truth
                ) as both
                group by hour, subject_type, opened, closed, on_time, late
                having count(*) = 1
            ) as differing
            """
        return try connection.first(statement) { columns in columns.integer() } ?? 0
    }
}

/// The open cases as they were counted last, which many ask for at once whenever something has happened.
final class KnownLoads {
    private var version: Int64?
    private var kinds: [CaseKind: (parts: [Overview.Part], times: ClosedRange<Instant>, endOfDay: Instant)] = [:]

    /// What still holds of a kind: as long as nobody has changed the database, no case has come due and the day is the same.
    func parts(of kind: CaseKind, at now: Instant, endOfDay: Instant, _ version: Int64?) -> [Overview.Part]? {
        guard let version, version == self.version, let kept = kinds[kind], kept.times.contains(now), kept.endOfDay == endOfDay else {
            return nil
        }
        return kept.parts
    }

    /// Keeps what was counted in that version of the contents; `until` is not before `since`.
    func keep(
        _ parts: [Overview.Part],
        of kind: CaseKind,
        since: Instant,
        until: Instant,
        endOfDay: Instant,
        _ version: Int64
    ) {
        if version != self.version { (self.version, kinds) = (version, [:]) }
        kinds[kind] = (parts, since...max(since, until), endOfDay)
    }
}

/// What happened to the cases of each kind in each hour of UTC, of which the days of every zone of the calendar are made.
///
/// It is kept with the changes it counts, at the end of their transaction; `sikimr check` holds it against them.
struct SQLTally {
    let connection: any Connection

    static let hour: Int64 = 3_600_000

    /// The same, counted anew from the cases and the step timings.
    static let truth: SQL = """
        select hour, subject_type, sum(opened) as opened, sum(closed) as closed, sum(on_time) as on_time, sum(late) as late
        from (
            select created_at_ms / 3600000 as hour, 'consultation' as subject_type, count(*) as opened, 0 as closed, 0 as on_time, 0 as late
            from consultation group by 1
            union all
            select closed_at_ms / 3600000, 'consultation', 0, count(*), 0, 0 from consultation where closed_at_ms is not null group by 1
            union all
            select created_at_ms / 3600000, 'workspace_item', count(*), 0, 0, 0 from workspace_item group by 1
            union all
            select closed_at_ms / 3600000, 'workspace_item', 0, count(*), 0, 0 from workspace_item where closed_at_ms is not null group by 1
            union all
            select created_at_ms / 3600000, 'ticket', count(*), 0, 0, 0 from ticket group by 1
            union all
            select closed_at_ms / 3600000, 'ticket', 0, count(*), 0, 0 from ticket where closed_at_ms is not null group by 1
            union all
            select created_at_ms / 3600000, 'service_complaint', count(*), 0, 0, 0 from service_complaint group by 1
            union all
            select closed_at_ms / 3600000, 'service_complaint', 0, count(*), 0, 0 from service_complaint where closed_at_ms is not null group by 1
            union all
            select created_at_ms / 3600000, 'procedure_run', count(*), 0, 0, 0 from procedure_run group by 1
            union all
            select closed_at_ms / 3600000, 'procedure_run', 0, count(*), 0, 0 from procedure_run where closed_at_ms is not null group by 1
            union all
            select finished_at_ms / 3600000, subject_type, 0, 0,
                count(*) filter (where verdict = 'on_time'), count(*) filter (where verdict = 'late')
            from step_timing where verdict in ('on_time', 'late') group by 1, 2
        ) as part
        group by hour, subject_type
        """

    func addOpened(_ kind: CaseKind, at time: Instant) { add(kind.rawValue, time, opened: 1) }

    func addClosed(_ kind: CaseKind, at time: Instant) { add(kind.rawValue, time, closed: 1) }

    /// Adds the verdict on an attempt that ended; one that has no standard, or runs, is not counted.
    func add(_ verdict: StepTiming.Verdict, to kind: String, at finishedAt: Instant?) {
        guard let finishedAt else { return }
        switch verdict {
        case .onTime: add(kind, finishedAt, onTime: 1)
        case .late: add(kind, finishedAt, late: 1)
        case .noStandard, .running, .overdue: break
        }
    }

    /// Notes what `store` adds.
    private func add(_ kind: String, _ time: Instant, opened: Int = 0, closed: Int = 0, onTime: Int = 0, late: Int = 0) {
        let place = NewTally.Place(hour: time.milliseconds / Self.hour, kind: kind)
        connection.notes.content.tally.sums[place, default: NewTally.Sums()]
            .add(NewTally.Sums(opened: opened, closed: closed, onTime: onTime, late: late))
    }

    /// Adds what was noted in the transaction, at its end: once for all bodies, as each addition costs as much as a change of a case.
    func store() throws(DomainError) {
        for (place, sums) in connection.notes.content.tally.sums {
            try connection.execute(
                """
                insert into case_tally (hour, subject_type, opened, closed, on_time, late)
                values (\(place.hour), \(place.kind), \(sums.opened), \(sums.closed), \(sums.onTime), \(sums.late))
                on conflict (hour, subject_type) do update
                set opened = case_tally.opened + excluded.opened, closed = case_tally.closed + excluded.closed,
                    on_time = case_tally.on_time + excluded.on_time, late = case_tally.late + excluded.late
                """
            )
        }
        connection.notes.content.tally.sums = [:]
    }

    /// Makes it anew from what it counts, which has in it what is noted.
    func rebuild() throws(DomainError) {
        connection.notes.content.tally.sums = [:]
        try connection.execute("delete from case_tally")
        try connection.execute("insert into case_tally (hour, subject_type, opened, closed, on_time, late) \(Self.truth)")
    }
}
