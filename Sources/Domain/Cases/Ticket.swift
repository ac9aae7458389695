/// An ICT ticket: a complaint, or a request for a service.
package struct Ticket: Case {
    package typealias ID = Identifier<Ticket>
    package static let idPrefix = "tkt"
    package static let kind = CaseKind.ticket

    /// Which of the two ways a ticket goes.
    package enum Variant: String, Sendable, CaseIterable {
        case complaint
        case serviceRequest = "service_request"
    }

    package enum State: String, Sendable, CaseIterable {
        case draft
        case submitted
        case assigned
        case inProgress = "in_progress"
        case awaitingCheck = "awaiting_check"
        case resolved
        case reported
        case registered
        case disposed
        case examined
        case classified
        case verified
        case prioritised
        case considered
        case approved
        case closed
        case rejected
        case cancelled
    }

    /// The category that a service request is classified as.
    package enum Category: String, Sendable, CaseIterable {
        case hardware
        case software
        case network
        case accessRights = "access_rights"
        case data
        case other
    }

    /// How long the work can do without it.
    package enum Urgency: String, Sendable, CaseIterable {
        case low
        case medium
        case high
    }

    package enum Priority: String, Sendable, CaseIterable {
        case low
        case medium
        case high
        case critical
    }

    package struct Filter: CaseFilter {
        package var variant: Variant?
        package var category: Category?
        package var urgency: Urgency?
        package var priority: Priority?
        package var equipmentID: Equipment.ID?

        package init() {}
    }

    package var head: CaseHead<Ticket>
    package let variant: Variant
    package var applicantName: String
    package var applicantNIP: EmployeeNumber?
    package var problem: String
    /// What was done about it before the ticket.
    package var handlingSoFar: String?
    /// What the ticket is about.
    package var equipmentID: Equipment.ID?
    package var plan: String?
    package var result: String?
    /// The report on the resolution.
    package var summary: String?
    package var instruction: String?
    package var findings: String?
    package var category: Category?
    package var urgency: Urgency?
    package var priority: Priority?
    package var recommendation: String?

    package init(
        _ head: CaseHead<Ticket>,
        variant: Variant,
        applicantName: String,
        applicantNIP: EmployeeNumber?,
        problem: String,
        handlingSoFar: String?,
        equipmentID: Equipment.ID? = nil,
        plan: String? = nil,
        result: String? = nil,
        summary: String? = nil,
        instruction: String? = nil,
        findings: String? = nil,
        category: Category? = nil,
        urgency: Urgency? = nil,
        priority: Priority? = nil,
        recommendation: String? = nil
    ) {
        self.head = head
        self.variant = variant
        self.applicantName = applicantName
        self.applicantNIP = applicantNIP
        self.problem = problem
        self.handlingSoFar = handlingSoFar
        self.equipmentID = equipmentID
        self.plan = plan
        self.result = result
        self.summary = summary
        self.instruction = instruction
        self.findings = findings
        self.category = category
        self.urgency = urgency
        self.priority = priority
        self.recommendation = recommendation
    }

    package var title: String { CaseSummary.title(of: problem) }

    package var workflow: Workflow<State, Event> { variant.workflow }

    package static let workflows = Variant.allCases.map(\.workflow)

    package static func repository(in repositories: any Repositories) -> any CaseRepository<Ticket> { repositories.tickets }

    package static func visibility(for principal: Principal) -> [Visibility] { Visibility.tickets(for: principal) }

    package static func filter(following workflow: Workflow<State, Event>) -> Filter {
        var filter = Filter()
        filter.variant = Variant.allCases.first { $0.workflow.code == workflow.code }
        return filter
    }

    /// A ticket names only equipment that its writer may see.
    package func checkReferences(
        since before: Ticket?,
        by principal: Principal,
        in repositories: any Repositories
    ) throws(DomainError) {
        guard let equipmentID, equipmentID != before?.equipmentID else { return }
        guard let equipment = try repositories.equipment.find(equipmentID), equipment.isVisible(to: principal) else {
            throw .invalid([.unknownReference("/equipment_id")])
        }
    }

    /// What a request of this category and urgency is proposed to have as priority; nil while either is unknown.
    ///
    /// GAP: the SOP names urgency and priority but no rule. Impact is read from the category: what stops many weighs more than what stops one.
    package var proposedPriority: Priority? {
        guard let category, let urgency else { return nil }
        return Self.priority(of: category.impact, urgency)
    }

    /// The 3 × 3 matrix of impact and urgency.
    package static func priority(of impact: Impact, _ urgency: Urgency) -> Priority {
        switch (impact, urgency) {
        case (.low, .low), (.low, .medium), (.medium, .low): .low
        case (.low, .high), (.medium, .medium), (.high, .low): .medium
        case (.medium, .high), (.high, .medium): .high
        case (.high, .high): .critical
        }
    }

    /// How many a fault stops.
    package enum Impact: String, Sendable, CaseIterable {
        case low
        case medium
        case high
    }
}

extension Ticket.Category {
    /// How many a fault of this category usually stops.
    package var impact: Ticket.Impact {
        switch self {
        case .network, .data: .high
        case .software, .accessRights: .medium
        case .hardware, .other: .low
        }
    }
}

extension Ticket.Variant {
    package var workflow: Workflow<Ticket.State, Ticket.Event> {
        switch self {
        case .complaint: Ticket.complaintWorkflow
        case .serviceRequest: Ticket.serviceRequestWorkflow
        }
    }
}
