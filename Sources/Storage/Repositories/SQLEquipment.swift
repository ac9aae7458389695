import Domain

/// The register of equipment.
struct SQLEquipment: EquipmentRepository {
    let connection: any Connection

    private static let columns: SQLFragment = """
        id, kind, brand, model, serial, place, unit_id, bought, condition, renewal_date, created_at_ms, updated_at_ms, version
        """
    private static let conflicts = ["equipment.serial": "/serial", "equipment_serial_unique": "/serial"]

    private static func decode(_ columns: inout Columns) throws(DomainError) -> Equipment {
        Equipment(
            id: columns.identifier(),
            kind: try columns.choice(),
            brand: columns.text(),
            model: columns.optionalText(),
            serial: columns.text(),
            place: columns.optionalText(),
            unitID: columns.identifier(),
            bought: columns.optionalText().flatMap { CivilDate($0) },
            condition: try columns.choice(),
            renewalDate: columns.optionalText().flatMap { CivilDate($0) },
            createdAt: columns.instant(),
            updatedAt: columns.instant(),
            version: columns.integer()
        )
    }

    func find(_ id: Equipment.ID) throws(DomainError) -> Equipment? {
        try connection.first("select \(Self.columns) from equipment where id = \(id)", Self.decode)
    }

    func insert(_ equipment: Equipment) throws(DomainError) {
        try connection.execute(
            """
            insert into equipment (\(Self.columns))
            values (
                \(equipment.id), \(equipment.kind), \(equipment.brand), \(equipment.model), \(equipment.serial), \(equipment.place),
                \(equipment.unitID), \(equipment.bought?.description), \(equipment.condition), \(equipment.renewalDate?.description),
                \(equipment.createdAt), \(equipment.updatedAt), \(equipment.version)
            )
            """,
            conflicts: Self.conflicts
        )
    }

    func update(_ equipment: Equipment, from version: Int) throws(DomainError) {
        try connection.execute(
            """
            update equipment
            set kind = \(equipment.kind), brand = \(equipment.brand), model = \(equipment.model), serial = \(equipment.serial),
                place = \(equipment.place), unit_id = \(equipment.unitID), bought = \(equipment.bought?.description),
                condition = \(equipment.condition), renewal_date = \(equipment.renewalDate?.description),
                updated_at_ms = \(equipment.updatedAt), version = \(equipment.version)
            where id = \(equipment.id)
            and version = \(version)
            """,
            conflicts: Self.conflicts
        )
        guard connection.changes == 1 else { throw .stale }
    }

    private static func filter(_ query: EquipmentQuery, _ unit: Domain.Unit.ID?) -> SQL {
        var statement: SQL = " from equipment where true"
        if let unit { statement.append(" and unit_id = \(unit)") }
        if let id = query.unitID { statement.append(" and unit_id = \(id)") }
        if let kind = query.kind { statement.append(" and kind = \(kind)") }
        if let condition = query.condition { statement.append(" and condition = \(condition)") }
        if let due = query.isDue {
            if due.flag {
                statement.append(
                    " and condition <> 'retired' and renewal_date is not null and renewal_date <= \(due.lastDue.description)"
                )
            } else {
                statement.append(
                    " and (condition = 'retired' or renewal_date is null or renewal_date > \(due.lastDue.description))"
                )
            }
        }
        if let beginning = query.beginning {
            let (length, lower) = (beginning.unicodeScalars.count, beginning.lowercased())
            statement.append(
                """
                 and (lower(substr(brand, 1, \(length))) = \(lower) or lower(substr(model, 1, \(length))) = \(lower) \
                or lower(substr(serial, 1, \(length))) = \(lower))
                """
            )
        }
        return statement
    }

    func list(_ query: EquipmentQuery, visibleIn unit: Domain.Unit.ID?) throws(DomainError) -> Page<Equipment> {
        var statement: SQL = "select \(Self.columns)"
        statement.append(Self.filter(query, unit))
        statement.appendPage(query.page, over: "id")
        return try connection.page(statement, limit: query.page.limit, Self.decode)
    }

    func count(_ query: EquipmentQuery, visibleIn unit: Domain.Unit.ID?, most: Int) throws(DomainError) -> Int {
        try connection.first("select count(*) from (select 1\(Self.filter(query, unit)) limit \(most + 1))") { $0.integer() } ?? 0
    }
}
