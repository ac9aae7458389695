import Domain
import HTTP

/// Consultations: asked by units, answered by officers, verified by the subdirectorate head.
extension Consultation: CaseResource {
    static var operations: CaseOperations {
        CaseOperations(
            list: .listConsultations,
            create: .createConsultation,
            get: .getConsultation,
            update: .updateConsultation,
            history: .getConsultationHistory,
            timings: .getConsultationTimings,
            listLinks: .listConsultationLinks,
            createLink: .createConsultationLink,
            deleteLink: .deleteConsultationLink,
            listComments: .listConsultationComments,
            createComment: .createConsultationComment,
            listAttachments: .listConsultationAttachments,
            createAttachment: .createConsultationAttachment,
            pause: .pauseConsultation,
            resume: .resumeConsultation
        )
    }

    static func operation(of event: Event) -> Operation {
        switch event {
        case .submit: .submitConsultation
        case .assign: .assignConsultation
        case .reassign: .reassignConsultation
        case .propose: .proposeConsultation
        case .return: .returnConsultation
        case .approve: .approveConsultation
        case .deliver: .deliverConsultation
        case .acknowledge: .acknowledgeConsultation
        case .withdraw: .withdrawConsultation
        }
    }

    static var filterNames: [String] { ["topic"] }

    static func filter(_ query: inout Query) -> Filter {
        var filter = Filter()
        filter.topic = query.choice("topic")
        return filter
    }

    static func make(
        _ new: Schema.NewConsultation,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) -> Consultation {
        let unit = try tx.unit(new.unitID, for: principal)
        let head = try tx.consultations.head(following: workflow, unit: unit, by: principal, at: now, ids: ids)
        return Consultation(head, subject: new.subject, detail: new.detail, topic: new.topic)
    }

    mutating func change(_ patch: Schema.ConsultationPatch) -> [String] {
        var changes = FieldChanges()
        changes.apply(patch.subject, "subject", to: &subject)
        changes.apply(patch.detail, "detail", to: &detail)
        changes.apply(patch.topic, "topic", to: &topic)
        return changes.names
    }

    func writeOwn(to json: inout JSONWriter, for principal: Principal) {
        let showsAnswer = showsAnswer(to: principal)
        json.member("subject", subject)
        json.member("detail", detail)
        json.member("topic", topic?.rawValue)
        json.member("plan", showsAnswer ? plan : nil)
        json.member("answer", showsAnswer ? answer : nil)
    }

    static var ownColumns: [Column<(Consultation, Principal)>] {
        [
            Column("subject") { $0.0.subject },
            Column("detail") { $0.0.detail },
            Column("topic") { $0.0.topic?.rawValue ?? "" },
            Column("plan") { $0.0.showsAnswer(to: $0.1) ? $0.0.plan ?? "" : "" },
            Column("answer") { $0.0.showsAnswer(to: $0.1) ? $0.0.answer ?? "" : "" },
        ]
    }
}

extension Schema {
    struct NewConsultation: RequestBody {
        let subject: String
        let detail: String
        let topic: Consultation.Topic?
        let unitID: Domain.Unit.ID?

        init(_ fields: inout Fields) {
            subject = fields.text("subject", ConsultationRules.subject)
            detail = fields.text("detail", CaseRules.long)
            topic = fields.optionalChoice("topic")
            unitID = fields.optionalIdentifier("unit_id")
        }
    }

    struct ConsultationPatch: RequestBody {
        let subject: Change<String>
        let detail: Change<String>
        let topic: Change<Consultation.Topic>

        init(_ fields: inout Fields) {
            subject = fields.changedText("subject", ConsultationRules.subject)
            detail = fields.changedText("detail", CaseRules.long)
            topic = fields.clearableChoice("topic")
        }
    }
}

private enum ConsultationRules {
    static let subject = TextRule.line(3...200)
}
