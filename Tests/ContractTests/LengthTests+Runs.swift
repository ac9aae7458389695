import Domain
import TestSupport

extension LengthTests {
    /// The operations on versions and runs of procedures, each ready to be called.
    func runCalls(_ witness: Witness) async throws -> [Call] {
        [
            Call(
                operation: "createProcedureVersion",
                role: .superAdmin,
                parameters: ["weekly"],
                members: [
                    "title": #"{"id":"x","en":"x"}"#, "issuer": #""KI""#, "roles": AnswerTests.roles, "steps": "[\(AnswerTests.step)]",
                ]
            )
        ]
    }
}
