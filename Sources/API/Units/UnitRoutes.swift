import Domain
import HTTP

/// Organisational units: kept by the super admin, read by all.
struct UnitRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .list("/v1/units", .listUnits, filters: ["kind", "parent_id"], needs: .unitsRead, use: listUnits),
            .post("/v1/units", .createUnit, needs: .unitsWrite, use: createUnit),
            .get("/v1/units/{id}", .getUnit, needs: .unitsRead, use: getUnit),
            .patch("/v1/units/{id}", .updateUnit, needs: .unitsWrite, use: updateUnit),
        ]
    }

    func listUnits(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = UnitQuery(page: page.page)
        query.kind = parameters.choice("kind")
        query.parentID = parameters.identifier("parent_id")
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("code") { $0.code },
                Column("name") { $0.name },
                Column("kind") { $0.kind.rawValue },
                Column("parent_id") { $0.parentID?.text ?? "" },
                Column("time_zone") { $0.timeZone.rawValue },
                Column("created_at") { $0.createdAt.rfc3339 },
                Column("updated_at") { $0.updatedAt.rfc3339 },
                Column("version") { String($0.version) },
            ],
            key: { $0.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.units.list(query)
            },
            count: { [query] most, tx throws(DomainError) in try tx.units.count(query, most: most) },
            write: { Schema.Unit(unit: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func createUnit(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewUnit.self)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let unit = Domain.Unit(
                id: ids.make(at: now),
                code: new.code,
                name: new.name,
                kind: new.kind,
                parentID: new.parentID,
                timeZone: new.timeZone ?? .jakarta,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            try tx.create(unit, by: principal, at: now, ids: ids)
            return .created(Schema.Unit(unit: unit), at: "/v1/units/\(unit.id.text)", version: unit.version)
        }
    }

    func getUnit(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard let unit = try tx.units.find(try request.identifier()) else { throw Problem(.notFound) }
        return .ok(Schema.Unit(unit: unit), version: unit.version)
    }

    func updateUnit(_ request: Request, by principal: Principal) async throws -> Response {
        let id: Domain.Unit.ID = try request.identifier()
        let expected = try request.requiredIfMatch()
        let patch = try request.json(as: Schema.UnitPatch.self, allowsPatch: true)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let unit = try tx.update(id, expecting: expected, by: principal, at: now, ids: ids) { patch.apply(to: &$0) }
            return .ok(Schema.Unit(unit: unit), version: unit.version)
        }
    }
}

extension Schema {
    struct Unit: JSONWritable {
        let unit: Domain.Unit

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", unit.id)
                json.member("code", unit.code)
                json.member("name", unit.name)
                json.member("kind", unit.kind.rawValue)
                json.member("parent_id", unit.parentID)
                json.member("time_zone", unit.timeZone.rawValue)
                json.member("created_at", unit.createdAt)
                json.member("updated_at", unit.updatedAt)
                json.member("version", unit.version)
            }
        }
    }

    private enum UnitRules {
        static let name = TextRule.line(1...200)
        static let code = (id: "1 sampai 32 dari A-Z 0-9 . _ -", en: "1 to 32 of A-Z 0-9 . _ -")

        static func parseCode(_ text: String) -> String? { Domain.Unit.isCode(text) ? text : nil }
    }

    struct NewUnit: RequestBody {
        let code: String
        let name: String
        let kind: Domain.Unit.Kind
        let parentID: Domain.Unit.ID?
        let timeZone: IndonesianTimeZone?

        init(_ fields: inout Fields) {
            code = fields.parsed("code", or: "", UnitRules.code, UnitRules.parseCode)
            name = fields.text("name", UnitRules.name)
            kind = fields.choice("kind", or: .workUnit)
            parentID = fields.optionalIdentifier("parent_id")
            timeZone = fields.optionalChoice("time_zone")
        }
    }

    struct UnitPatch: RequestBody {
        let code: Change<String>
        let name: Change<String>
        let kind: Change<Domain.Unit.Kind>
        let parentID: Change<Domain.Unit.ID>
        let timeZone: Change<IndonesianTimeZone>

        init(_ fields: inout Fields) {
            code = fields.changedParsed("code", UnitRules.code, UnitRules.parseCode)
            name = fields.changedText("name", UnitRules.name)
            kind = fields.changedChoice("kind")
            parentID = fields.clearableParsed("parent_id", Rules.identifier) { Domain.Unit.ID($0) }
            timeZone = fields.changedChoice("time_zone")
        }

        func apply(to unit: inout Domain.Unit) -> [String] {
            let before = unit
            unit.code = code.applied(to: before.code)
            unit.name = name.applied(to: before.name)
            unit.kind = kind.applied(to: before.kind)
            unit.parentID = parentID.applied(to: before.parentID)
            unit.timeZone = timeZone.applied(to: before.timeZone)
            var changed: [String] = []
            if unit.code != before.code { changed.append("code") }
            if unit.name != before.name { changed.append("name") }
            if unit.kind != before.kind { changed.append("kind") }
            if unit.parentID != before.parentID { changed.append("parent_id") }
            if unit.timeZone != before.timeZone { changed.append("time_zone") }
            return changed
        }
    }
}
