import Domain
import Storage
import Testing

extension QueryPlanTests {
    @Test func `equipment by every filter`() async throws {
        try await inStore { tx throws(DomainError) in
            for visible in [nil, Self.unit] {
                for page in Self.pages(after: "eqp_0000000000000000000000000a") {
                    for filter in 0..<8 {
                        var query = EquipmentQuery(page: page)
                        let lastDue = CivilDate(daysSinceEpoch: 20_000)
                        switch filter {
                        case 1: query.kind = .server
                        case 2: query.unitID = Self.unit
                        case 3: query.condition = .broken
                        case 4: query.isDue = (flag: true, lastDue: lastDue)
                        case 5: query.isDue = (flag: false, lastDue: lastDue)
                        case 6: query.beginning = "a"
                        case 7: (query.kind, query.unitID, query.condition) = (.server, Self.unit, .good)
                        default: break
                        }
                        let plans = try tx.plans { [query] repositories throws(DomainError) in
                            _ = try repositories.equipment.list(query, visibleIn: visible)
                            _ = try repositories.equipment.count(query, visibleIn: visible, most: 10_000)
                        }
                        check(plans, "equipment \(filter) \(page)")
                    }
                }
            }
        }
    }

    @Test func `topologies and their versions`() async throws {
        let id = Topology.ID(stored: "top_0000000000000000000000000a")
        try await inStore { tx throws(DomainError) in
            for page in Self.pages(after: id.text) {
                let plans = try tx.plans { repositories throws(DomainError) in
                    _ = try repositories.topologies.list(page)
                    _ = try repositories.topologies.count(most: 10_000)
                }
                check(plans, "topologies \(page)")
            }
            for page in Self.pages(after: "3") {
                let plans = try tx.plans { repositories throws(DomainError) in
                    _ = try repositories.topologies.versions(of: id, page: page)
                    _ = try repositories.topologies.countVersions(of: id, most: 10_000)
                    _ = try repositories.topologies.find(id, version: nil)
                    _ = try repositories.topologies.find(id, version: 1)
                }
                check(plans, "versions \(page)")
            }
        }
    }

    @Test func `service complaints by sight, state and kind`() async throws {
        try await checkCases(
            { $0.serviceComplaints },
            states: [[], [.submitted], [.forwarded, .meetingScheduled]],
            filters: [{ $0.filter.variant = .objection }]
        )
    }

    @Test func `tickets by their equipment`() async throws {
        try await checkCases(
            { $0.tickets },
            states: [[], [.submitted]],
            filters: [{ $0.filter.equipmentID = Equipment.ID(stored: "eqp_0000000000000000000000000a") }]
        )
    }
}
