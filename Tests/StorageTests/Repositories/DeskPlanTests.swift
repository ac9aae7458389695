@testable import Domain
@testable import Storage
import StorageSQLite
import Testing

/// Links, inbox and search are served by indexes, whoever asks.
@Suite struct DeskPlanTests {
    private static func principal(_ roles: [Role]) -> Principal {
        let now = Instant(milliseconds: 1)
        let user = User(
            id: User.ID(stored: "usr_0000000000000000000000000a"),
            username: "a",
            name: "A",
            employeeNumber: nil,
            email: nil,
            unitID: Domain.Unit.ID(stored: "unt_0000000000000000000000000a"),
            roles: RoleSet(roles),
            isActive: true,
            mustChangePassword: false,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        return Principal(user)
    }

    private static let principals =
        Role.allCases.map { principal([$0]) } + [principal(Role.allCases), principal([.workUnit, .ictManager])]

    private func plans(
        for principal: Principal,
        _ body: @escaping @Sendable (SQLRepositories) throws(DomainError) -> Void
    ) async throws -> [Plan] {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.read { tx throws(DomainError) in try tx.plans(body) }
            }
        }
    }

    @Test(arguments: principals)
    func `an inbox walks one index for each way in which cases wait`(_ principal: Principal) async throws {
        let places = [nil, InboxPlace(due: 5, age: "a"), InboxPlace(due: InboxPlace.never, age: "a")]
        let plans = try await plans(for: principal) { repositories throws(DomainError) in
            for place in places { _ = try Inbox(repositories, of: principal).list(after: place, limit: 50) }
            _ = try Inbox(repositories, of: principal).counts(most: 1_000)
        }
        for plan in plans {
            let tables = plan.steps.filter { $0.text.hasPrefix("SEARCH") || $0.text.hasPrefix("SCAN c") }
            #expect(!tables.isEmpty)
            for step in tables { #expect(step.text.contains("_waiting"), "\(plan.statement)\n\(step.text)") }
            // The branches come in order; only what they give together is sorted.
            let sorted = Set(plan.steps.filter { $0.text == "USE TEMP B-TREE FOR ORDER BY" }.map(\.parent))
            for step in tables { #expect(!sorted.contains(step.parent), "\(plan.statement)") }
        }
        let isWalkedOn = plans.filter { $0.statement.contains(") > (") }.flatMap(\.steps).filter { $0.text.hasPrefix("SEARCH") }
        #expect(isWalkedOn.allSatisfy { $0.text.contains(">(?,?)") }, "\(isWalkedOn.map(\.text))")
    }

    @Test(arguments: principals)
    func `links are found from both of their ends`(_ principal: Principal) async throws {
        let end = CaseLink.End(kind: .consultation, id: "con_a")
        let plans = try await plans(for: principal) { repositories throws(DomainError) in
            for isAscending in [true, false] {
                for after in [nil, "lnk_a"] {
                    let page = PageRequest(limit: 50, after: after, isAscending: isAscending)
                    _ = try repositories.links.list(of: end, in: Sight(of: principal), page: page)
                }
            }
            _ = try repositories.links.count(of: end, in: Sight(of: principal), most: 10_000)
        }
        #expect(plans.count == 5)
        for plan in plans {
            let whole = plan.steps.filter { $0.text.hasPrefix("SCAN") && !$0.text.hasPrefix("SCAN (") && $0.text != "SCAN p" }
            #expect(whole.isEmpty, "\(plan.statement)\n\(plan.steps.map(\.text))")
        }
    }
}
