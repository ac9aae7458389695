import Domain
@testable import Storage
import StorageSQLite
import Testing

/// A full-text index holds what its table holds, in whatever order rows come and change before it is brought up to date.
@Suite struct TextIndexTests {
    private static let index = Consultation.text.index

    private static func id(_ row: Int) -> Identifier<Consultation> { Identifier(stored: "con_\(row)") }

    private static func store(_ rows: ClosedRange<Int>, _ connection: any Connection) throws(DomainError) {
        for row in rows {
            try connection.execute(
                """
                insert into consultation (
                    row, id, number, state, unit_id, requester_id, created_at_ms, updated_at_ms, version, procedure_version, subject, detail
                )
                values (
                    \(row), \(id(row)), \("KON-2026-00000\(row)"), 'draft', 'unt_a', 'usr_a', 1, 1, 1, 1, \("lama\(row)"), 'B'
                )
                """
            )
        }
    }

    private static func edit(_ row: Int, _ connection: any Connection) throws(DomainError) {
        try index.remove(id(row), connection)
        try connection.execute("update consultation set subject = \("baru\(row)") where id = \(id(row))")
        try index.takeInAgain(id(row), connection)
    }

    private static func found(_ words: String, _ connection: any Connection) throws(DomainError) -> [Int] {
        try connection.all("select rowid from consultation_text where consultation_text match \(words) order by rowid") { columns in
            columns.integer()
        }
    }

    @Test func `rows that are new, changed, or both at once are found by the texts they have`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    let connection = try tx.connection
                    try connection.execute("insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)")
                    try connection.execute(
                        "insert into user_account values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)"
                    )
                    try Self.store(1...4, connection)
                    try Self.index.takeInNewRows(connection)
                    try Self.edit(2, connection)
                    try Self.store(5...7, connection)
                    // The last that is in, one in the middle, the newest twice, and one between new rows.
                    for row in [4, 3, 7, 6, 7] { try Self.edit(row, connection) }
                    try Self.index.takeInNewRows(connection)
                    for row in [1, 5] { #expect(try Self.found("lama\(row)", connection) == [row]) }
                    for row in [2, 3, 4, 6, 7] {
                        #expect(try Self.found("baru\(row)", connection) == [row])
                        #expect(try Self.found("lama\(row)", connection) == [])
                    }
                    try connection.execute("insert into consultation_text (consultation_text, rank) values ('integrity-check', 1)")
                }
            }
        }
    }
}
