extension Migration {
    /// The full-text indexes anew: with those who see a case beside its texts, so that sight narrows a search before anything is
    /// read, and with the first three letters of each word, so that the beginning of a frequent word is found as fast as the word.
    static let search = Migration(
        8,
        "search",
        """
        drop table consultation_text;
        drop view consultation_text_source;
        create view consultation_text_source as
            select row, id, number, subject, detail, case when state in ('answered', 'closed') then answer end as answer,
                substr(unit_id, 5) || ' ' || substr(requester_id, 5) || ' ' || coalesce(substr(officer_id, 5), '') as sight
            from consultation;
        create virtual table consultation_text using fts5 (
            number, subject, detail, answer, sight,
            content = 'consultation_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
        );
        insert into consultation_text (consultation_text) values ('rebuild');

        drop table workspace_item_text;
        drop view workspace_item_text_source;
        create view workspace_item_text_source as
            select row, id, number, title, description, result,
                substr(unit_id, 5) || ' ' || substr(requester_id, 5) || ' ' || coalesce(substr(officer_id, 5), '') as sight
            from workspace_item;
        create virtual table workspace_item_text using fts5 (
            number, title, description, result, sight,
            content = 'workspace_item_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
        );
        insert into workspace_item_text (workspace_item_text) values ('rebuild');

        drop table ticket_text;
        drop view ticket_text_source;
        create view ticket_text_source as
            select row, id, number, problem, handling_so_far, result, summary,
                substr(unit_id, 5) || ' ' || substr(requester_id, 5) || ' ' || coalesce(substr(officer_id, 5), '') as sight
            from ticket;
        create virtual table ticket_text using fts5 (
            number, problem, handling_so_far, result, summary, sight,
            content = 'ticket_text_source', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
        );
        insert into ticket_text (ticket_text) values ('rebuild');
        """
    )
}
