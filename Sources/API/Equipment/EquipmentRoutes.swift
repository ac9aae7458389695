import Domain
import HTTP

/// The register of equipment: kept by the ICT desk, read by the directorate, and by a unit as far as it has it.
struct EquipmentRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .list(
                "/v1/equipment",
                .listEquipment,
                filters: ["kind", "unit_id", "condition", "due_for_renewal", "q"],
                needs: .equipmentRead,
                use: listEquipment
            ),
            .post("/v1/equipment", .createEquipment, needs: .equipmentWrite, use: createEquipment),
            .get("/v1/equipment/{id}", .getEquipment, needs: .equipmentRead, use: getEquipment),
            .patch("/v1/equipment/{id}", .updateEquipment, needs: .equipmentWrite, use: updateEquipment),
        ]
    }

    func listEquipment(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = EquipmentQuery(page: page.page)
        query.kind = parameters.choice("kind")
        query.unitID = parameters.identifier("unit_id")
        query.condition = parameters.choice("condition")
        let lastDue = Equipment.lastDue(on: try tx.calendars.service.calendar.localDate(of: environment.clock()))
        query.isDue = parameters.flag("due_for_renewal").map { (flag: $0, lastDue: lastDue) }
        query.beginning = parameters.text("q", longest: 200)
        try parameters.finish()
        let unit = principal.roles.isInternal ? nil : principal.unitID
        return try Listing(
            parameters: page,
            columns: Schema.Equipment.columns,
            key: { $0.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.equipment.list(query, visibleIn: unit)
            },
            count: { [query] most, tx throws(DomainError) in try tx.equipment.count(query, visibleIn: unit, most: most) },
            write: { Schema.Equipment(equipment: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func createEquipment(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewEquipment.self)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let equipment = new.equipment(ids.make(at: now), at: now)
            try tx.create(equipment, by: principal, at: now, ids: ids)
            return .created(
                Schema.Equipment(equipment: equipment),
                at: "/v1/equipment/\(equipment.id.text)",
                version: equipment.version
            )
        }
    }

    func getEquipment(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let equipment = try tx.equipment(try request.identifier(), for: principal)
        return .ok(Schema.Equipment(equipment: equipment), version: equipment.version)
    }

    func updateEquipment(_ request: Request, by principal: Principal) async throws -> Response {
        let id: Equipment.ID = try request.identifier()
        let expected = try request.requiredIfMatch()
        let patch = try request.json(as: Schema.EquipmentPatch.self, allowsPatch: true)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let equipment = try tx.update(id, expecting: expected, by: principal, at: now, ids: ids) { patch.apply(to: &$0) }
            return .ok(Schema.Equipment(equipment: equipment), version: equipment.version)
        }
    }
}
