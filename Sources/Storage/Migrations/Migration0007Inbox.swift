extension Migration {
    /// What an inbox is read from: the open cases by when they are due, those without a date last.
    static let inbox = Migration(
        7,
        "inbox",
        """
        create index consultation_waiting
            on consultation (state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index consultation_waiting_by_officer
            on consultation (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index consultation_waiting_by_unit
            on consultation (unit_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index workspace_item_waiting
            on workspace_item (state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index workspace_item_waiting_by_officer
            on workspace_item (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index workspace_item_waiting_by_requester
            on workspace_item (requester_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index ticket_waiting
            on ticket (kind, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index ticket_waiting_by_officer
            on ticket (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        create index ticket_waiting_by_requester
            on ticket (requester_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
            where closed_at_ms is null;
        """
    )
}
