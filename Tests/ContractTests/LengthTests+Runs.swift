import Domain
import TestSupport
import Testing

extension LengthTests {
    /// The operations on versions and runs of procedures, each ready to be called.
    func runCalls(_ witness: Witness) async throws -> [Call] {
        let officer = try witness.house.person(.ictOfficer).user.id.text
        let assignments = ["planning-it-head", "secretary", "chair", "admin-operator"].map { "\"\($0)\":\"\(officer)\"" }
        let run = ["procedure": "\"it-planning\"", "title": "\"Uji\"", "assignments": "{\(assignments.joined(separator: ","))}"]
        let body = "{" + run.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        let id = try await witness.send("createProcedureRun", as: .ictOfficer, body: body, expecting: 201).string("id")
        return [
            Call(
                operation: "createProcedureVersion",
                role: .superAdmin,
                parameters: ["weekly"],
                members: [
                    "title": #"{"id":"x","en":"x"}"#, "issuer": #""KI""#, "roles": AnswerTests.roles, "steps": "[\(AnswerTests.step)]",
                ]
            ),
            Call(operation: "createProcedureRun", role: .ictOfficer, members: run),
            Call(operation: "updateProcedureRun", role: .ictOfficer, parameters: [id]),
            Call(operation: "completeProcedureRunStep", role: .ictOfficer, parameters: [id, "1"]),
            Call(operation: "cancelProcedureRun", role: .ictOfficer, parameters: [id], members: ["reason": "\"x\""]),
        ]
    }
}
