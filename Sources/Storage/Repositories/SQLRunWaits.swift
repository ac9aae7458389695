import Domain

/// For whom the open steps of runs wait: a row for each who has not done his part.
struct SQLRunWaits: RunWaitRepository {
    let connection: any Connection

    func list(_ members: [String], after place: InboxPlace?, limit: Int) throws(DomainError) -> [InboxEntry] {
        var branches: SQL = ""
        for (index, member) in members.enumerated() {
            if index > 0 { branches.append(" union ") }
            branches.append("select * from (select w.timing_id, w.due_ms, w.run_id from run_waiting as w where w.member_id = \(member)")
            if let place {
                branches.append(" and (w.due_ms, w.timing_id) > (\(place.due), \("\(StepTiming.idPrefix)_\(place.age)"))")
            }
            branches.append(" order by w.due_ms, w.timing_id limit \(limit))")
        }
        return try connection.all(
            """
            select p.due_ms, p.timing_id, p.run_id, r.version, r.unit_id,
                case when t.paused_at_ms is null then t.standard_ms end as standard
            from (\(branches)) as p
            cross join procedure_run as r
            cross join step_timing as t
            where r.id = p.run_id
            and t.id = p.timing_id
            order by p.due_ms, p.timing_id
            limit \(limit)
            """
        ) { columns in
            let due = Int64(columns.integer())
            let timing: StepTiming.ID = columns.identifier()
            return InboxEntry(
                kind: .procedureRun,
                id: columns.text(),
                version: columns.integer(),
                place: InboxPlace(due: due, age: String(timing.text.dropFirst(StepTiming.idPrefix.utf8.count + 1))),
                unitID: columns.identifier(),
                standard: columns.optionalInteger().map { Int64($0) },
                timingID: timing
            )
        }
    }

    func count(_ members: [String], most: Int) throws(DomainError) -> Int {
        let branches = members.map { member -> SQL in
            "select w.timing_id as id from run_waiting as w where w.member_id = \(member) limit \(most)"
        }
        return try connection.first("select count(*) from (select id from (\(SQL.union(branches))) limit \(most))") { columns in
            columns.integer()
        } ?? 0
    }

    /// Stores who waits at the tasks of a run that began or changed since `before`.
    func store(_ work: RunWork, before: [RunTask], of run: ProcedureRun.ID) throws(DomainError) {
        for (place, task) in work.tasks.enumerated() {
            if before.indices.contains(place) {
                let known = before[place]
                guard known.isOpen, !task.isOpen || known.completions.count != task.completions.count else { continue }
                try connection.execute("delete from run_waiting where timing_id = \(task.clock.timingID)")
            }
            for performer in work.waiting(on: task) {
                try connection.execute(
                    """
                    insert into run_waiting (timing_id, member_id, due_ms, run_id)
                    values (\(task.clock.timingID), \(performer.text), \(task.clock.dueAt?.milliseconds ?? InboxPlace.never), \(run))
                    """
                )
            }
        }
    }
}
