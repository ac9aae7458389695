extension Migration {
    /// The words of the full-text indexes as tables, so that the beginning of a word is searched for as the words that begin so. The
    /// first three letters of each word, kept apart until now, made each new row dearer and helped a beginning of three letters only.
    static let words = Migration(
        12,
        "words",
        """
        create virtual table consultation_text_word using fts5vocab (consultation_text, instance);
        create virtual table workspace_item_text_word using fts5vocab (workspace_item_text, instance);
        create virtual table ticket_text_word using fts5vocab (ticket_text, instance);
        create virtual table procedure_run_text_word using fts5vocab (procedure_run_text, instance);
        create virtual table comment_text_word using fts5vocab (comment_text, instance);

        drop table consultation_text;
        create virtual table consultation_text using fts5 (
            number, subject, detail, answer, sight,
            content = 'consultation_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        insert into consultation_text (consultation_text) values ('rebuild');

        drop table workspace_item_text;
        create virtual table workspace_item_text using fts5 (
            number, title, description, result, sight,
            content = 'workspace_item_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        insert into workspace_item_text (workspace_item_text) values ('rebuild');

        drop table ticket_text;
        create virtual table ticket_text using fts5 (
            number, problem, handling_so_far, result, summary, sight,
            content = 'ticket_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        insert into ticket_text (ticket_text) values ('rebuild');

        drop table procedure_run_text;
        create virtual table procedure_run_text using fts5 (
            number, title, sight,
            content = 'procedure_run_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2'
        );
        insert into procedure_run_text (procedure_run_text) values ('rebuild');
        """
    )
}
