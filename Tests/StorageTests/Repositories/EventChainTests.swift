@testable import Domain
import FoundationEssentials
@testable import Storage
import StorageSQLite
import Testing

/// The log of events: each entry bound to the one before it.
@Suite struct EventChainTests {
    private let ids = IdentifierSource()

    private func append(_ store: SQLiteStore, at milliseconds: Int64, reason: String? = nil) async throws {
        let now = Instant(milliseconds: milliseconds)
        let id = ids.make(Event.ID.self, at: now)
        try await store.write { tx throws(DomainError) in
            try tx.events.append(Event(id: id, time: now, subject: .user, subjectID: "usr_a", name: "edit", reason: reason))
        }
    }

    /// Lends a store with five entries, written under a clock that once goes back.
    private func withLog(_ body: (SQLiteStore, String) async throws -> Void) async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                for (index, time) in [1_000, 2_000, 1_500, 2_500, 2_500].enumerated() {
                    try await append(store, at: Int64(time), reason: "reason \(index)")
                }
            }
            try await withServiceStore(in: directory) { store throws in try await body(store, directory) }
        }
    }

    @Test func `the chain holds over a restart, is numbered without gaps, and its time never falls`() async throws {
        try await withLog { store, _ throws in
            try await append(store, at: 10)
            let entries = try await store.read { tx throws(DomainError) in
                try tx.events.list(of: .user, "usr_a", page: PageRequest(limit: 50, isAscending: true)).elements.map(\.event)
            }
            #expect(entries.map(\.sequence) == [1, 2, 3, 4, 5, 6])
            #expect(entries.map(\.time.milliseconds) == [1_000, 2_000, 2_000, 2_500, 2_500, 2_500])
            #expect(try await store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
        }
    }

    @Test func `entries that are taken back leave no gap for those that follow in the same transaction`() async throws {
        try await withLog { store, _ throws in
            @Sendable func event(_ reason: String) -> Event {
                let now = Instant(milliseconds: 3_000)
                return Event(id: ids.make(at: now), time: now, subject: .user, subjectID: "usr_a", name: "edit", reason: reason)
            }
            try await store.write { tx throws(DomainError) in
                try tx.events.append(event("kept"))
                let undone = try tx.attempt { () throws(DomainError) -> Void in
                    try tx.events.append(event("undone"))
                    throw .stale
                }
                #expect(throws: DomainError.stale) { try undone.get() }
                try tx.events.append(event("kept"))
            }
            try await store.write(discarding: true) { tx throws(DomainError) in try tx.events.append(event("discarded")) }
            try await append(store, at: 3_500, reason: "kept")
            let entries = try await store.read { tx throws(DomainError) in
                try tx.events.list(of: .user, "usr_a", page: PageRequest(limit: 50, isAscending: true)).elements.map(\.event)
            }
            #expect(entries.map(\.sequence) == Array(1...8))
            #expect(entries.suffix(3).map(\.reason) == ["kept", "kept", "kept"])
            #expect(try await store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
        }
    }

    @Test func `the log refuses changes and deletions`() async throws {
        try await withLog { store, _ throws in
            for statement in ["update event set reason = 'x' where seq = 2", "delete from event where seq = 5"] as [SQL] {
                await #expect(throws: DomainError.self) {
                    try await store.write { tx throws(DomainError) in try tx.connection.execute(statement) }
                }
            }
            #expect(try await store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
        }
    }

    @Test(
        arguments: [
            ("update event set reason = 'forged' where seq = 2", 2), ("update event set actor_id = 'usr_b' where seq = 5", 5),
            ("update event set reason = null where seq = 1", 1), ("update event set time_ms = 999 where seq = 1", 1),
            ("update event set note = '' where seq = 4", 4), ("update event set to_state = 'closed' where seq = 3", 3),
            ("update event set hash = zeroblob(32) where seq = 3", 3), ("delete from event where seq = 3", 4),
            ("delete from event where seq = 1", 2), ("update event set seq = 9 where seq = 5", 9),
        ] as [(SQL, Int)]
    )
    func `a forged copy is found out at the first entry that does not fit`(_ forgery: SQL, _ broken: Int) async throws {
        try await withLog { store, directory throws in
            await store.close()
            let copy = directory + "/copy"
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: directory + "/service.db", toPath: copy + "/service.db")
            try await withServiceStore(in: copy) { store throws in
                try await store.write { tx throws(DomainError) in
                    try tx.connection.execute("drop trigger event_keeps_rows")
                    try tx.connection.execute("drop trigger event_keeps_values")
                    try tx.connection.execute(forgery)
                }
                #expect(try await store.read { tx throws(DomainError) in try tx.events.firstBroken() } == broken)
            }
        }
    }
}
