import Domain

/// The schedules of procedures, and the periods whose time has come.
struct SQLSchedules: ScheduleRepository {
    let connection: any Connection

    func find(_ procedure: String) throws(DomainError) -> ProcedureSchedule? {
        let steps = try connection.all(
            "select step_no, every, unit, starts_on from procedure_schedule_step where procedure = \(procedure) order by step_no"
        ) { columns throws(DomainError) in
            ProcedureSchedule.Step(
                number: columns.integer(),
                recurrence: Recurrence(every: columns.integer(), unit: try columns.choice()),
                startsOn: try columns.date()
            )
        }
        let assignments = try connection.all(
            "select role, user_id from procedure_schedule_assignment where procedure = \(procedure) order by role, user_id"
        ) { columns in RunAssignment(role: columns.text(), userID: columns.identifier()) }
        return try connection.first(
            "select is_active, unit_id, owner_id, version from procedure_schedule where procedure = \(procedure)"
        ) { columns in
            ProcedureSchedule(
                procedure: procedure,
                isActive: columns.flag(),
                unitID: columns.identifier(),
                ownerID: columns.identifier(),
                assignments: assignments,
                steps: steps,
                version: columns.integer()
            )
        }
    }

    func store(_ schedule: ProcedureSchedule, at now: Instant) throws(DomainError) {
        let next = schedule.isActive ? Instant(milliseconds: 0) : nil
        try connection.execute(
            """
            insert into procedure_schedule (procedure, version, is_active, unit_id, owner_id, updated_at_ms, next_look_ms)
            values (
                \(schedule.procedure), \(schedule.version), \(schedule.isActive), \(schedule.unitID), \(schedule.ownerID), \(now), \(next)
            )
            on conflict (procedure) do update
            set version = excluded.version, is_active = excluded.is_active, unit_id = excluded.unit_id, owner_id = excluded.owner_id,
                updated_at_ms = excluded.updated_at_ms, next_look_ms = excluded.next_look_ms
            """
        )
        try connection.execute("delete from procedure_schedule_step where procedure = \(schedule.procedure)")
        for step in schedule.steps {
            try connection.execute(
                """
                insert into procedure_schedule_step (procedure, step_no, every, unit, starts_on)
                values (
                    \(schedule.procedure), \(step.number), \(step.recurrence.every), \(step.recurrence.unit), \(step.startsOn.description)
                )
                """
            )
        }
        try connection.execute("delete from procedure_schedule_assignment where procedure = \(schedule.procedure)")
        for assignment in schedule.assignments {
            try connection.execute(
                """
                insert into procedure_schedule_assignment (procedure, role, user_id)
                values (\(schedule.procedure), \(assignment.role), \(assignment.userID))
                """
            )
        }
    }

    func nextLook() throws(DomainError) -> Instant? {
        try connection.first(
            """
            select next_look_ms
            from procedure_schedule
            where next_look_ms is not null
            order by next_look_ms
            limit 1
            """
        ) { columns in columns.instant() }
    }

    func due(at now: Instant) throws(DomainError) -> [String] {
        try connection.all(
            """
            select procedure
            from procedure_schedule
            where next_look_ms is not null
            and next_look_ms <= \(now)
            order by next_look_ms, procedure
            """
        ) { columns in columns.text() }
    }

    func lookAgain(at next: Instant?, at procedure: String) throws(DomainError) {
        try connection.execute("update procedure_schedule set next_look_ms = \(next) where procedure = \(procedure)")
    }

    func lastPeriod(of step: Int, in procedure: String) throws(DomainError) -> Recurrence.Period? {
        // The last that ends, not the last that began: how often a step is done may have changed between.
        try connection.first(
            """
            select first_on, last_on
            from procedure_occasion
            where procedure = \(procedure)
            and step_no = \(step)
            order by last_on desc
            limit 1
            """
        ) { columns throws(DomainError) in Recurrence.Period(first: try columns.date(), last: try columns.date()) }
    }

    func insert(_ occasion: Occasion, in procedure: String) throws(DomainError) -> Bool {
        try connection.execute(
            """
            insert into procedure_occasion (procedure, step_no, first_on, last_on, due_at_ms, closes_at_ms)
            values (
                \(procedure), \(occasion.step), \(occasion.period.first.description), \(occasion.period.last.description),
                \(occasion.dueAt), \(occasion.closesAt)
            )
            on conflict (procedure, step_no, first_on) do nothing
            """
        )
        return connection.changes == 1
    }

    func attach(_ run: ProcedureRun.ID, to occasion: Occasion, in procedure: String) throws(DomainError) {
        try connection.execute(
            """
            update procedure_occasion
            set run_id = \(run)
            where procedure = \(procedure)
            and step_no = \(occasion.step)
            and first_on = \(occasion.period.first.description)
            """
        )
    }

    func occasions(of step: Int, in procedure: String, limit: Int) throws(DomainError) -> [Occasion] {
        try connection.all(
            """
            select o.first_on, o.last_on, o.due_at_ms, o.closes_at_ms, o.run_id, r.created_at_ms, r.closed_at_ms, r.state
            from procedure_occasion as o
            left join procedure_run as r on r.id = o.run_id
            where o.procedure = \(procedure)
            and o.step_no = \(step)
            order by o.first_on desc
            limit \(limit)
            """
        ) { columns throws(DomainError) in
            Occasion(
                step: step,
                period: Recurrence.Period(first: try columns.date(), last: try columns.date()),
                dueAt: columns.instant(),
                closesAt: columns.instant(),
                runID: columns.optionalIdentifier(),
                openedAt: columns.optionalInstant(),
                finishedAt: columns.optionalInstant(),
                runState: try columns.optionalChoice()
            )
        }
    }
}

extension Columns {
    fileprivate mutating func date() throws(DomainError) -> CivilDate {
        let text = text()
        guard let date = CivilDate(text) else { throw .fault("a stored date reads \(text)") }
        return date
    }

    /// How often a step is done; nil when nothing says.
    mutating func recurrence() throws(DomainError) -> Recurrence? {
        let (every, unit) = (optionalInteger(), try optionalChoice(Recurrence.Unit.self))
        guard let every, let unit else { return nil }
        return Recurrence(every: every, unit: unit)
    }
}
