extension Migration {
    /// The catalogue of procedures, step timings, consultations and their full-text index.
    static let cases = Migration(
        2,
        "cases",
        """
        create table procedure_version (
            code text not null,
            version integer not null constraint procedure_version_positive check (version > 0),
            number text,
            title_id text not null,
            title_en text not null,
            issuer text not null,
            effective_date text,
            document text not null,
            created_at_ms integer not null,
            constraint procedure_version_pk primary key (code, version)
        ) strict, without rowid;

        create table procedure_step (
            code text not null,
            version integer not null,
            no integer not null constraint procedure_step_no_positive check (no > 0),
            step_code text not null,
            role text not null,
            scope text not null,
            standard_ms integer constraint procedure_step_standard_positive check (standard_ms > 0),
            constraint procedure_step_pk primary key (code, version, no),
            constraint procedure_step_version_fk foreign key (code, version) references procedure_version (code, version)
        ) strict, without rowid;

        create table number_sequence (
            kind text not null,
            year integer not null,
            last integer not null,
            constraint number_sequence_pk primary key (kind, year)
        ) strict, without rowid;

        create table step_timing (
            id text not null constraint step_timing_pk primary key,
            procedure text not null,
            procedure_version integer not null,
            subject_type text not null,
            subject_id text not null,
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
            constraint step_timing_attempt_unique unique (subject_id, step_no, attempt),
            constraint step_timing_finished_whole check ((finished_at_ms is null) = (elapsed_ms is null))
        ) strict, without rowid;
        create index step_timing_by_unit on step_timing (unit_id, id);
        create index step_timing_by_performer on step_timing (performer_id, id);
        create index step_timing_by_step on step_timing (procedure, step_no, id);
        create index step_timing_running on step_timing (id) where verdict = 'running';

        create table consultation (
            row integer primary key,
            id text not null constraint consultation_id_unique unique,
            number text not null constraint consultation_number_unique unique,
            state text not null constraint consultation_state_known check (state in
                ('draft', 'submitted', 'assigned', 'in_verification', 'verified', 'answered', 'closed', 'withdrawn')),
            unit_id text not null constraint consultation_unit_fk references unit (id),
            requester_id text not null constraint consultation_requester_fk references user_account (id),
            officer_id text constraint consultation_officer_fk references user_account (id),
            subject text not null,
            detail text not null,
            topic text constraint consultation_topic_known check (topic in ('compliance', 'risk_management')),
            plan text,
            answer text,
            created_at_ms integer not null,
            updated_at_ms integer not null,
            closed_at_ms integer,
            version integer not null constraint consultation_version_positive check (version > 0),
            procedure_version integer not null,
            timing_id text not null constraint consultation_timing_fk references step_timing (id)
        ) strict;
        create index consultation_by_state on consultation (state, id);
        create index consultation_by_unit on consultation (unit_id, id);
        create index consultation_by_unit_and_state on consultation (unit_id, state, id);
        create index consultation_by_officer on consultation (officer_id, state, id);
        create index consultation_by_requester on consultation (requester_id, id);

        -- The answer is indexed once it is delivered, so that no search finds a case by a text its reader may not see.
        -- The repository keeps the index: a trigger may not write a virtual table while the schema is not trusted.
        create view consultation_text_source as
            select row, id, number, subject, detail, case when state in ('answered', 'closed') then answer end as answer from consultation;
        create virtual table consultation_text using fts5 (
            number, subject, detail, answer,
            content = 'consultation_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        """
    )
}
