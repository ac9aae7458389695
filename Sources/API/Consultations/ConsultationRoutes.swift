import Domain
import HTTP

/// Consultations: asked by units, answered by officers, verified by the subdirectorate head.
struct ConsultationRoutes {
    let environment: Environment

    private typealias Event = Consultation.Event
    private static let filters =
        ["status", "unit_id", "officer_id", "requester_id", "topic", "q"] + Query.timeRangeNames("created_at")

    var routes: [Route] {
        [
            .list("/v1/consultations", .listConsultations, filters: Self.filters, needs: .consultationsRead, use: listConsultations),
            .post("/v1/consultations", .createConsultation, needs: .consultationsWrite, use: createConsultation),
            .get("/v1/consultations/{id}", .getConsultation, needs: .consultationsRead, use: getConsultation),
            .patch("/v1/consultations/{id}", .updateConsultation, needs: .consultationsWrite, use: updateConsultation),
            .post("/v1/consultations/{id}/submit", .submitConsultation, needs: .consultationsWrite, use: submitConsultation),
            .post("/v1/consultations/{id}/assign", .assignConsultation, needs: .consultationsWrite, use: assignConsultation),
            .post("/v1/consultations/{id}/reassign", .reassignConsultation, needs: .consultationsWrite, use: reassignConsultation),
            .post("/v1/consultations/{id}/propose", .proposeConsultation, needs: .consultationsWrite, use: proposeConsultation),
            .post("/v1/consultations/{id}/return", .returnConsultation, needs: .consultationsWrite, use: returnConsultation),
            .post("/v1/consultations/{id}/approve", .approveConsultation, needs: .consultationsWrite, use: approveConsultation),
            .post("/v1/consultations/{id}/deliver", .deliverConsultation, needs: .consultationsWrite, use: deliverConsultation),
            .post("/v1/consultations/{id}/acknowledge", .acknowledgeConsultation, needs: .consultationsWrite, use: acknowledgeConsultation),
            .post("/v1/consultations/{id}/withdraw", .withdrawConsultation, needs: .consultationsWrite, use: withdrawConsultation),
            .list("/v1/consultations/{id}/history", .getConsultationHistory, needs: .consultationsRead, use: getConsultationHistory),
            .list("/v1/consultations/{id}/timings", .getConsultationTimings, needs: .consultationsRead, use: getConsultationTimings),
        ]
    }

    func listConsultations(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = CaseQuery<Consultation>(page: page.page)
        query.states = parameters.choices("status") ?? []
        query.unitID = parameters.identifier("unit_id")
        query.officerID = parameters.identifier("officer_id")
        query.requesterID = parameters.identifier("requester_id")
        query.topic = parameters.choice("topic")
        query.created = parameters.timeRange("created_at")
        query.words = parameters.text("q", longest: 200)
        try parameters.finish()

        let view = Schema.View(now: environment.clock(), calendar: tx.calendar)
        return try Listing(
            parameters: page,
            columns: Schema.Consultation.columns.map { column in
                Column(column.name) { clocked in
                    let clock = Schema.Clock(clocked.timing, isClosed: clocked.subject.closedAt != nil, in: view)
                    return column.text((clocked.subject, clock, clocked.subject.showsAnswer(to: principal)))
                }
            },
            key: { $0.subject.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.consultations.list(query, for: principal)
            },
            count: { [query] most, tx throws(DomainError) in try tx.consultations.count(query, for: principal, most: most) },
            write: { Schema.Consultation($1, for: principal, in: view, withActions: false).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func createConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewConsultation.self)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            guard principal.roles.contains(.workUnit) else { throw .forbidden }
            let consultation = Consultation(
                id: ids.make(at: now),
                number: try tx.consultations.nextNumber(at: now),
                state: Consultation.workflow.start,
                unitID: try tx.unit(new.unitID, for: principal),
                requesterID: principal.userID,
                subject: new.subject,
                detail: new.detail,
                topic: new.topic,
                createdAt: now,
                updatedAt: now,
                procedureVersion: try tx.consultations.procedureVersion()
            )
            let created = try tx.consultations.create(consultation, by: principal, at: now, ids: ids)
            let body = Schema.Consultation(created, for: principal, in: Schema.View(now: now, calendar: tx.calendar))
            return .created(body, at: "/v1/consultations/\(consultation.id.text)", version: consultation.version)
        }
    }

    func getConsultation(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let found = try tx.consultations.get(try request.caseReference(), for: principal)
        let view = Schema.View(now: environment.clock(), calendar: tx.calendar)
        return .ok(Schema.Consultation(found, for: principal, in: view), version: found.subject.version)
    }

    func updateConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: Consultation.self)
        let expected = try request.requiredIfMatch()
        let patch = try request.json(as: Schema.ConsultationPatch.self, allowsPatch: true)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let changed = try tx.consultations.edit(reference, expecting: expected, by: principal, at: now, ids: ids) {
                patch.apply(to: &$0)
            }
            let body = Schema.Consultation(changed, for: principal, in: Schema.View(now: now, calendar: tx.calendar))
            return .ok(body, version: changed.subject.version)
        }
    }

    func submitConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        _ = try request.json(as: EmptyBody.self)
        return try await apply(.submit, request, principal)
    }

    func assignConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        let assignment = try request.json(as: Schema.Assignment.self)
        return try await apply(.assign(assignment.officerID, note: assignment.note), request, principal)
    }

    func reassignConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        let reassignment = try request.json(as: Schema.Reassignment.self)
        return try await apply(.reassign(reassignment.officerID, reason: reassignment.reason), request, principal)
    }

    func proposeConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        let proposal = try request.json(as: Schema.Proposal.self)
        return try await apply(.propose(answer: proposal.answer, plan: proposal.plan, note: proposal.note), request, principal)
    }

    func returnConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        try await apply(.return(reason: request.json(as: Schema.Reason.self).reason), request, principal)
    }

    func approveConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        try await apply(.approve(note: request.json(as: Schema.Note.self).note), request, principal)
    }

    func deliverConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        try await apply(.deliver(note: request.json(as: Schema.Note.self).note), request, principal)
    }

    func acknowledgeConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        try await apply(.acknowledge(note: request.json(as: Schema.Note.self).note), request, principal)
    }

    func withdrawConsultation(_ request: Request, by principal: Principal) async throws -> Response {
        try await apply(.withdraw(reason: request.json(as: Schema.Reason.self).reason), request, principal)
    }

    private func apply(_ event: Event, _ request: Request, _ principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: Consultation.self)
        let expected = request.ifMatch
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let moved = try tx.consultations.apply(event, to: reference, expecting: expected, by: principal, at: now, ids: ids)
            let body = Schema.Consultation(moved, for: principal, in: Schema.View(now: now, calendar: tx.calendar))
            return .ok(body, version: moved.subject.version)
        }
    }

    func getConsultationHistory(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.consultations.get(try request.caseReference(), for: principal).subject.id
        return try HistoryListing.response(to: request, of: .consultation, id.text, for: principal, in: tx, store: environment.store)
    }

    func getConsultationTimings(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.consultations.get(try request.caseReference(), for: principal).subject.id
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        var query = TimingQuery(now: environment.clock(), page: page.page)
        query.subjectID = id.text
        return try TimingListing.response(to: request, page, query, visible: [.all], in: tx, store: environment.store)
    }
}

extension Transaction {
    /// The unit that a new case belongs to: the caller's own, or one below it.
    func unit(_ named: Domain.Unit.ID?, for principal: Principal) throws(DomainError) -> Domain.Unit.ID {
        guard let named, named != principal.unitID else { return principal.unitID }
        guard try units.find(named) != nil else { throw .invalid([.unknownReference("/unit_id")]) }
        guard try units.ancestors(of: named).contains(principal.unitID) else {
            let detail = Text(id: "Harus unit Anda atau unit di bawahnya.", en: "It must be your unit or one below it.")
            throw .invalid([Issue("/unit_id", code: "not_allowed", detail: detail)])
        }
        return named
    }
}
