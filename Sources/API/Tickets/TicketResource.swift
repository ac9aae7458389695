import Domain
import HTTP

/// ICT tickets: complaints, followed up until the complainant is served, and service requests with their nine gates.
extension Ticket: CaseResource {
    static var operations: CaseOperations {
        CaseOperations(
            list: .listTickets,
            create: .createTicket,
            get: .getTicket,
            update: .updateTicket,
            history: .getTicketHistory,
            timings: .getTicketTimings,
            listLinks: .listTicketLinks,
            createLink: .createTicketLink,
            deleteLink: .deleteTicketLink,
            listComments: .listTicketComments,
            createComment: .createTicketComment,
            listAttachments: .listTicketAttachments,
            createAttachment: .createTicketAttachment,
            pause: .pauseTicket,
            resume: .resumeTicket
        )
    }

    static func operation(of event: Event) -> Operation {
        switch event {
        case .submit: .submitTicket
        case .dispatch: .dispatchTicket
        case .start: .startTicket
        case .followUp: .followUpTicket
        case .notSolved: .notSolvedTicket
        case .solved: .solvedTicket
        case .report: .reportTicket
        case .close: .closeTicket
        case .register: .registerTicket
        case .dispose: .disposeTicket
        case .examine: .examineTicket
        case .classify: .classifyTicket
        case .verify: .verifyTicket
        case .prioritise: .prioritiseTicket
        case .consider: .considerTicket
        case .approve: .approveTicket
        case .reject: .rejectTicket
        case .assign: .assignTicket
        case .handle: .handleTicket
        case .cancel: .cancelTicket
        }
    }

    static var filterNames: [String] { ["kind", "category", "urgency", "priority", "equipment_id"] }

    static func filter(_ query: inout Query) -> Filter {
        var filter = Filter()
        filter.variant = query.choice("kind")
        filter.category = query.choice("category")
        filter.urgency = query.choice("urgency")
        filter.priority = query.choice("priority")
        filter.equipmentID = query.identifier("equipment_id")
        return filter
    }

    static func make(
        _ new: Schema.NewTicket,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) -> Ticket {
        let unit = try tx.unit(new.unitID, for: principal)
        let applicant = try tx.users.find(principal.userID)
        let head = try tx.tickets.head(following: new.kind.workflow, unit: unit, by: principal, at: now, ids: ids)
        return Ticket(
            head,
            variant: new.kind,
            applicantName: new.applicantName ?? applicant?.name ?? "",
            applicantNIP: new.applicantNIP ?? (new.applicantName == nil ? applicant?.employeeNumber : nil),
            problem: new.problem,
            handlingSoFar: new.handlingSoFar,
            equipmentID: new.equipmentID
        )
    }

    mutating func change(_ patch: Schema.TicketPatch) -> [String] {
        var changes = FieldChanges()
        changes.apply(patch.problem, "problem", to: &problem)
        changes.apply(patch.handlingSoFar, "handling_so_far", to: &handlingSoFar)
        changes.apply(patch.equipmentID, "equipment_id", to: &equipmentID)
        changes.apply(patch.applicantName, "applicant_name", to: &applicantName)
        changes.apply(patch.applicantNIP, "applicant_nip", to: &applicantNIP)
        return changes.names
    }

    func writeOwn(to json: inout JSONWriter, for principal: Principal) {
        json.member("kind", variant.rawValue)
        json.member("applicant_name", applicantName)
        json.member("applicant_nip", applicantNIP?.text)
        json.member("problem", problem)
        json.member("handling_so_far", handlingSoFar)
        json.member("equipment_id", equipmentID)
        json.member("plan", plan)
        json.member("result", result)
        json.member("summary", summary)
        json.member("instruction", instruction)
        json.member("findings", findings)
        json.member("category", category?.rawValue)
        json.member("urgency", urgency?.rawValue)
        json.member("priority", priority?.rawValue)
        json.member("recommendation", recommendation)
        json.name("proposed_priorities")
        if let category {
            json.object { json in
                json.member("low", Ticket.priority(of: category.impact, .low).rawValue)
                json.member("medium", Ticket.priority(of: category.impact, .medium).rawValue)
                json.member("high", Ticket.priority(of: category.impact, .high).rawValue)
            }
        } else {
            json.null()
        }
    }

    static var ownColumns: [Column<(Ticket, Principal)>] {
        [
            Column("kind") { $0.0.variant.rawValue },
            Column("applicant_name") { $0.0.applicantName },
            Column("applicant_nip") { $0.0.applicantNIP?.text ?? "" },
            Column("problem") { $0.0.problem },
            Column("handling_so_far") { $0.0.handlingSoFar ?? "" },
            Column("equipment_id") { $0.0.equipmentID?.text ?? "" },
            Column("plan") { $0.0.plan ?? "" },
            Column("result") { $0.0.result ?? "" },
            Column("summary") { $0.0.summary ?? "" },
            Column("instruction") { $0.0.instruction ?? "" },
            Column("findings") { $0.0.findings ?? "" },
            Column("category") { $0.0.category?.rawValue ?? "" },
            Column("urgency") { $0.0.urgency?.rawValue ?? "" },
            Column("priority") { $0.0.priority?.rawValue ?? "" },
            Column("recommendation") { $0.0.recommendation ?? "" },
        ]
    }
}

extension Schema {
    struct NewTicket: RequestBody {
        let kind: Ticket.Variant
        let problem: String
        let handlingSoFar: String?
        let applicantName: String?
        let applicantNIP: EmployeeNumber?
        let unitID: Domain.Unit.ID?
        let equipmentID: Domain.Equipment.ID?

        init(_ fields: inout Fields) {
            kind = fields.choice("kind", or: .complaint)
            problem = fields.text("problem", CaseRules.long)
            handlingSoFar = fields.optionalText("handling_so_far", CaseRules.long)
            applicantName = fields.optionalText("applicant_name", TicketRules.name)
            applicantNIP = fields.optionalParsed("applicant_nip", UserRules.nip) { EmployeeNumber($0) }
            unitID = fields.optionalIdentifier("unit_id")
            equipmentID = fields.optionalIdentifier("equipment_id")
        }
    }

    struct TicketPatch: RequestBody {
        let problem: Change<String>
        let handlingSoFar: Change<String>
        let applicantName: Change<String>
        let applicantNIP: Change<EmployeeNumber>
        let equipmentID: Change<Domain.Equipment.ID>

        init(_ fields: inout Fields) {
            problem = fields.changedText("problem", CaseRules.long)
            handlingSoFar = fields.clearableText("handling_so_far", CaseRules.long)
            applicantName = fields.changedText("applicant_name", TicketRules.name)
            applicantNIP = fields.clearableParsed("applicant_nip", UserRules.nip) { EmployeeNumber($0) }
            equipmentID = fields.clearableParsed("equipment_id", Rules.identifier) { Domain.Equipment.ID($0) }
        }
    }
}

private enum TicketRules {
    static let name = TextRule.line(1...200)
}
