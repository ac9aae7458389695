/// A piece of equipment in the register of the ICT desk.
package struct Equipment: Sendable, Identified {
    package typealias ID = Identifier<Equipment>
    package static let idPrefix = "eqp"

    package enum Kind: String, Sendable, CaseIterable {
        case computer
        case laptop
        case printer
        case scanner
        case server
        case storage
        case network
        case ups
        case other
    }

    package enum Condition: String, Sendable, CaseIterable {
        case good
        case fair
        case poor
        case broken
        /// Out of use for good: it stays in the register, as tickets and topologies may name it.
        case retired
    }

    package let id: ID
    package var kind: Kind
    package var brand: String
    package var model: String?
    /// No two pieces of one brand have the same.
    package var serial: String
    package var place: String?
    /// The unit that has it.
    package var unitID: Unit.ID
    package var bought: CivilDate?
    package var condition: Condition
    /// The day by which it is to be replaced.
    package var renewalDate: CivilDate?
    package let createdAt: Instant
    package var updatedAt: Instant
    package var version: Int

    package init(
        id: ID,
        kind: Kind,
        brand: String,
        model: String?,
        serial: String,
        place: String?,
        unitID: Unit.ID,
        bought: CivilDate?,
        condition: Condition,
        renewalDate: CivilDate?,
        createdAt: Instant,
        updatedAt: Instant,
        version: Int
    ) {
        self.id = id
        self.kind = kind
        self.brand = brand
        self.model = model
        self.serial = serial
        self.place = place
        self.unitID = unitID
        self.bought = bought
        self.condition = condition
        self.renewalDate = renewalDate
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// The last renewal date that counts as due on `today`: 90 days ahead, so that there is time to order.
    package static func lastDue(on today: CivilDate) -> CivilDate { CivilDate(daysSinceEpoch: today.daysSinceEpoch + 90) }

    /// Whether `principal` may see this piece: the directorate's own people see all, a unit what it has.
    package func isVisible(to principal: Principal) -> Bool { principal.roles.isInternal || unitID == principal.unitID }

    /// Those who keep the register.
    private static let keepers = RoleSet([.superAdmin, .ictManager])

    static func isKept(by principal: Principal) -> Bool { !principal.roles.isDisjoint(with: keepers) }

    /// Whether `principal` may make `before` this by changing the fields named: who does not keep the register reports a condition only.
    func mayReplace(_ before: Equipment, changing changed: [String], by principal: Principal) -> Bool {
        if Self.isKept(by: principal) { return true }
        return changed == ["condition"] && condition != .retired && before.condition != .retired
    }

    /// What is wrong with the dates, taken together.
    var issues: [Issue] {
        guard let bought, let renewalDate, renewalDate < bought else { return [] }
        let detail = Text(id: "Tidak boleh sebelum tanggal beli.", en: "It must not be before the day it was bought.")
        return [Issue("/renewal_date", code: "before_bought", detail: detail)]
    }
}

/// What a list of equipment is filtered by.
package struct EquipmentQuery: Sendable {
    package var kind: Equipment.Kind?
    package var unitID: Unit.ID?
    package var condition: Equipment.Condition?
    /// Whether it is in use with a renewal date no later than `lastDue`.
    package var isDue: (flag: Bool, lastDue: CivilDate)?
    /// The beginning of a brand, a model or a serial.
    package var beginning: String?
    package var page: PageRequest

    package init(page: PageRequest) { self.page = page }
}

package protocol EquipmentRepository {
    func find(_ id: Equipment.ID) throws(DomainError) -> Equipment?
    /// Throws `conflict` if another piece of the brand has the serial.
    func insert(_ equipment: Equipment) throws(DomainError)
    /// Stores a changed piece; throws `conflict` as `insert` does, and `stale` if it is not of version `version` any more.
    func update(_ equipment: Equipment, from version: Int) throws(DomainError)
    /// Lists what is visible: all for nil, else what the unit has.
    func list(_ query: EquipmentQuery, visibleIn unit: Unit.ID?) throws(DomainError) -> Page<Equipment>
    func count(_ query: EquipmentQuery, visibleIn unit: Unit.ID?, most: Int) throws(DomainError) -> Int
}

extension Transaction {
    /// The piece of equipment if `principal` may see it; throws `notFound` otherwise.
    package func equipment(_ id: Equipment.ID, for principal: Principal) throws(DomainError) -> Equipment {
        guard let found = try equipment.find(id), found.isVisible(to: principal) else { throw .notFound("equipment") }
        return found
    }

    package func create(_ new: Equipment, by principal: Principal, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        guard Equipment.isKept(by: principal) else { throw .forbidden }
        try check(new, isNewUnit: true)
        try equipment.insert(new)
        try note("create", of: .equipment, new.id.text, in: new.unitID, by: principal, at: now, ids: ids)
    }

    /// Stores an edit of a piece of equipment; `edit` returns the names of the changed fields.
    package func update(
        _ id: Equipment.ID,
        expecting expected: ExpectedVersion,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        _ edit: (inout Equipment) -> [String]
    ) throws(DomainError) -> Equipment {
        let before = try equipment(id, for: principal)
        try expected.check(before.version)
        var after = before
        let changed = edit(&after)
        if changed.isEmpty { return before }
        guard after.mayReplace(before, changing: changed, by: principal) else { throw .forbidden }
        try check(after, isNewUnit: after.unitID != before.unitID)
        after.updatedAt = now
        after.version += 1
        try equipment.update(after, from: before.version)
        try note("edit", of: .equipment, id.text, in: after.unitID, by: principal, at: now, ids: ids, changed: changed)
        return after
    }

    private func check(_ equipment: Equipment, isNewUnit: Bool) throws(DomainError) {
        var issues = equipment.issues
        if isNewUnit, try units.find(equipment.unitID) == nil { issues.append(.unknownReference("/unit_id")) }
        if !issues.isEmpty { throw .invalid(issues) }
    }
}
