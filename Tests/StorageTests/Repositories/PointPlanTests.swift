@testable import Domain
@testable import Storage
import StorageSQLite
import Testing

/// The ledger of points and the rows of recaps: served by indexes, and kept as they were written.
@Suite struct PointPlanTests {
    private static let month = CivilMonth(of: CivilDate(daysSinceEpoch: 20_000))
    private static let user = User.ID(stored: "usr_0000000000000000000000000a")

    private func plans(_ body: @escaping @Sendable (SQLRepositories) throws(DomainError) -> Void) async throws -> [Plan] {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.read { tx throws(DomainError) in try tx.plans(body) }
            }
        }
    }

    @Test func `lists of entries come in the order of their index, at any depth`() async throws {
        let plans = try await plans { repositories throws(DomainError) in
            for after in [nil, "pts_0000000000000000000000000a"] {
                for user in [nil, Self.user] {
                    for period in [nil, Self.month] {
                        var query = PointQuery(page: PageRequest(limit: 50, after: after))
                        (query.userID, query.period, query.status) = (user, period, .pending)
                        _ = try repositories.points.list(query)
                        _ = try repositories.points.count(query, most: 10_000)
                    }
                }
            }
        }
        #expect(plans.count == 16)
        for plan in plans {
            #expect(!plan.steps.contains { $0.text.contains("TEMP B-TREE") }, "\(plan.statement)\n\(plan.steps.map(\.text))")
            // The entry after one, and the objection to it, are each found by a key.
            for step in plan.steps where step.text.contains(" n ") || step.text.contains(" o ") {
                #expect(step.text.hasPrefix("SEARCH"), "\(step.text)")
            }
        }
    }

    @Test func `rows, open entries and balances are walked along one index`() async throws {
        let plans = try await plans { repositories throws(DomainError) in
            _ = try repositories.recaps.rows(.consultation, Self.month, after: "con_a", limit: 500)
            _ = try repositories.recaps.rows(of: Self.user, in: Self.month, after: "con_a", limit: 500)
            _ = try repositories.points.open(.consultationClosed, in: Self.month, after: nil, limit: 500)
            _ = try repositories.recaps.isSealed(.consultation, Self.month)
            _ = try repositories.timings.tallies(of: "con_a")
            _ = try repositories.timings.performance(of: Self.user, in: TimeRange(from: .earliest, to: .latest))
        }
        #expect(plans.count == 6)
        for plan in plans {
            #expect(!plan.steps.contains { $0.text.hasPrefix("SCAN") }, "\(plan.statement)\n\(plan.steps.map(\.text))")
        }
        for plan in plans.prefix(3) { #expect(!plan.steps.contains { $0.text.contains("TEMP B-TREE") }, "\(plan.statement)") }
    }

    @Test func `what waits of the recaps looks through them once and searches the clocks of those that wait`() async throws {
        let waits = [
            RecapWait(kind: .workspace, state: .draft, barsCompiler: false),
            RecapWait(kind: .consultation, state: .submitted, barsCompiler: true),
        ]
        let plans = try await plans { repositories throws(DomainError) in
            _ = try repositories.recaps.waiting(waits, for: Self.user, after: InboxPlace(due: 5, age: "a"), limit: 50)
            _ = try repositories.recaps.countWaiting(waits, for: Self.user, most: 1_000)
        }
        #expect(plans.count == 2)
        let steps = plans.flatMap(\.steps).map(\.text)
        #expect(steps.contains { $0.hasPrefix("SEARCH t USING INDEX") } && !steps.contains { $0.hasPrefix("SCAN t") }, "\(steps)")
        #expect(steps.count { $0.hasPrefix("SCAN r") } == 2, "\(steps)")
    }

    @Test(
        arguments: [
            "update performance_point set points = 2", "delete from performance_point", "update recap_row set points = 2",
            "delete from recap_row",
        ] as [SQL]
    )
    func `what is written stays`(_ statement: SQL) async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    let connection = try tx.connection
                    try connection.execute("insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)")
                    try connection.execute(
                        "insert into user_account values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)"
                    )
                    try connection.execute(
                        """
                        insert into performance_point (id, user_id, unit_id, period, points, bonus, status, created_at_ms)
                        values ('pts_a', 'usr_a', 'unt_a', '2026-11', 1, 0, 'posted', 1)
                        """
                    )
                    try connection.execute(
                        """
                        insert into recap_row
                        values ('consultation', '2026-11', 'con_a', 'KON-2026-000001', 'A', 'closed', 'unt_a', 'usr_a', null, 1, 2, '', 1)
                        """
                    )
                }
                await #expect(throws: DomainError.self) {
                    try await store.write { tx throws(DomainError) in try tx.connection.execute(statement) }
                }
            }
        }
    }
}
