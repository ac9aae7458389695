/// A piece of internal work that a task giver hands to an officer ("Pekerjaan Baru").
package struct WorkspaceItem: Case {
    package typealias ID = Identifier<WorkspaceItem>
    package static let idPrefix = "wsi"
    package static let kind = CaseKind.workspaceItem

    package enum State: String, Sendable, CaseIterable {
        case draft
        case assigned
        case inVerification = "in_verification"
        case verified
        case inProgress = "in_progress"
        case completed
        case cancelled
    }

    package enum Priority: String, Sendable, CaseIterable {
        case low
        case normal
        case high
    }

    package struct Filter: CaseFilter {
        package var priority: Priority?
        /// The first and the last target date, both inclusive.
        package var targetFrom: CivilDate?
        package var targetTo: CivilDate?

        package init() {}
    }

    package var head: CaseHead<WorkspaceItem>
    package var title: String
    package var description: String
    package var targetDate: CivilDate?
    package var priority: Priority
    /// How much of the work is done, 0 to 100.
    package var percent: Int
    /// What came of the work, once it is completed.
    package var result: String?

    package init(
        _ head: CaseHead<WorkspaceItem>,
        title: String,
        description: String,
        targetDate: CivilDate?,
        priority: Priority,
        percent: Int = 0,
        result: String? = nil
    ) {
        self.head = head
        self.title = title
        self.description = description
        self.targetDate = targetDate
        self.priority = priority
        self.percent = percent
        self.result = result
    }

    package var recapMatter: RecapMatter? { RecapMatter(kind: .workspace, topic: priority.rawValue, earns: state == .completed) }

    package var workflow: Workflow<State, Event> { Self.workflow }

    package static let workflows = [workflow]

    package static func repository(in repositories: any Repositories) -> any CaseRepository<WorkspaceItem> { repositories.workspaceItems }

    package static func visibility(for principal: Principal) -> [Visibility] { Visibility.workspaceItems(for: principal) }
}

extension WorkspaceItem {
    package enum Event: String, CaseEventName {
        case submit, receive, `return`, approve, acknowledge, progress, complete, cancel

        package var required: [EventMember] {
            switch self {
            case .return, .cancel: [.reason]
            case .progress: [.percent, .note]
            case .complete: [.result]
            case .submit, .receive, .approve, .acknowledge: []
            }
        }

        package var optional: [EventMember] {
            switch self {
            case .submit: [.officerID]
            case .receive, .complete: [.note]
            case .return, .approve, .acknowledge, .progress, .cancel: []
            }
        }
    }

    package mutating func take(_ event: CaseEvent<Event>) -> [String] {
        switch event.name {
        case .progress:
            let before = percent
            percent = event[.percent].flatMap { Int($0) } ?? percent
            return percent == before ? [] : ["percent"]
        case .complete:
            result = event[.result]
            let isNews = percent != 100
            percent = 100
            return isNews ? ["percent", "result"] : ["result"]
        case .submit, .receive, .return, .approve, .acknowledge, .cancel: return []
        }
    }

    /// Each report of progress stays in a log of its own.
    package func keep(
        _ event: CaseEvent<Event>,
        by principal: Principal,
        at now: Instant,
        in repositories: any Repositories
    ) throws(DomainError) {
        guard event.name == .progress else { return }
        try repositories.progress.insert(
            ProgressEntry(itemID: id, version: version, percent: percent, note: event.note ?? "", userID: principal.userID, createdAt: now)
        )
    }

    /// A work item is handed to an officer: it needs one before it leaves the draft.
    package func check(_ event: CaseEvent<Event>) -> Issue? {
        guard event.name == .submit, officerID == nil, event[.officerID] == nil else { return nil }
        return Issue("/officer_id", code: "required", detail: Text(id: "Petugas harus dipilih.", en: "An officer must be chosen."))
    }

    /// The way of a work item (domain guide, section 4).
    package static let workflow = Workflow<State, Event>(
        "workspace",
        procedure: "workspace",
        startsAt: .draft,
        creators: [.taskGiver],
        creation: (stops: 1, starts: 2),
        edits: [(state: .draft, editor: .requester), (state: .assigned, editor: .officer)],
        officerRole: .assignedOfficer,
        transitions: [
            .init(from: .draft, on: .submit, by: .taskGiver, to: .assigned, stops: 2, starts: 3),
            .init(from: .draft, on: .cancel, by: .taskGiver, to: .cancelled, stops: 2, outcome: .cancelled),
            .init(from: .assigned, on: .receive, by: .assignedOfficer, to: .inVerification, stops: 3, starts: 4),
            .init(from: .assigned, on: .cancel, by: .taskGiver, to: .cancelled, stops: 3, outcome: .cancelled),
            .init(
                from: .inVerification,
                on: .return,
                by: .superAdmin,
                to: .assigned,
                stops: 4,
                starts: 3,
                outcome: .no,
                bars: [.officer, .requester]
            ),
            .init(
                from: .inVerification,
                on: .approve,
                by: .superAdmin,
                to: .verified,
                stops: 4,
                starts: 5,
                outcome: .yes,
                bars: [.officer, .requester]
            ),
            .init(from: .inVerification, on: .cancel, by: .taskGiver, to: .cancelled, stops: 4, outcome: .cancelled),
            .init(from: .verified, on: .acknowledge, by: .taskGiver, to: .inProgress, stops: 5),
            .init(from: .verified, on: .cancel, by: .taskGiver, to: .cancelled, stops: 5, outcome: .cancelled),
            .init(from: .inProgress, on: .progress, by: .assignedOfficer, to: .inProgress),
            .init(from: .inProgress, on: .complete, by: .assignedOfficer, to: .completed),
            .init(from: .inProgress, on: .cancel, by: .taskGiver, to: .cancelled),
        ]
    )
}

/// One report of progress on a work item.
package struct ProgressEntry: Sendable {
    package let itemID: WorkspaceItem.ID
    /// The version of the item that the report made.
    package let version: Int
    package let percent: Int
    package let note: String
    package let userID: User.ID
    package let createdAt: Instant

    package init(itemID: WorkspaceItem.ID, version: Int, percent: Int, note: String, userID: User.ID, createdAt: Instant) {
        self.itemID = itemID
        self.version = version
        self.percent = percent
        self.note = note
        self.userID = userID
        self.createdAt = createdAt
    }
}
