@testable import Domain
import Storage
import StorageSQLite
import Testing

@Suite struct StoreTests {
    @Test func `a write is read back`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await store.write { tx throws(DomainError) in try tx.notes.add("one") }
                let titles = try await store.read { tx throws(DomainError) in try tx.notes.titles() }
                #expect(titles == ["one"])
            }
            try await withStore(in: directory) { store in
                let titles = try await store.read { tx throws(DomainError) in try tx.notes.titles() }
                #expect(titles == ["one"])
            }
        }
    }

    @Test func `a thousand writes at once share commits and none is lost`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await withThrowingTaskGroup { group in
                    for number in 0..<1_000 {
                        group.addTask { try await store.write { tx throws(DomainError) in try tx.notes.add("note \(number)") } }
                    }
                    try await group.waitForAll()
                }
                let titles = try await store.read { tx throws(DomainError) in try tx.notes.titles() }
                #expect(Set(titles) == Set((0..<1_000).map { "note \($0)" }))
                let metrics = store.metrics
                #expect(metrics.bodies == 1_000)
                #expect(metrics.batches < 1_000)
                #expect(metrics.batchSizes.dropFirst().contains { $0 > 0 })
                #expect(metrics.batchSizes.reduce(0, +) == metrics.batches)
                #expect(metrics.queueDepth == 0 && metrics.database_bytes > 0 && metrics.log_bytes > 0 && metrics.commit_ns > 0)
            }
        }
    }

    @Test func `a body that throws undoes only itself`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                let outcomes = await withTaskGroup { group in
                    for number in 0..<300 {
                        group.addTask { () -> DomainError? in
                            do throws(DomainError) {
                                try await store.write { tx throws(DomainError) in
                                    try tx.notes.add("note \(number)")
                                    if number % 3 == 0 { throw .forbidden }
                                }
                                return nil
                            } catch {
                                return error
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.filter { $0 == .forbidden }.count == 100)
                #expect(outcomes.filter { $0 == nil }.count == 200)
                let titles = try await store.read { tx throws(DomainError) in try tx.notes.titles() }
                #expect(Set(titles) == Set((0..<300).filter { $0 % 3 != 0 }.map { "note \($0)" }))
            }
        }
    }

    @Test func `a discarded body answers and leaves nothing`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                let counts = try await withThrowingTaskGroup { group in
                    for number in 0..<100 {
                        group.addTask {
                            try await store.write(discarding: number.isMultiple(of: 2)) { tx throws(DomainError) in
                                let before = try tx.notes.count()
                                try tx.notes.add("note \(number)")
                                return try tx.notes.count() - before
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(counts == Array(repeating: 1, count: 100))
                let titles = try await store.read { tx throws(DomainError) in try tx.notes.titles() }
                #expect(titles.count == 50)
                #expect(store.metrics.bodies == 50)
            }
        }
    }
}
