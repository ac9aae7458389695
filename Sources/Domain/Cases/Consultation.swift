/// A question that an external unit asks the directorate (SOP/KI-MR/26).
package struct Consultation: Case {
    package typealias ID = Identifier<Consultation>
    package static let idPrefix = "con"
    package static let kind = CaseKind.consultation
    package static let officerRole = Role.consultationOfficer

    package enum State: String, Sendable, CaseIterable {
        case draft
        case submitted
        case assigned
        case inVerification = "in_verification"
        case verified
        case answered
        case closed
        case withdrawn
    }

    package enum Topic: String, Sendable, CaseIterable {
        case compliance
        case riskManagement = "risk_management"
    }

    package let id: ID
    package let number: String
    package var state: State
    package let unitID: Unit.ID
    package let requesterID: User.ID
    package var officerID: User.ID?
    package var subject: String
    package var detail: String
    package var topic: Topic?
    /// The follow-up plan that goes with the answer.
    package var plan: String?
    package var answer: String?
    package let createdAt: Instant
    package var updatedAt: Instant
    package var closedAt: Instant?
    package var version: Int
    package let procedureVersion: Int

    package init(
        id: ID,
        number: String,
        state: State,
        unitID: Unit.ID,
        requesterID: User.ID,
        officerID: User.ID? = nil,
        subject: String,
        detail: String,
        topic: Topic?,
        plan: String? = nil,
        answer: String? = nil,
        createdAt: Instant,
        updatedAt: Instant,
        closedAt: Instant? = nil,
        version: Int = 1,
        procedureVersion: Int
    ) {
        self.id = id
        self.number = number
        self.state = state
        self.unitID = unitID
        self.requesterID = requesterID
        self.officerID = officerID
        self.subject = subject
        self.detail = detail
        self.topic = topic
        self.plan = plan
        self.answer = answer
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.closedAt = closedAt
        self.version = version
        self.procedureVersion = procedureVersion
    }

    package static func repository(in repositories: any Repositories) -> any CaseRepository<Consultation> { repositories.consultations }

    package static func visibility(for principal: Principal) -> [Visibility] { Visibility.consultations(for: principal) }

    /// Whether `principal` may read the plan and the answer: the unit only once they are delivered.
    package func showsAnswer(to principal: Principal) -> Bool {
        if state == .answered || state == .closed { return true }
        return Self.visibility(for: principal).contains { part in
            if case .unit = part { return false }
            return part.covers(unit: unitID, officer: officerID)
        }
    }
}

extension Consultation {
    package enum Event: CaseEvent {
        case submit
        case assign(User.ID, note: String?)
        case reassign(User.ID, reason: String)
        case propose(answer: String, plan: String?, note: String?)
        case `return`(reason: String)
        case approve(note: String?)
        case deliver(note: String?)
        case acknowledge(note: String?)
        case withdraw(reason: String)

        package enum Name: String, CaseEventName {
            case submit, assign, reassign, propose, `return`, approve, deliver, acknowledge, withdraw

            package var required: [String] {
                switch self {
                case .assign: ["officer_id"]
                case .reassign: ["officer_id", "reason"]
                case .propose: ["answer"]
                case .return, .withdraw: ["reason"]
                case .submit, .approve, .deliver, .acknowledge: []
                }
            }

            package var optional: [String] {
                switch self {
                case .assign, .approve, .deliver, .acknowledge: ["note"]
                case .propose: ["plan", "note"]
                case .submit, .reassign, .return, .withdraw: []
                }
            }
        }

        package var name: Name {
            switch self {
            case .submit: .submit
            case .assign: .assign
            case .reassign: .reassign
            case .propose: .propose
            case .return: .return
            case .approve: .approve
            case .deliver: .deliver
            case .acknowledge: .acknowledge
            case .withdraw: .withdraw
            }
        }

        package var reason: String? {
            switch self {
            case .reassign(_, let reason), .return(let reason), .withdraw(let reason): reason
            case .submit, .assign, .propose, .approve, .deliver, .acknowledge: nil
            }
        }

        package var note: String? {
            switch self {
            case .assign(_, let note), .propose(_, _, let note), .approve(let note), .deliver(let note), .acknowledge(let note): note
            case .submit, .reassign, .return, .withdraw: nil
            }
        }

        package var assignee: User.ID? {
            switch self {
            case .assign(let officer, _), .reassign(let officer, _): officer
            case .submit, .propose, .return, .approve, .deliver, .acknowledge, .withdraw: nil
            }
        }
    }

    package mutating func take(_ event: Event) -> [String] {
        switch event {
        case .assign(let officer, _), .reassign(let officer, _):
            officerID = officer
            return ["officer_id"]
        case .propose(let answer, let plan, _):
            let isNewPlan = plan != self.plan
            self.answer = answer
            self.plan = plan
            return isNewPlan ? ["answer", "plan"] : ["answer"]
        case .submit, .return, .approve, .deliver, .acknowledge, .withdraw: return []
        }
    }

    /// The way of a consultation (domain guide, section 3).
    package static let workflow = Workflow<State, Event.Name>(
        startsAt: .draft,
        creation: (stops: 1, starts: 2),
        transitions: [
            .init(from: .draft, on: .submit, by: .workUnit, to: .submitted, stops: 2, starts: 3),
            .init(from: .draft, on: .withdraw, by: .requester, to: .withdrawn, stops: 2, outcome: .withdrawn),
            .init(from: .submitted, on: .assign, by: .superAdmin, to: .assigned, stops: 3, starts: 4),
            .init(from: .submitted, on: .withdraw, by: .requester, to: .withdrawn, stops: 3, outcome: .withdrawn),
            .init(from: .assigned, on: .propose, by: .consultationOfficer, to: .inVerification, stops: 4, starts: 5),
            .init(from: .assigned, on: .reassign, by: .superAdmin, to: .assigned, stops: 4, starts: 4, outcome: .reassigned),
            .init(from: .assigned, on: .withdraw, by: .requester, to: .withdrawn, stops: 4, outcome: .withdrawn),
            .init(
                from: .inVerification,
                on: .approve,
                by: .subdirectorateHead,
                to: .verified,
                stops: 5,
                starts: 6,
                outcome: .yes,
                isGate: true
            ),
            .init(
                from: .inVerification,
                on: .return,
                by: .subdirectorateHead,
                to: .assigned,
                stops: 5,
                starts: 4,
                outcome: .no,
                isGate: true
            ),
            .init(from: .inVerification, on: .withdraw, by: .requester, to: .withdrawn, stops: 5, outcome: .withdrawn),
            .init(from: .verified, on: .deliver, by: .consultationOfficer, to: .answered, stops: 6, starts: 7),
            .init(from: .verified, on: .reassign, by: .superAdmin, to: .verified, stops: 6, starts: 6, outcome: .reassigned),
            .init(from: .answered, on: .acknowledge, by: .workUnit, to: .closed, stops: 7),
        ]
    )
}
