extension Migration {
    /// What summaries over ended attempts read, and pauses.
    static let timings = Migration(
        11,
        "timings",
        """
        -- All that a summary asks of an attempt that ended, in the order of the starts.
        create index step_timing_ended on step_timing (
            started_at_ms, procedure, step_no, step_code, elapsed_ms, standard_ms, verdict, outcome, subject_type, unit_id, performer_id
        ) where elapsed_ms is not null;

        -- The working time of the pauses that ended, null before the first; and since when it pauses, null while it runs.
        alter table step_timing add column paused_ms integer constraint step_timing_paused_not_negative check (paused_ms >= 0);
        alter table step_timing add column paused_at_ms integer;
        alter table consultation add column step_paused_ms integer;
        alter table consultation add column step_paused_at_ms integer;
        alter table workspace_item add column step_paused_ms integer;
        alter table workspace_item add column step_paused_at_ms integer;
        alter table ticket add column step_paused_ms integer;
        alter table ticket add column step_paused_at_ms integer;
        alter table procedure_run add column step_paused_ms integer;
        alter table procedure_run add column step_paused_at_ms integer;
        create index step_timing_paused on step_timing (id) where elapsed_ms is null and paused_ms is not null;

        create table step_pause (
            timing_id text not null constraint step_pause_timing_fk references step_timing (id),
            started_at_ms integer not null,
            ended_at_ms integer,
            owner_id text not null constraint step_pause_owner_fk references user_account (id),
            reason text not null,
            ended_by_id text constraint step_pause_ended_by_fk references user_account (id),
            note text,
            constraint step_pause_pk primary key (timing_id, started_at_ms),
            constraint step_pause_ordered check (ended_at_ms >= started_at_ms),
            constraint step_pause_ended_whole check ((ended_at_ms is null) = (ended_by_id is null))
        ) strict, without rowid;
        """
    )
}
