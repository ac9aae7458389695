import Domain
import Files
import FoundationEssentials
import Glibc
import Security
import Synchronization
import Testing

/// Files under their hashes, in a directory of their own.
@Suite struct FileStoreTests {
    private struct Broken: Error {}

    private func withStore(reserve: Int = 0, _ body: (FileStore, String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.path + "/files-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(try FileStore(directory: directory, reserve: reserve), directory)
    }

    /// The paths of the files in a directory, in order.
    private func files(in directory: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []).filter { $0.utf8.count > 9 + 2 }.sorted()
    }

    private func write(_ text: String, in store: FileStore) throws -> TemporaryFile {
        let file = try store.begin()
        for part in text.utf8.split(separator: 0x20, omittingEmptySubsequences: false) {
            try file.write(Array(part).span.bytes)
        }
        return file
    }

    private func keep(_ text: String, in store: FileStore, isHeld: Bool = true) async throws -> [UInt8] {
        let file = try write(text, in: store)
        try await store.keep(file, isHeld: { _ in isHeld }) {}
        return file.hash
    }

    // The SHA-256 of "abc", from FIPS 180-2.
    private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func `a kept file lies under its hash, once, for its owner alone`() async throws {
        try await withStore { store, directory in
            for _ in 0..<2 { #expect(Digest.hex(try await keep("a b c", in: store)) == Self.abc) }
            #expect(files(in: directory) == ["ba/\(Self.abc)"])
            var status = stat()
            #expect(stat("\(directory)/ba/\(Self.abc)", &status) == 0 && status.st_mode & 0o777 == 0o600 && status.st_size == 3)
            let hash = try #require(Digest.bytes(hex: Self.abc))
            let opened = try #require(try store.open(hash))
            close(opened.descriptor)
            #expect(opened.size == 3)
            #expect(try store.inspect(hash) == .whole)
        }
    }

    @Test func `a file is missing only where the others are`() async throws {
        try await withStore { store, directory in
            let hash = try await keep("a b c", in: store)
            #expect(rename(directory, directory + "-away") == 0)
            #expect(throws: FileStore.Failure.self) { _ = try store.open(hash) }
            #expect(rename(directory + "-away", directory) == 0)
            #expect(try store.inspect(hash) == .whole)
            #expect(unlink("\(directory)/ba/\(Self.abc)") == 0)
            #expect(try store.open(hash) == nil)
            #expect(symlink("/etc/hostname", "\(directory)/ba/\(Self.abc)") == 0)
            #expect(try store.open(hash) == nil)
        }
    }

    @Test func `a file that is let go leaves nothing`() async throws {
        try await withStore { store, directory in
            var file: TemporaryFile? = try write("half", in: store)
            #expect(file?.size == 4)
            #expect(files(in: directory).count == 1)
            file = nil
            #expect(files(in: directory) == [])
        }
    }

    @Test func `what an earlier process left half written is removed at the start`() async throws {
        try await withStore { _, directory in
            #expect(FileManager.default.createFile(atPath: directory + "/temporary/left", contents: Data([1])))
            _ = try FileStore(directory: directory, reserve: 0)
            #expect(!FileManager.default.fileExists(atPath: directory + "/temporary/left"))
        }
    }

    @Test func `when its holder is not stored the file is removed, unless another holds or brings it`() async throws {
        try await withStore { store, directory in
            func fail(_ isHeld: Bool) async throws {
                let file = try write("abc", in: store)
                await #expect(throws: Broken.self) {
                    try await store.keep(file, isHeld: { _ in isHeld }) { throw Broken() }
                }
            }
            try await fail(false)
            #expect(files(in: directory) == [])
            try await fail(true)
            #expect(files(in: directory) == ["ba/\(Self.abc)"])
            let other = try write("abc", in: store)
            try await store.keep(other, isHeld: { _ in false }) { try await fail(false) }
            #expect(files(in: directory) == ["ba/\(Self.abc)"])
        }
    }

    @Test func `the sweep removes old files that nobody holds and nothing else`() async throws {
        try await withStore { store, directory in
            let (held, old, new) = (try await keep("held", in: store), try await keep("old", in: store), try await keep("new", in: store))
            for hash in [held, old] {
                let times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
                let name = Digest.hex(hash)
                #expect(utimensat(AT_FDCWD, "\(directory)/\(name.prefix(2))/\(name)", times, 0) == 0)
            }
            let count = try await store.sweep(storedBefore: 2000) { $0 == held }
            #expect(count == 1)
            #expect(try store.inspect(old) == .missing)
            #expect(try store.inspect(held) == .whole)
            #expect(try store.inspect(new) == .whole)
            struct Unknown: Error {}
            #expect(try await store.sweep(storedBefore: .max) { _ in throw Unknown() } == 0)
        }
    }

    @Test func `a changed file is found out`() async throws {
        try await withStore { store, directory in
            let hash = try await keep("abc", in: store)
            #expect(FileManager.default.createFile(atPath: "\(directory)/ba/\(Self.abc)", contents: Data("abd".utf8)))
            #expect(try store.inspect(hash) == .changed)
        }
    }

    @Test func `without the room that must stay free nothing begins`() async throws {
        try await withStore(reserve: .max) { store, _ in
            #expect {
                _ = try store.begin()
            } throws: {
                if case FileStore.Failure.full? = $0 as? FileStore.Failure { true } else { false }
            }
        }
    }

    @Test func `two who bring the same file at once both find it`() async throws {
        try await withStore { store, directory in
            for _ in 0..<20 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            let file = try store.begin()
                            try file.write(Array("abc".utf8).span.bytes)
                            do {
                                // Every second one fails to store its holder.
                                try await store.keep(file, isHeld: { _ in false }) {
                                    #expect(try store.inspect(file.hash) == .whole)
                                    if number.isMultiple(of: 2) { throw Broken() }
                                    await Task.yield()
                                    #expect(try store.inspect(file.hash) == .whole)
                                }
                            } catch is Broken {}
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(files(in: directory).filter { $0.hasPrefix("temporary") } == [])
        }
    }
}
