import Domain
import HTTP
@testable import Storage
import TestSupport
import Testing

/// Who waits at the open steps of runs, as it is kept and as it is worked out from all that is stored.
@Suite struct RunInboxTests {
    /// The rows that are kept, and those that the migration makes of the runs as they are.
    private func rows(_ house: APIHouse) async throws -> (kept: [String], remade: [String]) {
        try await house.store.write { tx throws(DomainError) in
            let connection = try tx.connection
            func rows() throws(DomainError) -> [String] {
                try connection.all("select timing_id, member_id, due_ms, run_id from run_waiting order by 1, 2") { columns in
                    "\(columns.text()) \(columns.text()) \(columns.integer()) \(columns.text())"
                }
            }
            let kept = try rows()
            guard let schema = connection as? any SchemaConnection else { throw .fault("no schema to build") }
            do throws(StorageError) {
                try schema.script("drop trigger run_waiting_due_moved; drop table run_waiting")
                try schema.script(Migration.runInbox.statements)
            } catch { throw .fault("\(error)") }
            return (kept, try rows())
        }
    }

    @Test func `every step of an assessment waits for those who have a part in it, until they have done it`() async throws {
        try await APIHouse.with { house throws in
            let inside = try await house.unit("INSIDE", kind: .directorate)
            let outside = try await house.unit("OUTSIDE")
            let officer = try await house.person("officer", [.ictOfficer], in: inside)
            let other = try await house.person("other", [.ictManager], in: inside)
            let asker = try await house.person("asker", [.workUnit], in: outside)
            let body = #"""
                {"procedure":"pemantik-assessment","title":"A run","assignments":{"informatics-division":"\#(officer.id)",
                "assessor":["\#(officer.id)","\#(other.id)"]},"participants":[{"name":"Regency","unit_id":"\#(outside.id.text)"},
                {"name":"City","user_id":"\#(other.id)"},{"name":"Town"}]}
                """#
            var run = try await house.send(.post, "/v1/procedure-runs", body, as: officer)
            let path = "/v1/procedure-runs/\(try #require(run.text("id"), "\(run.text)"))"
            let tokens = [officer.id: officer, other.id: other, outside.id.text: asker]
            var moves = 0
            while run.text("status") == "running", moves < 200 {
                moves += 1
                house.pass(seconds: 60)
                let (kept, remade) = try await rows(house)
                #expect(kept == remade && !kept.isEmpty, "move \(moves)")
                let step = try #require(run.json.elements(at: "steps").first { $0.text(at: "state") == "open" })
                let missing = try #require(step.elements(at: "missing").first)
                let performer = try #require(tokens[missing.text(at: "performers.0") ?? ""])
                let inbox = try await house.send(.get, "/v1/me/inbox", as: performer)
                #expect(inbox.data.contains { $0.text(at: "clock.step_code") == step.text(at: "code") }, "move \(moves)")
                let participant = missing.text(at: "participant_id").map { #"{"participant_id":"\#($0)"}"# } ?? "{}"
                let number = step.integer(at: "no") ?? 0
                let done = try await house.send(.post, "\(path)/steps/\(number)/complete", participant, as: performer)
                #expect(done.status == 200, "\(done.text)")
                run = try await house.send(.get, path, as: officer)
            }
            #expect(run.text("status") == "completed" && moves > 14)
            #expect(try await rows(house).kept.isEmpty)
        }
    }

    @Test func `the soonest due comes first among cases of all kinds, page by page, and moves with what is due`() async throws {
        try await APIHouse.with { house throws in
            let inside = try await house.unit("INSIDE", kind: .directorate)
            let officer = try await house.person("officer", [.ictOfficer, .superAdmin], in: inside)
            let roles = ["planning-it-head", "secretary", "chair", "admin-operator"].map { #""\#($0)":"\#(officer.id)""# }
            let body = #"{"procedure":"it-planning","title":"A plan","assignments":{\#(roles.joined(separator: ","))}}"#
            var ids: [String] = []
            for _ in 0..<5 {
                ids.append(try #require(try await house.send(.post, "/v1/procedure-runs", body, as: officer).text("id")))
                house.pass(seconds: 60)
            }
            var walked: [String] = []
            var query = "?limit=2"
            while true {
                let page = try await house.send(.get, "/v1/me/inbox\(query)", as: officer)
                #expect(page.integer("counts.procedure_run.running") == 5)
                walked += page.data.compactMap { $0.text(at: "id") }
                guard let cursor = page.text("page.next_cursor") else { break }
                query = "?limit=2&cursor=\(cursor)"
            }
            #expect(walked == ids)
            // A pause moves what is due of the first one behind the others.
            let first = "/v1/procedure-runs/\(ids[0])"
            let tag = try #require(try await house.send(.get, "/v1/me/inbox", as: officer).headers["etag"])
            #expect(try await house.send(.post, first + "/pause", #"{"reason":"Because"}"#, as: officer).status == 200)
            house.pass(seconds: 3600)
            #expect(try await house.send(.post, first + "/resume", "{}", as: officer).status == 200)
            let after = try await house.send(.get, "/v1/me/inbox", as: officer, headers: ["if-none-match": tag])
            #expect(after.status == 200 && after.data.compactMap { $0.text(at: "id") } == Array(ids.dropFirst()) + [ids[0]])
            let (kept, remade) = try await rows(house)
            #expect(kept == remade && kept.count == 5)
            // A token that may not read runs shows none.
            let narrow = try await house.token(for: officer.user, scopes: [.init(rawValue: "tickets:read")].compactMap { $0 })
            #expect(try await house.send(.get, "/v1/me/inbox", as: narrow).data.isEmpty)
        }
    }
}
