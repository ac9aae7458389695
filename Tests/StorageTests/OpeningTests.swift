import Domain
import Glibc
import Storage
@testable import StorageSQLite
import Testing

@Suite struct OpeningTests {
    private static let next = Migration(2, "colour", "alter table note add column colour text")

    private func open(_ directory: String, _ migrations: [Migration] = Notes.migrations) throws -> SQLiteStore {
        try SQLiteStore(path: directory + "/notes.db", migrations: migrations) { SQLRepositories($0) { $0 } }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func `a second instance is refused until the first has closed`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                #expect(throws: SQLiteOpenError.alreadyRunning) { try open(directory) }
                // The refused one must not have disturbed the first.
                try await store.write { tx throws(DomainError) in try tx.notes.add("one") }
            }
            try await withStore(in: directory) { store in
                let count = try await store.read { tx throws(DomainError) in try tx.notes.count() }
                #expect(count == 1)
            }
        }
    }

    @Test func `a missing directory is made, and all files are for this user alone`() async throws {
        try await withDirectory { directory in
            let inner = directory + "/a/b"
            try await withStore(in: inner) { store in
                try await store.write { tx throws(DomainError) in try tx.notes.add("one") }
                #expect(mode(inner) == 0o700)
                for name in ["notes.db", "notes.db.lock", "notes.db-wal", "notes.db-shm"] {
                    #expect(mode(inner + "/" + name) == 0o600, "\(name)")
                }
            }
        }
    }

    @Test func `a database that is newer than the program is refused and stays as it is`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory, migrations: Notes.migrations + [Self.next]) { _ in }
            #expect(throws: MigrationError.newer(found: 2, known: 1)) { try open(directory) }
            try await withStore(in: directory, migrations: Notes.migrations + [Self.next]) { store in
                try await store.write { tx throws(DomainError) in
                    try tx.notes.connection.execute("insert into note (title, colour) values (\("one"), \("red"))")
                }
            }
        }
    }

    @Test func `a migration whose text has changed since it was applied is refused`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory, migrations: Notes.migrations + [Self.next]) { _ in }
            let changed = Migration(2, "colour", "alter table note add column colour text ")
            #expect(throws: MigrationError.changed(2)) { try open(directory, Notes.migrations + [changed]) }
        }
    }

    @Test func `migrations out of order are refused`() async throws {
        try await withDirectory { directory in
            let gap = Migration(3, "colour", "alter table note add column colour text")
            #expect(throws: MigrationError.misnumbered(3)) { try open(directory, Notes.migrations + [gap]) }
        }
    }

    @Test func `a migration that fails leaves nothing, and the database opens without it`() async throws {
        try await withDirectory { directory in
            let broken = Migration(2, "broken", "create table colour (name text not null) strict; create table note (id text)")
            #expect(throws: MigrationError.self) { try open(directory, Notes.migrations + [broken]) }
            try await withStore(in: directory) { store in
                let tables = try await store.read { tx throws(DomainError) in
                    try tx.notes.connection.all("select name from sqlite_schema where type = 'table' order by name") { columns in
                        columns.text()
                    }
                }
                #expect(tables == ["migration", "note", "remark"])
                let applied = try await store.read { tx throws(DomainError) in
                    try tx.notes.connection.all("select number from migration") { columns in columns.integer() }
                }
                #expect(applied == [1])
            }
        }
    }

    @Test func `a script may hold triggers with statements of their own`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await store.write { tx throws(DomainError) in try tx.notes.add("  one") }
                let note = try await store.read { tx throws(DomainError) in
                    try tx.notes.connection.first("select title, weight from note") { columns in "\(columns.text()) \(columns.integer())" }
                }
                #expect(note == "one 1")
            }
        }
    }

    @Test func `the schema of the product applies and is recorded in the file`() async throws {
        try await withDirectory { directory in
            let path = directory + "/product.db"
            let store = try SQLiteStore(path: path, migrations: Schema.migrations) { SQLRepositories($0) { $0 } }
            await store.close()
            let connection = try SQLiteConnection(path: path, role: .writer, configuration: .init(), health: Health { _ in })
            #expect(try connection.integer("pragma user_version") == Schema.migrations.count)
            #expect(try connection.integer("pragma application_id") == 0x5349_4b52)
            #expect(try connection.text("pragma integrity_check") == "ok")
            #expect(
                try connection.integer(
                    "select count(*) from pragma_table_list where schema = 'main' and type = 'table' and not strict and name not like 'sqlite%'"
                ) == 0
            )
        }
    }

    @Test func `a database of another program is refused and stays as it is`() async throws {
        try await withDirectory { directory in
            let path = directory + "/notes.db"
            try DatabaseFile.create(path)
            do {
                let other = try SQLiteConnection(path: path, role: .writer, configuration: .init(), health: Health { _ in })
                try other.script("create table other (id integer); pragma application_id = 7")
            }
            #expect(throws: SQLiteOpenError.foreign(applicationID: 7)) { try open(directory) }
            let other = try SQLiteConnection(path: path, role: .writer, configuration: .init(), health: Health { _ in })
            #expect(try other.text("pragma journal_mode") == "delete")
            #expect(try other.integer("select count(*) from sqlite_schema") == 1)
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await withDirectory { directory in
            try write("not a database at all, but long enough to be taken for one\n", to: directory + "/notes.db")
            #expect(throws: SQLiteOpenError.self) { try open(directory) }
        }
    }

    @Test func `after an unclean stop a damaged database is refused`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { store in
                try await store.write { tx throws(DomainError) in
                    for number in 0..<3_000 { try tx.notes.add("a note with the number \(number)") }
                }
            }
            let path = directory + "/notes.db"
            // A clean stop: no check. Then damage in the middle and the mark of a stop without goodbye.
            try overwrite(path, at: DatabaseFile.size(of: path) / 8192 * 4096, with: [UInt8](repeating: 0xff, count: 4096))
            let store = try open(directory)
            await store.close()
            try write("running\n", to: path + ".lock")
            var refusal: SQLiteOpenError?
            do { _ = try open(directory) } catch { refusal = error as? SQLiteOpenError }
            guard case .damaged = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
        }
    }

    @Test func `after an unclean stop a sound database opens, and a close clears the mark`() async throws {
        try await withDirectory { directory in
            try await withStore(in: directory) { _ in
                #expect(DatabaseFile.size(of: directory + "/notes.db.lock") > 0)
            }
            let lock = directory + "/notes.db.lock"
            #expect(DatabaseFile.size(of: lock) == 0)
            try write("running\n", to: lock)
            try await withStore(in: directory) { _ in }
            #expect(DatabaseFile.size(of: lock) == 0)
        }
    }

    private func write(_ text: String, to path: String) throws {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        defer { Glibc.close(descriptor) }
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    }

    private func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
        let descriptor = Glibc.open(path, O_WRONLY)
        try #require(descriptor >= 0)
        defer { Glibc.close(descriptor) }
        #expect(pwrite(descriptor, bytes, bytes.count, offset) == bytes.count)
    }
}
