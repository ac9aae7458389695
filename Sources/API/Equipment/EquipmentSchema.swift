import Domain
import HTTP

extension Schema {
    struct Equipment: JSONWritable {
        let equipment: Domain.Equipment

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", equipment.id)
                json.member("kind", equipment.kind.rawValue)
                json.member("brand", equipment.brand)
                json.member("model", equipment.model)
                json.member("serial", equipment.serial)
                json.member("place", equipment.place)
                json.member("unit_id", equipment.unitID)
                json.member("bought", equipment.bought?.description)
                json.member("condition", equipment.condition.rawValue)
                json.member("renewal_date", equipment.renewalDate?.description)
                json.member("created_at", equipment.createdAt)
                json.member("updated_at", equipment.updatedAt)
                json.member("version", equipment.version)
            }
        }

        static var columns: [Column<Domain.Equipment>] {
            [
                Column("id") { $0.id.text },
                Column("kind") { $0.kind.rawValue },
                Column("brand") { $0.brand },
                Column("model") { $0.model ?? "" },
                Column("serial") { $0.serial },
                Column("place") { $0.place ?? "" },
                Column("unit_id") { $0.unitID.text },
                Column("bought") { $0.bought?.description ?? "" },
                Column("condition") { $0.condition.rawValue },
                Column("renewal_date") { $0.renewalDate?.description ?? "" },
                Column("created_at") { $0.createdAt.rfc3339 },
                Column("updated_at") { $0.updatedAt.rfc3339 },
                Column("version") { String($0.version) },
            ]
        }
    }

    private enum EquipmentRules {
        static let name = TextRule.line(1...100)
        static let place = TextRule.line(1...200)
    }

    struct NewEquipment: RequestBody {
        let kind: Domain.Equipment.Kind
        let brand: String
        let model: String?
        let serial: String
        let place: String?
        let unitID: Domain.Unit.ID
        let bought: CivilDate?
        let condition: Domain.Equipment.Condition?
        let renewalDate: CivilDate?

        init(_ fields: inout Fields) {
            kind = fields.choice("kind", or: .other)
            brand = fields.text("brand", EquipmentRules.name)
            model = fields.optionalText("model", EquipmentRules.name)
            serial = fields.text("serial", EquipmentRules.name)
            place = fields.optionalText("place", EquipmentRules.place)
            unitID = fields.identifier("unit_id")
            bought = fields.optionalParsed("bought", Rules.date) { CivilDate($0) }
            condition = fields.optionalChoice("condition")
            renewalDate = fields.optionalParsed("renewal_date", Rules.date) { CivilDate($0) }
        }

        func equipment(_ id: Domain.Equipment.ID, at now: Instant) -> Domain.Equipment {
            Domain.Equipment(
                id: id,
                kind: kind,
                brand: brand,
                model: model,
                serial: serial,
                place: place,
                unitID: unitID,
                bought: bought,
                condition: condition ?? .good,
                renewalDate: renewalDate,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
        }
    }

    struct EquipmentPatch: RequestBody {
        let kind: Change<Domain.Equipment.Kind>
        let brand: Change<String>
        let model: Change<String>
        let serial: Change<String>
        let place: Change<String>
        let unitID: Change<Domain.Unit.ID>
        let bought: Change<CivilDate>
        let condition: Change<Domain.Equipment.Condition>
        let renewalDate: Change<CivilDate>

        init(_ fields: inout Fields) {
            kind = fields.changedChoice("kind")
            brand = fields.changedText("brand", EquipmentRules.name)
            model = fields.clearableText("model", EquipmentRules.name)
            serial = fields.changedText("serial", EquipmentRules.name)
            place = fields.clearableText("place", EquipmentRules.place)
            unitID = fields.changedParsed("unit_id", Rules.identifier) { Domain.Unit.ID($0) }
            bought = fields.clearableParsed("bought", Rules.date) { CivilDate($0) }
            condition = fields.changedChoice("condition")
            renewalDate = fields.clearableParsed("renewal_date", Rules.date) { CivilDate($0) }
        }

        func apply(to equipment: inout Domain.Equipment) -> [String] {
            var changes = FieldChanges()
            changes.apply(kind, "kind", to: &equipment.kind)
            changes.apply(brand, "brand", to: &equipment.brand)
            changes.apply(model, "model", to: &equipment.model)
            changes.apply(serial, "serial", to: &equipment.serial)
            changes.apply(place, "place", to: &equipment.place)
            changes.apply(unitID, "unit_id", to: &equipment.unitID)
            changes.apply(bought, "bought", to: &equipment.bought)
            changes.apply(condition, "condition", to: &equipment.condition)
            changes.apply(renewalDate, "renewal_date", to: &equipment.renewalDate)
            return changes.names
        }
    }
}
