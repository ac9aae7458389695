@testable import Domain
@testable import Storage
@testable import StorageSQLite
import Testing

/// The tally holds what was kept of a commit, whichever of its bodies were rolled back.
@Suite struct NewTallyTests {
    private static let hour: Int64 = 3_600_000

    /// Stores a case and notes it, as its repository does.
    private static func open(_ number: Int, hour: Int64, _ tx: borrowing Transaction) throws(DomainError) {
        let connection = try tx.connection
        let time = Instant(milliseconds: hour * Self.hour + Int64(number))
        try connection.execute(
            """
            insert into consultation (
                id, number, state, unit_id, requester_id, created_at_ms, updated_at_ms, version, procedure_version, subject, detail
            )
            values (
                \("con_\(number)"), \("KON-2026-\(number)"), 'draft', 'unt_a', 'usr_a', \(time), \(time), 1, 1, 'A', 'B'
            )
            """
        )
        SQLTally(connection: connection).addOpened(.consultation, at: time)
    }

    private static func prepare(_ store: SQLiteStore) async throws {
        try await store.write { tx throws(DomainError) in
            let connection = try tx.connection
            try connection.execute("insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)")
            try connection.execute(
                "insert into user_account values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)"
            )
        }
    }

    private static func expect(_ tallied: [Int], in store: SQLiteStore) async throws {
        let (faults, hours) = try await store.read { tx throws(DomainError) in
            (try tx.tallyFaults(), try tx.repositories.overview.hours(since: Instant(milliseconds: 0)).map(\.opened))
        }
        #expect(faults == 0)
        #expect(hours == tallied)
    }

    @Test func `bodies that are rolled back among others of a commit are not counted`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await Self.prepare(store)
                let before = store.metrics
                let (running, gate) = (Told(), Bell())
                async let first: Void = store.write { _ throws(DomainError) in
                    running.add("first")
                    gate.wait()
                }
                while running.all.isEmpty { await Task.yield() }
                // These wait behind the first and are committed together.
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<24 {
                        group.addTask {
                            _ = try? await store.write(discarding: number % 4 == 1) { tx throws(DomainError) in
                                try Self.open(number, hour: 1 + Int64(number % 2), tx)
                                // A part of a body that is taken back.
                                _ = try tx.attempt { () throws(DomainError) -> Void in
                                    try Self.open(100 + number, hour: 5, tx)
                                    throw .stale
                                }
                                let kept = try tx.attempt { () throws(DomainError) -> Void in try Self.open(200 + number, hour: 3, tx) }
                                if number % 4 == 2 { throw .stale }
                                try kept.get()
                            }
                        }
                    }
                    while store.metrics.queueDepth < 24 { await Task.yield() }
                    gate.ring()
                }
                try await first
                #expect(store.metrics.batches - before.batches == 2)
                // Kept is every fourth number, in hour 1, and the one before each, in hour 2.
                try await Self.expect([6, 6, 12], in: store)
            }
        }
    }

    @Test func `a transaction that is rolled back leaves nothing to the next, and a load in bulk counts nothing twice`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await Self.prepare(store)
                try await store.write(discarding: true) { tx throws(DomainError) in try Self.open(1, hour: 1, tx) }
                try await store.write { tx throws(DomainError) in try Self.open(2, hour: 2, tx) }
                try await Self.expect([1], in: store)
                try await store.write { tx throws(DomainError) in
                    try Self.open(3, hour: 2, tx)
                    try tx.loadingInBulk { () throws(DomainError) in false }
                    try Self.open(4, hour: 2, tx)
                }
                try await Self.expect([3], in: store)
            }
        }
    }
}
