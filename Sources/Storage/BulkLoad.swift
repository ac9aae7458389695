package import Domain

/// A secondary index: how it is made and how it is taken away.
struct SecondaryIndex {
    let create: SQL
    let drop: SQL

    /// Every index but those of primary keys and unique constraints on the tables that a bulk load fills; the same as the migrations make.
    static let all = [
        SecondaryIndex(
            create: "create index step_timing_by_unit on step_timing (unit_id, id)",
            drop: "drop index step_timing_by_unit"
        ),
        SecondaryIndex(
            create: "create index step_timing_by_performer on step_timing (performer_id, id)",
            drop: "drop index step_timing_by_performer"
        ),
        SecondaryIndex(
            create: "create index step_timing_by_step on step_timing (procedure, step_no, id)",
            drop: "drop index step_timing_by_step"
        ),
        SecondaryIndex(
            create: "create index step_timing_running on step_timing (id) where verdict = 'running'",
            drop: "drop index step_timing_running"
        ),
        SecondaryIndex(
            create: """
                create index step_timing_ended on step_timing (
                    procedure, step_no, step_code, started_at_ms, elapsed_ms, standard_ms, outcome, performer_id, unit_id, subject_type
                ) where elapsed_ms is not null
                """,
            drop: "drop index step_timing_ended"
        ),
        SecondaryIndex(
            create: "create index step_timing_paused on step_timing (id) where elapsed_ms is null and paused_ms is not null",
            drop: "drop index step_timing_paused"
        ),
        SecondaryIndex(
            create: "create index step_timing_notice on step_timing (notice_at_ms) where notice_at_ms is not null",
            drop: "drop index step_timing_notice"
        ),
        SecondaryIndex(
            create: "create index consultation_by_state on consultation (state, id)",
            drop: "drop index consultation_by_state"
        ),
        SecondaryIndex(
            create: "create index consultation_by_unit on consultation (unit_id, id)",
            drop: "drop index consultation_by_unit"
        ),
        SecondaryIndex(
            create: "create index consultation_by_unit_and_state on consultation (unit_id, state, id)",
            drop: "drop index consultation_by_unit_and_state"
        ),
        SecondaryIndex(
            create: "create index consultation_by_officer on consultation (officer_id, state, id)",
            drop: "drop index consultation_by_officer"
        ),
        SecondaryIndex(
            create: "create index consultation_by_requester on consultation (requester_id, id)",
            drop: "drop index consultation_by_requester"
        ),
        SecondaryIndex(
            create: "create index workspace_item_by_state on workspace_item (state, id)",
            drop: "drop index workspace_item_by_state"
        ),
        SecondaryIndex(
            create: "create index workspace_item_by_unit on workspace_item (unit_id, id)",
            drop: "drop index workspace_item_by_unit"
        ),
        SecondaryIndex(
            create: "create index workspace_item_by_officer on workspace_item (officer_id, state, id)",
            drop: "drop index workspace_item_by_officer"
        ),
        SecondaryIndex(
            create: "create index workspace_item_by_requester on workspace_item (requester_id, id)",
            drop: "drop index workspace_item_by_requester"
        ),
        SecondaryIndex(
            create: "create index workspace_item_by_priority on workspace_item (priority, id)",
            drop: "drop index workspace_item_by_priority"
        ),
        SecondaryIndex(
            create: "create index ticket_by_state on ticket (state, id)",
            drop: "drop index ticket_by_state"
        ),
        SecondaryIndex(
            create: "create index ticket_by_unit on ticket (unit_id, id)",
            drop: "drop index ticket_by_unit"
        ),
        SecondaryIndex(
            create: "create index ticket_by_officer on ticket (officer_id, state, id)",
            drop: "drop index ticket_by_officer"
        ),
        SecondaryIndex(
            create: "create index ticket_by_requester on ticket (requester_id, id)",
            drop: "drop index ticket_by_requester"
        ),
        SecondaryIndex(
            create: "create index ticket_by_kind on ticket (kind, state, id)",
            drop: "drop index ticket_by_kind"
        ),
        SecondaryIndex(
            create: "create index ticket_by_priority on ticket (priority, id)",
            drop: "drop index ticket_by_priority"
        ),
        SecondaryIndex(
            create: "create index ticket_by_equipment on ticket (equipment_id, id)",
            drop: "drop index ticket_by_equipment"
        ),
        SecondaryIndex(
            create: """
                create index consultation_waiting
                on consultation (state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index consultation_waiting"
        ),
        SecondaryIndex(
            create: """
                create index consultation_waiting_by_officer
                on consultation (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index consultation_waiting_by_officer"
        ),
        SecondaryIndex(
            create: """
                create index consultation_waiting_by_unit
                on consultation (unit_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index consultation_waiting_by_unit"
        ),
        SecondaryIndex(
            create: """
                create index workspace_item_waiting
                on workspace_item (state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index workspace_item_waiting"
        ),
        SecondaryIndex(
            create: """
                create index workspace_item_waiting_by_officer
                on workspace_item (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index workspace_item_waiting_by_officer"
        ),
        SecondaryIndex(
            create: """
                create index workspace_item_waiting_by_requester
                on workspace_item (requester_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index workspace_item_waiting_by_requester"
        ),
        SecondaryIndex(
            create: """
                create index ticket_waiting
                on ticket (kind, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index ticket_waiting"
        ),
        SecondaryIndex(
            create: """
                create index ticket_waiting_by_officer
                on ticket (officer_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index ticket_waiting_by_officer"
        ),
        SecondaryIndex(
            create: """
                create index ticket_waiting_by_requester
                on ticket (requester_id, state, coalesce(case when step_finished_at_ms is null then step_due_at_ms end, 9223372036854775807), id)
                where closed_at_ms is null
                """,
            drop: "drop index ticket_waiting_by_requester"
        ),
        SecondaryIndex(
            create: "create index recap_row_by_officer on recap_row (officer_id, period, case_id)",
            drop: "drop index recap_row_by_officer"
        ),
        SecondaryIndex(
            create: "create index performance_point_by_user on performance_point (user_id, id)",
            drop: "drop index performance_point_by_user"
        ),
        SecondaryIndex(
            create: "create index event_by_subject on event (subject_id, seq)",
            drop: "drop index event_by_subject"
        ),
    ]
}

extension SQLRepositories {
    /// Runs `body` again and again until it answers false, without secondary indexes, which it builds afterwards, and stores between the
    /// calls what has ended and after the last what is open: much faster for many rows.
    ///
    /// It all happens in the transaction of the caller: after a fault everything is as it was.
    package func loadingInBulk(while body: () throws(DomainError) -> Bool) throws(DomainError) {
        for index in SecondaryIndex.all { try connection.execute(index.drop) }
        held = HeldRows()
        defer { held = nil }
        switch connection.dialect {
        case .sqlite:
            // To check a text against a list SQLite makes a table of the list for each row; all texts here are of the same enumerations.
            try connection.execute("pragma ignore_check_constraints = on")
        }
        defer { try? connection.execute("pragma ignore_check_constraints = off") }
        while try body() { try storeHeld(all: false) }
        try storeHeld(all: true)
        for index in SecondaryIndex.all { try connection.execute(index.create) }
        for index in TextIndex.all { try index.rebuild(connection) }
        try SQLTally(connection: connection).rebuild()
    }

    private func storeHeld(all: Bool) throws(DomainError) {
        let timings = stepTimings
        try cases(Consultation.self).storeHeld(all: all, timings)
        try cases(WorkspaceItem.self).storeHeld(all: all, timings)
        try cases(Ticket.self).storeHeld(all: all, timings)
    }
}
