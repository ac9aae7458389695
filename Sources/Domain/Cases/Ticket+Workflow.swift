extension Ticket {
    package enum Event: String, CaseEventName {
        case submit, dispatch, start
        case followUp = "follow-up"
        case notSolved = "not-solved"
        case solved, report, close
        case register, dispose, examine, classify, verify, prioritise, consider, approve, reject, assign, handle
        case cancel

        package var required: [EventMember] {
            switch self {
            case .dispatch, .assign: [.officerID]
            case .followUp, .handle: [.result]
            case .notSolved, .reject, .cancel: [.reason]
            case .report: [.summary]
            case .dispose: [.instruction]
            case .examine: [.findings]
            case .classify: [.category]
            case .prioritise: [.urgency, .priority]
            case .consider: [.recommendation]
            case .submit, .start, .solved, .close, .register, .verify, .approve: []
            }
        }

        package var optional: [EventMember] {
            switch self {
            case .dispatch, .solved, .close, .verify, .prioritise: [.note]
            case .start, .followUp: [.plan]
            case .submit, .notSolved, .report, .register, .dispose, .examine, .classify, .consider, .approve, .reject, .assign, .handle,
                .cancel:
                []
            }
        }
    }

    package mutating func take(_ event: CaseEvent<Event>) -> [String] {
        var changed: [String] = []
        /// Takes over a text that the event brings.
        func take(_ member: EventMember, into field: inout String?) {
            guard let text = event[member], text != field else { return }
            field = text
            changed.append(member.rawValue)
        }
        take(.plan, into: &plan)
        take(.result, into: &result)
        take(.summary, into: &summary)
        take(.instruction, into: &instruction)
        take(.findings, into: &findings)
        take(.recommendation, into: &recommendation)
        if let text = event[.category] {
            category = Category(rawValue: text)
            changed.append("category")
        }
        if let text = event[.urgency] {
            urgency = Urgency(rawValue: text)
            changed.append("urgency")
        }
        if let text = event[.priority] {
            priority = Priority(rawValue: text)
            changed.append("priority")
        }
        return changed
    }

    /// Whoever sets another priority than the matrix proposes says why.
    package func check(_ event: CaseEvent<Event>) -> Issue? {
        guard event.name == .prioritise, event.note == nil, let category,
            let urgency = event[.urgency].flatMap(Urgency.init), let priority = event[.priority].flatMap(Priority.init)
        else { return nil }
        let proposed = Self.priority(of: category.impact, urgency)
        guard priority != proposed else { return nil }
        let detail = Text(
            id: "Matriks mengusulkan prioritas \(proposed.rawValue); prioritas lain harus diberi alasan.",
            en: "The matrix proposes the priority \(proposed.rawValue); another one needs a note that says why."
        )
        return Issue("/note", code: "required", detail: detail)
    }

    /// The way of a complaint (domain guide, section 5).
    static let complaintWorkflow = Workflow<State, Event>(
        "ict-ticket",
        procedure: "ict-ticket",
        startsAt: .draft,
        creators: .all,
        creation: (stops: nil, starts: 1),
        edits: [(state: .draft, editor: .requester)],
        officerRole: .ictOfficer,
        transitions: [
            .init(from: .draft, on: .submit, by: .requester, to: .submitted, stops: 1, starts: 2),
            .init(from: .draft, on: .cancel, by: .requester, to: .cancelled, stops: 1, outcome: .cancelled),
            .init(from: .submitted, on: .dispatch, by: .ictManager, to: .assigned, stops: 2, starts: 3, bars: [.requester]),
            .init(from: .submitted, on: .cancel, by: .requester, to: .cancelled, stops: 2, outcome: .cancelled),
            .init(from: .assigned, on: .start, by: .ictOfficer, to: .inProgress, bars: [.requester]),
            .init(from: .assigned, on: .cancel, by: .requester, to: .cancelled, stops: 3, outcome: .cancelled),
            .init(from: .inProgress, on: .followUp, by: .ictOfficer, to: .awaitingCheck, stops: 3, starts: 4, bars: [.requester]),
            .init(from: .inProgress, on: .cancel, by: .requester, to: .cancelled, stops: 3, outcome: .cancelled),
            .init(from: .awaitingCheck, on: .notSolved, by: .requester, to: .inProgress, stops: 4, starts: 3, outcome: .no),
            .init(from: .awaitingCheck, on: .solved, by: .requester, to: .resolved, stops: 4, starts: 5, outcome: .yes),
            .init(from: .resolved, on: .report, by: .ictOfficer, to: .reported, stops: 5, starts: 6, bars: [.requester]),
            .init(from: .reported, on: .close, by: .ictManager, to: .closed, stops: 6, bars: [.requester]),
        ]
    )

    /// The nine gates of a service request (`it-service-request`).
    static let serviceRequestWorkflow = Workflow<State, Event>(
        "it-service-request",
        procedure: "it-service-request",
        startsAt: .draft,
        creators: .all,
        creation: (stops: nil, starts: nil),
        edits: [(state: .draft, editor: .requester)],
        officerRole: .ictOfficer,
        transitions: [
            .init(from: .draft, on: .submit, by: .requester, to: .submitted, starts: 1),
            .init(from: .submitted, on: .register, by: .ictDesk, to: .registered, stops: 1, starts: 2, bars: [.requester]),
            .init(from: .registered, on: .dispose, by: .ictManager, to: .disposed, stops: 2, starts: 3, bars: [.requester]),
            .init(from: .disposed, on: .examine, by: .ictDesk, to: .examined, stops: 3, starts: 4, bars: [.requester]),
            .init(from: .examined, on: .classify, by: .ictDesk, to: .classified, stops: 4, starts: 5, bars: [.requester]),
            .init(from: .classified, on: .verify, by: .ictManager, to: .verified, stops: 5, starts: 6, bars: [.requester]),
            .init(from: .verified, on: .prioritise, by: .ictManager, to: .prioritised, stops: 6, starts: 7, bars: [.requester]),
            .init(from: .prioritised, on: .consider, by: .subdirectorateHead, to: .considered, stops: 7, starts: 8, bars: [.requester]),
            .init(from: .considered, on: .approve, by: .director, to: .approved, stops: 8, starts: 9, outcome: .yes, bars: [.requester]),
            .init(from: .considered, on: .reject, by: .director, to: .rejected, stops: 8, outcome: .no, bars: [.requester]),
            .init(from: .approved, on: .assign, by: .ictManager, to: .assigned, bars: [.requester]),
            .init(from: .assigned, on: .handle, by: .ictOfficer, to: .closed, stops: 9, bars: [.requester]),
        ] + cancellations
    )

    /// The one who asked may take his request back until it is handled.
    private static let cancellations: [Transition<State, Event>] = [
        (State.draft, nil), (.submitted, 1), (.registered, 2), (.disposed, 3), (.examined, 4), (.classified, 5), (.verified, 6),
        (.prioritised, 7), (.considered, 8), (.approved, 9), (.assigned, 9),
    ].map { Transition(from: $0, on: .cancel, by: .requester, to: .cancelled, stops: $1, outcome: .cancelled) }
}
