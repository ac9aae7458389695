extension Migration {
    /// The clock on the row of its case, workspace items with their progress, and tickets.
    static let caseKinds = Migration(
        4,
        "case kinds",
        """
        drop view consultation_text_source;
        alter table consultation rename to consultation_before;
        drop index consultation_by_state;
        drop index consultation_by_unit;
        drop index consultation_by_unit_and_state;
        drop index consultation_by_officer;
        drop index consultation_by_requester;

        create table consultation (
            row integer primary key,
            id text not null constraint consultation_id_unique unique,
            number text not null constraint consultation_number_unique unique,
            state text not null constraint consultation_state_known check (state in
                ('draft', 'submitted', 'assigned', 'in_verification', 'verified', 'answered', 'closed', 'withdrawn')),
            unit_id text not null constraint consultation_unit_fk references unit (id),
            requester_id text not null constraint consultation_requester_fk references user_account (id),
            officer_id text constraint consultation_officer_fk references user_account (id),
            created_at_ms integer not null,
            updated_at_ms integer not null,
            closed_at_ms integer,
            version integer not null constraint consultation_version_positive check (version > 0),
            procedure_version integer not null,
            timing_id text constraint consultation_timing_fk references step_timing (id),
            step_no integer,
            step_code text,
            step_attempt integer,
            step_started_at_ms integer,
            step_finished_at_ms integer,
            step_elapsed_ms integer,
            step_standard_ms integer,
            step_due_at_ms integer,
            topic text constraint consultation_topic_known check (topic in ('compliance', 'risk_management')),
            subject text not null,
            detail text not null,
            plan text,
            answer text
        ) strict;
        insert into consultation
        select c.row, c.id, c.number, c.state, c.unit_id, c.requester_id, c.officer_id, c.created_at_ms, c.updated_at_ms, c.closed_at_ms,
            c.version, c.procedure_version, c.timing_id, t.step_no, t.step_code, t.attempt, t.started_at_ms, t.finished_at_ms, t.elapsed_ms,
            t.standard_ms, t.due_at_ms, c.topic, c.subject, c.detail, c.plan, c.answer
        from consultation_before as c
        join step_timing as t on t.id = c.timing_id;
        drop table consultation_before;
        create index consultation_by_state on consultation (state, id);
        create index consultation_by_unit on consultation (unit_id, id);
        create index consultation_by_unit_and_state on consultation (unit_id, state, id);
        create index consultation_by_officer on consultation (officer_id, state, id);
        create index consultation_by_requester on consultation (requester_id, id);
        create view consultation_text_source as
            select row, id, number, subject, detail, case when state in ('answered', 'closed') then answer end as answer from consultation;

        create table workspace_item (
            row integer primary key,
            id text not null constraint workspace_item_id_unique unique,
            number text not null constraint workspace_item_number_unique unique,
            state text not null constraint workspace_item_state_known check (state in
                ('draft', 'assigned', 'in_verification', 'verified', 'in_progress', 'completed', 'cancelled')),
            unit_id text not null constraint workspace_item_unit_fk references unit (id),
            requester_id text not null constraint workspace_item_requester_fk references user_account (id),
            officer_id text constraint workspace_item_officer_fk references user_account (id),
            created_at_ms integer not null,
            updated_at_ms integer not null,
            closed_at_ms integer,
            version integer not null constraint workspace_item_version_positive check (version > 0),
            procedure_version integer not null,
            timing_id text constraint workspace_item_timing_fk references step_timing (id),
            step_no integer,
            step_code text,
            step_attempt integer,
            step_started_at_ms integer,
            step_finished_at_ms integer,
            step_elapsed_ms integer,
            step_standard_ms integer,
            step_due_at_ms integer,
            priority text not null constraint workspace_item_priority_known check (priority in ('low', 'normal', 'high')),
            target_date text,
            percent integer not null constraint workspace_item_percent_whole check (percent between 0 and 100),
            title text not null,
            description text not null,
            result text
        ) strict;
        create index workspace_item_by_state on workspace_item (state, id);
        create index workspace_item_by_unit on workspace_item (unit_id, id);
        create index workspace_item_by_officer on workspace_item (officer_id, state, id);
        create index workspace_item_by_requester on workspace_item (requester_id, id);
        create index workspace_item_by_priority on workspace_item (priority, id);
        create view workspace_item_text_source as
            select row, id, number, title, description, result from workspace_item;
        create virtual table workspace_item_text using fts5 (
            number, title, description, result,
            content = 'workspace_item_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );

        create table workspace_progress (
            item_id text not null constraint workspace_progress_item_fk references workspace_item (id),
            version integer not null,
            percent integer not null constraint workspace_progress_percent_whole check (percent between 0 and 100),
            note text not null,
            user_id text not null constraint workspace_progress_user_fk references user_account (id),
            created_at_ms integer not null,
            constraint workspace_progress_pk primary key (item_id, version)
        ) strict, without rowid;

        create table ticket (
            row integer primary key,
            id text not null constraint ticket_id_unique unique,
            number text not null constraint ticket_number_unique unique,
            state text not null constraint ticket_state_known check (state in
                ('draft', 'submitted', 'assigned', 'in_progress', 'awaiting_check', 'resolved', 'reported', 'registered', 'disposed',
                'examined', 'classified', 'verified', 'prioritised', 'considered', 'approved', 'closed', 'rejected', 'cancelled')),
            unit_id text not null constraint ticket_unit_fk references unit (id),
            requester_id text not null constraint ticket_requester_fk references user_account (id),
            officer_id text constraint ticket_officer_fk references user_account (id),
            created_at_ms integer not null,
            updated_at_ms integer not null,
            closed_at_ms integer,
            version integer not null constraint ticket_version_positive check (version > 0),
            procedure_version integer not null,
            timing_id text constraint ticket_timing_fk references step_timing (id),
            step_no integer,
            step_code text,
            step_attempt integer,
            step_started_at_ms integer,
            step_finished_at_ms integer,
            step_elapsed_ms integer,
            step_standard_ms integer,
            step_due_at_ms integer,
            kind text not null constraint ticket_kind_known check (kind in ('complaint', 'service_request')),
            category text constraint ticket_category_known check (category in
                ('hardware', 'software', 'network', 'access_rights', 'data', 'other')),
            urgency text constraint ticket_urgency_known check (urgency in ('low', 'medium', 'high')),
            priority text constraint ticket_priority_known check (priority in ('low', 'medium', 'high', 'critical')),
            applicant_name text not null,
            applicant_nip text,
            problem text not null,
            handling_so_far text,
            plan text,
            result text,
            summary text,
            instruction text,
            findings text,
            recommendation text
        ) strict;
        create index ticket_by_state on ticket (state, id);
        create index ticket_by_unit on ticket (unit_id, id);
        create index ticket_by_officer on ticket (officer_id, state, id);
        create index ticket_by_requester on ticket (requester_id, id);
        create index ticket_by_kind on ticket (kind, state, id);
        create index ticket_by_priority on ticket (priority, id);
        create view ticket_text_source as
            select row, id, number, problem, handling_so_far, result, summary from ticket;
        create virtual table ticket_text using fts5 (
            number, problem, handling_so_far, result, summary,
            content = 'ticket_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        """
    )
}
