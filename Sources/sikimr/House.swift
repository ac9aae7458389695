import API
import Domain
import Glibc
import Resources
import Security
import Storage
import StorageSQLite

/// The storage with all it needs, opened for a command.
struct House {
    let store: SQLiteStore
    let ids: IdentifierSource
    let hasher: PasswordHasher
    let passwords: PasswordPolicy

    /// The wall clock.
    static let clock: @Sendable () -> Instant = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Opens or creates the database, loads the catalogue and makes the first administrator.
    ///
    /// The log of events never goes back in time: who fills it with a past starts before that, at `firstStart`.
    init(
        _ settings: Settings,
        log: Log,
        firstStart: Instant? = nil,
        readDeadline_ms: Int? = nil,
        onFatal: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws {
        // Files of ours are for nobody else, whatever the shell's mask was.
        umask(0o077)
        guard let passwords = PasswordPolicy(named: settings.passwordProfile) else {
            throw Exit.configuration("SIKIMR_PASSWORD_PROFILE: it must be default or spbe-strict.")
        }
        self.passwords = passwords
        do {
            try Sodium.start()
            hasher = try PasswordHasher()
        } catch {
            throw Exit.configuration("libsodium cannot be used.")
        }
        let random = SplitMix64(seed: UInt64.random(in: 0...UInt64.max))
        ids = IdentifierSource { random.next() }
        var configuration = SQLiteStore.Configuration()
        configuration.onFatal = onFatal
        if let readDeadline_ms { configuration.readDeadline_ms = readDeadline_ms }
        configuration.onLargeLog = { bytes in log.write(.warning, "database_log_large", [("bytes", .number(bytes))]) }
        do {
            store = try SQLiteStore(path: settings.database, migrations: Schema.migrations, configuration: configuration) { connection in
                SQLRepositories(connection) { Digest.sha256($0) }
            }
        } catch {
            throw Exit.configuration("\(settings.database): \(error)")
        }
        do {
            try await loadCatalogue()
            try await makeAdministrator(settings, at: firstStart ?? Self.clock())
        } catch {
            await store.close()
            throw error
        }
    }

    private func loadCatalogue() async throws {
        let isLoaded = try await store.read { tx throws(DomainError) in try !tx.procedures.summaries().isEmpty }
        guard !isLoaded else { return }
        // Safety: the resource is a constant of the program, as long as its count says.
        let bytes = Array(UnsafeBufferPointer(start: sikimr_procedures.bytes, count: sikimr_procedures.count))
        let procedures: [Procedure]
        do { procedures = try Catalogue.procedures(in: bytes) } catch { throw Exit.configuration(error.line) }
        try await store.write { tx throws(DomainError) in
            for procedure in procedures { try tx.procedures.insert(procedure, at: Self.clock()) }
        }
    }

    /// The first start makes the unit KI and the user `admin`; the password is the one set, or a random one shown once.
    private func makeAdministrator(_ settings: Settings, at now: Instant) async throws {
        guard try await store.read({ tx throws(DomainError) in try tx.users.isEmpty() }) else { return }
        let password = settings.adminPassword ?? OneTimePassword.generate()
        if !passwords.problems(of: password, context: ["admin"]).isEmpty {
            throw Exit.configuration("SIKIMR_ADMIN_PASSWORD: it must have 15 characters or more and be hard to guess.")
        }
        let (hash, ids) = (try await hasher.hash(password), ids)
        try await store.write { tx throws(DomainError) in
            let unit = Domain.Unit(
                id: ids.make(at: now),
                code: "KI",
                name: "Direktorat Kepatuhan Intern",
                kind: .directorate,
                parentID: nil,
                timeZone: .jakarta,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            try tx.create(unit, by: nil, at: now, ids: ids)
            let admin = User(
                id: ids.make(at: now),
                username: "admin",
                name: "Administrator",
                employeeNumber: nil,
                email: nil,
                unitID: unit.id,
                roles: [.superAdmin],
                isActive: true,
                mustChangePassword: false,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            try tx.create(admin, password: Password(hash: hash), by: nil, at: now, ids: ids)
        }
        if settings.adminPassword == nil {
            say("First start. User admin, password \(password)\nIt is shown this once; change it with PUT /v1/me/password.")
        }
    }
}

/// Writes a line for the person at the terminal.
func say(_ line: String) {
    let bytes = Array("\(line)\n".utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
