extension WorkflowTable {
    /// The workspace of SOP/KI-MR/26, with the doing of the work after its verification, and the giver's way to take it back.
    static let workspace = WorkflowTable(
        code: "workspace",
        collection: "workspace-items",
        noun: "WorkspaceItem",
        creation: (stops: 1, starts: 2),
        states: ["draft", "assigned", "in_verification", "verified", "in_progress", "completed", "cancelled"],
        final: ["completed", "cancelled"],
        rows: [
            Row("submit", "draft", "assigned", "task-giver", "requester", 2, 3),
            Row("receive", "assigned", "in_verification", "assigned-officer", "officer", 3, 4),
            Row("return", "in_verification", "assigned", "super-admin", "anyone", 4, 3, "no"),
            Row("approve", "in_verification", "verified", "super-admin", "anyone", 4, 5, "yes"),
            Row("acknowledge", "verified", "in_progress", "task-giver", "requester", 5, nil),
            Row("progress", "in_progress", "in_progress", "assigned-officer", "officer", nil, nil),
            Row("complete", "in_progress", "completed", "assigned-officer", "officer", nil, nil),
            Row("cancel", "draft", "cancelled", "task-giver", "requester", 2, nil, "cancelled"),
            Row("cancel", "assigned", "cancelled", "task-giver", "requester", 3, nil, "cancelled"),
            Row("cancel", "in_verification", "cancelled", "task-giver", "requester", 4, nil, "cancelled"),
            Row("cancel", "verified", "cancelled", "task-giver", "requester", 5, nil, "cancelled"),
            Row("cancel", "in_progress", "cancelled", "task-giver", "requester", nil, nil, nil),
        ],
        members: [
            "submit": ([], ["officer_id"]), "receive": ([], ["note"]), "return": (["reason"], []), "approve": ([], []),
            "acknowledge": ([], []), "progress": (["percent", "note"], []), "complete": (["result"], ["note"]), "cancel": (["reason"], []),
        ],
        bars: ["return": ["officer", "requester"], "approve": ["officer", "requester"]],
        picture: """
            stateDiagram-v2
                [*] --> draft
                draft --> assigned: submit (task-giver)
                draft --> cancelled: cancel (task-giver)
                assigned --> in_verification: receive (assigned-officer)
                assigned --> cancelled: cancel (task-giver)
                in_verification --> assigned: return (super-admin)
                in_verification --> verified: approve (super-admin)
                in_verification --> cancelled: cancel (task-giver)
                verified --> in_progress: acknowledge (task-giver)
                verified --> cancelled: cancel (task-giver)
                in_progress --> in_progress: progress (assigned-officer)
                in_progress --> completed: complete (assigned-officer)
                in_progress --> cancelled: cancel (task-giver)
                completed --> [*]
                cancelled --> [*]

            """
    )
}
