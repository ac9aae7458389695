import Domain
import HTTP
import Security

/// The state machines of the cases and of the recaps, as data and as pictures.
struct WorkflowRoutes {
    let environment: Environment

    /// Every workflow that runs.
    private static let workflows: [Schema.Workflow] =
        Schema.Workflow.all(of: Consultation.self) + Schema.Workflow.all(of: WorkspaceItem.self) + Schema.Workflow.all(of: Ticket.self)
        + Schema.Workflow.all(of: ServiceComplaint.self) + Schema.Workflow.recaps

    var routes: [Route] {
        [
            .list("/v1/workflows", .listWorkflows, needs: .workflowsRead, use: listWorkflows),
            .get("/v1/workflows/{code}", .getWorkflow, produces: [.json, .mermaid], needs: .workflowsRead, use: getWorkflow),
        ]
    }

    func listWorkflows(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("code") { $0.code },
                Column("procedure") { $0.procedure ?? "" },
                Column("states") { $0.states.joined(separator: " ") },
            ],
            key: { $0.code },
            fetch: { page, tx throws(DomainError) in listPage(Self.workflows, page) { $0.code } },
            count: { most, tx throws(DomainError) in Self.workflows.count },
            write: { $1.write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func getWorkflow(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard let workflow = Self.workflows.first(where: { $0.code == request.parameters.first }) else { throw Problem(.notFound) }
        let isPicture = MediaType.negotiate(request.headers["accept"], among: [.json, .mermaid]) == .mermaid
        let bytes = isPicture ? Array(workflow.mermaid.utf8) : workflow.json
        let headers: Headers = [
            "content-type": (isPicture ? MediaType.mermaid : .json).rawValue,
            // A workflow has no version of its own: the tag is that of its content, another one for each form.
            "etag": "\"\(Digest.hex(Array(Digest.sha256(bytes).prefix(8))))\"",
        ]
        return Response(status: 200, headers: headers, body: .bytes(bytes))
    }
}

extension Schema {
    /// A workflow as data: the very table that moves the cases.
    struct Workflow: JSONWritable, Sendable {
        struct Row: Sendable {
            let name: String
            let from: String
            let to: String
            let role: Role?
            let relation: Performer.Relation
            let stops: Int?
            let starts: Int?
            let outcome: String?
            let required: [String]
            let optional: [String]
        }

        let code: String
        let procedure: String?
        let initial: String
        let states: [String]
        let rows: [Row]

        /// Every workflow that cases of one kind follow.
        static func all<Kind: Case>(of kind: Kind.Type) -> [Workflow] { Kind.workflows.map { Workflow($0) } }

        /// Those of the recaps, one for each kind.
        static var recaps: [Workflow] { Domain.Recap.Kind.allCases.map { Workflow($0.workflow) } }

        private init<State: RawRepresentable<String> & CaseIterable, Event: CaseEventName>(_ workflow: Domain.Workflow<State, Event>) {
            code = workflow.code
            procedure = workflow.procedure
            initial = workflow.start.rawValue
            let used = Set([workflow.start] + workflow.transitions.flatMap { [$0.from, $0.to] })
            states = State.allCases.filter { used.contains($0) }.map(\.rawValue)
            rows = workflow.transitions.flatMap { transition in
                // One row for each role that will do; none where any will.
                let roles = transition.performer.roles == .all ? [nil] : transition.performer.roles.roles.map { Optional($0) }
                return roles.map { role in
                    Row(
                        name: transition.event.rawValue,
                        from: transition.from.rawValue,
                        to: transition.to.rawValue,
                        role: role,
                        relation: transition.performer.relation,
                        stops: transition.stops,
                        starts: transition.starts,
                        outcome: transition.outcome == .done ? nil : transition.outcome.rawValue,
                        required: transition.event.required.map(\.rawValue),
                        optional: transition.event.optional.map(\.rawValue)
                    )
                }
            }
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("code", code)
                json.member("procedure", procedure)
                json.member("initial", initial)
                json.member("states", states)
                json.name("events")
                json.array(rows) { json, row in
                    json.object { json in
                        json.member("name", row.name)
                        json.member("from", row.from)
                        json.member("to", row.to)
                        json.member("role", row.role?.rawValue)
                        json.member("relation", row.relation.rawValue)
                        json.member("stops_step", row.stops)
                        json.member("starts_step", row.starts)
                        json.member("outcome", row.outcome)
                        json.member("required", row.required)
                        json.member("optional", row.optional)
                    }
                }
            }
        }

        var json: [UInt8] {
            var json = JSONWriter(capacity: 4096)
            write(to: &json)
            return json.finish()
        }

        /// The workflow as a state diagram of Mermaid.
        var mermaid: String {
            var lines = ["stateDiagram-v2", "    [*] --> \(initial)"]
            for row in rows { lines.append("    \(row.from) --> \(row.to): \(row.name) (\(row.role?.rawValue ?? row.relation.rawValue))") }
            for state in states where !rows.contains(where: { $0.from == state }) { lines.append("    \(state) --> [*]") }
            return lines.joined(separator: "\n") + "\n"
        }
    }
}
