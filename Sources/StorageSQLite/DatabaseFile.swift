import Glibc
import Storage

/// What is done to the database file around serving it.
enum DatabaseFile {
    /// Creates the missing directories above the file, for this user alone.
    static func createDirectory(of path: String) throws(SQLiteOpenError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let directory = String(path[..<slash])
        guard access(directory, F_OK) != 0 else { return }
        try createDirectory(of: directory)
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw .cannotOpen("\(directory): \(reason)") }
    }

    /// Creates the file, empty and for this user alone, unless it is there.
    ///
    /// It is called under the instance lock and before SQLite opens the file: closing it later would drop SQLite's locks.
    static func create(_ path: String) throws(SQLiteOpenError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw .cannotOpen("\(path): \(reason)")
        }
    }

    /// Opens the writer's connection; refuses a file of another program, and a damaged one when it is to be checked.
    static func open(
        _ path: String,
        _ configuration: SQLiteStore.Configuration,
        _ health: Health,
        checking: Bool
    ) throws(SQLiteOpenError) -> SQLiteConnection {
        let connection: SQLiteConnection
        let isEmpty: Bool
        let owner: Int64
        do throws(StorageError) {
            connection = try SQLiteConnection(path: path, role: .writer, configuration: configuration, health: health)
            isEmpty = try connection.integer("select count(*) from sqlite_schema") == 0
            owner = try connection.integer("pragma application_id")
        } catch {
            if health.isFailed { throw .damaged(error.reason) }
            throw .cannotOpen(error.reason)
        }
        guard owner == SQLiteStore.applicationID || (owner == 0 && isEmpty) else { throw .foreign(applicationID: Int(owner)) }
        if checking { try inspect(connection) }
        // Before the log is made: SQLite gives it the mode of the database.
        guard chmod(path, 0o600) == 0 else { throw .cannotOpen("\(path): \(reason)") }
        do throws(StorageError) {
            try connection.becomeWriter()
            if owner == 0 { try connection.setHeader("application_id", SQLiteStore.applicationID) }
        } catch {
            throw .cannotOpen(error.reason)
        }
        return connection
    }

    private static func inspect(_ connection: SQLiteConnection) throws(SQLiteOpenError) {
        let finding: String
        do throws(StorageError) {
            finding = try connection.text("pragma quick_check(1)")
        } catch {
            throw .damaged(error.reason)
        }
        guard finding == "ok" else { throw .damaged(finding.split(separator: "\n").joined(separator: " ")) }
    }

    /// The bytes of a file; 0 when there is none.
    static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Brings the names in the directory of a file to disk; answers whether they are there.
    static func syncDirectory(of path: String) -> Bool {
        var directory = "."
        if let slash = path.lastIndex(of: "/") { directory = slash == path.startIndex ? "/" : String(path[..<slash]) }
        let descriptor = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// What the last system call failed with.
    static var reason: String { String(cString: strerror(errno)) }
}
