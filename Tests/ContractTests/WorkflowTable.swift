import Domain
import Testing

/// One workflow as written by hand from the operating procedure: what the program, the service and the document are judged by.
struct WorkflowTable: Sendable, CustomTestStringConvertible {
    /// One row: event, states, performer, how he stands to the case, and the steps whose clocks stop and start.
    struct Row: Hashable {
        let name: String
        let from: String
        let to: String
        /// Empty where any role will do.
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

    let code: String
    /// The procedure, where it is not called as the workflow is.
    var ownProcedure: String?
    let collection: String
    /// The last word of the operations on one case.
    let noun: String
    let creation: (stops: Int?, starts: Int?)
    /// The first is the one that a case begins in.
    let states: [String]
    let final: Set<String>
    let rows: [Row]
    let members: [String: (required: [String], optional: [String])]
    /// How those stand to the case who may not cause an event.
    let bars: [String: Set<String>]
    let picture: String

    var testDescription: String { code }

    static let all = [consultation, workspace, complaint, serviceRequest, serviceComplaint, consultationRecap, workspaceRecap]

    /// A workflow without a timed step follows no procedure.
    var procedure: String? { ownProcedure ?? (creation.starts == nil && rows.allSatisfy { $0.starts == nil } ? nil : code) }
}

extension WorkflowTable {
    /// The same, read from the program.
    struct Program {
        let code: String
        let start: String
        let creation: (stops: Int?, starts: Int?)
        let final: Set<String>
        let rows: [Row]
        let bars: [String: Set<String>]

        init<State: RawRepresentable<String> & CaseIterable, Event: CaseEventName>(_ workflow: Workflow<State, Event>) {
            code = workflow.code
            start = workflow.start.rawValue
            creation = workflow.creation
            final = Set(workflow.transitions.map(\.to).filter { workflow.isFinal($0) }.map(\.rawValue))
            rows = workflow.transitions.flatMap { row in
                let roles = row.performer.roles == .all ? [""] : row.performer.roles.roles.map(\.rawValue)
                return roles.map { role in
                    Row(
                        row.event.rawValue,
                        row.from.rawValue,
                        row.to.rawValue,
                        role,
                        row.performer.relation.rawValue,
                        row.stops,
                        row.starts,
                        row.outcome == .done ? nil : row.outcome.rawValue
                    )
                }
            }
            bars = workflow.transitions.reduce(into: [:]) { bars, row in
                if !row.bars.isEmpty { bars[row.event.rawValue, default: []].formUnion(row.bars.map(\.rawValue)) }
            }
        }

        static let all =
            Consultation.workflows.map { Program($0) } + WorkspaceItem.workflows.map { Program($0) } + Ticket.workflows.map { Program($0) }
            + ServiceComplaint.workflows.map { Program($0) } + Recap.Kind.allCases.map { Program($0.workflow) }
    }
}
