import Domain
import Security
@testable import Storage
import StorageSQLite
import Testing

/// A database from before files could belong to topologies keeps those that it has.
@Suite struct TopologyFilesMigrationTests {
    private static func open(_ directory: String, _ migrations: [Migration]) throws -> SQLiteStore {
        try SQLiteStore(path: directory + "/old.db", migrations: migrations) { SQLRepositories($0) { Digest.sha256($0) } }
    }

    @Test func `files of cases keep their values, and those of topologies have a version`() async throws {
        try await withDirectory { directory throws in
            let before = try Self.open(directory, Array(Schema.migrations.prefix { $0.name.description != "topology files" }))
            try await before.write { tx throws(DomainError) in
                let connection = try tx.connection
                try connection.execute("insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)")
                try connection.execute(
                    "insert into user_account values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)"
                )
                try connection.execute(
                    """
                    insert into attachment values (
                        4, 'att_a', 'ticket', 'tkt_a', 'usr_a', 'a.pdf', 'application/pdf', 9,
                        x'0000000000000000000000000000000000000000000000000000000000000001', 8
                    )
                    """
                )
            }
            await before.close()

            let after = try Self.open(directory, Schema.migrations)
            let found = try await after.read { tx throws(DomainError) in try tx.attachments.find(Attachment.ID(stored: "att_a")) }
            let file = try #require(found)
            #expect(file.subjectKind == .aCase(.ticket) && file.subjectID == "tkt_a" && file.subjectVersion == nil)
            let hash: [UInt8] = [UInt8](repeating: 0, count: 31) + [1]
            #expect(file.file.name.text == "a.pdf" && file.file.size == 9 && file.file.hash == hash)
            func copy(_ id: String, _ kind: String, _ version: Int?) async throws {
                try await after.write { tx throws(DomainError) in
                    try tx.connection.execute(
                        """
                        insert into attachment
                        select null, \(id), \(kind), 'x', \(version), uploader_id, file_name, media_type, size, sha256, created_at_ms
                        from attachment
                        where id = 'att_a'
                        """
                    )
                }
            }
            try await copy("att_b", "topology", 1)
            await #expect(throws: DomainError.self) { try await copy("att_c", "topology", nil) }
            await #expect(throws: DomainError.self) { try await copy("att_d", "ticket", 1) }
            await #expect(throws: DomainError.self) { try await copy("att_e", "nothing", nil) }
            await after.close()
        }
    }
}
