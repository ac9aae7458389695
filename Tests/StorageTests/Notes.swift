@testable import Domain
import FoundationEssentials
import Glibc
@testable import Storage
@testable import StorageSQLite
import Testing

/// A small set of tables to try the store with.
struct Notes {
    let connection: any Connection

    static let script: StaticString = """
        create table note (
            id integer not null constraint note_key primary key,
            title text not null constraint note_title unique,
            body blob,
            weight integer not null default 0 constraint note_weight check (weight >= 0)
        ) strict;
        create table remark (
            note integer not null constraint remark_note references note (id) on delete restrict,
            text text not null
        ) strict;
        create trigger note_trimmed after insert on note when new.title like ' %' begin
            update note set title = ltrim(new.title) where id = new.id;
            update note set weight = weight + 1 where id = new.id;
        end;
        """

    static let migrations = [Migration(1, "notes", script)]

    func add(_ title: String, body: [UInt8]? = nil, weight: Int = 0) throws(DomainError) {
        try connection.execute(
            "insert into note (title, body, weight) values (\(title), \(body), \(weight))",
            conflicts: ["note.title": "/title"]
        )
    }

    func count() throws(DomainError) -> Int {
        try connection.first("select count(*) from note") { columns in columns.integer() } ?? -1
    }

    func titles() throws(DomainError) -> [String] {
        try connection.all("select title from note order by id") { columns in columns.text() }
    }

    /// Counts far, which takes long.
    func dawdle(_ steps: Int) throws(DomainError) -> Int? {
        try connection.first(
            "with recursive step (n) as (select 1 union all select n + 1 from step where n < \(steps)) select count(*) from step"
        ) { columns in columns.integer() }
    }
}

extension Transaction {
    /// The connection that the repositories of the service work over.
    var connection: any Connection {
        get throws(DomainError) {
            guard let repositories = repositories as? SQLRepositories else { throw .fault("other repositories") }
            return repositories.connection
        }
    }

    var notes: Notes {
        get throws(DomainError) {
            Notes(connection: try connection)
        }
    }
}

/// A directory that lives as long as one test.
func withDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory.path + "/store-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}

/// Opens a store of notes, lends it and closes it.
func withStore<Value>(
    in directory: String,
    migrations: [Migration] = Notes.migrations,
    _ configuration: SQLiteStore.Configuration = SQLiteStore.Configuration(),
    _ body: (SQLiteStore) async throws -> Value
) async throws -> Value {
    let store = try SQLiteStore(path: directory + "/notes.db", migrations: migrations, configuration: configuration) {
        SQLRepositories($0) { $0 }
    }
    do {
        let value = try await body(store)
        await store.close()
        return value
    } catch {
        await store.close()
        throw error
    }
}

/// A bell that a thread waits for; a ring that comes before the wait is not lost.
final class Bell: Sendable {
    private let hasRung = Monitor(false)

    func ring() {
        hasRung.withLock { $0 = true }
        hasRung.announce()
    }

    func wait() { hasRung.wait { hasRung in hasRung ? () : nil } }
}

/// What a callback was told.
final class Told: Sendable {
    private let texts = Monitor<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
