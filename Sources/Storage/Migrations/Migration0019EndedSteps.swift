extension Migration {
    /// What summaries over ended attempts read, step by step.
    static let endedSteps = Migration(
        19,
        "ended steps",
        """
        -- All that a summary asks of an attempt that ended: each step by itself and within it the starts in their order.
        drop index step_timing_ended;
        create index step_timing_ended on step_timing (
            procedure, step_no, step_code, started_at_ms, elapsed_ms, standard_ms, outcome, performer_id, unit_id, subject_type
        ) where elapsed_ms is not null;
        """
    )
}
