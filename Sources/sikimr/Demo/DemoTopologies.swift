import Domain

/// The topologies of a demonstration: the network of the directorate, which grows once, and the one that joins the offices.
final class DemoTopologies: DemoStory {
    enum Act {
        case drawHouse, drawOffices
        case extend(Topology.ID)
    }

    private let people: DemoPeople
    private let equipment: DemoEquipment
    private let ids: IdentifierSource
    let timeline: DemoTimeline<Act>

    init(
        span: DemoCommand.Span,
        people: DemoPeople,
        equipment: DemoEquipment,
        calendar: WorkingCalendar,
        random: SplitMix64,
        ids: IdentifierSource
    ) {
        (self.people, self.equipment, self.ids) = (people, equipment, ids)
        timeline = DemoTimeline(count: 0, span: span, calendar: calendar, random: random)
        timeline.agree(.drawHouse, after: span.from, in: 400...2000)
        timeline.agree(.drawOffices, after: span.from, in: 3000...9000)
    }

    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {}

    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let drawer = people.ictManager
        switch act {
        case .drawHouse:
            let topology = house(at: now)
            try tx.create(topology, by: drawer, at: now, ids: ids)
            timeline.agree(.extend(topology.id), after: now, in: 80_000...120_000)
        case .drawOffices:
            try tx.create(offices(at: now), by: drawer, at: now, ids: ids)
        case .extend(let id):
            _ = try tx.replace(id, expecting: .any, by: drawer, at: now, ids: ids) { before in
                Topology(
                    id: before.id,
                    name: before.name,
                    description: before.description,
                    nodes: before.nodes + [node("ap-3", "Titik akses lantai 3", .accessPoint)],
                    links: before.links + [Topology.Link(from: "sw-akses", to: "ap-3", label: nil, medium: .copper)],
                    version: before.version + 1,
                    changedBy: drawer.userID,
                    createdAt: before.createdAt,
                    updatedAt: now
                )
            }
        }
    }

    private func node(_ id: String, _ label: String, _ kind: Topology.Node.Kind, _ piece: Equipment.Kind? = nil) -> Topology.Node {
        let number = chance(100)
        let found = piece.flatMap { equipment.piece(of: people.ictManager.unitID, number, kind: $0) }
        return Topology.Node(id: id, label: label, kind: kind, equipmentID: found)
    }

    private func topology(
        _ name: String,
        _ description: String,
        _ nodes: [Topology.Node],
        _ links: [Topology.Link],
        at now: Instant
    ) -> Topology {
        Topology(
            id: ids.make(at: now),
            name: name,
            description: description,
            nodes: nodes,
            links: links,
            version: 1,
            changedBy: people.ictManager.userID,
            createdAt: now,
            updatedAt: now
        )
    }

    private func house(at now: Instant) -> Topology {
        topology(
            "Jaringan kantor pusat",
            "Dari sambungan luar sampai ke ruang kerja.",
            [
                node("internet", "Internet", .internet), node("fw", "Tembok api", .firewall), node("rt", "Perute", .router, .network),
                node("sw-inti", "Sakelar inti", .switch, .network), node("sw-akses", "Sakelar akses", .switch, .network),
                node("srv-1", "Peladen aplikasi", .server, .server), node("nas", "Penyimpanan", .storage, .storage),
                node("ap-1", "Titik akses lantai 1", .accessPoint), node("ap-2", "Titik akses lantai 2", .accessPoint),
                node("pc", "Komputer meja", .computer, .computer), node("cetak", "Pencetak bersama", .printer, .printer),
            ],
            [
                Topology.Link(from: "internet", to: "fw", label: "1 Gb/s", medium: .fibre),
                Topology.Link(from: "fw", to: "rt", label: nil, medium: .copper),
                Topology.Link(from: "rt", to: "sw-inti", label: nil, medium: .fibre),
                Topology.Link(from: "sw-inti", to: "sw-akses", label: "10 Gb/s", medium: .fibre),
                Topology.Link(from: "sw-inti", to: "srv-1", label: nil, medium: .copper),
                Topology.Link(from: "sw-inti", to: "nas", label: nil, medium: .copper),
                Topology.Link(from: "sw-akses", to: "ap-1", label: nil, medium: .copper),
                Topology.Link(from: "sw-akses", to: "ap-2", label: nil, medium: .copper),
                Topology.Link(from: "sw-akses", to: "pc", label: nil, medium: .copper),
                Topology.Link(from: "ap-2", to: "cetak", label: nil, medium: .wireless),
            ],
            at: now
        )
    }

    private func offices(at now: Instant) -> Topology {
        let codes = DemoPeople.unitCodes
        return topology(
            "Jaringan antarbalai",
            "Sambungan balai ke kantor pusat.",
            [node("pusat", "Kantor pusat", .router, .network)] + codes.map { node($0, $0, .router) },
            codes.map { Topology.Link(from: "pusat", to: $0, label: nil, medium: .vpn) },
            at: now
        )
    }
}
