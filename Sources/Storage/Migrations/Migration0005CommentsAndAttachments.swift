extension Migration {
    /// Remarks on cases with their full-text index, and the files that belong to cases.
    static let commentsAndAttachments = Migration(
        5,
        "comments and attachments",
        """
        create table comment (
            row integer primary key,
            id text not null constraint comment_id_unique unique,
            subject_type text not null constraint comment_subject_known check (subject_type in
                ('consultation', 'workspace_item', 'ticket', 'procedure_run')),
            subject_id text not null,
            author_id text not null constraint comment_author_fk references user_account (id),
            internal integer not null constraint comment_internal_flag check (internal in (0, 1)),
            created_at_ms integer not null,
            text text not null
        ) strict;
        create index comment_by_subject on comment (subject_id, id);
        create virtual table comment_text using fts5 (
            text, content = 'comment', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );

        create table attachment (
            row integer primary key,
            id text not null constraint attachment_id_unique unique,
            subject_type text not null constraint attachment_subject_known check (subject_type in
                ('consultation', 'workspace_item', 'ticket', 'procedure_run')),
            subject_id text not null,
            uploader_id text not null constraint attachment_uploader_fk references user_account (id),
            file_name text not null constraint attachment_file_name_short check (length(cast(file_name as blob)) between 1 and 255),
            media_type text not null,
            size integer not null constraint attachment_size_positive check (size > 0),
            sha256 blob not null constraint attachment_sha256_whole check (length(sha256) = 32),
            created_at_ms integer not null
        ) strict;
        create index attachment_by_subject on attachment (subject_id, id);
        create index attachment_by_uploader on attachment (uploader_id, id);
        create index attachment_by_sha256 on attachment (sha256);
        """
    )
}
