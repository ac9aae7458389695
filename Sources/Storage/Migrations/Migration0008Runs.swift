extension Migration {
    /// What runs need of the catalogue: the ways between the steps, their titles and checklists.
    static let runs = Migration(
        5,
        "runs",
        """
        alter table procedure_version add column takes_implied_decisions integer not null default 0;

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
        """
    )
}
