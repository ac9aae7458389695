import Domain
import FoundationEssentials
import HTTP
import Security
import TestSupport
import Testing

/// Recaps from draft to settled, and what they freeze.
@Suite struct RecapTests {
    private func time(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test func `a recap is timed by the working days after its month, frozen at the submission and settled once`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let cases = [try await house.consultation(cast, upTo: .closed), try await house.consultation(cast, upTo: .closed)]
            let id = try await house.recap("consultation", "2026-11", cast)
            let path = "/v1/recaps/\(id)"
            let draft = try await house.send(.get, path, as: cast.director)
            // The first working day after November 2026 is Tuesday 1 December, 07:30 in Jakarta.
            #expect(draft.clock == "8.1 compile-monthly-recap running")
            #expect(draft.text("clock.started_at") == "2026-12-01T00:30:00.000Z")
            #expect(draft.text("clock.due_at") == "2026-12-01T09:00:00.000Z" && draft.integer("clock.elapsed_s") == 0)
            #expect(draft.json.elements(at: "cases").count == 2 && draft.text("sha256") == nil)

            house.set(try time("2026-12-02T08:30:00+07:00"))
            #expect(try await house.send(.post, "\(path)/receive", "{}", as: cast.director).code == "transition_refused")
            let submitted = try await house.send(.post, "\(path)/submit", "{}", as: cast.admin)
            #expect(submitted.clock == "9.1 receive-recap running" && submitted.text("status") == "submitted")
            house.pass(seconds: 3600)
            let received = try await house.send(.post, "\(path)/receive", "{}", as: cast.director)
            #expect(received.clock == "10.1 award-points running")
            #expect(try await house.ledger("status=posted", as: cast.officer).isEmpty)
            house.pass(seconds: 3600)
            let settled = try await house.send(.post, "\(path)/settle", "{}", as: cast.admin)
            #expect(settled.clock == "10.1 award-points stopped" && settled.integer("version") == 4)
            #expect(settled.text("receiver_id") == cast.director.id && settled.text("settler_id") == cast.admin.id)

            let timings = try await house.send(.get, "/v1/step-timings?subject_type=recap&subject_id=\(id)", as: cast.director).data
            #expect(
                Set(timings.map { "\($0.integer(at: "step_no") ?? 0) \($0.text(at: "verdict") ?? "") \($0.integer(at: "elapsed_s") ?? 0)" })
                    == ["8 late 30600", "9 on_time 3600", "10 on_time 3600"]
            )
            #expect(
                try await house.ledger("", as: cast.officer)
                    == ["pending 1 2026-11", "pending 1 2026-11", "posted 1 2026-11", "posted 1 2026-11"]
            )
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.officer) == [2, 0, 2])
            let posted = try await house.send(.get, "/v1/performance-points?recap_id=\(id)", as: cast.director).data
            #expect(Set(posted.compactMap { $0.text(at: "subject_id") }) == Set(cases))
        }
    }

    @Test func `the one who compiled a recap does not receive it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let both = try await house.person("both", [.superAdmin, .director], in: cast.directorate)
            let id = try await house.recap("workspace", "2026-10", cast)
            _ = try await house.send(.post, "/v1/recaps/\(id)/submit", "{}", as: both)
            let own = try await house.send(.post, "/v1/recaps/\(id)/receive", "{}", as: both)
            #expect(own.status == 403 && own.code == "four_eyes")
            #expect(try await house.send(.get, "/v1/recaps/\(id)", as: both).json.elements(at: "actions").isEmpty)
            #expect(try await house.send(.post, "/v1/recaps/\(id)/receive", "{}", as: cast.director).status == 200)
        }
    }

    @Test func `the totals add up, in JSON and CSV, and the hash is that of the CSV`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for topic in [#""compliance""#, #""compliance""#, #""risk_management""#, "null"] {
                let body = #"{"subject":"=1+1, \"so\"","detail":"Text","topic":\#(topic)}"#
                _ = try await house.consultation(cast, upTo: .closed, body, officer: topic == "null" ? cast.otherOfficer : nil)
            }
            let withdrawn = try await house.consultation(cast, upTo: .submitted, asker: cast.stranger)
            _ = try await house.send(.post, "/v1/consultations/\(withdrawn)/withdraw", #"{"reason":"x"}"#, as: cast.stranger)
            let late = try await house.consultation(cast)
            house.pass(seconds: 3 * 86_400)
            for (event, person) in [("submit", cast.asker), ("withdraw", cast.asker)] {
                _ = try await house.send(
                    .post,
                    "/v1/consultations/\(late)/\(event)",
                    event == "submit" ? "{}" : #"{"reason":"x"}"#,
                    as: person
                )
            }
            let id = try await house.recap("consultation", "2026-11", cast, ["submit"])
            let recap = try await house.send(.get, "/v1/recaps/\(id)", as: cast.head)
            func lines(_ part: String) -> [String] {
                recap.json.elements(at: "totals.by_\(part)").map { line in
                    "\(line.text(at: "name") ?? line.text(at: "key") ?? "-") \(line.integer(at: "count") ?? 0)"
                        + " \(line.integer(at: "on_time") ?? 0) \(line.integer(at: "late") ?? 0) \(line.integer(at: "points") ?? 0)"
                }
            }
            #expect(recap.integer("totals.all.count") == 6 && recap.integer("totals.all.points") == 4)
            #expect(recap["totals.all.on_time_rate"] == .number(0.8333))
            #expect(lines("status") == ["closed 4 4 0 4", "withdrawn 2 1 1 0"])
            #expect(lines("topic") == ["- 3 2 1 1", "compliance 2 2 0 2", "risk_management 1 1 0 1"])
            #expect(lines("unit") == ["Unit A 5 4 1 4", "Unit B 1 1 0 0"])
            #expect(lines("officer") == ["Name of officer 3 3 0 3", "Name of other.officer 1 1 0 1"])
            #expect(lines("step") == ["submit-consultation 6 5 1 0", "verify-answer 4 4 0 0"])
            #expect(lines("day") == ["2026-11-16 5 5 0 4", "2026-11-19 1 0 1 0"])

            let csv = try await house.send(.get, "/v1/recaps/\(id)?format=csv", as: cast.head)
            #expect(Digest.hex(Digest.sha256(csv.bytes)) == recap.text("sha256"))
            let rows = csvRows(csv.text)
            #expect(rows.count == 7 && rows[1][3] == "'=1+1, \"so\"")
            #expect(rows.dropFirst().reduce(0) { $0 + (Int($1[14]) ?? 0) } == 4)
            #expect(recap.json.elements(at: "cases").map { $0.text(at: "number") } == rows.dropFirst().map { $0[0] })
        }
    }

    @Test func `each document of a frozen recap is the same bytes each time, whoever is renamed and whatever follows`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for _ in 0..<3 { _ = try await house.consultation(cast, upTo: .closed) }
            let id = try await house.recap("consultation", "2026-11", cast, ["submit"])
            func documents() async throws -> [[UInt8]] {
                var all: [[UInt8]] = []
                for form in ["csv", "xlsx", "pdf"] {
                    for language in ["id", "en"] {
                        let answer = try await house.send(
                            .get,
                            "/v1/recaps/\(id)?format=\(form)",
                            as: cast.director,
                            headers: ["accept-language": language]
                        )
                        #expect(answer.status == 200)
                        all.append(answer.bytes)
                    }
                }
                return all
            }
            let before = try await documents()
            #expect(before[2] != before[3] && before[4] != before[5])
            house.pass(seconds: 40 * 86_400)
            for (path, body) in [
                ("users/\(cast.officer.id)", #"{"name":"Another"}"#), ("users/\(cast.admin.id)", #"{"name":"Another"}"#),
                ("units/\(cast.unit.id.text)", #"{"name":"Another"}"#), ("units/\(cast.directorate.id.text)", #"{"name":"Another"}"#),
            ] {
                #expect(try await house.send(.patch, "/v1/\(path)", body, as: cast.admin, headers: ["if-match": "*"]).status == 200)
            }
            for (event, person) in [("receive", cast.director), ("settle", cast.admin)] {
                _ = try await house.send(.post, "/v1/recaps/\(id)/\(event)", "{}", as: person)
            }
            #expect(try await documents() == before)
        }
    }

    @Test func `what closes after the sealing belongs to the next month, and to a month that has begun`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let first = try await house.consultation(cast, upTo: .closed)
            let november = try await house.recap("consultation", "2026-11", cast, ["submit"])
            let second = try await house.consultation(cast, upTo: .closed)
            #expect(try await house.ledger("", as: cast.officer).sorted() == ["pending 1 2026-11", "pending 1 2026-12"])
            let early = try await house.send(.post, "/v1/recaps", #"{"kind":"consultation","period":"2026-12"}"#, as: cast.admin)
            #expect(early.status == 422)
            // 23:30 on 30 November in Jakarta, and half an hour later.
            for (moment, period) in [("2026-11-30T23:30:00+07:00", "2026-12"), ("2026-12-01T00:00:00+07:00", "2026-12")] {
                house.set(try time(moment))
                _ = try await house.consultation(cast, upTo: .closed)
                #expect(try await house.ledger("", as: cast.officer).last == "pending 1 \(period)")
            }
            let december = try await house.recap("consultation", "2026-12", cast)
            func cases(_ id: String) async throws -> [String] {
                try await house.send(.get, "/v1/recaps/\(id)", as: cast.director).json.elements(at: "cases").compactMap {
                    $0.text(at: "id")
                }
            }
            #expect(try await cases(november) == [first])
            #expect(try await cases(december).first == second)
            #expect(try await cases(december).count == 3)
            let twice = try await house.send(.post, "/v1/recaps", #"{"kind":"consultation","period":"2026-11"}"#, as: cast.admin)
            #expect(twice.status == 409 && twice.text("pointer") == "/period")
        }
    }

    @Test func `cases that close while recaps are submitted are each in one of them`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let count = 60
            var answered: [String] = []
            for _ in 0..<count { answered.append(try await house.consultation(cast, upTo: .answered)) }
            let november = try await house.recap("consultation", "2026-11", cast)
            let submission = "/v1/recaps/\(november)/submit"
            try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, id) in answered.enumerated() {
                    if index % 12 == 6 { group.addTask { try await house.send(.post, submission, "{}", as: cast.admin).status } }
                    group.addTask { try await house.send(.post, "/v1/consultations/\(id)/acknowledge", "{}", as: cast.asker).status }
                }
                var statuses: [Int: Int] = [:]
                for try await status in group { statuses[status, default: 0] += 1 }
                // Of the submissions one succeeds and the others come too late.
                #expect(statuses == [200: count + 1, 409: count / 12 - 1])
            }
            house.set(try time("2026-12-01T08:00:00+07:00"))
            let december = try await house.recap("consultation", "2026-12", cast)
            var seen: [String] = []
            for id in [november, december] {
                let recap = try await house.send(.get, "/v1/recaps/\(id)", as: cast.director)
                let cases = recap.json.elements(at: "cases").compactMap { $0.text(at: "id") }
                #expect(recap.integer("totals.all.count") == cases.count)
                seen += cases
            }
            #expect(seen.sorted() == answered.sorted())
        }
    }

    @Test func `however often and however many at once settle a recap, each point is posted once`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for _ in 0..<20 { _ = try await house.consultation(cast, upTo: .closed) }
            let id = try await house.recap("consultation", "2026-11", cast, ["submit", "receive"])
            let path = "/v1/recaps/\(id)/settle"
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<10 {
                    let headers = index < 3 ? ["idempotency-key": "settle-\(index)"] : [:]
                    group.addTask { try await house.send(.post, path, "{}", as: cast.admin, headers: headers).status }
                }
                var statuses: [Int: Int] = [:]
                for try await status in group { statuses[status, default: 0] += 1 }
                #expect(statuses == [200: 1, 409: 9])
            }
            #expect(try await house.ledger("status=posted", as: cast.officer).count == 20)
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.officer) == [20, 0, 20])
            #expect(try await house.store.read { tx throws(DomainError) in try tx.ledger.wrongBalances() }.isEmpty)
        }
    }

    @Test func `a settling that breaks off anywhere between its portions is ended by the same request, and not before all is posted`()
        async throws
    {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let count = 20
            for _ in 0..<count { _ = try await house.consultation(cast, upTo: .closed) }
            let id = try await house.recap("consultation", "2026-11", cast, ["submit", "receive"])
            let (recap, admin, ids) = (Recap.ID(stored: id), Principal(cast.admin.user), IdentifierSource())
            let now = house.now
            @discardableResult
            func post(after last: PerformancePoint.ID?) async throws -> PerformancePoint.ID? {
                try await house.store.write { tx throws(DomainError) in
                    try tx.recaps.postPortion(of: recap, after: last, limit: 7, expecting: nil, by: admin, at: now, ids: ids)
                }
            }
            func posted() async throws -> Int { try await house.ledger("status=posted", as: cast.officer).count }
            // Twice the first portion only: the second time it is the next seven.
            try await post(after: nil)
            #expect(try await posted() == 7)
            let last = try await post(after: nil)
            #expect(try await posted() == 14)
            await #expect(throws: DomainError.unavailable("the points of recap \(id) are not all posted")) {
                try await house.store.write { tx throws(DomainError) in
                    _ = try tx.recaps.settle(recap, expecting: nil, by: admin, at: now, ids: ids)
                }
            }
            #expect(try await house.send(.get, "/v1/recaps/\(id)", as: cast.head).text("status") == "received")
            // Whoever goes on behind what he posted himself comes to the end, with nothing left out.
            #expect(try await post(after: last) == nil)
            #expect(try await posted() == count)
            try await post(after: nil)
            #expect(try await posted() == count)
            let settled = try await house.send(.post, "/v1/recaps/\(id)/settle", "{}", as: cast.admin)
            #expect(settled.text("status") == "settled" && settled.text("settled_at") != nil)
            #expect(try await house.balance(of: cast.officer, in: "2026-11", as: cast.officer) == [count, 0, count])
            #expect(try await house.store.read { tx throws(DomainError) in try tx.ledger.wrongCases() }.isEmpty)
        }
    }

    @Test func `a dry run of any event leaves nothing, and a stale reader changes nothing`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            _ = try await house.consultation(cast, upTo: .closed)
            let id = try await house.recap("consultation", "2026-11", cast)
            for (event, person) in [("submit", cast.admin), ("receive", cast.director), ("settle", cast.admin)] {
                let path = "/v1/recaps/\(id)/\(event)"
                let before = try await house.send(.get, "/v1/recaps/\(id)", as: cast.head).json
                let dry = try await house.send(.post, path + "?dry_run=true", "{}", as: person)
                #expect(dry.status == 200 && dry.headers["dry-run"] == "true", "\(dry.text)")
                #expect(try await house.send(.post, path, "{}", as: person, headers: ["if-match": "\"9\""]).code == "stale")
                #expect(try await house.send(.get, "/v1/recaps/\(id)", as: cast.head).json == before)
                #expect(try await house.ledger("status=posted", as: cast.officer).isEmpty)
                let tag = try await house.send(.get, "/v1/recaps/\(id)", as: cast.head).headers["etag"] ?? ""
                #expect(try await house.send(.post, path, "{}", as: person, headers: ["if-match": tag]).status == 200)
            }
        }
    }

    @Test func `an appraisal holds the month's points, cases and step times`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let ids = [try await house.consultation(cast, upTo: .closed), try await house.consultation(cast, upTo: .closed)]
            _ = try await house.consultation(cast, upTo: .closed, officer: cast.otherOfficer)
            _ = try await house.recap("consultation", "2026-11", cast, ["submit", "receive", "settle"])
            let path = "/v1/users/\(cast.officer.id)/appraisal?period=2026-11"
            let own = try await house.send(.get, path, as: cast.officer)
            #expect(own.json == (try await house.send(.get, path, as: cast.head)).json)
            #expect(own.integer("points.posted") == 2 && own.integer("points.pending") == 0)
            #expect(own.json.elements(at: "cases").compactMap { $0.text(at: "href") } == ids.map { "/v1/consultations/\($0)" })
            #expect(own.integer("totals.on_time") == 2 && own["totals.on_time_rate"] == .integer(1))
            let steps = own.json.elements(at: "steps").map { "\($0.integer(at: "step_no") ?? 0) \($0.integer(at: "count") ?? 0)" }
            #expect(steps == ["4 2", "6 2"])
            #expect(try await house.send(.get, path, as: cast.otherOfficer).status == 403)
            let other = try await house.send(.get, "/v1/users/\(cast.officer.id)/appraisal?period=2026-10", as: cast.head)
            #expect(other.json.elements(at: "cases").isEmpty && other["totals.on_time_rate"] == .null)
        }
    }
}
