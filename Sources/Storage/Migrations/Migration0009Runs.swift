extension Migration {
    /// Runs of procedures, what they need of the catalogue, and the participant in a step timing.
    static let runs = Migration(
        9,
        "runs",
        """
        alter table procedure_version add column takes_implied_decisions integer not null default 0;

        alter table procedure_version add column roles text not null default '';
        update procedure_version
        set roles = coalesce((select group_concat(r.value ->> '$.code', ' ') from json_each(document, '$.roles') as r), '');

        alter table procedure_step add column title_id text not null default '';
        alter table procedure_step add column title_en text not null default '';
        alter table procedure_step add column parallel_roles text not null default '';
        alter table procedure_step add column checklist_count integer not null default 0;
        alter table procedure_step add column decision_yes integer;
        alter table procedure_step add column decision_no integer;
        alter table procedure_step add column implied_yes integer;
        alter table procedure_step add column implied_no integer;
        -- The documents have it all; where a decision leads to the end, 0 stands for it.
        update procedure_step
        set (title_id, title_en, checklist_count, decision_yes, decision_no, implied_yes, implied_no) = (
            select s.value ->> '$.title.id', s.value ->> '$.title.en', coalesce(json_array_length(s.value, '$.checklist'), 0),
                iif(s.value ->> '$.decision.yes.goto' = 'end', 0, s.value ->> '$.decision.yes.goto'),
                iif(s.value ->> '$.decision.no.goto' = 'end', 0, s.value ->> '$.decision.no.goto'),
                iif(s.value ->> '$.implied_decision.yes.goto' = 'end', 0, s.value ->> '$.implied_decision.yes.goto'),
                iif(s.value ->> '$.implied_decision.no.goto' = 'end', 0, s.value ->> '$.implied_decision.no.goto')
            from procedure_version as v
            join json_each(v.document, '$.steps') as s
            where v.code = procedure_step.code
            and v.version = procedure_step.version
            and s.value ->> '$.no' = procedure_step.no
        );

        -- A step that each participant does has a timing for each, so that the unique constraint changes and the table is made anew. The
        -- references to it are checked at the commit; the indexes on them keep the filling from a search through every case for each row.
        pragma defer_foreign_keys = on;
        create index consultation_by_timing on consultation (timing_id);
        create index workspace_item_by_timing on workspace_item (timing_id);
        create index ticket_by_timing on ticket (timing_id);
        create table step_timing_before as select * from step_timing;
        drop table step_timing;
        create table step_timing (
            id text not null constraint step_timing_pk primary key,
            procedure text not null,
            procedure_version integer not null,
            subject_type text not null,
            subject_id text not null,
            participant_id text not null,
            unit_id text not null,
            step_no integer not null,
            step_code text not null,
            role text not null,
            attempt integer not null constraint step_timing_attempt_positive check (attempt > 0),
            performer_id text,
            started_at_ms integer not null,
            finished_at_ms integer,
            elapsed_ms integer constraint step_timing_elapsed_not_negative check (elapsed_ms >= 0),
            standard_ms integer,
            due_at_ms integer,
            outcome text,
            verdict text not null constraint step_timing_verdict_known
                check (verdict in ('running', 'on_time', 'late', 'no_standard')),
            constraint step_timing_attempt_unique unique (subject_id, step_no, participant_id, attempt),
            constraint step_timing_finished_whole check ((finished_at_ms is null) = (elapsed_ms is null))
        ) strict, without rowid;
        insert into step_timing
        select id, procedure, procedure_version, subject_type, subject_id, '', unit_id, step_no, step_code, role, attempt, performer_id,
            started_at_ms, finished_at_ms, elapsed_ms, standard_ms, due_at_ms, outcome, verdict
        from step_timing_before
        order by id;
        drop table step_timing_before;
        drop index consultation_by_timing;
        drop index workspace_item_by_timing;
        drop index ticket_by_timing;
        create index step_timing_by_unit on step_timing (unit_id, id);
        create index step_timing_by_performer on step_timing (performer_id, id);
        create index step_timing_by_step on step_timing (procedure, step_no, id);
        create index step_timing_running on step_timing (id) where verdict = 'running';

        create table procedure_run (
            row integer primary key,
            id text not null constraint procedure_run_id_unique unique,
            number text not null constraint procedure_run_number_unique unique,
            state text not null constraint procedure_run_state_known check (state in ('running', 'completed', 'cancelled')),
            unit_id text not null constraint procedure_run_unit_fk references unit (id),
            requester_id text not null constraint procedure_run_requester_fk references user_account (id),
            officer_id text constraint procedure_run_officer_fk references user_account (id),
            created_at_ms integer not null,
            updated_at_ms integer not null,
            closed_at_ms integer,
            version integer not null constraint procedure_run_version_positive check (version > 0),
            procedure_version integer not null,
            timing_id text constraint procedure_run_timing_fk references step_timing (id),
            step_no integer,
            step_code text,
            step_attempt integer,
            step_started_at_ms integer,
            step_finished_at_ms integer,
            step_elapsed_ms integer,
            step_standard_ms integer,
            step_due_at_ms integer,
            procedure text not null,
            title text not null,
            constraint procedure_run_procedure_fk foreign key (procedure, procedure_version) references procedure_version (code, version)
        ) strict;
        create index procedure_run_by_state on procedure_run (state, id);
        create index procedure_run_by_unit on procedure_run (unit_id, id);
        create index procedure_run_by_officer on procedure_run (officer_id, state, id);
        create index procedure_run_by_requester on procedure_run (requester_id, id);
        create index procedure_run_by_procedure on procedure_run (procedure, id);
        -- Who takes part in a run changes with it: it is asked of `case_member`, not of the index.
        create view procedure_run_text_source as
            select row, id, number, title, '' as sight from procedure_run;
        create virtual table procedure_run_text using fts5 (
            number, title, sight,
            content = 'procedure_run_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
        );

        -- Who sees a case because he or his unit has a part in it, in the order in which lists are read.
        create table case_member (
            member_id text not null,
            case_id text not null,
            constraint case_member_pk primary key (member_id, case_id)
        ) strict, without rowid;

        create table run_assignment (
            run_id text not null constraint run_assignment_run_fk references procedure_run (id),
            role text not null,
            user_id text not null constraint run_assignment_user_fk references user_account (id),
            constraint run_assignment_pk primary key (run_id, role, user_id)
        ) strict, without rowid;

        create table run_participant (
            run_id text not null constraint run_participant_run_fk references procedure_run (id),
            id text not null,
            name text not null,
            user_id text constraint run_participant_user_fk references user_account (id),
            unit_id text constraint run_participant_unit_fk references unit (id),
            constraint run_participant_pk primary key (run_id, id)
        ) strict, without rowid;

        -- What each performer left of an attempt; the attempt itself is a step timing.
        create table run_completion (
            run_id text not null constraint run_completion_run_fk references procedure_run (id),
            timing_id text not null constraint run_completion_timing_fk references step_timing (id),
            performer_id text not null,
            user_id text not null constraint run_completion_user_fk references user_account (id),
            is_stand_in integer not null,
            finished_at_ms integer not null,
            decision integer,
            note text,
            outputs text not null,
            checklist text not null,
            constraint run_completion_pk primary key (run_id, timing_id, performer_id)
        ) strict, without rowid;

        create table run_dimension (
            run_id text not null constraint run_dimension_run_fk references procedure_run (id),
            place integer not null,
            code text not null,
            title text not null,
            weight integer not null constraint run_dimension_weight_positive check (weight > 0),
            maximum integer not null constraint run_dimension_maximum_positive check (maximum > 0),
            constraint run_dimension_pk primary key (run_id, place),
            constraint run_dimension_code_unique unique (run_id, code)
        ) strict, without rowid;

        create table run_indicator (
            run_id text not null constraint run_indicator_run_fk references procedure_run (id),
            place integer not null,
            dimension text not null,
            code text not null,
            title text not null,
            constraint run_indicator_pk primary key (run_id, place),
            constraint run_indicator_code_unique unique (run_id, code)
        ) strict, without rowid;

        create table run_answer (
            run_id text not null,
            timing_id text not null,
            performer_id text not null,
            indicator text not null,
            answer text not null,
            evidence text not null,
            constraint run_answer_pk primary key (run_id, timing_id, performer_id, indicator),
            constraint run_answer_completion_fk foreign key (run_id, timing_id, performer_id)
                references run_completion (run_id, timing_id, performer_id)
        ) strict, without rowid;

        create table run_score (
            run_id text not null,
            timing_id text not null,
            performer_id text not null,
            dimension text not null,
            score integer not null constraint run_score_not_negative check (score >= 0),
            constraint run_score_pk primary key (run_id, timing_id, performer_id, dimension),
            constraint run_score_completion_fk foreign key (run_id, timing_id, performer_id)
                references run_completion (run_id, timing_id, performer_id)
        ) strict, without rowid;
        """
    )
}
