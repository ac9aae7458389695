import Domain
import HTTP

/// The routes that every kind of case has, and the events of its workflow.
struct CaseRoutes<Kind: CaseResource> {
    let environment: Environment

    private static var filters: [String] {
        ["status", "unit_id", "officer_id", "requester_id", "q"] + Query.timeRangeNames("created_at") + Kind.filterNames
    }

    var routes: [Route] {
        let (collection, operations, needs) = ("/v1/\(Kind.kind.collection)", Kind.operations, Kind.kind.permissions)
        let one = collection + "/{id}"
        return [
            .list(collection, operations.list, filters: Self.filters, needs: needs.read, use: list),
            .post(collection, operations.create, needs: needs.write, prepare: create),
            .get(one, operations.get, needs: needs.read, use: get),
            .patch(one, operations.update, needs: needs.write, prepare: update),
            .list(one + "/history", operations.history, needs: needs.read, use: history),
            .list(one + "/timings", operations.timings, needs: needs.read, use: timings),
        ]
            + [(operations.pause, "pause", pause), (operations.resume, "resume", resume)].compactMap { operation, name, handler in
                operation.map { .post("\(one)/\(name)", $0, needs: needs.write, use: handler) }
            }
            + Kind.Event.allCases.map { event in
                .post("\(one)/\(event.rawValue)", Kind.operation(of: event), needs: needs.write) { request, principal in
                    try apply(request.event(event), request, principal)
                }
            }
            + LinkRoutes<Kind>(environment: environment).routes
    }

    private func list(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = CaseQuery<Kind>(page: page.page)
        query.states = parameters.choices("status") ?? []
        query.unitID = parameters.identifier("unit_id")
        query.officerID = parameters.identifier("officer_id")
        query.requesterID = parameters.identifier("requester_id")
        query.created = parameters.timeRange("created_at")
        query.words = parameters.text("q", longest: 200)
        query.filter = Kind.filter(&parameters)
        try parameters.finish()

        let view = Schema.View(now: environment.clock(), calendars: try tx.calendars)
        return try Listing(
            parameters: page,
            columns: page.wantsCSV ? Schema.CaseView<Kind>.columns(for: principal, in: view) : [],
            key: { $0.subject.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.cases(Kind.self).list(query, for: principal)
            },
            count: { [query] most, tx throws(DomainError) in try tx.cases(Kind.self).count(query, for: principal, most: most) },
            write: { Schema.CaseView.write($1, for: principal, in: view, withActions: false, to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    private func create(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let new = try request.json(as: Kind.New.self)
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let made = try Kind.make(new, by: principal, at: now, ids: ids, in: tx)
            let created = try tx.cases(Kind.self).create(made, by: principal, at: now, ids: ids)
            let body = Schema.CaseView(created, for: principal, in: Schema.View(now: now, calendars: try tx.calendars))
            return .created(body, at: created.subject.location, version: created.subject.version)
        }
    }

    private func get(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let found = try tx.cases(Kind.self).get(try request.caseReference(), for: principal)
        let view = Schema.View(now: environment.clock(), calendars: try tx.calendars)
        return .ok(Schema.CaseView(found, for: principal, in: view), version: found.subject.head.version)
    }

    private func update(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let reference = try request.caseReference(to: Kind.self)
        let expected = try request.requiredIfMatch()
        let patch = try request.json(as: Kind.Patch.self, allowsPatch: true)
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let changed = try tx.cases(Kind.self).edit(reference, expecting: expected, by: principal, at: now, ids: ids) {
                subject throws(DomainError) in try subject.change(patch)
            }
            let body = Schema.CaseView(changed, for: principal, in: Schema.View(now: now, calendars: try tx.calendars))
            return .ok(body, version: changed.subject.version)
        }
    }

    private func apply(_ event: CaseEvent<Kind.Event>, _ request: Request, _ principal: Principal) throws -> PreparedWrite {
        let reference = try request.caseReference(to: Kind.self)
        let expected = request.ifMatch
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let moved = try tx.cases(Kind.self).apply(event, to: reference, expecting: expected, by: principal, at: now, ids: ids)
            let body = Schema.CaseView(moved, for: principal, in: Schema.View(now: now, calendars: try tx.calendars))
            return .ok(body, version: moved.subject.version)
        }
    }

    private func pause(_ request: Request, by principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: Kind.self)
        let pause = try request.json(as: Schema.Pause<Kind>.self)
        let (expected, ids) = (request.ifMatch, environment.ids)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let cases = tx.cases(Kind.self)
            let paused = try cases.pause(
                reference,
                at: pause.step,
                because: pause.reason,
                expecting: expected,
                by: principal,
                at: now,
                ids: ids
            )
            let body = Schema.CaseView(paused, for: principal, in: Schema.View(now: now, calendars: try tx.calendars))
            return .ok(body, version: paused.subject.version)
        }
    }

    private func resume(_ request: Request, by principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: Kind.self)
        let resumption = try request.json(as: Schema.Resumption<Kind>.self)
        let (expected, ids) = (request.ifMatch, environment.ids)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let cases = tx.cases(Kind.self)
            let resumed = try cases.resume(
                reference,
                at: resumption.step,
                note: resumption.note,
                expecting: expected,
                by: principal,
                at: now,
                ids: ids
            )
            let body = Schema.CaseView(resumed, for: principal, in: Schema.View(now: now, calendars: try tx.calendars))
            return .ok(body, version: resumed.subject.version)
        }
    }

    private func history(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.cases(Kind.self).get(try request.caseReference(), for: principal).subject.id
        let subject = Kind.kind.eventSubject
        return try HistoryListing.response(to: request, of: subject, id.text, for: principal, in: tx, store: environment.store)
    }

    private func timings(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.cases(Kind.self).get(try request.caseReference(), for: principal).subject.id
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        var query = TimingQuery(now: environment.clock(), page: page.page)
        query.subjectID = id.text
        return try TimingListing.response(to: request, page, query, visible: [.all], in: tx, store: environment.store)
    }
}

extension Schema {
    struct Pause<Kind: CaseResource>: RequestBody, Sendable {
        let reason: String
        let step: Int?

        init(_ fields: inout Fields) {
            reason = fields.text("reason", Rules.reason)
            step = fields.step(of: Kind.self)
        }
    }

    struct Resumption<Kind: CaseResource>: RequestBody, Sendable {
        let note: String?
        let step: Int?

        init(_ fields: inout Fields) {
            note = fields.optionalText("note", Rules.note)
            step = fields.step(of: Kind.self)
        }
    }
}

extension Fields {
    /// The step whose clocks are meant; nil for those of all open steps.
    fileprivate mutating func step<Kind: CaseResource>(of kind: Kind.Type) -> Int? {
        Kind.hasManySteps ? optionalInteger("step_no", 1...1000) : nil
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
