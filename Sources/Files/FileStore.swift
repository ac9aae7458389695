import Glibc
import Security
import Synchronization

/// Files under the SHA-256 of their bytes, each stored once, in a directory of which this process is the only owner.
///
/// A file comes in as a `TemporaryFile` beside the others, is brought to disk, and only then gets its name; so a file with a name is
/// whole. Who holds which file is in the database: the store asks `isHeld` before it removes one.
package final class FileStore: Sendable {
    /// Why a file could not be stored or read.
    package enum Failure: Error, Sendable, CustomStringConvertible {
        /// There is no room, or less than must stay free.
        case full
        /// All threads for files are busy and enough work waits.
        case overloaded
        case failed(String)

        package var description: String {
            switch self {
            case .full: "there is not enough room on the disk"
            case .overloaded: "too many files at once"
            case .failed(let reason): reason
            }
        }

        /// What the last system call failed with.
        static func last(_ path: String) -> Failure {
            errno == ENOSPC || errno == EDQUOT ? .full : .failed("\(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Whether anything holds the file with this hash; throws when that cannot be told.
    package typealias IsHeld = @Sendable (_ hash: [UInt8]) throws -> Bool

    private let directory: String
    /// Bytes that must stay free on the file system; beside them, a twentieth of it. 0 asks for nothing.
    private let reserve: Int
    private let pool: WorkerPool
    /// The files whose holder is not in the database yet, with the number of those who bring one. Names are given and taken under
    /// this lock alone.
    private let arriving = Mutex<[[UInt8]: Int]>([:])

    /// Opens the directory, made if it is not there, and removes what earlier processes left half written.
    package init(directory: String, reserve: Int = 1 << 30) throws(Failure) {
        self.directory = directory
        self.reserve = reserve
        // Two threads: a disk that is waited for takes no core, and a store of objects needs no more.
        pool = WorkerPool(name: "files", width: 2, queueLimit: 256)
        try Self.makeDirectory(directory)
        try Self.makeDirectory(temporary)
        for name in Self.names(in: temporary) { unlink("\(temporary)/\(name)") }
    }

    /// A new file to write to; throws `full` when the file system has not the room for it.
    package func begin() throws(Failure) -> TemporaryFile {
        try checkRoom()
        return try TemporaryFile(path: "\(temporary)/\(Digest.hex(SecureRandom.bytes(16)))")
    }

    private func checkRoom() throws(Failure) {
        guard reserve > 0 else { return }
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { throw .last(directory) }
        let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
        guard free >= UInt64(reserve), status.f_bavail >= status.f_blocks / 20 else { throw .full }
    }

    /// Runs work on files on a thread of its own.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = try await pool.run { Result { try work() } } } catch { throw Failure.overloaded }
        return try result.get()
    }

    /// Brings a file to disk under its hash, then runs `body`, which stores who holds it; if that fails nothing is left.
    package func keep<Value>(_ file: TemporaryFile, isHeld: IsHeld, _ body: () async throws -> Value) async throws -> Value {
        let hash = file.hash
        arriving.withLock { $0[hash, default: 0] += 1 }
        do {
            try await run { [self] in try place(file, hash) }
            let value = try await body()
            arriving.withLock { Self.leave(hash, &$0) }
            return value
        } catch {
            arriving.withLock { arriving in
                Self.leave(hash, &arriving)
                remove(hash, arriving, isHeld)
            }
            throw error
        }
    }

    private func place(_ file: TemporaryFile, _ hash: [UInt8]) throws(Failure) {
        let folder = folder(of: hash)
        try Self.makeDirectory(folder)
        // Also over a file that is there: the same bytes, with a time that the sweep takes for new.
        try file.keep(at: path(of: hash))
        try Self.sync(folder)
        try Self.sync(directory)
    }

    private static func leave(_ hash: [UInt8], _ arriving: inout [[UInt8]: Int]) {
        arriving[hash] = arriving[hash].flatMap { $0 > 1 ? $0 - 1 : nil }
    }

    /// Removes a file that nobody holds or brings.
    @discardableResult
    private func remove(_ hash: [UInt8], _ arriving: [[UInt8]: Int], _ isHeld: IsHeld) -> Bool {
        guard arriving[hash] == nil, (try? isHeld(hash)) == false else { return false }
        return unlink(path(of: hash)) == 0
    }

    /// A descriptor for reading the file with this hash, to be closed by the caller, and its size; nil when it is missing.
    ///
    /// Throws when that cannot be told now: the directory is away as a whole, or the process has no descriptor left.
    package func open(_ hash: [UInt8]) throws(Failure) -> (descriptor: Int32, size: Int)? {
        let descriptor = Glibc.open(path(of: hash), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            let isMissing = [ENOENT, ENOTDIR, ELOOP].contains(errno)
            let failure = Failure.last(path(of: hash))
            guard isMissing, access(temporary, F_OK) == 0 else { throw failure }
            return nil
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        return (descriptor, Int(status.st_size))
    }

    /// Removes the files that nobody holds and that were stored before `time`, in seconds since 1970; returns how many.
    package func sweep(storedBefore time: Int, isHeld: @escaping IsHeld) async throws -> Int {
        try await run { [self] in
            var count = 0
            for folder in Self.names(in: directory) where folder.utf8.count == 2 {
                for name in Self.names(in: "\(directory)/\(folder)") {
                    guard let hash = Digest.bytes(hex: name), hash.count == Digest.byteCount, isOld(hash, time) else { continue }
                    // The time is asked again under the lock: the file may have come anew.
                    if arriving.withLock({ isOld(hash, time) && remove(hash, $0, isHeld) }) { count += 1 }
                }
            }
            return count
        }
    }

    private func isOld(_ hash: [UInt8], _ time: Int) -> Bool {
        var status = stat()
        return lstat(path(of: hash), &status) == 0 && status.st_mtim.tv_sec < time
    }

    /// How a file stands against its hash.
    package enum Finding: Sendable {
        case whole, missing, changed
    }

    /// Reads a whole file and holds it against its hash; it blocks meanwhile.
    package func inspect(_ hash: [UInt8]) throws(Failure) -> Finding {
        guard let (descriptor, _) = try open(hash) else { return .missing }
        defer { close(descriptor) }
        var hasher = SHA256Hasher()
        var place = 0
        while true {
            let bytes = try Self.bytes(of: descriptor, path(of: hash), at: place, count: 1 << 20)
            if bytes.isEmpty { break }
            hasher.update(bytes)
            place += bytes.count
        }
        return hasher.finish() == hash ? .whole : .changed
    }

    /// Where files are written before they have a name.
    private var temporary: String { "\(directory)/temporary" }

    private func folder(of hash: [UInt8]) -> String { "\(directory)/\(Digest.hex(Array(hash.prefix(1))))" }

    private func path(of hash: [UInt8]) -> String { "\(folder(of: hash))/\(Digest.hex(hash))" }

    static func bytes(of descriptor: Int32, _ path: String, at offset: Int, count: Int) throws(Failure) -> [UInt8] {
        var read = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, initialized in
            repeat {
                read = pread(descriptor, buffer.baseAddress, buffer.count, offset)
            } while read < 0 && errno == EINTR
            initialized = max(0, read)
        }
        guard read >= 0 else { throw .last(path) }
        return bytes
    }

    /// Makes a directory for this user alone, and those above it.
    private static func makeDirectory(_ path: String) throws(Failure) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw .last(path) }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last(path) }
    }

    /// Brings the names in a directory to disk.
    private static func sync(_ directory: String) throws(Failure) {
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last(directory) }
    }

    /// The names in a directory; none when it cannot be read.
    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // Safety: the name ends with a NUL within the entry, which is ours until the next call.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
