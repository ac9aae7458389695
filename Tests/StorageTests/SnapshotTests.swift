@testable import Domain
import Glibc
@testable import Storage
@testable import StorageSQLite
import Testing

/// An idle reader keeps its snapshot: nobody may notice but by its speed.
@Suite struct SnapshotTests {
    /// Runs `body` while some threads read without a pause.
    private func withReaders(
        _ count: Int,
        of store: SQLiteStore,
        _ body: () async throws -> Void
    ) async throws {
        let isOver = Monitor(false)
        try await withThrowingTaskGroup { group in
            for _ in 0..<count {
                group.addTask {
                    while !isOver.withLock({ $0 }) {
                        _ = try store.readNow { tx throws(DomainError) in try tx.notes.count() }
                        await Task.yield()
                    }
                }
            }
            defer { isOver.withLock { $0 = true } }
            try await body()
        }
    }

    @Test func `what was acknowledged is seen by whoever reads next`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await withReaders(2, of: store) {
                    for number in 1...300 {
                        try await store.write { tx throws(DomainError) in try tx.notes.add("note \(number)") }
                        let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                        #expect(count == number)
                    }
                }
            }
        }
    }

    @Test func `what was taken back is seen by nobody`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                for number in 1...20 {
                    _ = try await store.write(discarding: true) { tx throws(DomainError) in try tx.notes.add("note \(number)") }
                    let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                    #expect(count == 0)
                }
            }
        }
    }

    @Test func `the log begins anew however much is read`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.checkpointPages = 20
        try await withDirectory { directory in
            try await withStore(in: directory, configuration) { store in
                var longest = 0
                for number in 1...400 {
                    try await store.write { tx throws(DomainError) in
                        try tx.notes.add("note \(number)", body: [UInt8](repeating: 7, count: 8_000))
                    }
                    // Leaves a snapshot open until the next write.
                    _ = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                    longest = max(longest, store.metrics.log_bytes)
                }
                // All pages together are more than ten times as much.
                #expect(longest < 400_000)
            }
        }
    }

    @Test func `what another program writes is seen soon`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                let before = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(before == 0)
                let other = try SQLiteConnection(
                    path: store.path,
                    role: .writer,
                    configuration: SQLiteStore.Configuration(),
                    health: Health(onFatal: { _ in })
                )
                try other.script("insert into note (title) values ('of another')")
                try await Task.sleep(for: .milliseconds(1_100))
                let after = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(after == 1)
            }
        }
    }

    @Test func `a read that fails leaves a reader that can read`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                for _ in 0..<3 {
                    await #expect(throws: DomainError.notFound("note")) {
                        try await store.read { tx throws(DomainError) in
                            _ = try tx.notes.count()
                            throw .notFound("note")
                        }
                    }
                    let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                    #expect(count == 0)
                }
            }
        }
    }
}
