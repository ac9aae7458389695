/// A question that an external unit asks the directorate (SOP/KI-MR/26).
package struct Consultation: Case {
    package typealias ID = Identifier<Consultation>
    package static let idPrefix = "con"
    package static let kind = CaseKind.consultation

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

    package struct Filter: CaseFilter {
        package var topic: Topic?

        package init() {}
    }

    package var head: CaseHead<Consultation>
    package var subject: String
    package var detail: String
    package var topic: Topic?
    /// The follow-up plan that goes with the answer.
    package var plan: String?
    package var answer: String?

    package init(
        _ head: CaseHead<Consultation>,
        subject: String,
        detail: String,
        topic: Topic?,
        plan: String? = nil,
        answer: String? = nil
    ) {
        self.head = head
        self.subject = subject
        self.detail = detail
        self.topic = topic
        self.plan = plan
        self.answer = answer
    }

    package var title: String { subject }

    package var recapMatter: RecapMatter? { RecapMatter(kind: .consultation, topic: topic?.rawValue, earns: state == .closed) }

    package var workflow: Workflow<State, Event> { Self.workflow }

    package static let workflows = [workflow]

    package static func repository(in repositories: any Repositories) -> any CaseRepository<Consultation> { repositories.consultations }

    package static func visibility(for principal: Principal) -> [Visibility] { Visibility.consultations(for: principal) }

    /// Whether `principal` may read the plan and the answer: the unit only once they are delivered.
    package func showsAnswer(to principal: Principal) -> Bool {
        if state == .answered || state == .closed { return true }
        return Self.visibility(for: principal).contains { part in
            if case .unit = part { return false }
            return part.covers(unit: unitID, requester: requesterID, officer: officerID)
        }
    }
}

extension Consultation {
    package enum Event: String, CaseEventName {
        case submit, assign, reassign, propose, `return`, approve, deliver, acknowledge, withdraw

        package var required: [EventMember] {
            switch self {
            case .assign: [.officerID]
            case .reassign: [.officerID, .reason]
            case .propose: [.answer]
            case .return, .withdraw: [.reason]
            case .submit, .approve, .deliver, .acknowledge: []
            }
        }

        package var optional: [EventMember] {
            switch self {
            case .assign, .approve, .deliver, .acknowledge: [.note]
            case .propose: [.plan, .note]
            case .submit, .reassign, .return, .withdraw: []
            }
        }
    }

    package mutating func take(_ event: CaseEvent<Event>) -> [String] {
        guard event.name == .propose else { return [] }
        let isNewPlan = event[.plan] != plan
        answer = event[.answer]
        plan = event[.plan]
        return isNewPlan ? ["answer", "plan"] : ["answer"]
    }

    /// The way of a consultation (domain guide, section 3).
    package static let workflow = Workflow<State, Event>(
        "consultation",
        procedure: "consultation",
        startsAt: .draft,
        creators: [.workUnit],
        creation: (stops: 1, starts: 2),
        edits: [(state: .draft, editor: .requester)],
        officerRole: .consultationOfficer,
        transitions: [
            .init(from: .draft, on: .submit, by: .workUnit, to: .submitted, stops: 2, starts: 3),
            .init(from: .draft, on: .withdraw, by: .unitRequester, to: .withdrawn, stops: 2, outcome: .withdrawn),
            .init(from: .submitted, on: .assign, by: .superAdmin, to: .assigned, stops: 3, starts: 4),
            .init(from: .submitted, on: .withdraw, by: .unitRequester, to: .withdrawn, stops: 3, outcome: .withdrawn),
            .init(from: .assigned, on: .propose, by: .consultationOfficer, to: .inVerification, stops: 4, starts: 5),
            .init(from: .assigned, on: .reassign, by: .superAdmin, to: .assigned, stops: 4, starts: 4, outcome: .reassigned),
            .init(from: .assigned, on: .withdraw, by: .unitRequester, to: .withdrawn, stops: 4, outcome: .withdrawn),
            .init(
                from: .inVerification,
                on: .approve,
                by: .subdirectorateHead,
                to: .verified,
                stops: 5,
                starts: 6,
                outcome: .yes,
                bars: [.officer]
            ),
            .init(
                from: .inVerification,
                on: .return,
                by: .subdirectorateHead,
                to: .assigned,
                stops: 5,
                starts: 4,
                outcome: .no,
                bars: [.officer]
            ),
            .init(from: .inVerification, on: .withdraw, by: .unitRequester, to: .withdrawn, stops: 5, outcome: .withdrawn),
            .init(from: .verified, on: .deliver, by: .consultationOfficer, to: .answered, stops: 6, starts: 7),
            .init(from: .verified, on: .reassign, by: .superAdmin, to: .verified, stops: 6, starts: 6, outcome: .reassigned),
            .init(from: .answered, on: .acknowledge, by: .workUnit, to: .closed, stops: 7),
        ]
    )
}
