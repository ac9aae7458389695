import Domain
import TestSupport
import Testing

extension LengthCall {
    /// Stopping the clock of a case of each kind, and letting it run.
    static func pauses(_ witness: Witness) async throws -> [LengthCall] {
        let kinds: [(name: String, role: Role, body: String)] = [
            ("Consultation", .workUnit, #"{"subject":"Soal","detail":"x"}"#),
            ("WorkspaceItem", .taskGiver, #"{"title":"Tugas","description":"x"}"#),
            ("Ticket", .workUnit, #"{"kind":"complaint","problem":"x"}"#),
            ("ProcedureRun", .ictOfficer, try AnswerTests.assessment(in: witness.house)),
        ]
        var calls: [LengthCall] = []
        for (name, role, body) in kinds {
            let reason = ["reason": "\"x\""]
            let running = try await witness.send("create\(name)", as: role, body: body, expecting: 201).string("id")
            calls.append(LengthCall(operation: "pause\(name)", role: .superAdmin, parameters: [running], members: reason))
            let paused = try await witness.send("create\(name)", as: role, body: body, expecting: 201).string("id")
            try await witness.send("pause\(name)", [paused], as: .superAdmin, body: #"{"reason":"x"}"#, expecting: 200)
            calls.append(LengthCall(operation: "resume\(name)", role: .superAdmin, parameters: [paused]))
        }
        return calls
    }
}
