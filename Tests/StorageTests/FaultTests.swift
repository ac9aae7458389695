@testable import Domain
import Glibc
import Storage
@testable import StorageSQLite
import Testing

@Suite struct FaultTests {
    private func isUnavailable(_ error: DomainError?) -> Bool {
        if case .unavailable = error { true } else { false }
    }

    private func write(_ title: String, body: [UInt8]? = nil, to store: SQLiteStore) async -> DomainError? {
        do throws(DomainError) {
            try await store.write { tx throws(DomainError) in try tx.notes.add(title, body: body) }
            return nil
        } catch {
            return error
        }
    }

    private func count(_ store: SQLiteStore) async throws(DomainError) -> Int {
        try await store.read { tx throws(DomainError) in try tx.notes.count() }
    }

    @Test func `a read that takes too long is interrupted, and the next one works`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.readDeadline_ms = 50
        try await withDirectory { directory throws in
            try await withStore(in: directory, configuration) { store throws in
                var refusal: DomainError?
                do throws(DomainError) {
                    _ = try await store.read { tx throws(DomainError) in try tx.notes.dawdle(1_000_000_000) }
                } catch {
                    refusal = error
                }
                #expect(isUnavailable(refusal))
                #expect(try await count(store) == 0)
            }
        }
    }

    @Test func `many short statements do not outlast the deadline either`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.readDeadline_ms = 50
        try await withDirectory { directory throws in
            try await withStore(in: directory, configuration) { store throws in
                var refusal: DomainError?
                do throws(DomainError) {
                    try await store.read { tx throws(DomainError) in
                        for _ in 0..<100_000_000 { _ = try tx.notes.count() }
                    }
                } catch {
                    refusal = error
                }
                #expect(isUnavailable(refusal))
            }
        }
    }

    @Test func `a lock held by another refuses writes, not reads, until it is gone`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.busyTimeout_ms = 20
        try await withDirectory { directory throws in
            try await withStore(in: directory, configuration) { store throws in
                #expect(await write("one", to: store) == nil)
                let path = directory + "/notes.db"
                let other = try SQLiteConnection(path: path, role: .writer, configuration: configuration, health: Health { _ in })
                try other.begin(.beginImmediate)
                #expect(isUnavailable(await write("two", to: store)))
                #expect(try await count(store) == 1)
                #expect(other.rollback())
                #expect(await write("three", to: store) == nil)
                #expect(try await count(store) == 2)
            }
        }
    }

    @Test func `damage found while serving is told once and ends all reads and writes`() async throws {
        let told = Told()
        var configuration = SQLiteStore.Configuration()
        configuration.onFatal = { told.add($0) }
        try await withDirectory { directory throws in
            try await withStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    for number in 0..<3_000 { try tx.notes.add("a note with the number \(number)") }
                }
            }
            let path = directory + "/notes.db"
            try await withStore(in: directory, configuration) { store throws in
                // By name: opening the file here would drop SQLite's locks.
                #expect(truncate(path, 8192) == 0)
                var faults: [DomainError?] = []
                for _ in 0..<3 {
                    do throws(DomainError) {
                        _ = try await store.read { tx throws(DomainError) in try tx.notes.titles() }
                        faults.append(nil)
                    } catch {
                        faults.append(error)
                    }
                }
                if case .fault = faults[0] {} else { Issue.record("\(String(describing: faults[0]))") }
                #expect(isUnavailable(faults[1]) && isUnavailable(faults[2]))
                #expect(isUnavailable(await write("one more", to: store)))
                #expect(told.all.count == 1)
            }
            // The mark stays, so the next start looks for damage.
            #expect(DatabaseFile.size(of: path + ".lock") > 0)
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk needs the rights of root"))
    func `a full disk refuses writes, keeps reads, and writes work again once there is room`() async throws {
        let told = Told()
        var configuration = SQLiteStore.Configuration()
        configuration.onFatal = { told.add($0) }
        try await withDirectory { directory throws in
            let disk = try #require(SmallDisk(at: directory + "/disk", kibibytes: 2048))
            defer { disk.unmount() }
            let filler = disk.path + "/filler"
            try #require(DatabaseFile.fill(filler, bytes: 1 << 20))
            try await withStore(in: disk.path, configuration) { store throws in
                var kept = 0
                var refusal: DomainError?
                while refusal == nil, kept < 1_000 {
                    refusal = await write("note \(kept)", body: [UInt8](repeating: 7, count: 20_000), to: store)
                    if refusal == nil { kept += 1 }
                }
                #expect(isUnavailable(refusal), "\(String(describing: refusal))")
                #expect(kept > 0)
                #expect(try await count(store) == kept)
                #expect(unlink(filler) == 0)
                #expect(await write("after", body: [UInt8](repeating: 7, count: 20_000), to: store) == nil)
                #expect(try await count(store) == kept + 1)
                #expect(told.all.isEmpty)
            }
            try await withStore(in: disk.path) { store throws in
                let finding = try await store.read { tx throws(DomainError) in
                    try tx.notes.connection.first("pragma integrity_check") { columns in columns.text() }
                }
                #expect(finding == "ok")
            }
        }
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk needs the rights of root"))
    func `a read-only directory is refused with its reason`() async throws {
        try await withDirectory { directory throws in
            let disk = try #require(SmallDisk(at: directory + "/disk", kibibytes: 1024))
            defer { disk.unmount() }
            try await withStore(in: disk.path) { _ in }
            #expect(disk.makeReadOnly())
            var refusal: SQLiteOpenError?
            do { _ = try SQLiteStore(path: disk.path + "/notes.db", migrations: []) { SQLRepositories($0) { $0 } } } catch {
                refusal = error as? SQLiteOpenError
            }
            guard case .cannotOpen(let reason) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(reason.contains("Read-only"))
        }
    }

    @Test func `a database that may not grow refuses the write that would grow it and nothing else`() async throws {
        try await withDirectory { directory throws in
            try await withStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    try tx.notes.connection.execute("pragma max_page_count = 20")
                }
                let large = [UInt8](repeating: 1, count: 200_000)
                #expect(isUnavailable(await write("large", body: large, to: store)))
                #expect(await write("small", to: store) == nil)
                #expect(try await count(store) == 1)
            }
        }
    }
}

/// A file system in memory, of a few kibibytes.
struct SmallDisk {
    let path: String

    /// Mounts it; nil when that is not allowed here.
    init?(at path: String, kibibytes: Int) {
        self.path = path
        guard mkdir(path, 0o700) == 0 else { return nil }
        guard mount("none", path, "tmpfs", 0, "size=\(kibibytes)k,mode=700") == 0 else {
            rmdir(path)
            return nil
        }
    }

    func makeReadOnly() -> Bool { mount("none", path, "tmpfs", UInt(MS_REMOUNT | MS_RDONLY), nil) == 0 }

    func unmount() { umount2(path, Int32(MNT_DETACH)) }

    static let isPossible: Bool = {
        let path = "/tmp/store-disk-\(getpid())"
        guard let disk = SmallDisk(at: path, kibibytes: 64) else { return false }
        disk.unmount()
        rmdir(path)
        return true
    }()
}

extension DatabaseFile {
    /// Makes a file of zeros.
    static func fill(_ path: String, bytes: Int) -> Bool {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        return posix_fallocate(descriptor, 0, bytes) == 0
    }
}
