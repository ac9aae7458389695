import Domain
import HTTP

/// Complaints, objections and suggestions about the service: through the head, and settled in a meeting.
extension ServiceComplaint: CaseResource {
    static var operations: CaseOperations {
        CaseOperations(
            list: .listServiceComplaints,
            create: .createServiceComplaint,
            get: .getServiceComplaint,
            update: .updateServiceComplaint,
            history: .getServiceComplaintHistory,
            timings: .getServiceComplaintTimings,
            listLinks: .listServiceComplaintLinks,
            createLink: .createServiceComplaintLink,
            deleteLink: .deleteServiceComplaintLink,
            listComments: .listServiceComplaintComments,
            createComment: .createServiceComplaintComment,
            listAttachments: .listServiceComplaintAttachments,
            createAttachment: .createServiceComplaintAttachment,
            pause: nil,
            resume: nil
        )
    }

    static func operation(of event: Event) -> Operation {
        switch event {
        case .submit: .submitServiceComplaint
        case .approveDirect: .approveDirectServiceComplaint
        case .forward: .forwardServiceComplaint
        case .reject: .rejectServiceComplaint
        case .schedule: .scheduleServiceComplaint
        case .settle: .settleServiceComplaint
        case .withdraw: .withdrawServiceComplaint
        }
    }

    static var filterNames: [String] { ["kind"] }

    static func filter(_ query: inout Query) -> Filter {
        var filter = Filter()
        filter.variant = query.choice("kind")
        return filter
    }

    static func make(
        _ new: Schema.NewServiceComplaint,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) -> ServiceComplaint {
        let unit = try tx.unit(new.unitID, for: principal)
        let head = try tx.serviceComplaints.head(following: workflow, unit: unit, by: principal, at: now, ids: ids)
        return ServiceComplaint(head, variant: new.kind, subject: new.subject, detail: new.detail)
    }

    mutating func change(_ patch: Schema.ServiceComplaintPatch) -> [String] {
        var changes = FieldChanges()
        changes.apply(patch.kind, "kind", to: &variant)
        changes.apply(patch.subject, "subject", to: &subject)
        changes.apply(patch.detail, "detail", to: &detail)
        return changes.names
    }

    func writeOwn(to json: inout JSONWriter, for principal: Principal) {
        json.member("kind", variant.rawValue)
        json.member("subject", subject)
        json.member("detail", detail)
        json.member("meeting_date", meetingDate?.description)
        json.member("meeting_place", meetingPlace)
        json.member("result", result)
        json.member("minutes", minutes)
    }

    static var ownColumns: [Column<(ServiceComplaint, Principal)>] {
        [
            Column("kind") { $0.0.variant.rawValue },
            Column("subject") { $0.0.subject },
            Column("detail") { $0.0.detail },
            Column("meeting_date") { $0.0.meetingDate?.description ?? "" },
            Column("meeting_place") { $0.0.meetingPlace ?? "" },
            Column("result") { $0.0.result ?? "" },
            Column("minutes") { $0.0.minutes ?? "" },
        ]
    }
}

extension Schema {
    private enum ServiceComplaintRules {
        static let subject = TextRule.line(3...200)
    }

    struct NewServiceComplaint: RequestBody {
        let kind: ServiceComplaint.Variant
        let subject: String
        let detail: String
        let unitID: Domain.Unit.ID?

        init(_ fields: inout Fields) {
            kind = fields.choice("kind", or: .complaint)
            subject = fields.text("subject", ServiceComplaintRules.subject)
            detail = fields.text("detail", CaseRules.long)
            unitID = fields.optionalIdentifier("unit_id")
        }
    }

    struct ServiceComplaintPatch: RequestBody {
        let kind: Change<ServiceComplaint.Variant>
        let subject: Change<String>
        let detail: Change<String>

        init(_ fields: inout Fields) {
            kind = fields.changedChoice("kind")
            subject = fields.changedText("subject", ServiceComplaintRules.subject)
            detail = fields.changedText("detail", CaseRules.long)
        }
    }
}
