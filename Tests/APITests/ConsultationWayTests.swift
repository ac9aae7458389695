import Domain
import HTTP
import TestSupport
import Testing

/// The whole way of a consultation with one return, hour by hour in Jakarta.
@Suite struct ConsultationWayTests {
    private struct Step {
        let at: String
        let event: String
        let body: String
        let by: APIHouse.Person
        let status: String
        let version: Int
        let stepNumber: Int
        let stepCode: String
        let attempt: Int
        let clock: String
        let due: String?
        /// What the actor may do next.
        let actions: [String]
    }

    private func steps(_ cast: Cast) -> [Step] {
        [
            Step(
                at: "2026-11-16T15:00:00+07:00",
                event: "submit",
                body: "{}",
                by: cast.asker,
                status: "submitted",
                version: 2,
                stepNumber: 3,
                stepCode: "forward-to-officer",
                attempt: 1,
                clock: "no_standard",
                due: nil,
                actions: ["withdraw"]
            ),
            Step(
                at: "2026-11-17T08:00:00+07:00",
                event: "assign",
                body: #"{"officer_id":"\#(cast.officer.id)","note":"Urgent"}"#,
                by: cast.admin,
                status: "assigned",
                version: 3,
                stepNumber: 4,
                stepCode: "draft-answer",
                attempt: 1,
                clock: "no_standard",
                due: nil,
                actions: ["reassign", "pause"]
            ),
            Step(
                at: "2026-11-19T15:00:00+07:00",
                event: "propose",
                body: #"{"answer":"First answer","plan":"First plan"}"#,
                by: cast.officer,
                status: "in_verification",
                version: 4,
                stepNumber: 5,
                stepCode: "verify-answer",
                attempt: 1,
                clock: "running",
                // An hour of Thursday is left, so six and a half of Friday remain, whose noon rest is an hour and a half.
                due: "2026-11-20T08:30:00.000Z",
                actions: ["pause"]
            ),
            Step(
                at: "2026-11-23T08:30:00+07:00",
                event: "return",
                body: #"{"reason":"Cite the article"}"#,
                by: cast.head,
                status: "assigned",
                version: 5,
                stepNumber: 4,
                stepCode: "draft-answer",
                attempt: 2,
                clock: "no_standard",
                due: nil,
                actions: []
            ),
            Step(
                at: "2026-11-23T10:00:00+07:00",
                event: "propose",
                body: #"{"answer":"Second answer","plan":"Second plan"}"#,
                by: cast.officer,
                status: "in_verification",
                version: 6,
                stepNumber: 5,
                stepCode: "verify-answer",
                attempt: 2,
                clock: "running",
                due: "2026-11-24T03:00:00.000Z",
                actions: ["pause"]
            ),
            Step(
                at: "2026-11-23T11:00:00+07:00",
                event: "approve",
                body: #"{"note":"Good"}"#,
                by: cast.head,
                status: "verified",
                version: 7,
                stepNumber: 6,
                stepCode: "deliver-answer",
                attempt: 1,
                clock: "no_standard",
                due: nil,
                actions: []
            ),
            Step(
                at: "2026-11-23T13:30:00+07:00",
                event: "deliver",
                body: "{}",
                by: cast.officer,
                status: "answered",
                version: 8,
                stepNumber: 7,
                stepCode: "receive-answer",
                attempt: 1,
                clock: "no_standard",
                due: nil,
                actions: ["pause"]
            ),
            Step(
                at: "2026-11-24T09:00:00+07:00",
                event: "acknowledge",
                body: #"{"note":"Thank you"}"#,
                by: cast.asker,
                status: "closed",
                version: 9,
                stepNumber: 7,
                stepCode: "receive-answer",
                attempt: 1,
                clock: "stopped",
                due: nil,
                actions: []
            ),
        ]
    }

    @Test func `each event moves state, version, clock and actions as the procedure says`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let created = try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.asker)
            #expect(created.status == 201)
            let id = try #require(created.text("id"))
            #expect(created.headers["location"] == "/v1/consultations/\(id)")
            #expect(created.headers["etag"] == "\"1\"")
            #expect(created.text("status") == "draft" && created.integer("version") == 1)
            #expect(created.text("number") == "KON-2026-000001")
            #expect(created.text("clock.step_code") == "submit-consultation" && created.text("clock.state") == "running")
            #expect(created.integer("clock.step_no") == 2 && created.integer("clock.standard_s") == 27_000)
            // From 08:00 on Monday: seven hours to 16:00, and half an hour of Tuesday.
            #expect(created.text("clock.due_at") == "2026-11-17T01:00:00.000Z")
            #expect(created.integer("clock.remaining_s") == 27_000 && created.integer("clock.elapsed_s") == 0)
            #expect(created.json.elements(at: "actions").compactMap { $0.text(at: "name") } == ["edit", "submit", "withdraw"])
            #expect(created.text("actions.1.href") == "/v1/consultations/\(id)/submit" && created.text("actions.1.method") == "POST")

            for step in steps(cast) {
                house.set(try #require(Instant(rfc3339: step.at)))
                let answer = try await house.send(.post, "/v1/consultations/\(id)/\(step.event)", step.body, as: step.by)
                #expect(answer.status == 200, "\(step.event): \(answer.text)")
                #expect(answer.text("status") == step.status)
                #expect(answer.integer("version") == step.version)
                #expect(answer.headers["etag"] == "\"\(step.version)\"")
                #expect(answer.integer("clock.step_no") == step.stepNumber, "\(step.event)")
                #expect(answer.text("clock.step_code") == step.stepCode)
                #expect(answer.integer("clock.attempt") == step.attempt, "\(step.event)")
                #expect(answer.text("clock.state") == step.clock, "\(step.event)")
                #expect(answer.text("clock.due_at") == step.due, "\(step.event)")
                #expect(answer.json.elements(at: "actions").compactMap { $0.text(at: "name") } == step.actions, "\(step.event)")
                let read = try await house.send(.get, "/v1/consultations/\(id)", as: step.by)
                #expect(read.json == answer.json, "\(step.event)")
            }
            let closed = try await house.send(.get, "/v1/consultations/KON-2026-000001", as: cast.asker)
            #expect(closed.text("closed_at") == "2026-11-24T02:00:00.000Z")
            #expect(closed.text("answer") == "Second answer" && closed.text("plan") == "Second plan")
            try await checkTimings(house, cast, id)
            try await checkHistory(house, cast, id)
        }
    }

    private func checkTimings(_ house: APIHouse, _ cast: Cast, _ id: String) async throws {
        let timings = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.director)
        let rows = timings.data.map { row in
            let performer = row.text(at: "performer_id") ?? "-"
            return "\(row.integer(at: "step_no") ?? 0).\(row.integer(at: "attempt") ?? 0) \(row.text(at: "outcome") ?? "-")"
                + " \(row.text(at: "verdict") ?? "-") \(row.integer(at: "elapsed_s") ?? -1) \(performer)"
        }
        let (asker, officer, head) = (cast.asker.id, cast.officer.id, cast.head.id)
        #expect(
            rows == [
                "1.1 done no_standard 0 \(asker)",
                // 08:00 to 15:00 less the hour of rest.
                "2.1 done on_time 21600 \(asker)",
                // An hour of Monday and half an hour of Tuesday.
                "3.1 done no_standard 5400 \(cast.admin.id)",
                // Seven hours of Tuesday, seven and a half of Wednesday, six and a half of Thursday.
                "4.1 done no_standard 75600 \(officer)",
                // An hour of Thursday, seven and a half of Friday, an hour of Monday.
                "5.1 no late 34200 \(head)",
                "4.2 done no_standard 5400 \(officer)",
                "5.2 yes on_time 3600 \(head)",
                // 11:00 to 12:00 and 13:00 to 13:30.
                "6.1 done no_standard 5400 \(officer)",
                // Two and a half hours of Monday and one and a half of Tuesday.
                "7.1 done no_standard 14400 \(asker)",
            ]
        )
    }

    private func checkHistory(_ house: APIHouse, _ cast: Cast, _ id: String) async throws {
        let history = try await house.send(.get, "/v1/consultations/\(id)/history?sort=created_at", as: cast.director)
        let rows = history.data.map { row in
            "\(row.text(at: "event") ?? "") \(row.text(at: "from") ?? "-") \(row.text(at: "to") ?? "-")"
                + " \(row.text(at: "reason") ?? row.text(at: "note") ?? "-") \(row.text(at: "actor.name") ?? "-")"
        }
        #expect(
            rows == [
                "create - draft - Name of asker",
                "submit draft submitted - Name of asker",
                "assign submitted assigned Urgent Name of admin",
                "propose assigned in_verification - Name of officer",
                "return in_verification assigned Cite the article Name of head",
                "propose assigned in_verification - Name of officer",
                "approve in_verification verified Good Name of head",
                "deliver verified answered - Name of officer",
                "acknowledge answered closed Thank you Name of asker",
            ]
        )
        #expect(try await house.store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
    }

    @Test func `the verdict turns exactly at the standard`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for (late, verdict) in [(Int64(0), "on_time"), (1, "late")] {
                house.set(APIHouse.monday)
                let id = try await house.consultation(cast)
                // 27 000 working seconds after 08:00 on Monday is 08:00 on Tuesday plus the half hour lost before 08:00: 08:00.
                house.set(try #require(Instant(rfc3339: "2026-11-17T08:00:00+07:00")).advanced(byMilliseconds: late * 1000))
                let before = try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker)
                #expect(before.text("clock.state") == (late == 0 ? "running" : "overdue"))
                #expect(before.integer("clock.elapsed_s") == 27_000 + Int(late))
                #expect(before.integer("clock.remaining_s") == -Int(late))
                _ = try await house.send(.post, "/v1/consultations/\(id)/submit", as: cast.asker)
                let timings = try await house.send(.get, "/v1/consultations/\(id)/timings", as: cast.asker)
                let row = try #require(timings.data.first { $0.integer(at: "step_no") == 2 })
                #expect(row.text(at: "verdict") == verdict && row.integer(at: "elapsed_s") == 27_000 + Int(late))
            }
        }
    }

    @Test func `a step that starts on a Friday evening is due on Monday at the end of work`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            house.set(try #require(Instant(rfc3339: "2026-11-20T18:00:00+07:00")))
            let id = try await house.consultation(cast)
            let created = try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker)
            #expect(created.text("clock.due_at") == "2026-11-23T09:00:00.000Z")
            house.set(try #require(Instant(rfc3339: "2026-11-22T12:00:00+07:00")))
            let sunday = try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker)
            #expect(sunday.integer("clock.elapsed_s") == 0 && sunday.text("clock.state") == "running")
        }
    }

    @Test func `a reassignment is a new attempt, and a step without a standard is never late`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .assigned)
            house.pass(seconds: 40 * 86_400)
            let waiting = try await house.send(.get, "/v1/consultations/\(id)", as: cast.admin)
            #expect(waiting.text("clock.state") == "no_standard" && waiting.json.value(at: "clock.due_at") == .null)
            let body = #"{"officer_id":"\#(cast.otherOfficer.id)","reason":"On leave"}"#
            let moved = try await house.send(.post, "/v1/consultations/\(id)/reassign", body, as: cast.admin)
            #expect(moved.status == 200 && moved.text("status") == "assigned", "\(moved.text)")
            #expect(moved.integer("clock.attempt") == 2 && moved.text("officer_id") == cast.otherOfficer.id)
            #expect(try await house.send(.get, "/v1/consultations/\(id)", as: cast.officer).status == 404)
            let timings = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.otherOfficer)
            let drafts = timings.data.filter { $0.integer(at: "step_no") == 4 }
            #expect(drafts.map { $0.text(at: "outcome") } == ["reassigned", nil])
            #expect(drafts.map { $0.text(at: "verdict") } == ["no_standard", "no_standard"])
            #expect(drafts.map { $0.integer(at: "attempt") } == [1, 2])
        }
    }

    @Test func `a withdrawal ends the case and its clock until it is verified`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let body = #"{"reason":"Solved"}"#
            for stage in [Stage.draft, .submitted, .assigned, .inVerification] {
                let id = try await house.consultation(cast, upTo: stage)
                #expect(try await house.send(.post, "/v1/consultations/\(id)/withdraw", body, as: cast.colleague).status == 403)
                let ended = try await house.send(.post, "/v1/consultations/\(id)/withdraw", body, as: cast.asker)
                #expect(ended.status == 200 && ended.text("status") == "withdrawn" && ended.text("clock.state") == "stopped")
                #expect(ended.text("closed_at") == house.now.rfc3339)
                let again = try await house.send(.post, "/v1/consultations/\(id)/submit", as: cast.asker)
                #expect(again.status == 409 && again.text("state") == "withdrawn" && again.json.elements(at: "allowed").isEmpty)
            }
            for stage in [Stage.verified, .answered, .closed] {
                let id = try await house.consultation(cast, upTo: stage)
                #expect(try await house.send(.post, "/v1/consultations/\(id)/withdraw", body, as: cast.asker).status == 409)
            }
        }
    }
}
