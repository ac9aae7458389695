extension Migration {
    /// How often steps are done, which of them open by themselves, and every period whose time has come.
    static let schedules = Migration(
        15,
        "schedules",
        """
        alter table procedure_step add column recurs_every integer;
        alter table procedure_step add column recurs_unit text;
        update procedure_step
        set (recurs_every, recurs_unit) = (
            select s.value ->> '$.recurrence.every', s.value ->> '$.recurrence.unit'
            from procedure_version as v
            join json_each(v.document, '$.steps') as s
            where v.code = procedure_step.code
            and v.version = procedure_step.version
            and s.value ->> '$.no' = procedure_step.no
        );

        alter table procedure_run add column only_step integer;

        create table procedure_schedule (
            procedure text not null constraint procedure_schedule_pk primary key,
            version integer not null constraint procedure_schedule_version_positive check (version > 0),
            is_active integer not null,
            unit_id text not null constraint procedure_schedule_unit_fk references unit (id),
            owner_id text not null constraint procedure_schedule_owner_fk references user_account (id),
            updated_at_ms integer not null,
            next_look_ms integer
        ) strict, without rowid;
        create index procedure_schedule_next on procedure_schedule (next_look_ms) where next_look_ms is not null;

        create table procedure_schedule_step (
            procedure text not null constraint procedure_schedule_step_fk references procedure_schedule (procedure),
            step_no integer not null,
            every integer not null constraint procedure_schedule_step_every_positive check (every > 0),
            unit text not null constraint procedure_schedule_step_unit_known check (unit in ('day', 'week', 'month', 'year')),
            starts_on text not null,
            constraint procedure_schedule_step_pk primary key (procedure, step_no)
        ) strict, without rowid;

        create table procedure_schedule_assignment (
            procedure text not null constraint procedure_schedule_assignment_fk references procedure_schedule (procedure),
            role text not null,
            user_id text not null constraint procedure_schedule_assignment_user_fk references user_account (id),
            constraint procedure_schedule_assignment_pk primary key (procedure, role, user_id)
        ) strict, without rowid;

        -- The key is what makes a step open once in a period, whoever finds it due and how often.
        create table procedure_occasion (
            procedure text not null,
            step_no integer not null,
            first_on text not null,
            last_on text not null,
            due_at_ms integer not null,
            closes_at_ms integer not null,
            run_id text constraint procedure_occasion_run_fk references procedure_run (id),
            constraint procedure_occasion_pk primary key (procedure, step_no, first_on)
        ) strict, without rowid;

        -- A holiday more or less moves the first working day of a period.
        create trigger calendar_moves_schedules after update of mark on calendar_state begin
            update procedure_schedule set next_look_ms = 0 where is_active = 1;
        end;
        """
    )
}
