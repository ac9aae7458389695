import Domain
import FoundationEssentials
import HTTP
import TestSupport
import Testing

extension APIHouse {
    /// Begins a recap and takes it along these events; returns its id.
    func recap(_ kind: String, _ period: String, _ cast: Cast, _ events: [String] = []) async throws -> String {
        let made = try await send(.post, "/v1/recaps", #"{"kind":"\#(kind)","period":"\#(period)"}"#, as: cast.admin)
        let id = try #require(made.text("id"), "\(made.text)")
        for event in events {
            let moved = try await send(.post, "/v1/recaps/\(id)/\(event)", "{}", as: event == "receive" ? cast.director : cast.admin)
            try #require(moved.status == 200, "\(event): \(moved.text)")
        }
        return id
    }

    /// The entries of the ledger, the first first: what each does, how many points, and of which.
    func ledger(_ query: String, as person: Person) async throws -> [String] {
        try await send(.get, "/v1/performance-points?sort=created_at&limit=200&\(query)", as: person).data.map { row in
            "\(row.text(at: "status") ?? "") \(row.integer(at: "points") ?? 0) \(row.text(at: "period") ?? "")"
        }
    }

    /// Posted, pending and total of one user in one month.
    func balance(of user: Person, in period: String, as person: Person) async throws -> [Int] {
        let rows = try await send(.get, "/v1/performance-points/summary?period=\(period)", as: person).data
        let row = rows.first { $0.text(at: "user_id") == user.id }
        return ["posted", "pending", "total"].map { row?.integer(at: $0) ?? 0 }
    }
}

/// The ledger of performance points.
@Suite struct PointTests {
    private static let reason = #"{"reason":"Because"}"#

    @Test func `a closed consultation earns its officer once, pending, by the rule of the day, and a withdrawn one nothing`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let first = try await house.consultation(cast, upTo: .closed)
            let withdrawn = try await house.consultation(cast, upTo: .assigned)
            _ = try await house.send(.post, "/v1/consultations/\(withdrawn)/withdraw", Self.reason, as: cast.asker)
            let set = try await house.send(
                .put,
                "/v1/point-rules/consultation.closed",
                #"{"points":3,"on_time_bonus":2}"#,
                as: cast.admin
            )
            #expect(set.status == 200 && set.integer("version") == 2)
            let second = try await house.consultation(cast, upTo: .closed)

            let entries = try await house.send(.get, "/v1/performance-points?sort=created_at", as: cast.officer).data
            #expect(entries.map { $0.text(at: "subject_id") } == [first, second])
            #expect(entries.map { $0.integer(at: "points") } == [1, 5])
            #expect(entries.map { $0.integer(at: "bonus") } == [0, 2])
            #expect(entries.map { $0.integer(at: "rule_version") } == [1, 2])
            #expect(entries.allSatisfy { $0.text(at: "status") == "pending" && $0.text(at: "period") == "2026-11" })
            #expect(entries.allSatisfy { $0.text(at: "unit_id") == cast.directorate.id.text })
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.director) == [0, 6, 6])
            #expect(try await house.ledger("", as: cast.otherOfficer).isEmpty)
            #expect(try await house.ledger("user_id=\(cast.officer.id)", as: cast.otherOfficer).isEmpty)
        }
    }

    @Test func `a completed work item earns its officer; one late step, even one that was returned, costs the bonus`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            for code in ["consultation.closed", "workspace_item.completed"] {
                _ = try await house.send(.put, "/v1/point-rules/\(code)", #"{"points":1,"on_time_bonus":4}"#, as: cast.admin)
            }
            _ = try await house.workItem(cast, upTo: .completed)
            let late = try await house.workItem(cast)
            house.pass(seconds: 3 * 86_400)
            for (event, body, person) in [
                ("submit", #"{"officer_id":"\#(cast.officer.id)"}"#, cast.giver), ("receive", "{}", cast.officer),
                ("approve", "{}", cast.admin), ("acknowledge", "{}", cast.giver), ("complete", #"{"result":"Done"}"#, cast.officer),
            ] {
                #expect(try await house.send(.post, "/v1/workspace-items/\(late)/\(event)", body, as: person).status == 200)
            }
            #expect(try await house.ledger("", as: cast.officer) == ["pending 5 2026-11", "pending 1 2026-11"])
        }
    }

    @Test func `an entry is taken back once, by an opposite one, and then never posted`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let consultation = try await house.consultation(cast, upTo: .closed)
            let list = try await house.send(.get, "/v1/performance-points?subject_id=\(consultation)", as: cast.officer)
            let id = try #require(list.text("data.0.id"))
            let path = "/v1/performance-points/\(id)"
            let reversed = try await house.send(.post, "\(path)/reverse", Self.reason, as: cast.admin)
            #expect(reversed.integer("points") == -1 && reversed.text("previous_id") == id && reversed.text("status") == "reversed")
            #expect(try await house.send(.get, path, as: cast.officer).text("next_id") == reversed.text("id"))
            for again in [path, "/v1/performance-points/\(try #require(reversed.text("id")))"] {
                let answer = try await house.send(.post, "\(again)/reverse", Self.reason, as: cast.admin)
                #expect(answer.status == 409 && answer.code == "transition_refused", "\(answer.text)")
            }
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.officer) == [0, 0, 0])
            _ = try await house.recap("consultation", "2026-11", cast, ["submit", "receive", "settle"])
            #expect(try await house.ledger("", as: cast.officer) == ["pending 1 2026-11", "reversed -1 2026-11"])
        }
    }

    @Test func `points are given by hand with a reason, not to oneself, and taken back like others`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            func give(_ user: String, _ points: Int, _ more: String = "") async throws -> APIHouse.Answer {
                let body = #"{"user_id":"\#(user)","points":\#(points),"reason":"Because"\#(more)}"#
                return try await house.send(.post, "/v1/performance-points", body, as: cast.admin)
            }
            let given = try await give(cast.officer.id, 7, #","period":"2026-03""#)
            #expect(given.status == 201 && given.text("status") == "posted" && given.text("rule") == nil)
            #expect(try await give(cast.admin.id, 7).code == "four_eyes")
            #expect(try await give("usr_\(String(repeating: "0", count: 26))", 7).status == 422)
            #expect(try await give(cast.officer.id, 0).status == 422)
            #expect(try await house.balance(of: cast.officer, in: "2026-03", as: cast.director) == [7, 0, 7])
            let path = "/v1/performance-points/\(try #require(given.text("id")))/reverse"
            #expect(try await house.send(.post, path, Self.reason, as: cast.admin).status == 200)
            #expect(try await house.balance(of: cast.officer, in: "2026-03", as: cast.director) == [0, 0, 0])
        }
    }

    @Test func `points are given in no month that has not begun, and what changed since it was read is not judged`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            func give(_ period: String) async throws -> APIHouse.Answer {
                let body = #"{"user_id":"\#(cast.officer.id)","points":1,"reason":"Because","period":"\#(period)"}"#
                return try await house.send(.post, "/v1/performance-points", body, as: cast.admin)
            }
            let early = try await give("2026-12")
            #expect(early.status == 422 && early.text("errors.0.pointer") == "/period" && early.text("errors.0.code") == "out_of_range")
            let path = "/v1/performance-points/\(try #require(try await give("2026-11").text("id")))"
            func send(_ event: String, _ tag: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.post, "\(path)/\(event)", Self.reason, as: person, headers: ["if-match": tag])
            }
            #expect(try await send("object", "\"2\"", as: cast.officer).code == "stale")
            #expect(try await send("object", "\"1\"", as: cast.officer).status == 200)
            for event in ["uphold", "reverse"] { #expect(try await send(event, "\"1\"", as: cast.admin).code == "stale") }
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.officer) == [1, 0, 1])
            #expect(try await send("uphold", "\"2\"", as: cast.admin).status == 200)
        }
    }

    @Test func `an officer objects once to what still stands; the answer upholds it or takes it back`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for answer in ["uphold", "reverse"] {
                let consultation = try await house.consultation(cast, upTo: .closed)
                let list = try await house.send(.get, "/v1/performance-points?subject_id=\(consultation)", as: cast.officer)
                let path = "/v1/performance-points/\(try #require(list.text("data.0.id")))"
                #expect(try await house.send(.post, "\(path)/object", Self.reason, as: cast.otherOfficer).status == 404)
                #expect(try await house.send(.post, "\(path)/object", Self.reason, as: cast.officer).status == 200)
                #expect(try await house.send(.post, "\(path)/object", Self.reason, as: cast.officer).status == 409)
                #expect(try await house.send(.post, "\(path)/\(answer)", #"{"reason":"So be it"}"#, as: cast.admin).status == 200)
                let entry = try await house.send(.get, path, as: cast.officer)
                #expect(entry.text("objection.answer") == answer && entry.text("objection.answer_reason") == "So be it")
                #expect(
                    entry.integer("version") == (answer == "uphold" ? 3 : 4)
                        && entry.headers["etag"] == "\"\(entry.integer("version") ?? 0)\""
                )
                #expect(try await house.send(.post, "\(path)/uphold", Self.reason, as: cast.admin).status == 409)
            }
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.officer) == [0, 1, 1])
        }
    }
}
