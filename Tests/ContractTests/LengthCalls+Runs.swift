import Domain
import TestSupport
import Testing

extension LengthCall {
    /// The operations on versions and runs of procedures, each ready to be called.
    static func runs(_ witness: Witness) async throws -> [LengthCall] {
        let officer = try witness.house.person(.ictOfficer).user.id.text
        let assignments = ["planning-it-head", "secretary", "chair", "admin-operator"].map { "\"\($0)\":\"\(officer)\"" }
        let run = ["procedure": "\"it-planning\"", "title": "\"Uji\"", "assignments": "{\(assignments.joined(separator: ","))}"]
        let id = try await witness.send("createProcedureRun", as: .ictOfficer, body: body(run), expecting: 201).string("id")
        return [
            LengthCall(
                operation: "createProcedureVersion",
                role: .superAdmin,
                parameters: ["weekly"],
                members: [
                    "title": #"{"id":"x","en":"x"}"#, "issuer": #""KI""#, "roles": AnswerTests.roles, "steps": "[\(AnswerTests.step)]",
                ]
            ),
            LengthCall(operation: "createProcedureRun", role: .ictOfficer, members: run),
            LengthCall(operation: "updateProcedureRun", role: .ictOfficer, parameters: [id]),
            LengthCall(operation: "completeProcedureRunStep", role: .ictOfficer, parameters: [id, "1"]),
            LengthCall(operation: "cancelProcedureRun", role: .ictOfficer, parameters: [id], members: ["reason": "\"x\""]),
        ]
    }
}
