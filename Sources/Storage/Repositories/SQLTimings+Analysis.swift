import Domain

extension SQLTimings {
    func attempts(
        at procedure: String,
        started: TimeRange,
        visible: [Visibility]
    ) throws(DomainError) -> [ProcedureAnalysis.Attempt] {
        guard !visible.isEmpty else { return [] }
        var statement: SQL = """
            select t.subject_type, t.subject_id, t.participant_id, t.step_no, t.step_code, t.started_at_ms, t.finished_at_ms, t.elapsed_ms,
                coalesce(t.paused_ms, 0), t.standard_ms
            from step_timing as t
            where t.procedure = \(procedure)
            """
        statement.append(Self.sight(of: visible))
        // An attempt is never stored before it starts, so that a bound on the start is one on the id, which the index has.
        if let from = started.from {
            statement.append(" and t.id >= \(StepTiming.ID.least(at: from)) and t.started_at_ms >= \(from)")
        }
        if let to = started.to { statement.append(" and t.started_at_ms < \(to)") }
        return try connection.all(statement) { columns throws(DomainError) in
            ProcedureAnalysis.Attempt(
                subjectKind: try columns.choice(),
                subjectID: columns.text(),
                participantID: columns.participant(),
                stepNumber: columns.integer(),
                stepCode: columns.text(),
                startedAt: columns.instant(),
                finishedAt: columns.optionalInstant(),
                elapsed: columns.optionalInteger().map { Int64($0) },
                paused: Int64(columns.integer()),
                standard: columns.optionalInteger().map { Int64($0) }
            )
        }.sorted { $0.startedAt < $1.startedAt }
    }
}
