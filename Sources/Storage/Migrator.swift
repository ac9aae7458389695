package import Domain

/// What a driver offers beyond statements, for building the schema.
package protocol SchemaConnection: Connection {
    /// Runs all statements of a script, one after the other, ignoring any rows.
    func script(_ statements: StaticString) throws(StorageError)

    /// Writes the schema's version where the engine itself keeps it.
    func setSchemaVersion(_ number: Int) throws(StorageError)
}

/// Why a schema cannot be brought to the version of this program.
package enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The program's own list is not numbered 1, 2, 3 and so on.
    case misnumbered(Int)
    /// The text of a migration differs from the text that was applied.
    case changed(Int)
    /// The database has a migration that this program does not know.
    case newer(found: Int, known: Int)
    case failed(Int, DomainError)

    package var description: String {
        switch self {
        case .misnumbered(let number): "migration \(number) is out of order"
        case .changed(let number): "migration \(number) differs from the one that was applied"
        case .newer(let found, let known): "the database has version \(found) and this program knows only \(known)"
        case .failed(let number, let error): "migration \(number) failed: \(error)"
        }
    }
}

/// Brings a schema up to date: each migration once, in order, in a transaction of its own.
package struct Migrator: Sendable {
    package let migrations: [Migration]

    package init(_ migrations: [Migration]) {
        self.migrations = migrations
    }

    /// The version of a schema that has all migrations.
    package var version: Int { migrations.count }

    /// Applies what is missing; refuses a database that is newer than the program or was built from other texts.
    package func run(on connection: some SchemaConnection, at now_ms: Int64) throws(MigrationError) {
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw .misnumbered(migration.number)
        }
        let applied = try applied(on: connection)
        guard applied.count <= migrations.count else { throw .newer(found: applied.count, known: migrations.count) }
        for (migration, checksum) in zip(migrations, applied) where migration.checksum != checksum {
            throw .changed(migration.number)
        }
        for migration in migrations.dropFirst(applied.count) {
            do throws(DomainError) {
                try apply(migration, on: connection, at: now_ms)
            } catch {
                throw .failed(migration.number, error)
            }
        }
    }

    /// The checksums of the applied migrations, in order.
    private func applied(on connection: some SchemaConnection) throws(MigrationError) -> [String] {
        do throws(DomainError) {
            try connection.execute(
                """
                create table if not exists migration (
                    number integer not null constraint migration_key primary key,
                    name text not null,
                    checksum text not null,
                    applied_at integer not null
                ) strict
                """
            )
            let rows = try connection.all("select number, checksum from migration order by number") { columns in
                (number: columns.integer(), checksum: columns.text())
            }
            for (index, row) in rows.enumerated() where row.number != index + 1 {
                throw .fault("migration \(index + 1) is missing in the database")
            }
            return rows.map(\.checksum)
        } catch {
            throw .failed(0, error)
        }
    }

    private func apply(_ migration: Migration, on connection: some SchemaConnection, at now_ms: Int64) throws(DomainError) {
        switch connection.dialect {
        case .sqlite: try connection.execute("begin immediate")
        }
        do throws(StorageError) {
            try connection.script(migration.statements)
            try connection.run(
                """
                insert into migration (number, name, checksum, applied_at)
                values (\(migration.number), \(migration.name.text), \(migration.checksum), \(now_ms))
                """
            ) { _ in true }
            try connection.setSchemaVersion(migration.number)
            try connection.run("commit") { _ in true }
        } catch {
            // The engine may have rolled back by itself; the first error is the one that tells.
            try? connection.execute("rollback")
            throw error.domain
        }
    }
}

extension Migration {
    /// A checksum of the statements (64-bit FNV-1a, in hexadecimal): it guards against edits, not against attackers.
    package var checksum: String {
        let hash = statements.withUTF8Buffer { bytes in
            bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }
}

extension StaticString {
    fileprivate var text: String {
        withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }
}
