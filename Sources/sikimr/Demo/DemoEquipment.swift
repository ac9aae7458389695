import Domain

/// The register of equipment of a demonstration, as it stands when the history begins.
struct DemoEquipment: Sendable {
    private static let models: [(kind: Equipment.Kind, brand: String, model: String)] = [
        (.computer, "Lenovo", "ThinkCentre M70q"), (.laptop, "HP", "ProBook 440"), (.printer, "Epson", "L6290"),
        (.network, "Cisco", "C9200"), (.scanner, "Canon", "DR-C230"), (.server, "Dell", "PowerEdge R450"), (.ups, "APC", "SMT1500"),
        (.laptop, "Asus", "ExpertBook B1"), (.storage, "Synology", "RS1221"), (.computer, "Dell", "OptiPlex 3000"),
        (.network, "MikroTik", "CCR2004"),
    ]
    private static let conditions: [Equipment.Condition] = [
        .good, .good, .good, .fair, .good, .poor, .good, .fair, .broken, .good, .retired,
    ]
    /// So many give every unit a piece, and the directorate some of each kind that stands in a topology.
    static let least = 48

    private let pieces: [Domain.Unit.ID: [(id: Equipment.ID, kind: Equipment.Kind)]]

    init(
        count: Int,
        span: DemoCommand.Span,
        people: DemoPeople,
        calendar: WorkingCalendar,
        random: SplitMix64,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) {
        func chance(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        let (first, last) = (calendar.localDate(of: span.from).daysSinceEpoch, calendar.localDate(of: span.until).daysSinceEpoch)
        var pieces: [Domain.Unit.ID: [(id: Equipment.ID, kind: Equipment.Kind)]] = [:]
        for number in 0..<count {
            let (kind, brand, model) = Self.models[number % Self.models.count]
            let unit = number % 3 == 0 ? people.ictManager.unitID : people.offices[number % people.offices.count].requesters[0].unitID
            let bought = first - 30 - chance(1500)
            // One in five is due about when the history ends.
            let renewal = number % 5 == 1 ? last - 60 + chance(140) : max(last + 100, bought + 1800) + chance(700)
            let piece = Equipment(
                id: ids.make(at: span.from),
                kind: kind,
                brand: brand,
                model: model,
                serial: "\(brand.prefix(2).uppercased())\(100_000 + 37 * number)",
                place: "Lantai \(1 + chance(4)), ruang \(1 + chance(30))",
                unitID: unit,
                bought: CivilDate(daysSinceEpoch: bought),
                condition: Self.conditions[(number / 2) % Self.conditions.count],
                renewalDate: CivilDate(daysSinceEpoch: renewal),
                createdAt: span.from,
                updatedAt: span.from,
                version: 1
            )
            try tx.create(piece, by: people.ictManager, at: span.from, ids: ids)
            pieces[unit, default: []].append((piece.id, kind))
        }
        self.pieces = pieces
    }

    /// One of the pieces that a unit has, of that kind if one is named; nil when it has none.
    func piece(of unit: Domain.Unit.ID, _ number: Int, kind: Equipment.Kind? = nil) -> Equipment.ID? {
        let found = (pieces[unit] ?? []).filter { kind == nil || $0.kind == kind }
        return found.isEmpty ? nil : found[number % found.count].id
    }
}
