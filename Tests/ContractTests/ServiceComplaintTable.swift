extension WorkflowTable {
    /// The standard of service of the bureau: through its head, straight to the officer once he approves, settled in a meeting.
    static let serviceComplaint = WorkflowTable(
        code: "service-complaint",
        collection: "service-complaints",
        noun: "ServiceComplaint",
        creation: (stops: nil, starts: nil),
        states: [
            "draft", "submitted", "approved_for_direct", "forwarded", "meeting_scheduled", "settled", "rejected", "withdrawn",
        ],
        final: ["settled", "rejected", "withdrawn"],
        rows: [
            Row("submit", "draft", "submitted", "", "requester", nil, nil),
            Row("approve-direct", "submitted", "approved_for_direct", "director", "anyone", nil, nil),
            Row("forward", "submitted", "forwarded", "director", "anyone", nil, nil),
            Row("reject", "submitted", "rejected", "director", "anyone", nil, nil),
            Row("schedule", "approved_for_direct", "meeting_scheduled", "", "requester", nil, nil),
            Row("schedule", "approved_for_direct", "meeting_scheduled", "ict-officer", "officer", nil, nil),
            Row("schedule", "forwarded", "meeting_scheduled", "ict-officer", "officer", nil, nil),
            Row("schedule", "meeting_scheduled", "meeting_scheduled", "ict-officer", "officer", nil, nil),
            Row("settle", "meeting_scheduled", "settled", "ict-officer", "officer", nil, nil),
            Row("withdraw", "draft", "withdrawn", "", "requester", nil, nil, "withdrawn"),
            Row("withdraw", "submitted", "withdrawn", "", "requester", nil, nil, "withdrawn"),
            Row("withdraw", "approved_for_direct", "withdrawn", "", "requester", nil, nil, "withdrawn"),
            Row("withdraw", "forwarded", "withdrawn", "", "requester", nil, nil, "withdrawn"),
            Row("withdraw", "meeting_scheduled", "withdrawn", "", "requester", nil, nil, "withdrawn"),
        ],
        members: [
            "submit": ([], []), "approve-direct": (["officer_id"], ["note"]), "forward": (["officer_id"], ["note"]),
            "reject": (["reason"], []), "schedule": (["meeting_date", "meeting_place"], ["note"]), "settle": (["result"], ["minutes"]),
            "withdraw": (["reason"], []),
        ],
        bars: ["approve-direct": ["requester"], "forward": ["requester"], "reject": ["requester"], "settle": ["requester"]],
        picture: """
            stateDiagram-v2
                [*] --> draft
                draft --> submitted: submit (requester)
                submitted --> approved_for_direct: approve-direct (director)
                submitted --> forwarded: forward (director)
                submitted --> rejected: reject (director)
                approved_for_direct --> meeting_scheduled: schedule (requester)
                approved_for_direct --> meeting_scheduled: schedule (ict-officer)
                forwarded --> meeting_scheduled: schedule (ict-officer)
                meeting_scheduled --> meeting_scheduled: schedule (ict-officer)
                meeting_scheduled --> settled: settle (ict-officer)
                draft --> withdrawn: withdraw (requester)
                submitted --> withdrawn: withdraw (requester)
                approved_for_direct --> withdrawn: withdraw (requester)
                forwarded --> withdrawn: withdraw (requester)
                meeting_scheduled --> withdrawn: withdraw (requester)
                settled --> [*]
                rejected --> [*]
                withdrawn --> [*]

            """
    )
}
