extension WorkflowTable {
    /// SOP/KI-MR/26, with withdrawal by the requester until the answer is verified and a change of the officer while he has the case.
    static let consultation = WorkflowTable(
        code: "consultation",
        collection: "consultations",
        noun: "Consultation",
        creation: (stops: 1, starts: 2),
        states: ["draft", "submitted", "assigned", "in_verification", "verified", "answered", "closed", "withdrawn"],
        final: ["closed", "withdrawn"],
        rows: [
            Row("submit", "draft", "submitted", "work-unit", "unit", 2, 3),
            Row("assign", "submitted", "assigned", "super-admin", "anyone", 3, 4),
            Row("propose", "assigned", "in_verification", "consultation-officer", "officer", 4, 5),
            Row("return", "in_verification", "assigned", "subdirectorate-head", "anyone", 5, 4, "no"),
            Row("approve", "in_verification", "verified", "subdirectorate-head", "anyone", 5, 6, "yes"),
            Row("deliver", "verified", "answered", "consultation-officer", "officer", 6, 7),
            Row("acknowledge", "answered", "closed", "work-unit", "unit", 7, nil),
            Row("reassign", "assigned", "assigned", "super-admin", "anyone", 4, 4, "reassigned"),
            Row("reassign", "verified", "verified", "super-admin", "anyone", 6, 6, "reassigned"),
            Row("withdraw", "draft", "withdrawn", "work-unit", "requester", 2, nil, "withdrawn"),
            Row("withdraw", "submitted", "withdrawn", "work-unit", "requester", 3, nil, "withdrawn"),
            Row("withdraw", "assigned", "withdrawn", "work-unit", "requester", 4, nil, "withdrawn"),
            Row("withdraw", "in_verification", "withdrawn", "work-unit", "requester", 5, nil, "withdrawn"),
        ],
        members: [
            "submit": ([], []), "assign": (["officer_id"], ["note"]), "reassign": (["officer_id", "reason"], []),
            "propose": (["answer"], ["plan", "note"]),
            "return": (["reason"], []), "approve": ([], ["note"]), "deliver": ([], ["note"]), "acknowledge": ([], ["note"]),
            "withdraw": (["reason"], []),
        ],
        bars: ["approve": ["officer"], "return": ["officer"]],
        picture: """
            stateDiagram-v2
                [*] --> draft
                draft --> submitted: submit (work-unit)
                draft --> withdrawn: withdraw (work-unit)
                submitted --> assigned: assign (super-admin)
                submitted --> withdrawn: withdraw (work-unit)
                assigned --> in_verification: propose (consultation-officer)
                assigned --> assigned: reassign (super-admin)
                assigned --> withdrawn: withdraw (work-unit)
                in_verification --> verified: approve (subdirectorate-head)
                in_verification --> assigned: return (subdirectorate-head)
                in_verification --> withdrawn: withdraw (work-unit)
                verified --> answered: deliver (consultation-officer)
                verified --> verified: reassign (super-admin)
                answered --> closed: acknowledge (work-unit)
                closed --> [*]
                withdrawn --> [*]

            """
    )
}
