extension Migration {
    /// The links between cases.
    static let links = Migration(
        6,
        "links",
        """
        create table case_link (
            id text not null constraint case_link_pk primary key,
            relation text not null constraint case_link_relation_known check (relation in ('relates_to', 'caused_by', 'blocks')),
            source_kind text not null constraint case_link_source_known check (source_kind in ('consultation', 'workspace_item', 'ticket', 'procedure_run')),
            source_id text not null,
            target_kind text not null constraint case_link_target_known check (target_kind in ('consultation', 'workspace_item', 'ticket', 'procedure_run')),
            target_id text not null,
            creator_id text not null constraint case_link_creator_fk references user_account (id),
            created_at_ms integer not null,
            constraint case_link_once unique (source_id, target_id, relation),
            constraint case_link_not_to_itself check (source_id <> target_id)
        ) strict, without rowid;
        create index case_link_by_source on case_link (source_id, id);
        create index case_link_by_target on case_link (target_id, id);

        -- That two cases are related is said once, from whichever end.
        create unique index case_link_related_once
            on case_link (min(source_id, target_id), max(source_id, target_id))
            where relation = 'relates_to';
        """
    )
}
