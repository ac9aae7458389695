import Domain
import Security
@testable import Storage
import StorageSQLite
import Testing

/// A database from before there were points has them for all that was earned.
@Suite struct PointMigrationTests {
    private static func open(_ directory: String, _ migrations: [Migration]) throws -> SQLiteStore {
        try SQLiteStore(path: directory + "/old.db", migrations: migrations) { SQLRepositories($0) { Digest.sha256($0) } }
    }

    @Test func `closed cases have their points and their recap, in the month of Jakarta`() async throws {
        try await withDirectory { directory throws in
            let before = try Self.open(directory, Array(Schema.migrations.prefix { $0.name.description != "points" }))
            try await before.write { tx throws(DomainError) in
                let connection = try tx.connection
                try connection.execute("insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)")
                try connection.execute(
                    "insert into user_account values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)"
                )
                // 30 November 2026, 23:59:59.999 in Jakarta, and one millisecond later.
                for (id, state, closedAt) in [
                    ("con_a", "closed", 1_796_057_999_999), ("con_b", "closed", 1_796_058_000_000),
                    ("con_c", "withdrawn", 1_796_058_000_000),
                    ("con_d", "assigned", nil),
                ] as [(String, String, Int?)] {
                    try connection.execute(
                        """
                        insert into consultation (
                            id, number, state, unit_id, requester_id, officer_id, created_at_ms, updated_at_ms, closed_at_ms, version,
                            procedure_version, subject, detail
                        )
                        values (\(id), \(id), \(state), 'unt_a', 'usr_a', 'usr_a', 1, 1, \(closedAt), 1, 1, 'A', 'B')
                        """
                    )
                }
                for (attempt, verdict) in [(1, "late"), (2, "on_time")] {
                    try connection.execute(
                        """
                        insert into step_timing (
                            id, procedure, procedure_version, subject_type, subject_id, participant_id, unit_id, step_no, step_code, role,
                            attempt, performer_id, started_at_ms, finished_at_ms, elapsed_ms, standard_ms, due_at_ms, outcome, verdict
                        )
                        values (
                            \("tim_\(attempt)"), 'consultation', 1, 'consultation', 'con_a', '', 'unt_a', 5, 'five', 'r', \(attempt), null, 1, 2, 1, 1,
                            2, 'yes', \(verdict)
                        )
                        """
                    )
                }
            }
            await before.close()

            let after = try Self.open(directory, Schema.migrations)
            let (months, records, wrong) = try await after.read { tx throws(DomainError) in
                var months: [[RecapRow]] = []
                for text in ["2026-11", "2026-12"] {
                    if let month = CivilMonth(text) { months.append(try tx.recaps.rows(.consultation, month, after: nil, limit: 10)) }
                }
                let list = try tx.ledger.list(PointQuery(page: PageRequest(limit: 10, isAscending: true)), for: try tx.leader())
                return (months, list.elements, try tx.ledger.wrongBalances().count + tx.ledger.wrongCases().count)
            }
            await after.close()
            #expect(months.map { $0.map(\.caseID) } == [["con_a"], ["con_b", "con_c"]])
            #expect(months[0].map(\.steps) == [[StepTally(step: 5, onTime: 1, late: 1)]] && months[1].map(\.points) == [1, 0])
            #expect(records.map { $0.point.source?.subjectID } == ["con_a", "con_b"])
            #expect(records.map(\.point.period.description) == ["2026-11", "2026-12"] && wrong == 0)
        }
    }
}

extension Transaction {
    /// The one user there is, who sees all.
    fileprivate func leader() throws(DomainError) -> Principal {
        guard let user = try users.find(User.ID(stored: "usr_a")) else { throw .notFound("user") }
        return Principal(
            User(
                id: user.id,
                username: user.username,
                name: user.name,
                employeeNumber: nil,
                email: nil,
                unitID: user.unitID,
                roles: [.director],
                isActive: true,
                mustChangePassword: false,
                createdAt: user.createdAt,
                updatedAt: user.updatedAt,
                version: 1
            )
        )
    }
}
