extension WorkflowTable {
    /// The complaint of SOP/KI-MR/26: no step has a standard; who complains may take it back until it is followed up.
    static let complaint = WorkflowTable(
        code: "ict-ticket",
        collection: "tickets",
        noun: "Ticket",
        creation: (stops: nil, starts: 1),
        states: ["draft", "submitted", "assigned", "in_progress", "awaiting_check", "resolved", "reported", "closed", "cancelled"],
        final: ["closed", "cancelled"],
        rows: [
            Row("submit", "draft", "submitted", "", "requester", 1, 2),
            Row("dispatch", "submitted", "assigned", "ict-manager", "anyone", 2, 3),
            Row("start", "assigned", "in_progress", "ict-officer", "officer", nil, nil),
            Row("follow-up", "in_progress", "awaiting_check", "ict-officer", "officer", 3, 4),
            Row("not-solved", "awaiting_check", "in_progress", "", "requester", 4, 3, "no"),
            Row("solved", "awaiting_check", "resolved", "", "requester", 4, 5, "yes"),
            Row("report", "resolved", "reported", "ict-officer", "officer", 5, 6),
            Row("close", "reported", "closed", "ict-manager", "anyone", 6, nil),
            Row("cancel", "draft", "cancelled", "", "requester", 1, nil, "cancelled"),
            Row("cancel", "submitted", "cancelled", "", "requester", 2, nil, "cancelled"),
            Row("cancel", "assigned", "cancelled", "", "requester", 3, nil, "cancelled"),
            Row("cancel", "in_progress", "cancelled", "", "requester", 3, nil, "cancelled"),
        ],
        members: [
            "submit": ([], []), "dispatch": (["officer_id"], ["note"]), "start": ([], ["plan"]), "follow-up": (["result"], ["plan"]),
            "not-solved": (["reason"], []), "solved": ([], ["note"]), "report": (["summary"], []), "close": ([], ["note"]),
            "cancel": (["reason"], []),
        ],
        bars: [
            "dispatch": ["requester"], "start": ["requester"], "follow-up": ["requester"], "report": ["requester"], "close": ["requester"],
        ],
        picture: """
            stateDiagram-v2
                [*] --> draft
                draft --> submitted: submit (requester)
                draft --> cancelled: cancel (requester)
                submitted --> assigned: dispatch (ict-manager)
                submitted --> cancelled: cancel (requester)
                assigned --> in_progress: start (ict-officer)
                assigned --> cancelled: cancel (requester)
                in_progress --> awaiting_check: follow-up (ict-officer)
                in_progress --> cancelled: cancel (requester)
                awaiting_check --> in_progress: not-solved (requester)
                awaiting_check --> resolved: solved (requester)
                resolved --> reported: report (ict-officer)
                reported --> closed: close (ict-manager)
                closed --> [*]
                cancelled --> [*]

            """
    )

    /// The nine gates of the service request, each with its own standard; who asked may take it back until it is handled.
    static let serviceRequest = WorkflowTable(
        code: "it-service-request",
        collection: "tickets",
        noun: "Ticket",
        creation: (stops: nil, starts: nil),
        states: [
            "draft", "submitted", "assigned", "registered", "disposed", "examined", "classified", "verified", "prioritised", "considered",
            "approved", "closed", "rejected", "cancelled",
        ],
        final: ["closed", "rejected", "cancelled"],
        rows: [
            Row("submit", "draft", "submitted", "", "requester", nil, 1),
            Row("register", "submitted", "registered", "ict-manager", "anyone", 1, 2),
            Row("register", "submitted", "registered", "ict-officer", "anyone", 1, 2),
            Row("dispose", "registered", "disposed", "ict-manager", "anyone", 2, 3),
            Row("examine", "disposed", "examined", "ict-manager", "anyone", 3, 4),
            Row("examine", "disposed", "examined", "ict-officer", "anyone", 3, 4),
            Row("classify", "examined", "classified", "ict-manager", "anyone", 4, 5),
            Row("classify", "examined", "classified", "ict-officer", "anyone", 4, 5),
            Row("verify", "classified", "verified", "ict-manager", "anyone", 5, 6),
            Row("prioritise", "verified", "prioritised", "ict-manager", "anyone", 6, 7),
            Row("consider", "prioritised", "considered", "subdirectorate-head", "anyone", 7, 8),
            Row("approve", "considered", "approved", "director", "anyone", 8, 9, "yes"),
            Row("reject", "considered", "rejected", "director", "anyone", 8, nil, "no"),
            Row("assign", "approved", "assigned", "ict-manager", "anyone", nil, nil),
            Row("handle", "assigned", "closed", "ict-officer", "officer", 9, nil),
            Row("cancel", "draft", "cancelled", "", "requester", nil, nil, "cancelled"),
            Row("cancel", "submitted", "cancelled", "", "requester", 1, nil, "cancelled"),
            Row("cancel", "registered", "cancelled", "", "requester", 2, nil, "cancelled"),
            Row("cancel", "disposed", "cancelled", "", "requester", 3, nil, "cancelled"),
            Row("cancel", "examined", "cancelled", "", "requester", 4, nil, "cancelled"),
            Row("cancel", "classified", "cancelled", "", "requester", 5, nil, "cancelled"),
            Row("cancel", "verified", "cancelled", "", "requester", 6, nil, "cancelled"),
            Row("cancel", "prioritised", "cancelled", "", "requester", 7, nil, "cancelled"),
            Row("cancel", "considered", "cancelled", "", "requester", 8, nil, "cancelled"),
            Row("cancel", "approved", "cancelled", "", "requester", 9, nil, "cancelled"),
            Row("cancel", "assigned", "cancelled", "", "requester", 9, nil, "cancelled"),
        ],
        members: [
            "submit": ([], []), "register": ([], []), "dispose": (["instruction"], []), "examine": (["findings"], []),
            "classify": (["category"], []), "verify": ([], ["note"]), "prioritise": (["urgency", "priority"], ["note"]),
            "consider": (["recommendation"], []), "approve": ([], []), "reject": (["reason"], []), "assign": (["officer_id"], []),
            "handle": (["result"], []), "cancel": (["reason"], []),
        ],
        bars: [
            "register": ["requester"], "dispose": ["requester"], "examine": ["requester"], "classify": ["requester"],
            "verify": ["requester"],
            "prioritise": ["requester"], "consider": ["requester"], "approve": ["requester"], "reject": ["requester"],
            "assign": ["requester"], "handle": ["requester"],
        ],
        picture: """
            stateDiagram-v2
                [*] --> draft
                draft --> submitted: submit (requester)
                submitted --> registered: register (ict-manager)
                submitted --> registered: register (ict-officer)
                registered --> disposed: dispose (ict-manager)
                disposed --> examined: examine (ict-manager)
                disposed --> examined: examine (ict-officer)
                examined --> classified: classify (ict-manager)
                examined --> classified: classify (ict-officer)
                classified --> verified: verify (ict-manager)
                verified --> prioritised: prioritise (ict-manager)
                prioritised --> considered: consider (subdirectorate-head)
                considered --> approved: approve (director)
                considered --> rejected: reject (director)
                approved --> assigned: assign (ict-manager)
                assigned --> closed: handle (ict-officer)
                draft --> cancelled: cancel (requester)
                submitted --> cancelled: cancel (requester)
                registered --> cancelled: cancel (requester)
                disposed --> cancelled: cancel (requester)
                examined --> cancelled: cancel (requester)
                classified --> cancelled: cancel (requester)
                verified --> cancelled: cancel (requester)
                prioritised --> cancelled: cancel (requester)
                considered --> cancelled: cancel (requester)
                approved --> cancelled: cancel (requester)
                assigned --> cancelled: cancel (requester)
                closed --> [*]
                rejected --> [*]
                cancelled --> [*]

            """
    )
}
