import Domain
import HTTP

/// The catalogue of standard operating procedures.
struct ProcedureRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .list("/v1/procedures", .listProcedures, needs: .proceduresRead, use: listProcedures),
            .get("/v1/procedures/{code}", .getProcedure, needs: .proceduresRead, use: getProcedure),
            .get("/v1/procedures/{code}/versions/{version}", .getProcedureVersion, needs: .proceduresRead, use: getProcedureVersion),
            .post("/v1/procedures/{code}/versions", .createProcedureVersion, needs: .proceduresWrite, use: createProcedureVersion),
        ]
    }

    func listProcedures(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("code") { $0.code },
                Column("version") { String($0.version) },
                Column("number") { $0.number ?? "" },
                Column("title_id") { $0.title.id },
                Column("title_en") { $0.title.en },
                Column("issuer") { $0.issuer },
                Column("effective_date") { $0.effectiveDate ?? "" },
                Column("steps") { String($0.steps) },
                Column("timed_steps") { String($0.timedSteps) },
            ],
            key: { $0.code },
            fetch: { page, tx throws(DomainError) in listPage(try tx.procedures.summaries(), page) { $0.code } },
            count: { most, tx throws(DomainError) in try tx.procedures.summaries().count },
            write: { Schema.ProcedureSummary(procedure: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func getProcedure(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        try document(request, version: nil, tx)
    }

    func getProcedureVersion(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard request.parameters.count > 1, let version = Int(request.parameters[1]) else { throw Problem(.notFound) }
        return try document(request, version: version, tx)
    }

    /// Takes in a document as the next version of its procedure, or as the first of a new one.
    func createProcedureVersion(_ request: Request, by principal: Principal) async throws -> Response {
        guard let code = request.parameters.first, ProcedureRules.isCode(code) else { throw Problem(.notFound) }
        let new = try request.json(as: Schema.NewProcedureVersion.self)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            var issues = new.missingSteps(of: code)
            if let named = new.code, named != code {
                issues.append(Issue("/code", code: "not_allowed", detail: Text(id: "Harus \(code).", en: "It must be \(code).")))
            }
            guard issues.isEmpty else { throw .invalid(issues) }
            let last = try tx.procedures.document(of: code, version: nil)?.version ?? 0
            let procedure = new.procedure(code, version: last + 1)
            try tx.publish(procedure, by: principal, at: now, ids: ids)
            let location = "/v1/procedures/\(code)/versions/\(procedure.version)"
            return .created(Schema.StoredJSON(text: procedure.document), at: location, version: procedure.version)
        }
    }

    private func document(_ request: Request, version: Int?, _ tx: borrowing Transaction) throws -> Response {
        guard let code = request.parameters.first, let found = try tx.procedures.document(of: code, version: version) else {
            throw Problem(.notFound)
        }
        return .ok(Schema.StoredJSON(text: found.json), version: found.version)
    }
}

/// One page of a list that is short enough to be held whole, ordered by `key`.
func listPage<Element>(_ elements: [Element], _ request: PageRequest, by key: (Element) -> String) -> Page<Element> {
    let ordered = elements.sorted { request.isAscending ? key($0) < key($1) : key($0) > key($1) }
    let rest = ordered.filter { element in
        guard let after = request.after else { return true }
        return request.isAscending ? key(element) > after : key(element) < after
    }
    return Page(Array(rest.prefix(request.limit)), hasMore: rest.count > request.limit)
}

extension Schema {
    /// A document that storage holds as JSON.
    struct StoredJSON: JSONWritable {
        let text: String

        func write(to json: inout JSONWriter) { json.raw(text) }
    }

    struct ProcedureSummary: JSONWritable {
        let procedure: Domain.ProcedureSummary

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("code", procedure.code)
                json.member("version", procedure.version)
                json.member("number", procedure.number)
                json.name("title")
                json.object { json in
                    json.member("id", procedure.title.id)
                    json.member("en", procedure.title.en)
                }
                json.member("issuer", procedure.issuer)
                json.member("effective_date", procedure.effectiveDate)
                json.member("steps", procedure.steps)
                json.member("timed_steps", procedure.timedSteps)
            }
        }
    }
}
