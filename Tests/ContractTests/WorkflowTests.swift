import API
import Domain
import HTTP
import TestSupport
import Testing

/// The way of a consultation, held against what the operating procedure says.
@Suite struct WorkflowTests {
    /// One row: event, states, performer, how he stands to the case, and the steps whose clocks stop and start.
    private struct Row: Hashable {
        let name: String
        let from: String
        let to: String
        let role: String
        let relation: String
        let stops: Int?
        let starts: Int?
        let outcome: String?

        init(
            _ name: String,
            _ from: String,
            _ to: String,
            _ role: String,
            _ relation: String,
            _ stops: Int?,
            _ starts: Int?,
            _ outcome: String? = nil
        ) {
            (self.name, self.from, self.to, self.role, self.relation) = (name, from, to, role, relation)
            (self.stops, self.starts, self.outcome) = (stops, starts, outcome)
        }
    }

    /// SOP/KI-MR/26, with withdrawal by the requester until the answer is verified and a change of the officer while he has the case.
    private static let rows: [Row] = [
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
    ]

    private static let members: [String: (required: [String], optional: [String])] = [
        "submit": ([], []), "assign": (["officer_id"], ["note"]), "reassign": (["officer_id", "reason"], []),
        "propose": (["answer"], ["plan", "note"]),
        "return": (["reason"], []), "approve": ([], ["note"]), "deliver": ([], ["note"]), "acknowledge": ([], ["note"]),
        "withdraw": (["reason"], []),
    ]

    private static let gates: Set<String> = ["approve", "return"]

    @Test func `the table moves a consultation as the procedure says`() {
        let rows = Consultation.workflow.transitions.map { row in
            Row(
                row.event.rawValue,
                row.from.rawValue,
                row.to.rawValue,
                row.performer.roles.roles.map(\.rawValue).joined(separator: "|"),
                row.performer.relation.rawValue,
                row.stops,
                row.starts,
                row.outcome == .done ? nil : row.outcome.rawValue
            )
        }
        #expect(Set(rows) == Set(Self.rows))
        #expect(rows.count == Self.rows.count)
        #expect(Consultation.workflow.start == .draft)
        #expect(Consultation.workflow.creation == (stops: 1, starts: 2))
        #expect(Set(Consultation.State.allCases.filter { Consultation.workflow.isFinal($0) }) == [.closed, .withdrawn])
    }

    @Test func `only the gate keeps the officer of the case out`() {
        let gates = Consultation.workflow.transitions.filter { !$0.bars.isEmpty }.map(\.event.rawValue)
        #expect(Set(gates) == Self.gates)
    }

    @Test func `the service tells the same table`() async throws {
        try await ContractHouse.withHouse { house in
            let answer = await house.send(.get, "/v1/workflows/consultation", as: .workUnit)
            let events = answer["events"]?.elements ?? []
            let rows = events.map { row in
                Row(
                    row["name"]?.text ?? "",
                    row["from"]?.text ?? "",
                    row["to"]?.text ?? "",
                    row["role"]?.text ?? "",
                    row["relation"]?.text ?? "",
                    row["stops_step"]?.number,
                    row["starts_step"]?.number,
                    row["outcome"]?.text
                )
            }
            #expect(Set(rows) == Set(Self.rows))
            #expect(rows.count == Self.rows.count)
            #expect(answer.string("initial") == "draft")
            #expect(
                answer["states"]?.texts == [
                    "draft", "submitted", "assigned", "in_verification", "verified", "answered", "closed", "withdrawn",
                ]
            )
            for event in events {
                let members = try #require(Self.members[event["name"]?.text ?? ""])
                #expect(event["required"]?.texts == members.required)
                #expect(event["optional"]?.texts == members.optional)
            }
        }
    }

    @Test func `each event has its operation in the document, with its members`() throws {
        let contract = try #require(Contract.current)
        let base = "/v1/consultations/{id}/"
        // The clock is stopped and started beside the workflow.
        let clock = ["pause", "resume"]
        let events = contract.operations.filter { operation in
            operation.method == .post && operation.path.hasPrefix(base) && !clock.contains(String(operation.path.dropFirst(base.count)))
        }
        #expect(Set(events.map { String($0.path.dropFirst(base.count)) }) == Set(Self.members.keys))
        for operation in events {
            let name = String(operation.path.dropFirst(base.count))
            let members = try #require(Self.members[name])
            let schema = contract.follow(operation.bodies.first?.schema ?? .null)
            #expect(Set(schema["required"]?.texts ?? []) == Set(members.required), "\(name)")
            let named = Set((schema["properties"]?.members ?? []).map(\.name))
            #expect(named == Set(members.required + members.optional), "\(name)")
            #expect(operation.requiresBody == !members.required.isEmpty, "\(name)")
            #expect(operation.id == "\(name)Consultation")
        }
    }

    @Test func `the picture of the workflow is the expected one`() async throws {
        let expected = """
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
        try await ContractHouse.withHouse { house in
            let answer = await house.send(.get, "/v1/workflows/consultation", as: .workUnit, headers: [("accept", "text/vnd.mermaid")])
            #expect(answer.status == 200)
            #expect(answer.mediaType == "text/vnd.mermaid")
            #expect(answer.text == expected)
        }
    }
}
