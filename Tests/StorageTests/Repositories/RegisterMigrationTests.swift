import Domain
import Security
@testable import Storage
import StorageSQLite
import Testing

/// A database from before the registers keeps its comments, files and links when one more kind of case may have them.
@Suite struct RegisterMigrationTests {
    private static func open(_ directory: String, _ migrations: [Migration]) throws -> SQLiteStore {
        try SQLiteStore(path: directory + "/old.db", migrations: migrations) { SQLRepositories($0) { Digest.sha256($0) } }
    }

    @Test func `comments, files and links keep their values, and comments are still found`() async throws {
        try await withDirectory { directory throws in
            let before = try Self.open(directory, Array(Schema.migrations.prefix { $0.name.description != "registers" }))
            try await before.write { tx throws(DomainError) in
                let connection = try tx.connection
                try connection.execute("insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)")
                try connection.execute(
                    "insert into user_account values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)"
                )
                try connection.execute(
                    """
                    insert into comment (row, id, subject_type, subject_id, author_id, internal, created_at_ms, text)
                    values (3, 'cmt_a', 'ticket', 'tkt_a', 'usr_a', 0, 5, 'Zebra'), (7, 'cmt_b', 'ticket', 'tkt_a', 'usr_a', 1, 6, 'Okapi')
                    """
                )
                try connection.execute("insert into comment_text (comment_text) values ('rebuild')")
                try connection.execute(
                    """
                    insert into attachment values (
                        4, 'att_a', 'ticket', 'tkt_a', 'usr_a', 'a.pdf', 'application/pdf', 9,
                        x'0000000000000000000000000000000000000000000000000000000000000001', 8
                    )
                    """
                )
                try connection.execute(
                    "insert into case_link values ('lnk_a', 'relates_to', 'ticket', 'tkt_a', 'consultation', 'con_a', 'usr_a', 9)"
                )
            }
            await before.close()

            let after = try Self.open(directory, Schema.migrations)
            let (found, comments, file, link) = try await after.read { tx throws(DomainError) in
                let connection = try tx.connection
                let found = try connection.all(
                    "select c.id from comment_text as f cross join comment as c where comment_text match 'okapi' and c.row = f.rowid"
                ) { columns in columns.text() }
                let comments = try connection.all("select id || ' ' || internal || ' ' || created_at_ms || ' ' || text from comment") {
                    columns in columns.text()
                }
                let file = try connection.first("select row || ' ' || file_name || ' ' || hex(sha256) || ' ' || size from attachment") {
                    columns in columns.text()
                }
                let link = try connection.first(
                    "select id || ' ' || source_kind || ' ' || source_id || ' ' || target_kind || ' ' || target_id from case_link"
                ) { columns in columns.text() }
                return (found, comments, file, link)
            }
            #expect(found == ["cmt_b"])
            #expect(comments == ["cmt_a 0 5 Zebra", "cmt_b 1 6 Okapi"])
            #expect(file == "4 a.pdf \(String(repeating: "0", count: 63))1 9")
            #expect(link == "lnk_a ticket tkt_a consultation con_a")
            // That two cases are related is still said but once, and a kind that nobody knows has no comments.
            for statement in [
                "insert into case_link values ('lnk_b', 'relates_to', 'consultation', 'con_a', 'ticket', 'tkt_a', 'usr_a', 9)",
                "insert into comment values (9, 'cmt_c', 'nothing', 'x', 'usr_a', 0, 1, 'x')",
            ] as [SQL] {
                await #expect(throws: DomainError.self) {
                    try await after.write { tx throws(DomainError) in try tx.connection.execute(statement) }
                }
            }
            try await after.write { tx throws(DomainError) in
                try tx.connection.execute("insert into comment values (9, 'cmt_c', 'service_complaint', 'x', 'usr_a', 0, 1, 'x')")
            }
            await after.close()
        }
    }
}
