import Domain

/// The pauses of attempts.
struct SQLPauses: PauseRepository {
    let connection: any Connection
    let timings: SQLTimings

    func begin(_ pause: StepPause, of timing: StepTiming.ID) throws(DomainError) {
        try timings.storeHeld(timing)
        // A pause that begins in the millisecond in which the last one ended goes on with it.
        try connection.execute(
            """
            insert into step_pause (timing_id, started_at_ms, owner_id, reason)
            values (\(timing), \(pause.startedAt), \(pause.ownerID), \(pause.reason))
            on conflict (timing_id, started_at_ms) do update
            set ended_at_ms = null, ended_by_id = null, note = null, owner_id = excluded.owner_id, reason = excluded.reason
            """
        )
    }

    func end(of timing: StepTiming.ID, at now: Instant, by user: User.ID, note: String?) throws(DomainError) {
        try connection.execute(
            """
            update step_pause
            set ended_at_ms = \(now), ended_by_id = \(user), note = \(note)
            where timing_id = \(timing)
            and ended_at_ms is null
            """
        )
        guard connection.changes == 1 else { throw .fault("step timing \(timing) has no pause to end") }
    }

    func update(_ clock: StepClock) throws(DomainError) {
        try connection.execute(
            """
            update step_timing
            set due_at_ms = \(clock.dueAt), paused_ms = \(clock.paused), paused_at_ms = \(clock.pausedAt)
            where id = \(clock.timingID)
            """
        )
    }

    func list(of timing: StepTiming.ID) throws(DomainError) -> [StepPause] {
        try connection.all(
            """
            select started_at_ms, ended_at_ms, owner_id, reason, ended_by_id, note
            from step_pause
            where timing_id = \(timing)
            order by started_at_ms
            """
        ) { columns in
            StepPause(
                startedAt: columns.instant(),
                endedAt: columns.optionalInstant(),
                ownerID: columns.identifier(),
                reason: columns.text(),
                endedByID: columns.optionalIdentifier(),
                note: columns.optionalText()
            )
        }
    }
}
