extension Migration {
    /// When each running step has its next notice, how many cases were opened, closed and on time in each hour, and runs by when they
    /// are due.
    static let live = Migration(
        14,
        "live",
        """
        alter table step_timing add column notices integer not null default 0
            constraint step_timing_notices_known check (notices between 0 and 2);
        alter table step_timing add column notice_at_ms integer;
        -- What runs already is looked at first.
        update step_timing set notice_at_ms = 0 where verdict = 'running';
        create index step_timing_notice on step_timing (notice_at_ms) where notice_at_ms is not null;
        -- Whoever moves the time when a step is due, or lets a stopped one run again, has its notices looked at anew.
        create trigger step_timing_due_moved after update of due_at_ms, paused_at_ms on step_timing
        when (new.due_at_ms is not old.due_at_ms or new.paused_at_ms is not old.paused_at_ms) and new.finished_at_ms is null begin
            update step_timing set notice_at_ms = 0 where id = new.id and notices < 2;
        end;

        create table case_tally (
            hour integer not null,
            subject_type text not null,
            opened integer not null,
            closed integer not null,
            on_time integer not null,
            late integer not null,
            constraint case_tally_pk primary key (hour, subject_type)
        ) strict, without rowid;
        insert into case_tally (hour, subject_type, opened, closed, on_time, late)
        select hour, subject_type, sum(opened), sum(closed), sum(on_time), sum(late)
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
            select created_at_ms / 3600000, 'procedure_run', count(*), 0, 0, 0 from procedure_run group by 1
            union all
            select closed_at_ms / 3600000, 'procedure_run', 0, count(*), 0, 0 from procedure_run where closed_at_ms is not null group by 1
            union all
            select finished_at_ms / 3600000, subject_type, 0, 0,
                count(*) filter (where verdict = 'on_time'), count(*) filter (where verdict = 'late')
            from step_timing where verdict in ('on_time', 'late') group by 1, 2
        ) as part
        group by hour, subject_type;

        create index procedure_run_waiting
            on procedure_run (state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index procedure_run_waiting_by_officer
            on procedure_run (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        """
    )
}
