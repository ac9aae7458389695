import CSQLite
import Domain
import Glibc
import Storage

/// One connection to a database file; it is used by one thread at a time.
final class SQLiteConnection: SchemaConnection {
    /// What a connection is for.
    enum Role: Sendable {
        /// The only one that writes and checkpoints.
        case writer
        case reader
        /// Opened read-only, to copy the database into another file.
        case backup
    }

    /// The statements around transactions, prepared once.
    enum Command: Int, CaseIterable {
        case beginDeferred, beginImmediate, commit, rollback, savepoint, release, rollbackToSavepoint, dataVersion

        var text: String {
            switch self {
            case .beginDeferred: "begin deferred"
            case .beginImmediate: "begin immediate"
            case .commit: "commit"
            case .rollback: "rollback"
            case .savepoint: "savepoint body"
            case .release: "release body"
            case .rollbackToSavepoint: "rollback to body"
            case .dataVersion: "pragma data_version"
            }
        }
    }

    /// What the C callbacks read and write.
    private struct Watch {
        /// The monotonic time at which a running statement is interrupted; 0 is never.
        var deadline_ns: UInt64 = 0
        /// The pages in the write-ahead log after the last commit.
        var walPages: Int32 = 0
    }

    let dialect = Dialect.sqlite
    let notes = TransactionNotes()
    let database: OpaquePointer
    private let health: Health
    private let watch: UnsafeMutablePointer<Watch>
    private var commands: [SQLiteStatement] = []
    private var statements: [SQL.Key: SQLiteStatement] = [:]
    private let cacheLimit: Int
    private let role: Role
    /// What `contentVersion` is in the transaction that runs.
    private var knownContentVersion: Int64?
    private var uses: UInt64 = 0
    /// Whether statements may run only inside the transaction that was begun here.
    private var expectsTransaction = false

    /// Opens the file with every setting the service relies on.
    init(path: String, role: Role, configuration: SQLiteStore.Configuration, health: Health) throws(StorageError) {
        _ = Self.configureLibrary
        let access = role == .backup ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let handle, code == SQLITE_OK else {
            sqlite3_close_v2(handle)
            throw .domain(.unavailable("cannot open the database: \(String(cString: sqlite3_errstr(code)))"))
        }
        database = handle
        self.health = health
        self.role = role
        cacheLimit = configuration.cachedStatements
        // Safety: freed in `deinit`, after the handlers that point at it are taken off; they run only inside calls on this
        // connection, on the thread that makes the call.
        watch = .allocate(capacity: 1)
        watch.initialize(to: Watch())
        try configure(role, configuration)
    }

    deinit {
        sqlite3_progress_handler(database, 0, nil, nil)
        sqlite3_wal_hook(database, nil, nil)
        commands = []
        statements = [:]
        sqlite3_close_v2(database)
        watch.deinitialize(count: 1)
        watch.deallocate()
    }

    private static let configureLibrary: Void = {
        _ = sikimr_sqlite3_without_memory_statistics()
    }()

    private func configure(_ role: Role, _ configuration: SQLiteStore.Configuration) throws(StorageError) {
        // busy_timeout first: switching to WAL may itself have to wait.
        sqlite3_busy_timeout(database, Int32(clamping: configuration.busyTimeout_ms))
        for (limit, value) in [
            (SQLITE_LIMIT_SQL_LENGTH, 100_000), (SQLITE_LIMIT_VARIABLE_NUMBER, 1_000), (SQLITE_LIMIT_EXPR_DEPTH, 100),
            (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000), (SQLITE_LIMIT_ATTACHED, role == .backup ? 1 : 0),
        ] as [(Int32, Int32)] {
            sqlite3_limit(database, limit, value)
        }
        for (setting, on) in [
            (SQLITE_DBCONFIG_DEFENSIVE, true), (SQLITE_DBCONFIG_DQS_DML, false), (SQLITE_DBCONFIG_DQS_DDL, false),
            (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, false), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, role != .writer),
        ] as [(Int32, Bool)] {
            try check(sikimr_sqlite3_switch(database, setting, on ? 1 : 0))
        }
        try script(
            """
            pragma foreign_keys = on;
            pragma trusted_schema = off;
            pragma cell_size_check = on;
            pragma mmap_size = 0;
            pragma temp_store = memory;
            pragma cache_size = -8192;
            pragma wal_autocheckpoint = 0;
            """
        )
        if role == .reader {
            try script("pragma query_only = on")
            sqlite3_progress_handler(
                database,
                10_000,
                { context in
                    guard let deadline_ns = context?.assumingMemoryBound(to: Watch.self).pointee.deadline_ns else { return 0 }
                    return deadline_ns != 0 && Monotonic.now_ns >= deadline_ns ? 1 : 0
                },
                watch
            )
        }
        for command in Command.allCases { commands.append(try prepare(command.text)) }
    }

    /// Turns on what only the writer needs; it changes the file, so it comes after the file is known to be ours.
    func becomeWriter() throws(StorageError) {
        try script(
            """
            pragma journal_mode = wal;
            pragma synchronous = full;
            pragma journal_size_limit = 67108864;
            pragma secure_delete = on;
            """
        )
        guard try text("pragma journal_mode") == "wal" else {
            throw .domain(.unavailable("the file system does not allow a write-ahead log"))
        }
        sqlite3_wal_hook(
            database,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Watch.self).pointee.walPages = pages
                return SQLITE_OK
            },
            watch
        )
    }

    // MARK: Statements

    func run(_ statement: SQL, row: (any Row) throws(DomainError) -> Bool) throws(StorageError) {
        // Some errors end the whole transaction; nothing may then run outside it and be kept on its own.
        if expectsTransaction, sqlite3_get_autocommit(database) != 0 {
            throw .domain(.unavailable("the transaction has ended"))
        }
        let prepared = try cached(statement)
        prepared.isRunning = true
        defer {
            prepared.reset()
            prepared.isRunning = false
        }
        try check(prepared.bind(statement.bindings))
        while true {
            switch sqlite3_step(prepared.handle) {
            case SQLITE_ROW:
                // A statement that changes has made and judged all its changes before its first row.
                do throws(DomainError) {
                    guard try row(prepared) else { return }
                } catch {
                    throw .domain(error)
                }
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    func script(_ statements: StaticString) throws(StorageError) {
        guard statements.hasPointerRepresentation else { throw .domain(.fault("a script of one character")) }
        // `utf8Start` ends with a NUL, and a length of -1 has the limit of length hold for each statement, not for the script.
        var rest: UnsafePointer<CChar>? = UnsafeRawPointer(statements.utf8Start).assumingMemoryBound(to: CChar.self)
        while let text = rest, text.pointee != 0 {
            var handle: OpaquePointer?
            try check(sqlite3_prepare_v3(database, text, -1, 0, &handle, &rest))
            // Nothing but white space or a comment.
            guard let handle else { continue }
            let statement = SQLiteStatement(handle)
            var code = SQLITE_ROW
            while code == SQLITE_ROW { code = sqlite3_step(statement.handle) }
            guard code == SQLITE_DONE else { throw failure(code) }
        }
    }

    var contentVersion: Int64? {
        get throws(DomainError) {
            guard role == .reader, isInTransaction else { return nil }
            if let knownContentVersion { return knownContentVersion }
            let statement = commands[Command.dataVersion.rawValue]
            let code = sqlite3_step(statement.handle)
            defer { sqlite3_reset(statement.handle) }
            guard code == SQLITE_ROW else { throw failure(code).domain }
            knownContentVersion = statement.integer(0)
            return knownContentVersion
        }
    }

    var changes: Int { Int(sqlite3_changes64(database)) }

    func setSchemaVersion(_ number: Int) throws(StorageError) {
        try setHeader("user_version", number)
    }

    /// Writes one of the numbers that a database file carries in its header.
    func setHeader(_ name: StaticString, _ number: Int) throws(StorageError) {
        // A pragma takes no parameters; both parts are ours.
        let statement = try prepare("pragma \(name) = \(number)")
        let code = sqlite3_step(statement.handle)
        guard code == SQLITE_DONE else { throw failure(code) }
    }

    /// The integer in the first column of the first row.
    func integer(_ statement: SQL) throws(StorageError) -> Int64 {
        var value: Int64 = 0
        try run(statement) { row in
            value = row.integer(0)
            return false
        }
        return value
    }

    /// The text in the first column of the first row.
    func text(_ statement: SQL) throws(StorageError) -> String {
        var value = ""
        try run(statement) { row in
            value = row.text(0)
            return false
        }
        return value
    }

    private func cached(_ sql: SQL) throws(StorageError) -> SQLiteStatement {
        uses &+= 1
        let key = sql.key
        if let statement = statements[key], !statement.isRunning {
            statement.lastUse = uses
            return statement
        }
        let statement = try prepare(sql.text)
        guard statement.isNumberedInOrder else { throw .domain(.fault("the parameters are out of order")) }
        statement.lastUse = uses
        guard statements[key] == nil else { return statement }
        if statements.count >= cacheLimit,
            let oldest = statements.lazy.filter({ !$0.value.isRunning }).min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            statements[oldest.key] = nil
        }
        statements[key] = statement
        return statement
    }

    /// How many statements are kept prepared.
    var cachedStatements: Int { statements.count }

    private func prepare(_ text: String) throws(StorageError) -> SQLiteStatement {
        var handle: OpaquePointer?
        try check(sqlite3_prepare_v3(database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil))
        guard let handle else { throw .domain(.fault("an empty statement")) }
        return SQLiteStatement(handle)
    }

    // MARK: Transactions

    /// Begins a transaction; after the deadline its statements are refused or interrupted.
    func begin(_ command: Command, deadline_ns: UInt64 = 0) throws(StorageError) {
        watch.pointee.deadline_ns = deadline_ns
        knownContentVersion = nil
        try perform(command)
        notes.begin()
        expectsTransaction = true
    }

    /// Lets a transaction that only reads go on after it has rested.
    func resume(deadline_ns: UInt64) { watch.pointee.deadline_ns = deadline_ns }

    /// Keeps a transaction that only reads open, with nothing running in it.
    func rest() { watch.pointee.deadline_ns = 0 }

    /// Runs one of the statements around transactions.
    func perform(_ command: Command) throws(StorageError) {
        let handle = commands[command.rawValue].handle
        let code = sqlite3_step(handle)
        defer { sqlite3_reset(handle) }
        guard code == SQLITE_DONE else { throw failure(code) }
        switch command {
        case .savepoint: notes.mark()
        case .rollbackToSavepoint: notes.returnToMark()
        case .beginDeferred, .beginImmediate, .commit, .rollback, .release, .dataVersion: break
        }
    }

    /// Commits; an error leaves the transaction to be rolled back.
    func commit() throws(StorageError) {
        watch.pointee.deadline_ns = 0
        // A commit without a transaction would be an error of its own and hide why there is none.
        guard isInTransaction else { throw .domain(.unavailable("the transaction has ended")) }
        try perform(.commit)
        expectsTransaction = false
    }

    /// Rolls back whatever is open; answers whether nothing is open now.
    func rollback() -> Bool {
        watch.pointee.deadline_ns = 0
        expectsTransaction = false
        if isInTransaction { try? perform(.rollback) }
        return !isInTransaction
    }

    /// Ends a transaction that only read; answers whether the connection can be used again.
    func end() -> Bool {
        do throws(StorageError) {
            try commit()
            return true
        } catch {
            return rollback()
        }
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(database) == 0 }

    /// The pages in the write-ahead log after the last commit.
    var walPages: Int { Int(watch.pointee.walPages) }

    /// Moves pages from the write-ahead log into the database; with `truncating` all of them.
    func checkpoint(truncating: Bool) throws(StorageError) {
        let mode = truncating ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        try check(sqlite3_wal_checkpoint_v2(database, nil, mode, nil, nil))
    }

    // MARK: Errors

    func check(_ code: Int32) throws(StorageError) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// What a result code means to those above; a code that puts the stored data in doubt also ends the service of this store.
    private func failure(_ code: Int32) -> StorageError {
        let text = "\(String(cString: sqlite3_errmsg(database))) (\(code))"
        switch code & 0xff {
        case SQLITE_CONSTRAINT:
            return .constraint(String(cString: sqlite3_errmsg(database)))
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_INTERRUPT:
            return .domain(.unavailable(text))
        case SQLITE_IOERR where isPassing(code):
            return .domain(.unavailable(text))
        case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB:
            health.fail(text)
            return .domain(.fault(text))
        default:
            return .domain(.fault(text))
        }
    }

    /// Whether an I/O error only says that there is no room, on disk or in memory. A failed fsync never passes: it may have lost
    /// what it was to keep.
    private func isPassing(_ code: Int32) -> Bool {
        switch code {
        case SQLITE_IOERR | (4 << 8), SQLITE_IOERR | (5 << 8): return false
        case SQLITE_IOERR | (12 << 8): return true
        default:
            let cause = sqlite3_system_errno(database)
            return cause == ENOSPC || cause == EDQUOT
        }
    }
}
