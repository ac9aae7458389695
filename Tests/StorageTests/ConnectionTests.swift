import Domain
package import Storage
@testable import StorageSQLite
import Testing

@Suite struct ConnectionTests {
    /// Lends a writer's connection to a new, empty file.
    private func withConnection(_ configuration: SQLiteStore.Configuration = .init(), _ body: (SQLiteConnection) throws -> Void)
        async throws
    {
        try await withDirectory { directory in
            let path = directory + "/some.db"
            try DatabaseFile.create(path)
            let connection = try SQLiteConnection(path: path, role: .writer, configuration: configuration, health: Health { _ in })
            try connection.becomeWriter()
            try body(connection)
        }
    }

    @Test func `ten thousand random values come back as they went in`() async throws {
        try await withConnection { connection throws in
            try connection.script("create table value (id integer primary key, value any) strict")
            var generator = Generator(state: 4)
            var values: [SQLValue] = [
                .null, .text(""), .text("\0"), .text("a\0b"), .blob([]), .blob([0]), .integer(.min), .integer(.max), .text("é😀"),
            ]
            while values.count < 10_000 { values.append(generator.value()) }
            try connection.begin(.beginImmediate)
            for (id, value) in values.enumerated() {
                try connection.execute("insert into value (id, value) values (\(id), \(value))")
            }
            try connection.commit()
            var found: [SQLValue] = []
            try connection.run("select typeof(value), value from value order by id") { row in
                switch row.text(0) {
                case "integer": found.append(.integer(row.integer(1)))
                case "text": found.append(.text(row.text(1)))
                case "blob": found.append(.blob(row.blob(1)))
                default: found.append(row.isNull(1) ? .null : .text("neither"))
                }
                return true
            }
            #expect(found == values)
        }
    }

    @Test func `texts come back whole whether there is room for them beside one another or not`() async throws {
        try await withConnection { connection throws in
            for length in 0...100 {
                let texts = [String(repeating: "a", count: length), String(repeating: "é", count: length), "z"]
                let short = ShortText(String(repeating: "k", count: min(length, 47)))
                try connection.run("select \(texts[0]), \(SQLValue.shortText(short)), \(texts[1]), \(texts[2])") { row in
                    #expect([row.text(0), row.text(2), row.text(3)] == texts && row.shortText(1) == short)
                    return true
                }
            }
        }
    }

    @Test func `a column of another type reads as empty, and so does one that is not there`() async throws {
        try await withConnection { connection throws in
            try connection.run("select 5, 'five', x'05', null") { row in
                #expect(row.text(0) == "" && row.blob(0) == [] && row.integer(0) == 5)
                #expect(row.text(1) == "five" && row.blob(1) == [] && row.integer(1) == 0)
                #expect(row.text(2) == "" && row.blob(2) == [5] && row.integer(2) == 0)
                #expect(row.isNull(3) && row.text(3) == "" && row.integer(3) == 0)
                #expect(row.isNull(4) && row.isNull(-1) && row.text(.max) == "")
                var words = Words()
                #expect(row.word(1, in: &words) == 0 && words[0] == "five" && row.word(1, in: &words) == 0)
                #expect(row.word(0, in: &words) == 1 && words[1] == "" && row.word(2, in: &words) == 1)
                #expect(row.word(3, in: &words) == nil && row.word(.max, in: &words) == nil)
                return true
            }
        }
    }

    @Test func `the cache of statements keeps to its limit and still answers`() async throws {
        var configuration = SQLiteStore.Configuration()
        configuration.cachedStatements = 4
        try await withConnection(configuration) { connection throws in
            for round in 0..<3 {
                for statement in ["select 0", "select 1", "select 2", "select 3", "select 4", "select 5", "select 6"] as [SQL] {
                    let expected = statement.text.last.flatMap(\.wholeNumberValue)
                    #expect(try connection.first(statement) { columns in columns.integer() } == expected, "\(round)")
                    #expect(connection.cachedStatements <= 4)
                }
            }
            #expect(connection.cachedStatements == 4)
        }
    }

    @Test func `a statement may run inside itself`() async throws {
        try await withConnection { connection throws in
            /// Adds to each row what the same statement gives inside it.
            func nested(_ depth: Int) throws(DomainError) -> [Int] {
                try connection.all("select value from (select 1 as value union all select 2) order by value") {
                    columns throws(DomainError) in
                    depth == 0 ? columns.integer() : try nested(depth - 1).reduce(columns.integer(), +)
                }
            }
            #expect(try nested(2) == [10, 11])
        }
    }

    @Test func `a change is made and judged whole even when only its first row is wanted`() async throws {
        try await withConnection { connection throws in
            try connection.script(
                """
                create table parent (id integer constraint parent_key primary key) strict;
                create table child (parent integer constraint child_parent references parent (id)) strict;
                insert into parent values (1), (2), (3);
                insert into child values (3);
                """
            )
            // Only the last row violates the key.
            #expect(throws: DomainError.self) {
                try connection.first("delete from parent returning id") { columns throws(DomainError) in columns.integer() }
            }
            #expect(try connection.integer("select count(*) from parent") == 3)
            try connection.begin(.beginImmediate)
            let first = try connection.first("delete from parent where id < 3 returning id") { columns throws(DomainError) in
                columns.integer()
            }
            try connection.commit()
            #expect(first == 1)
            #expect(try connection.integer("select count(*) from parent") == 1)
        }
    }

    @Test func `an error in the middle leaves the statement ready to run again`() async throws {
        try await withConnection { connection throws in
            func first(failing: Bool) throws(DomainError) -> Int? {
                try connection.first("select \(41) + 1 union all select 0") { columns throws(DomainError) in
                    if failing { throw .stale }
                    return columns.integer()
                }
            }
            #expect(throws: DomainError.stale) { try first(failing: true) }
            #expect(try first(failing: false) == 42)
            try connection.script("create table note (title text constraint note_title unique check (title <> 'no')) strict")
            for _ in 0..<3 {
                let title = "one"
                try? connection.execute("insert into note values (\(title))")
            }
            #expect(try connection.integer("select count(*) from note") == 1)
        }
    }

    @Test func `constraints are told by their names`() async throws {
        try await withConnection { connection throws in
            try connection.script(Notes.script)
            func failure(_ statement: SQL) -> StorageError? {
                do { try connection.run(statement) { _ in true } } catch { return error }
                return nil
            }
            try connection.execute("insert into note (title) values ('one')")
            #expect(failure("insert into note (title) values ('one')") == .constraint("UNIQUE constraint failed: note.title"))
            #expect(failure("insert into note (title, weight) values ('two', -1)") == .constraint("CHECK constraint failed: note_weight"))
            #expect(failure("insert into remark (note, text) values (9, 'x')") == .constraint("FOREIGN KEY constraint failed"))
            #expect(failure("insert into note (title) values (x'00')") != nil)
            #expect(throws: DomainError.conflict(pointer: "/title")) {
                try connection.execute("insert into note (title) values ('one')", conflicts: ["note.title": "/title"])
            }
        }
    }

    @Test func `what the service never needs is switched off`() async throws {
        try await withConnection { connection throws in
            func works(_ statement: SQL) -> Bool { (try? connection.run(statement) { _ in true }) != nil }
            #expect(works("select 1"))
            #expect(!works("select \"no such column\""))
            #expect(!works("attach database ':memory:' as other"))
            #expect(!works("select load_extension('x')"))
            #expect(try connection.integer("pragma foreign_keys") == 1)
            #expect(try connection.integer("pragma synchronous") == 2)
            #expect(try connection.integer("pragma secure_delete") == 1)
            #expect(try connection.integer("pragma trusted_schema") == 0)
            #expect(try connection.integer("pragma cell_size_check") == 1)
            #expect(try connection.integer("pragma mmap_size") == 0)
            #expect(try connection.integer("pragma wal_autocheckpoint") == 0)
            #expect(try connection.integer("pragma busy_timeout") == 5_000)
            #expect(try connection.integer("pragma temp_store") == 2)
        }
    }

    @Test func `bindings that do not fit the statement are a fault`() async throws {
        try await withConnection { connection throws in
            #expect(throws: StorageError.self) { try connection.run("select $1") { _ in true } }
            #expect(throws: StorageError.self) { try connection.run("select $2, \(1)") { _ in true } }
        }
    }
}

/// A small generator of values that gives the same ones each time (xorshift).
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func value() -> SQLValue {
        let length = Int.random(in: 0...Int.random(in: 1...200, using: &self), using: &self)
        switch Int.random(in: 0...3, using: &self) {
        case 0: return .integer(Int64.random(in: .min ... .max, using: &self) >> Int64.random(in: 0...63, using: &self))
        case 1: return .blob((0..<length).map { _ in UInt8.random(in: 0...255, using: &self) })
        case 2: return .text(String(decoding: (0..<length).map { _ in UInt8.random(in: 0...127, using: &self) }, as: UTF8.self))
        default:
            var text = String.UnicodeScalarView()
            for _ in 0..<length { if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10ffff, using: &self)) { text.append(scalar) } }
            return .text(String(text))
        }
    }
}

extension SQLValue: SQLBindable {
    package var sqlValue: SQLValue { self }
}
