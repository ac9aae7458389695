@testable import Domain
import Testing

/// The ways of work items and tickets, judged by the tables of the domain guide, sections 4 and 5, and by the gates of the contract.
@Suite struct CaseWorkflowTests {
    /// State, event, role (any where it is `*`), next state, step that stops, step that starts (0 is none), outcome.
    private typealias Guide = [(String, String, String, String, Int, Int, String)]

    private static let workspace: Guide = [
        ("draft", "submit", "task-giver", "assigned", 2, 3, "done"),
        ("draft", "cancel", "task-giver", "cancelled", 2, 0, "cancelled"),
        ("assigned", "receive", "assigned-officer", "in_verification", 3, 4, "done"),
        ("assigned", "cancel", "task-giver", "cancelled", 3, 0, "cancelled"),
        ("in_verification", "return", "super-admin", "assigned", 4, 3, "no"),
        ("in_verification", "approve", "super-admin", "verified", 4, 5, "yes"),
        ("in_verification", "cancel", "task-giver", "cancelled", 4, 0, "cancelled"),
        ("verified", "acknowledge", "task-giver", "in_progress", 5, 0, "done"),
        ("verified", "cancel", "task-giver", "cancelled", 5, 0, "cancelled"),
        ("in_progress", "progress", "assigned-officer", "in_progress", 0, 0, "done"),
        ("in_progress", "complete", "assigned-officer", "completed", 0, 0, "done"),
        ("in_progress", "cancel", "task-giver", "cancelled", 0, 0, "done"),
    ]

    private static let complaint: Guide = [
        ("draft", "submit", "*", "submitted", 1, 2, "done"),
        ("draft", "cancel", "*", "cancelled", 1, 0, "cancelled"),
        ("submitted", "dispatch", "ict-manager", "assigned", 2, 3, "done"),
        ("submitted", "cancel", "*", "cancelled", 2, 0, "cancelled"),
        ("assigned", "start", "ict-officer", "in_progress", 0, 0, "done"),
        ("assigned", "cancel", "*", "cancelled", 3, 0, "cancelled"),
        ("in_progress", "follow-up", "ict-officer", "awaiting_check", 3, 4, "done"),
        ("in_progress", "cancel", "*", "cancelled", 3, 0, "cancelled"),
        ("awaiting_check", "not-solved", "*", "in_progress", 4, 3, "no"),
        ("awaiting_check", "solved", "*", "resolved", 4, 5, "yes"),
        ("resolved", "report", "ict-officer", "reported", 5, 6, "done"),
        ("reported", "close", "ict-manager", "closed", 6, 0, "done"),
    ]

    private static let serviceRequest: Guide = [
        ("draft", "submit", "*", "submitted", 0, 1, "done"),
        ("submitted", "register", "ict-manager|ict-officer", "registered", 1, 2, "done"),
        ("registered", "dispose", "ict-manager", "disposed", 2, 3, "done"),
        ("disposed", "examine", "ict-manager|ict-officer", "examined", 3, 4, "done"),
        ("examined", "classify", "ict-manager|ict-officer", "classified", 4, 5, "done"),
        ("classified", "verify", "ict-manager", "verified", 5, 6, "done"),
        ("verified", "prioritise", "ict-manager", "prioritised", 6, 7, "done"),
        ("prioritised", "consider", "subdirectorate-head", "considered", 7, 8, "done"),
        ("considered", "approve", "director", "approved", 8, 9, "yes"),
        ("considered", "reject", "director", "rejected", 8, 0, "no"),
        ("approved", "assign", "ict-manager", "assigned", 0, 0, "done"),
        ("assigned", "handle", "ict-officer", "closed", 9, 0, "done"),
        ("draft", "cancel", "*", "cancelled", 0, 0, "cancelled"),
        ("submitted", "cancel", "*", "cancelled", 1, 0, "cancelled"),
        ("registered", "cancel", "*", "cancelled", 2, 0, "cancelled"),
        ("disposed", "cancel", "*", "cancelled", 3, 0, "cancelled"),
        ("examined", "cancel", "*", "cancelled", 4, 0, "cancelled"),
        ("classified", "cancel", "*", "cancelled", 5, 0, "cancelled"),
        ("verified", "cancel", "*", "cancelled", 6, 0, "cancelled"),
        ("prioritised", "cancel", "*", "cancelled", 7, 0, "cancelled"),
        ("considered", "cancel", "*", "cancelled", 8, 0, "cancelled"),
        ("approved", "cancel", "*", "cancelled", 9, 0, "cancelled"),
        ("assigned", "cancel", "*", "cancelled", 9, 0, "cancelled"),
    ]

    private func check<State: RawRepresentable<String> & CaseIterable, Event: CaseEventName>(
        _ workflow: Workflow<State, Event>,
        _ guide: Guide,
        ends: Set<String>
    ) {
        let rows = workflow.transitions.map { row in
            let roles = row.performer.roles == .all ? "*" : row.performer.roles.roles.map(\.rawValue).joined(separator: "|")
            return "\(row.from.rawValue) \(row.event.rawValue) \(roles) \(row.to.rawValue) \(row.stops ?? 0) \(row.starts ?? 0)"
                + " \(row.outcome.rawValue)"
        }
        let lines = guide.map { "\($0.0) \($0.1) \($0.2) \($0.3) \($0.4) \($0.5) \($0.6)" }
        #expect(Set(rows).symmetricDifference(lines) == [], "\(workflow.code)")
        #expect(rows.count == guide.count, "\(workflow.code)")
        #expect(workflow.start.rawValue == "draft")
        let reached = Set([workflow.start] + workflow.transitions.map(\.to))
        #expect(Set(reached.filter { workflow.isFinal($0) }.map(\.rawValue)) == ends, "\(workflow.code)")
    }

    @Test func `the tables are those of the guide, row by row and no more`() {
        check(WorkspaceItem.workflow, Self.workspace, ends: ["completed", "cancelled"])
        check(Ticket.complaintWorkflow, Self.complaint, ends: ["closed", "cancelled"])
        check(Ticket.serviceRequestWorkflow, Self.serviceRequest, ends: ["closed", "rejected", "cancelled"])
        #expect(WorkspaceItem.workflow.creation == (1, 2))
        #expect(Ticket.complaintWorkflow.creation == (nil, 1))
        #expect(Ticket.serviceRequestWorkflow.creation == (nil, nil))
    }

    @Test func `task givers give work, and everyone may file a ticket`() {
        #expect(WorkspaceItem.workflow.creators.roles == [.taskGiver] && WorkspaceItem.workflow.officerRole == .assignedOfficer)
        for workflow in Ticket.workflows {
            #expect(workflow.creators.roles.count == 9 && workflow.officerRole == .ictOfficer, "\(workflow.code)")
        }
    }

    @Test func `a draft is its maker's to edit, and returned work its officer's`() {
        #expect(WorkspaceItem.workflow.edits.map { "\($0.state.rawValue) \($0.editor)" } == ["draft requester", "assigned officer"])
        for workflow in Ticket.workflows { #expect(workflow.edits.map { "\($0.state.rawValue) \($0.editor)" } == ["draft requester"]) }
    }

    /// The step that runs in a state, on whatever way it was reached; nil where none does.
    private func checkClocks<State: RawRepresentable<String> & CaseIterable, Event: CaseEventName>(_ workflow: Workflow<State, Event>) {
        var running: [State: Int?] = [workflow.start: workflow.creation.starts]
        var waiting = [workflow.start]
        while let state = waiting.popLast() {
            guard let before = running[state] else { continue }
            for row in workflow.transitions(from: state) {
                // What an event stops is what runs, and what runs is stopped before the next begins.
                #expect(row.stops == nil || row.stops == before, "\(workflow.code) \(state) \(row.event)")
                #expect(row.starts == nil || row.stops == before, "\(workflow.code) \(state) \(row.event)")
                let after = row.starts ?? (row.stops == nil ? before : nil)
                if let known = running[row.to] {
                    #expect(workflow.isFinal(row.to) || known == after, "\(workflow.code) \(row.to) after \(row.event)")
                } else {
                    running[row.to] = after
                    waiting.append(row.to)
                }
                if workflow.isFinal(row.to) { #expect(after == nil, "\(workflow.code) \(row.event) to \(row.to)") }
            }
        }
    }

    @Test func `in every state at most one clock runs, the same by every way, and none once it is over`() {
        checkClocks(Consultation.workflow)
        checkClocks(WorkspaceItem.workflow)
        for workflow in Ticket.workflows { checkClocks(workflow) }
    }

    @Test func `nobody stands on both sides of a gate`() {
        let barred = WorkspaceItem.workflow.transitions.filter { !$0.bars.isEmpty }
        #expect(Set(barred.map(\.event)) == [.return, .approve])
        #expect(barred.allSatisfy { Set($0.bars) == [.officer, .requester] })
        for workflow in Ticket.workflows {
            for row in workflow.transitions {
                // What is the complainant's own is his; everything else is for another than him.
                #expect(row.bars == (row.performer.relation == .requester ? [] : [.requester]), "\(workflow.code) \(row.event)")
            }
        }
    }
}

/// The priority of a service request.
@Suite struct TicketPriorityTests {
    @Test(
        arguments: [
            (.low, .low, .low), (.low, .medium, .low), (.low, .high, .medium),
            (.medium, .low, .low), (.medium, .medium, .medium), (.medium, .high, .high),
            (.high, .low, .medium), (.high, .medium, .high), (.high, .high, .critical),
        ] as [(Ticket.Impact, Ticket.Urgency, Ticket.Priority)]
    )
    func `impact and urgency propose a priority`(_ impact: Ticket.Impact, _ urgency: Ticket.Urgency, _ priority: Ticket.Priority) {
        #expect(Ticket.priority(of: impact, urgency) == priority)
    }

    @Test func `what stops many weighs more than what stops one`() {
        let impacts: [(Ticket.Category, Ticket.Impact)] = [
            (.network, .high), (.data, .high), (.software, .medium), (.accessRights, .medium), (.hardware, .low), (.other, .low),
        ]
        #expect(impacts.count == Ticket.Category.allCases.count)
        for (category, impact) in impacts { #expect(category.impact == impact, "\(category)") }
    }
}
