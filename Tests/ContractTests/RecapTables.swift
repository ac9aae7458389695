extension WorkflowTable {
    /// Steps 8 to 10 of SOP/KI-MR/26 for consultations.
    static let consultationRecap = recap("consultation-recap", of: "consultation", compile: 8)
    /// Steps 6 to 8 of SOP/KI-MR/26 for the workspace.
    static let workspaceRecap = recap("workspace-recap", of: "workspace", compile: 6)

    /// Compiled by the super admin, received by the director, who is another, and then settled.
    private static func recap(_ code: String, of procedure: String, compile: Int) -> WorkflowTable {
        WorkflowTable(
            code: code,
            ownProcedure: procedure,
            collection: "recaps",
            noun: "Recap",
            creation: (stops: nil, starts: compile),
            states: ["draft", "submitted", "received", "settled"],
            final: ["settled"],
            rows: [
                Row("submit", "draft", "submitted", "super-admin", "anyone", compile, compile + 1),
                Row("receive", "submitted", "received", "director", "anyone", compile + 1, compile + 2),
                Row("settle", "received", "settled", "super-admin", "anyone", compile + 2, nil),
            ],
            members: ["submit": ([], []), "receive": ([], []), "settle": ([], [])],
            bars: ["receive": ["requester"]],
            picture: """
                stateDiagram-v2
                    [*] --> draft
                    draft --> submitted: submit (super-admin)
                    submitted --> received: receive (director)
                    received --> settled: settle (super-admin)
                    settled --> [*]

                """
        )
    }
}
