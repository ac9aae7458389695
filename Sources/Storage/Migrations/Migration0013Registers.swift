extension Migration {
    /// The register of equipment, which tickets may name, topologies in all their versions, and service complaints.
    static let registers = Migration(
        13,
        "registers",
        """
        create table equipment (
            id text not null constraint equipment_pk primary key,
            kind text not null constraint equipment_kind_known check (kind in
                ('computer', 'laptop', 'printer', 'scanner', 'server', 'storage', 'network', 'ups', 'other')),
            brand text not null,
            model text,
            serial text not null,
            place text,
            unit_id text not null constraint equipment_unit_fk references unit (id),
            bought text,
            condition text not null constraint equipment_condition_known check (condition in
                ('good', 'fair', 'poor', 'broken', 'retired')),
            renewal_date text,
            created_at_ms integer not null,
            updated_at_ms integer not null,
            version integer not null constraint equipment_version_positive check (version > 0),
            constraint equipment_serial_unique unique (brand, serial)
        ) strict;
        create index equipment_by_unit on equipment (unit_id, id);
        create index equipment_by_kind on equipment (kind, id);
        create index equipment_by_condition on equipment (condition, id);
        create index equipment_renewed on equipment (id, renewal_date)
            where condition <> 'retired' and renewal_date is not null;

        alter table ticket add column equipment_id text constraint ticket_equipment_fk references equipment (id);
        create index ticket_by_equipment on ticket (equipment_id, id);

        create table topology (
            id text not null constraint topology_pk primary key,
            version integer not null constraint topology_version_positive check (version > 0),
            created_at_ms integer not null
        ) strict;

        create table topology_version (
            topology_id text not null constraint topology_version_topology_fk references topology (id),
            version integer not null,
            name text not null,
            description text,
            changed_by text not null constraint topology_version_changed_by_fk references user_account (id),
            created_at_ms integer not null,
            constraint topology_version_pk primary key (topology_id, version)
        ) strict, without rowid;

        create table topology_node (
            topology_id text not null,
            version integer not null,
            place integer not null,
            node_id text not null,
            label text not null,
            kind text not null constraint topology_node_kind_known check (kind in
                ('internet', 'firewall', 'router', 'switch', 'access_point', 'server', 'storage', 'computer', 'printer', 'other')),
            equipment_id text constraint topology_node_equipment_fk references equipment (id),
            constraint topology_node_pk primary key (topology_id, version, place),
            constraint topology_node_version_fk foreign key (topology_id, version) references topology_version (topology_id, version)
        ) strict, without rowid;

        create table topology_link (
            topology_id text not null,
            version integer not null,
            place integer not null,
            from_id text not null,
            to_id text not null,
            label text,
            medium text constraint topology_link_medium_known check (medium in ('copper', 'fibre', 'wireless', 'vpn', 'other')),
            constraint topology_link_pk primary key (topology_id, version, place),
            constraint topology_link_version_fk foreign key (topology_id, version) references topology_version (topology_id, version)
        ) strict, without rowid;

        create table service_complaint (
            row integer primary key,
            id text not null constraint service_complaint_id_unique unique,
            number text not null constraint service_complaint_number_unique unique,
            state text not null constraint service_complaint_state_known check (state in
                ('draft', 'submitted', 'approved_for_direct', 'forwarded', 'meeting_scheduled', 'settled', 'rejected', 'withdrawn')),
            unit_id text not null constraint service_complaint_unit_fk references unit (id),
            requester_id text not null constraint service_complaint_requester_fk references user_account (id),
            officer_id text constraint service_complaint_officer_fk references user_account (id),
            created_at_ms integer not null,
            updated_at_ms integer not null,
            closed_at_ms integer,
            version integer not null constraint service_complaint_version_positive check (version > 0),
            procedure_version integer,
            timing_id text constraint service_complaint_timing_fk references step_timing (id),
            step_no integer,
            step_code text,
            step_attempt integer,
            step_started_at_ms integer,
            step_finished_at_ms integer,
            step_elapsed_ms integer,
            step_standard_ms integer,
            step_due_at_ms integer,
            step_paused_ms integer,
            step_paused_at_ms integer,
            kind text not null constraint service_complaint_kind_known check (kind in ('complaint', 'objection', 'suggestion')),
            subject text not null,
            detail text not null,
            meeting_date text,
            meeting_place text,
            result text,
            minutes text
        ) strict;
        create index service_complaint_by_state on service_complaint (state, id);
        create index service_complaint_by_unit on service_complaint (unit_id, id);
        create index service_complaint_by_officer on service_complaint (officer_id, state, id);
        create index service_complaint_by_requester on service_complaint (requester_id, id);
        create index service_complaint_waiting
            on service_complaint (state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index service_complaint_waiting_by_officer
            on service_complaint (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index service_complaint_waiting_by_requester
            on service_complaint (requester_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create view service_complaint_text_source as
            select row, id, number, subject, detail, result,
                substr(unit_id, 5) || ' ' || substr(requester_id, 5) || ' ' || coalesce(substr(officer_id, 5), '') as sight
            from service_complaint;
        create virtual table service_complaint_text using fts5 (
            number, subject, detail, result, sight,
            content = 'service_complaint_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        create virtual table service_complaint_text_word using fts5vocab (service_complaint_text, instance);

        -- One more kind of case may have comments, files and links: a check cannot be widened, so that each table is made anew. The rows of
        -- comments keep their numbers, by which the full-text index knows them.
        create table comment_before as select * from comment;
        drop table comment;
        create table comment (
            row integer primary key,
            id text not null constraint comment_id_unique unique,
            subject_type text not null constraint comment_subject_known check (subject_type in
                ('consultation', 'workspace_item', 'ticket', 'service_complaint', 'procedure_run')),
            subject_id text not null,
            author_id text not null constraint comment_author_fk references user_account (id),
            internal integer not null constraint comment_internal_flag check (internal in (0, 1)),
            created_at_ms integer not null,
            text text not null
        ) strict;
        insert into comment (row, id, subject_type, subject_id, author_id, internal, created_at_ms, text)
        select row, id, subject_type, subject_id, author_id, internal, created_at_ms, text from comment_before order by row;
        drop table comment_before;
        create index comment_by_subject on comment (subject_id, id);

        create table attachment_before as select * from attachment;
        drop table attachment;
        create table attachment (
            row integer primary key,
            id text not null constraint attachment_id_unique unique,
            subject_type text not null constraint attachment_subject_known check (subject_type in
                ('consultation', 'workspace_item', 'ticket', 'service_complaint', 'procedure_run')),
            subject_id text not null,
            uploader_id text not null constraint attachment_uploader_fk references user_account (id),
            file_name text not null constraint attachment_file_name_short check (length(cast(file_name as blob)) between 1 and 255),
            media_type text not null,
            size integer not null constraint attachment_size_positive check (size > 0),
            sha256 blob not null constraint attachment_sha256_whole check (length(sha256) = 32),
            created_at_ms integer not null
        ) strict;
        insert into attachment (
            row, id, subject_type, subject_id, uploader_id, file_name, media_type, size, sha256, created_at_ms
        )
        select row, id, subject_type, subject_id, uploader_id, file_name, media_type, size, sha256, created_at_ms
        from attachment_before
        order by row;
        drop table attachment_before;
        create index attachment_by_subject on attachment (subject_id, id);
        create index attachment_by_uploader on attachment (uploader_id, id);
        create index attachment_by_sha256 on attachment (sha256);

        create table case_link_before as select * from case_link;
        drop table case_link;
        create table case_link (
            id text not null constraint case_link_pk primary key,
            relation text not null constraint case_link_relation_known check (relation in ('relates_to', 'caused_by', 'blocks')),
            source_kind text not null constraint case_link_source_known check (source_kind in
                ('consultation', 'workspace_item', 'ticket', 'service_complaint', 'procedure_run')),
            source_id text not null,
            target_kind text not null constraint case_link_target_known check (target_kind in
                ('consultation', 'workspace_item', 'ticket', 'service_complaint', 'procedure_run')),
            target_id text not null,
            creator_id text not null constraint case_link_creator_fk references user_account (id),
            created_at_ms integer not null,
            constraint case_link_once unique (source_id, target_id, relation),
            constraint case_link_not_to_itself check (source_id <> target_id)
        ) strict, without rowid;
        insert into case_link (id, relation, source_kind, source_id, target_kind, target_id, creator_id, created_at_ms)
        select id, relation, source_kind, source_id, target_kind, target_id, creator_id, created_at_ms from case_link_before order by id;
        drop table case_link_before;
        create index case_link_by_source on case_link (source_id, id);
        create index case_link_by_target on case_link (target_id, id);
        create unique index case_link_related_once
            on case_link (min(source_id, target_id), max(source_id, target_id))
            where relation = 'relates_to';
        """
    )
}
