/// What someone holds against the service of the bureau, or proposes for it.
///
/// The standard of service (`system-deployment`) gives it a way but no steps of its own, so nothing of it is timed. It goes through the head
/// of the bureau, who is the director here: its roles know no other head of what gives the service.
package struct ServiceComplaint: Case {
    package typealias ID = Identifier<ServiceComplaint>
    package static let idPrefix = "svc"
    package static let kind = CaseKind.serviceComplaint

    package enum Variant: String, Sendable, CaseIterable {
        case complaint
        case objection
        case suggestion
    }

    package enum State: String, Sendable, CaseIterable {
        case draft
        case submitted
        /// The complainant may go straight to the officer.
        case approvedForDirect = "approved_for_direct"
        /// The officer follows it up.
        case forwarded
        case meetingScheduled = "meeting_scheduled"
        case settled
        case rejected
        case withdrawn
    }

    package struct Filter: CaseFilter {
        package var variant: Variant?

        package init() {}
    }

    package var head: CaseHead<ServiceComplaint>
    package var variant: Variant
    package var subject: String
    package var detail: String
    /// When and where the coordination meeting is that settles it.
    package var meetingDate: CivilDate?
    package var meetingPlace: String?
    /// What was agreed.
    package var result: String?
    package var minutes: String?

    package init(
        _ head: CaseHead<ServiceComplaint>,
        variant: Variant,
        subject: String,
        detail: String,
        meetingDate: CivilDate? = nil,
        meetingPlace: String? = nil,
        result: String? = nil,
        minutes: String? = nil
    ) {
        self.head = head
        self.variant = variant
        self.subject = subject
        self.detail = detail
        self.meetingDate = meetingDate
        self.meetingPlace = meetingPlace
        self.result = result
        self.minutes = minutes
    }

    package var title: String { subject }
    package var workflow: Workflow<State, Event> { Self.workflow }

    package static let workflows = [workflow]

    package static func repository(in repositories: any Repositories) -> any CaseRepository<ServiceComplaint> {
        repositories.serviceComplaints
    }

    package static func visibility(for principal: Principal) -> [Visibility] { Visibility.serviceComplaints(for: principal) }
}

extension ServiceComplaint {
    package enum Event: String, CaseEventName {
        case submit
        case approveDirect = "approve-direct"
        case forward, reject, schedule, settle, withdraw

        package var required: [EventMember] {
            switch self {
            case .approveDirect, .forward: [.officerID]
            case .schedule: [.meetingDate, .meetingPlace]
            case .settle: [.result]
            case .reject, .withdraw: [.reason]
            case .submit: []
            }
        }

        package var optional: [EventMember] {
            switch self {
            case .approveDirect, .forward, .schedule: [.note]
            case .settle: [.minutes]
            case .submit, .reject, .withdraw: []
            }
        }
    }

    package mutating func take(_ event: CaseEvent<Event>) -> [String] {
        switch event.name {
        case .schedule:
            meetingDate = event[.meetingDate].flatMap { CivilDate($0) }
            meetingPlace = event[.meetingPlace]
            return ["meeting_date", "meeting_place"]
        case .settle:
            result = event[.result]
            minutes = event[.minutes]
            return minutes == nil ? ["result"] : ["result", "minutes"]
        case .submit, .approveDirect, .forward, .reject, .withdraw: return []
        }
    }

    /// No officer hears of it before the head has named him; who may go straight to him also agrees the meeting with him.
    package static let workflow = Workflow<State, Event>(
        "service-complaint",
        procedure: nil,
        startsAt: .draft,
        creators: .all,
        creation: (stops: nil, starts: nil),
        edits: [(state: .draft, editor: .requester)],
        officerRole: .ictOfficer,
        transitions: [
            .init(from: .draft, on: .submit, by: .requester, to: .submitted),
            .init(from: .submitted, on: .approveDirect, by: .director, to: .approvedForDirect, bars: [.requester]),
            .init(from: .submitted, on: .forward, by: .director, to: .forwarded, bars: [.requester]),
            .init(from: .submitted, on: .reject, by: .director, to: .rejected, bars: [.requester]),
            .init(from: .approvedForDirect, on: .schedule, by: .requester, to: .meetingScheduled),
            .init(from: .approvedForDirect, on: .schedule, by: .ictOfficer, to: .meetingScheduled),
            .init(from: .forwarded, on: .schedule, by: .ictOfficer, to: .meetingScheduled),
            .init(from: .meetingScheduled, on: .schedule, by: .ictOfficer, to: .meetingScheduled),
            .init(from: .meetingScheduled, on: .settle, by: .ictOfficer, to: .settled, bars: [.requester]),
            .init(from: .draft, on: .withdraw, by: .requester, to: .withdrawn, outcome: .withdrawn),
            .init(from: .submitted, on: .withdraw, by: .requester, to: .withdrawn, outcome: .withdrawn),
            .init(from: .approvedForDirect, on: .withdraw, by: .requester, to: .withdrawn, outcome: .withdrawn),
            .init(from: .forwarded, on: .withdraw, by: .requester, to: .withdrawn, outcome: .withdrawn),
            .init(from: .meetingScheduled, on: .withdraw, by: .requester, to: .withdrawn, outcome: .withdrawn),
        ]
    )
}
