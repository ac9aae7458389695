extension Migration {
    /// For whom the open steps of runs wait, by when they are due.
    static let runInbox = Migration(
        17,
        "run_inbox",
        """
        create table run_waiting (
            timing_id text not null constraint run_waiting_timing_fk references step_timing (id),
            member_id text not null,
            due_ms integer not null,
            run_id text not null constraint run_waiting_run_fk references procedure_run (id),
            constraint run_waiting_pk primary key (timing_id, member_id)
        ) strict, without rowid;

        insert or ignore into run_waiting (timing_id, member_id, due_ms, run_id)
        select open.timing_id, open.member_id, open.due_ms, open.run_id
        from (
            select t.id as timing_id, t.subject_id as run_id, coalesce(t.due_at_ms, 9223372036854775807) as due_ms,
                coalesce(p.user_id, p.unit_id, (
                    select min(a.user_id) from run_assignment as a where a.run_id = r.id and a.role = t.role
                ), r.requester_id) as member_id
            from procedure_run as r
            join step_timing as t on t.subject_id = r.id and t.finished_at_ms is null
            join procedure_step as s on s.code = r.procedure and s.version = r.procedure_version and s.no = t.step_no
            join run_participant as p on p.run_id = r.id and p.id = t.participant_id
            where s.scope = 'participant'
            and s.role = (
                select f.role from procedure_step as f
                where f.code = s.code and f.version = s.version and f.scope = 'participant' order by f.no limit 1
            )
            union all
            select t.id, t.subject_id, coalesce(t.due_at_ms, 9223372036854775807), a.user_id
            from procedure_run as r
            join step_timing as t on t.subject_id = r.id and t.finished_at_ms is null
            join procedure_step as s on s.code = r.procedure and s.version = r.procedure_version and s.no = t.step_no
            join run_assignment as a on a.run_id = r.id
            where instr(' ' || s.parallel_roles || ' ', ' ' || a.role || ' ') > 0
            or (a.role = s.role and not (s.scope = 'participant' and s.role = (
                select f.role from procedure_step as f
                where f.code = s.code and f.version = s.version and f.scope = 'participant' order by f.no limit 1
            )))
        ) as open
        where not exists (
            select 1 from run_completion as c
            where c.run_id = open.run_id and c.timing_id = open.timing_id and c.performer_id = open.member_id
        );
        create index run_waiting_by_member on run_waiting (member_id, due_ms, timing_id, run_id);

        create trigger run_waiting_due_moved after update of due_at_ms on step_timing
        when new.subject_type = 'procedure_run' and new.due_at_ms is not old.due_at_ms begin
            update run_waiting set due_ms = coalesce(new.due_at_ms, 9223372036854775807) where timing_id = new.id;
        end;
        """
    )
}
