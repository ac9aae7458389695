import Domain
import Security
@testable import Storage
import StorageSQLite
import Testing

/// A database from before runs keeps all it holds when it gets them.
@Suite struct RunMigrationTests {
    private static func open(_ directory: String, _ migrations: [Migration]) throws -> SQLiteStore {
        try SQLiteStore(path: directory + "/old.db", migrations: migrations) { SQLRepositories($0) { Digest.sha256($0) } }
    }

    @Test func `timings keep their values and cases their timings, and the steps of the catalogue learn their ways`() async throws {
        try await withDirectory { directory throws in
            let before = try Self.open(directory, Array(Schema.migrations.prefix { $0.name.description != "runs" }))
            try await before.write { tx throws(DomainError) in
                let connection = try tx.connection
                try connection.execute(
                    """
                    insert into procedure_version (code, version, title_id, title_en, issuer, document, created_at_ms)
                    values ('trial', 1, 'Coba', 'Trial', 'KI', '{"roles":[{"code":"clerk"},{"code":"head"}],"steps":[
                        {"no":1,"title":{"id":"Satu","en":"One"},"checklist":[{"id":"a","en":"a"}],"decision":null},
                        {"no":2,"title":{"id":"Dua","en":"Two"},"checklist":[],"decision":{"yes":{"goto":"end"},"no":{"goto":1}}}]}', 1)
                    """
                )
                try connection.execute(
                    """
                    insert into procedure_step (code, version, no, step_code, role, scope)
                    values ('trial', 1, 1, 'one', 'clerk', 'case'), ('trial', 1, 2, 'two', 'head', 'case')
                    """
                )
                try connection.execute(
                    "insert into unit values ('unt_a', 'A', 'A', 'satker', null, 'Asia/Jakarta', 1, 1, 1)"
                )
                try connection.execute(
                    """
                    insert into step_timing
                    values ('tim_a', 'trial', 1, 'consultation', 'con_a', 'unt_a', 1, 'one', 'clerk', 1, null, 5, 9, 4, 10, 15, 'done', 'on_time'),
                        ('tim_b', 'trial', 1, 'consultation', 'con_a', 'unt_a', 1, 'one', 'clerk', 2, null, 9, null, null, 10, 19, null, 'running')
                    """
                )
                try connection.execute(
                    """
                    insert into user_account
                    values ('usr_a', 'ann', 'Ann', null, null, 'unt_a', 2, 1, 0, null, null, 1, 1, 1)
                    """
                )
                try connection.execute(
                    """
                    insert into consultation (
                        id, number, state, unit_id, requester_id, created_at_ms, updated_at_ms, version, procedure_version, timing_id, step_no,
                        step_code, step_attempt, step_started_at_ms, subject, detail
                    )
                    values ('con_a', 'KON-2026-000001', 'draft', 'unt_a', 'usr_a', 1, 1, 1, 1, 'tim_b', 1, 'one', 2, 9, 'A', 'B')
                    """
                )
            }
            await before.close()

            let after = try Self.open(directory, Schema.migrations)
            let (timings, graph, roles) = try await after.read { tx throws(DomainError) in
                let query = TimingQuery(now: Instant(milliseconds: 10), page: PageRequest(limit: 10, isAscending: true))
                return (
                    try tx.timings.list(query, visible: [.all]).elements, try tx.procedures.graph(of: "trial", version: 1),
                    try tx.procedures.roles(of: "trial", version: 1)
                )
            }
            // The case still points at a timing that is there, and at none that is not.
            await #expect(throws: DomainError.self) {
                try await after.write { tx throws(DomainError) in
                    try tx.connection.execute("update consultation set timing_id = 'tim_none' where id = 'con_a'")
                }
            }
            try await after.write { tx throws(DomainError) in
                try tx.connection.execute("update consultation set timing_id = 'tim_a' where id = 'con_a'")
            }
            await after.close()
            #expect(timings.map(\.id.text) == ["tim_a", "tim_b"] && timings.allSatisfy { $0.participantID == nil })
            #expect(timings.map(\.clock.attempt) == [1, 2] && timings.map(\.clock.elapsed) == [4, nil])
            #expect(timings.map(\.outcome) == [.done, nil])
            #expect(
                roles == ["clerk", "head"] && graph.steps.map(\.title.en) == ["One", "Two"] && graph.steps.map(\.checklist) == [1, 0]
            )
            #expect(graph.steps.map(\.decision) == [nil, Procedure.Decision(yes: .end, no: .step(1))] && !graph.takesImpliedDecisions)
        }
    }
}
