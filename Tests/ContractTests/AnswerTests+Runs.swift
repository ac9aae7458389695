import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// The step of a procedure that is made in a test.
    static let step = #"""
        {"no":1,"code":"a","title":{"id":"x","en":"x"},"role":"clerk","also":[],"role_basis":"stated","scope":"case","inputs":[],
        "outputs":[],"checklist":[],"standard":null,"recurrence":null,"decision":null,"implied_decision":null}
        """#
    static let roles = #"[{"code":"clerk","title":{"id":"x","en":"x"}}]"#

    func procedureVersions(_ witness: Witness) async throws {
        let bare = #"{"title":{"id":"x","en":"x"},"issuer":"KI","roles":\#(Self.roles),"steps":[\#(Self.step)]}"#
        try await witness.send("createProcedureVersion", ["weekly"], query: "dry_run=true", as: .superAdmin, body: bare, expecting: 201)
        try await witness.send("createProcedureVersion", ["weekly"], as: .superAdmin, body: bare, expecting: 201)
        try await witness.send("createProcedureVersion", ["weekly"], as: .director, body: bare, expecting: 403)
        try await witness.send("getProcedure", ["weekly"], as: .director, expecting: 200)
        for code in ["pemantik-assessment", "system-deployment"] {
            let exported = try await witness.send("getProcedure", [code], as: .superAdmin, expecting: 200).text
            let key = [("idempotency-key", code)]
            try await witness.send("createProcedureVersion", [code], as: .superAdmin, body: exported, headers: key, expecting: 201)
            let again = try await witness.send(
                "createProcedureVersion",
                [code],
                as: .superAdmin,
                body: exported,
                headers: key,
                expecting: 201
            )
            #expect(again["version"]?.number == 2)
        }
    }
}
