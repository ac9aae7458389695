@testable import Domain
import Glibc
import Storage
@testable import StorageSQLite
import Testing

@Suite struct SharingTests {
    @Test func `a read sees one moment, whatever is written meanwhile`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await store.write { tx throws(DomainError) in try tx.notes.add("one") }
                let written = Bell()
                let ending = Ending()
                let seen = Told()
                await withCheckedContinuation { begun in
                    let started = startThread {
                        do throws(DomainError) {
                            try store.readNow { tx throws(DomainError) in
                                seen.add("\(try tx.notes.count())")
                                begun.resume()
                                written.wait()
                                seen.add("\(try tx.notes.count())")
                            }
                            try store.readNow { tx throws(DomainError) in seen.add("\(try tx.notes.count())") }
                        } catch {
                            seen.add("\(error)")
                        }
                        ending.announce()
                    }
                    #expect(started)
                }
                try await store.write { tx throws(DomainError) in try tx.notes.add("two") }
                written.ring()
                await ending.wait()
                #expect(seen.all == ["1", "1", "2"])
            }
        }
    }

    @Test func `a read does not see a write before its commit`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                let counts = try await store.write { tx throws(DomainError) in
                    try tx.notes.add("one")
                    return (try tx.notes.count(), try store.readNow { tx throws(DomainError) in try tx.notes.count() })
                }
                #expect(counts == (1, 0))
            }
        }
    }

    @Test func `a read cannot write`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                await #expect(throws: DomainError.self) {
                    try await store.read { tx throws(DomainError) in try tx.notes.add("one") }
                }
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 0)
            }
        }
    }

    @Test func `a full queue refuses at once, and what waits is still written`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.longestQueue = 4
        try await withDirectory { directory in
            try await withStore(in: directory, configuration) { store in
                let free = Bell()
                try await withThrowingTaskGroup { group in
                    await withCheckedContinuation { begun in
                        group.addTask {
                            try await store.write { tx throws(DomainError) in
                                begun.resume()
                                free.wait()
                            }
                        }
                    }
                    for number in 0..<4 {
                        group.addTask { try await store.write { tx throws(DomainError) in try tx.notes.add("note \(number)") } }
                    }
                    while store.metrics.queueDepth < 4 { await Task.yield() }
                    await #expect(throws: DomainError.unavailable("writer queue full")) {
                        try await store.write { tx throws(DomainError) in try tx.notes.add("too many") }
                    }
                    free.ring()
                    try await group.waitForAll()
                }
                // The four that waited were committed together.
                #expect(store.metrics.batchSizes == [1, 0, 1, 0, 0, 0, 0, 0, 0, 0])
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 4)
            }
        }
    }

    @Test func `a body that ends the transaction takes none of its neighbours into the database`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                let outcomes = await together(4, in: store) { number, tx throws(DomainError) in
                    try tx.notes.add("note \(number)")
                    if number == 2 { try? tx.notes.connection.execute("rollback") }
                    try? tx.notes.add("again \(number)")
                }
                #expect(outcomes.filter { $0 == .unavailable("the transaction has ended") }.count == 4)
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 0)
                try await store.write { tx throws(DomainError) in try tx.notes.add("after") }
            }
        }
    }

    /// Runs the bodies while the writer is held back, so that they are waiting together; answers how each ended.
    private func together(
        _ count: Int,
        in store: SQLiteStore,
        _ body: @escaping @Sendable (Int, borrowing Transaction) throws(DomainError) -> Void
    ) async -> [DomainError?] {
        let free = Bell()
        return await withTaskGroup { group in
            await withCheckedContinuation { begun in
                group.addTask { () -> (Int, DomainError?) in
                    try? await store.write { tx throws(DomainError) in
                        begun.resume()
                        free.wait()
                    }
                    return (count, nil)
                }
            }
            for number in 0..<count {
                group.addTask {
                    do throws(DomainError) {
                        try await store.write { tx throws(DomainError) in try body(number, tx) }
                        return (number, nil)
                    } catch {
                        return (number, error)
                    }
                }
            }
            while store.metrics.queueDepth < count { await Task.yield() }
            free.ring()
            var outcomes = [DomainError?](repeating: nil, count: count + 1)
            for await (number, outcome) in group { outcomes[number] = outcome }
            return Array(outcomes.prefix(count))
        }
    }

    @Test func `a batch takes no more bodies than it may`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.largestBatch = 8
        try await withDirectory { directory throws in
            try await withStore(in: directory, configuration) { store throws in
                let outcomes = await together(20, in: store) { number, tx throws(DomainError) in try tx.notes.add("note \(number)") }
                #expect(outcomes == Array(repeating: nil, count: 20))
                // The one that held the writer, then 8, 8 and 4.
                #expect(store.metrics.batchSizes == [1, 0, 1, 2, 0, 0, 0, 0, 0, 0])
                #expect(store.metrics.bodies == 21)
            }
        }
    }

    @Test func `a commit that fails is answered to none of its bodies as done`() async throws {
        let late = Migration(
            2,
            "late",
            """
            create table late (
                note integer not null constraint late_note references note (id) deferrable initially deferred
            ) strict
            """
        )
        try await withDirectory { directory throws in
            try await withStore(in: directory, migrations: Notes.migrations + [late]) { store throws in
                let outcomes = await together(3, in: store) { number, tx throws(DomainError) in
                    try tx.notes.add("note \(number)")
                    if number == 1 { try tx.notes.connection.execute("insert into late (note) values (99)") }
                    if number == 2 { throw .stale }
                }
                let failed = DomainError.unavailable("FOREIGN KEY constraint failed")
                #expect(outcomes == [failed, failed, .stale])
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 0)
                try await store.write { tx throws(DomainError) in try tx.notes.add("after") }
            }
        }
    }

    @Test func `closing writes what waits and refuses what comes later`() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory + "/notes.db", migrations: Notes.migrations) { SQLRepositories($0) { $0 } }
            let free = Bell()
            try await withThrowingTaskGroup { group in
                await withCheckedContinuation { begun in
                    group.addTask {
                        try await store.write { tx throws(DomainError) in
                            begun.resume()
                            free.wait()
                        }
                    }
                }
                for number in 0..<10 {
                    group.addTask { try await store.write { tx throws(DomainError) in try tx.notes.add("note \(number)") } }
                }
                while store.metrics.queueDepth < 10 { await Task.yield() }
                group.addTask { await store.close() }
                free.ring()
                try await group.waitForAll()
            }
            await #expect(throws: DomainError.unavailable("the store is closed")) {
                try await store.write { tx throws(DomainError) in try tx.notes.add("late") }
            }
            await #expect(throws: DomainError.unavailable("the store is closed")) {
                try await store.read { tx throws(DomainError) in try tx.notes.count() }
            }
            #expect(DatabaseFile.size(of: directory + "/notes.db-wal") == 0)
            await store.close()
            try await withStore(in: directory) { store in
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 10)
            }
        }
    }

    @Test func `the log stays short, and the alarm sounds once when it does not`() async throws {
        let told = Told()
        var configuration = SQLiteStore.Configuration()
        configuration.checkpointPages = 20
        configuration.largestLog_bytes = 1 << 20
        configuration.onLargeLog = { told.add("\($0)") }
        try await withDirectory { directory in
            try await withStore(in: directory, configuration) { store in
                let body = [UInt8](repeating: 3, count: 20_000)
                for number in 0..<100 {
                    try await store.write { tx throws(DomainError) in try tx.notes.add("note \(number)", body: body) }
                }
                #expect(store.metrics.log_bytes < 1 << 20)
                #expect(told.all.isEmpty)
                // A log cannot begin anew while a reader still needs it.
                let free = Bell()
                let ending = Ending()
                await withCheckedContinuation { begun in
                    _ = startThread {
                        try? store.readNow { tx throws(DomainError) in
                            _ = try tx.notes.count()
                            begun.resume()
                            free.wait()
                        }
                        ending.announce()
                    }
                }
                for number in 100..<200 {
                    try await store.write { tx throws(DomainError) in try tx.notes.add("note \(number)", body: body) }
                }
                free.ring()
                await ending.wait()
                // The writer looks at the log after it has answered; one more answer means it has looked.
                try await store.write { tx throws(DomainError) in try tx.notes.add("last") }
                #expect(told.all.count == 1)
            }
        }
    }

    @Test func `a backup holds what was committed, opens as a store, and replaces no file`() async throws {
        try await withDirectory { directory in
            let copies = directory + "/copies"
            #expect(mkdir(copies, 0o700) == 0)
            try await withStore(in: directory) { store in
                try await store.write { tx throws(DomainError) in
                    for number in 0..<500 { try tx.notes.add("note \(number)") }
                }
                try await store.backup(to: copies + "/notes.db")
                var status = stat()
                #expect(stat(copies + "/notes.db", &status) == 0 && status.st_mode & 0o777 == 0o600)
                try await store.write { tx throws(DomainError) in try tx.notes.add("later") }
                await #expect(throws: DomainError.self) { try await store.backup(to: copies + "/notes.db") }
                await #expect(throws: DomainError.self) { try await store.backup(to: directory + "/nowhere/notes.db") }
            }
            try await withStore(in: copies) { store in
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 500)
            }
        }
    }

    @Test func `reads and writes from many tasks agree`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await withThrowingTaskGroup { group in
                    for client in 0..<8 {
                        group.addTask {
                            for number in 0..<40 {
                                try await store.write { tx throws(DomainError) in
                                    try tx.notes.add("\(client) \(number) a")
                                    try tx.notes.add("\(client) \(number) b")
                                }
                            }
                        }
                        group.addTask {
                            var last = 0
                            for _ in 0..<100 {
                                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                                // Both notes of a write appear at once, and nothing ever goes away.
                                #expect(count.isMultiple(of: 2) && count >= last)
                                last = count
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 640)
            }
        }
    }
}
