extension Migration {
    /// Files may belong to a topology, each with the version that was the latest when it came.
    static let topologyFiles = Migration(
        18,
        "topology files",
        """
        -- A check cannot be widened, so that the table is made anew.
        create table attachment_before as select * from attachment;
        drop table attachment;
        create table attachment (
            row integer primary key,
            id text not null constraint attachment_id_unique unique,
            subject_type text not null constraint attachment_subject_known check (subject_type in
                ('consultation', 'workspace_item', 'ticket', 'service_complaint', 'procedure_run', 'topology')),
            subject_id text not null,
            subject_version integer constraint attachment_version_of_topology check
                ((subject_version is not null) = (subject_type = 'topology')),
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
        """
    )
}
