import API
import Domain
import HTTP
import TestSupport
import Testing

/// The ways of the cases, held against what the operating procedures say.
@Suite struct WorkflowTests {
    private typealias Row = WorkflowTable.Row

    @Test func `there are the workflows of the procedures and no others`() async throws {
        let all = [
            "consultation", "workspace", "ict-ticket", "it-service-request", "service-complaint", "consultation-recap", "workspace-recap",
        ]
        #expect(WorkflowTable.Program.all.map(\.code) == all)
        #expect(WorkflowTable.all.map(\.code) == all)
        try await ContractHouse.withHouse { house in
            let list = await house.send(.get, "/v1/workflows?sort=created_at", as: .workUnit)
            let codes = (list["data"]?.elements ?? []).compactMap { $0["code"]?.text }
            #expect(codes == all.sorted())
        }
    }

    @Test(arguments: WorkflowTable.all)
    func `the table moves a case as the procedure says`(_ table: WorkflowTable) throws {
        let program = try #require(WorkflowTable.Program.all.first { $0.code == table.code })
        #expect(Set(program.rows).symmetricDifference(table.rows) == [])
        #expect(program.rows.count == table.rows.count)
        #expect(program.start == "draft")
        #expect(program.creation == table.creation)
        #expect(program.final == table.final)
    }

    @Test(arguments: WorkflowTable.all)
    func `those who stand on the other side of a gate are kept out of it`(_ table: WorkflowTable) throws {
        let program = try #require(WorkflowTable.Program.all.first { $0.code == table.code })
        #expect(program.bars == table.bars)
    }

    @Test(arguments: WorkflowTable.all)
    func `the service tells the same table`(_ table: WorkflowTable) async throws {
        try await ContractHouse.withHouse { house in
            let answer = await house.send(.get, "/v1/workflows/\(table.code)", as: .workUnit)
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
            #expect(Set(rows).symmetricDifference(table.rows) == [])
            #expect(rows.count == table.rows.count)
            #expect(answer.string("initial") == "draft")
            #expect(answer["procedure"]?.text == table.procedure)
            #expect(answer["states"]?.texts == table.states)
            for event in events {
                let members = try #require(table.members[event["name"]?.text ?? ""])
                #expect(event["required"]?.texts == members.required)
                #expect(event["optional"]?.texts == members.optional)
            }
        }
    }

    @Test(arguments: ["consultations", "workspace-items", "tickets", "service-complaints", "recaps"])
    func `each event has its operation in the document, with its members`(_ collection: String) throws {
        let contract = try #require(Contract.current)
        let base = "/v1/\(collection)/{id}/"
        let tables = WorkflowTable.all.filter { $0.collection == collection }
        let noun = try #require(tables.first?.noun)
        // The clock is stopped and started beside the workflow.
        let others = ["comments", "attachments", "links", "pause", "resume"].map { base + $0 }
        let events = contract.operations.filter { $0.method == .post && $0.path.hasPrefix(base) && !others.contains($0.path) }
        #expect(Set(events.map { String($0.path.dropFirst(base.count)) }) == Set(tables.flatMap { $0.members.keys }))
        for operation in events {
            let name = String(operation.path.dropFirst(base.count))
            for members in tables.compactMap({ $0.members[name] }) {
                let schema = contract.follow(operation.bodies.first?.schema ?? .null)
                #expect(Set(schema["required"]?.texts ?? []) == Set(members.required), "\(name)")
                let named = Set((schema["properties"]?.members ?? []).map(\.name))
                #expect(named == Set(members.required + members.optional), "\(name)")
                #expect(operation.requiresBody == !members.required.isEmpty, "\(name)")
            }
            let words = name.split(separator: "-")
            let verb = words.prefix(1) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
            #expect(operation.id == verb.joined() + noun)
        }
    }

    @Test(arguments: WorkflowTable.all)
    func `the picture of the workflow is the expected one`(_ table: WorkflowTable) async throws {
        try await ContractHouse.withHouse { house in
            let answer = await house.send(.get, "/v1/workflows/\(table.code)", as: .workUnit, headers: [("accept", "text/vnd.mermaid")])
            #expect(answer.status == 200)
            #expect(answer.mediaType == "text/vnd.mermaid")
            #expect(answer.text == table.picture)
        }
    }
}
