import Domain
import HTTP

/// Workspace items: given by task givers, verified by the super admin, done by officers.
extension WorkspaceItem: CaseResource {
    static var operations: CaseOperations {
        CaseOperations(
            list: .listWorkspaceItems,
            create: .createWorkspaceItem,
            get: .getWorkspaceItem,
            update: .updateWorkspaceItem,
            history: .getWorkspaceItemHistory,
            timings: .getWorkspaceItemTimings
        )
    }

    static func operation(of event: Event) -> Operation {
        switch event {
        case .submit: .submitWorkspaceItem
        case .receive: .receiveWorkspaceItem
        case .return: .returnWorkspaceItem
        case .approve: .approveWorkspaceItem
        case .acknowledge: .acknowledgeWorkspaceItem
        case .progress: .progressWorkspaceItem
        case .complete: .completeWorkspaceItem
        case .cancel: .cancelWorkspaceItem
        }
    }

    static var filterNames: [String] { ["priority", "target_date.gte", "target_date.lte"] }

    static func filter(_ query: inout Query) -> Filter {
        var filter = Filter()
        filter.priority = query.choice("priority")
        filter.targetFrom = query.date("target_date.gte")
        filter.targetTo = query.date("target_date.lte")
        return filter
    }

    static func make(
        _ new: Schema.NewWorkspaceItem,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) -> WorkspaceItem {
        let head = try tx.workspaceItems.head(
            following: workflow,
            unit: principal.unitID,
            officer: new.officerID,
            by: principal,
            at: now,
            ids: ids
        )
        return WorkspaceItem(
            head,
            title: new.title,
            description: new.description,
            targetDate: new.targetDate,
            priority: new.priority ?? .normal
        )
    }

    mutating func change(_ patch: Schema.WorkspaceItemPatch) throws(DomainError) -> [String] {
        var changes = FieldChanges()
        changes.apply(patch.title, "title", to: &title)
        changes.apply(patch.description, "description", to: &description)
        changes.apply(patch.targetDate, "target_date", to: &targetDate)
        changes.apply(patch.priority, "priority", to: &priority)
        let officer = head.officerID
        changes.apply(patch.officerID, "officer_id", to: &head.officerID)
        // Once it is handed over, the one in charge does not choose his successor.
        if state != workflow.start, head.officerID != officer {
            let detail = Text(id: "Petugas tidak dapat diganti lagi.", en: "The officer cannot be changed any more.")
            throw .invalid([Issue("/officer_id", code: "not_allowed", detail: detail)])
        }
        return changes.names
    }

    func writeOwn(to json: inout JSONWriter, for principal: Principal) {
        json.member("title", title)
        json.member("description", description)
        json.member("target_date", targetDate?.description)
        json.member("priority", priority.rawValue)
        json.member("percent", percent)
        json.member("result", result)
    }

    static var ownColumns: [Column<(WorkspaceItem, Principal)>] {
        [
            Column("title") { $0.0.title },
            Column("description") { $0.0.description },
            Column("target_date") { $0.0.targetDate?.description ?? "" },
            Column("priority") { $0.0.priority.rawValue },
            Column("percent") { String($0.0.percent) },
            Column("result") { $0.0.result ?? "" },
        ]
    }
}

extension Schema {
    struct NewWorkspaceItem: RequestBody {
        let title: String
        let description: String
        let officerID: Domain.User.ID?
        let targetDate: CivilDate?
        let priority: WorkspaceItem.Priority?

        init(_ fields: inout Fields) {
            title = fields.text("title", WorkspaceItemRules.title)
            description = fields.text("description", CaseRules.long)
            officerID = fields.optionalIdentifier("officer_id")
            targetDate = fields.optionalParsed("target_date", Rules.date) { CivilDate($0) }
            priority = fields.optionalChoice("priority")
        }
    }

    struct WorkspaceItemPatch: RequestBody {
        let title: Change<String>
        let description: Change<String>
        let officerID: Change<Domain.User.ID>
        let targetDate: Change<CivilDate>
        let priority: Change<WorkspaceItem.Priority>

        init(_ fields: inout Fields) {
            title = fields.changedText("title", WorkspaceItemRules.title)
            description = fields.changedText("description", CaseRules.long)
            officerID = fields.clearableParsed("officer_id", Rules.identifier) { Domain.User.ID($0) }
            targetDate = fields.clearableParsed("target_date", Rules.date) { CivilDate($0) }
            priority = fields.changedChoice("priority")
        }
    }
}

private enum WorkspaceItemRules {
    static let title = TextRule.line(3...200)
}
