import Domain
import HTTP
import TestSupport
import Testing

/// A clock that is stopped counts nothing, and what is due moves by the working time of the pause.
@Suite struct PauseTests {
    private static let reason = #"{"reason":"Menunggu data dari balai."}"#

    /// A consultation whose step with a standard runs, in the hands of its requester.
    private func draft(_ house: APIHouse, _ cast: Cast) async throws -> String { try await house.consultation(cast) }

    private func timing(_ house: APIHouse, _ cast: Cast, _ id: String) async throws -> JSONValue {
        let list = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.director)
        return try #require(list.data.last)
    }

    @Test func `no time counts in a pause, and what is due is later by its working time`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let path = "/v1/consultations/\(try await draft(house, cast))"
            house.pass(seconds: 3_600)
            let paused = try await house.send(.post, path + "/pause", Self.reason, as: cast.admin)
            #expect(paused.status == 200 && paused.text("clock.state") == "paused" && paused.integer("version") == 2)
            #expect(paused.text("clock.due_at") == "2026-11-17T01:00:00.000Z")
            let again = try await house.send(.post, path + "/pause", Self.reason, as: cast.admin)
            #expect(again.status == 409 && again.code == "transition_refused")
            #expect(again.json.elements(at: "allowed") == [.string("submit"), .string("withdraw"), .string("resume")])
            // Monday 09:00 to Tuesday 10:00: three hours before and three after the break, then two and a half.
            house.pass(seconds: 25 * 3_600)
            let waiting = try await house.send(.get, path, as: cast.asker)
            #expect(waiting.integer("clock.elapsed_s") == 3_600 && waiting.integer("clock.remaining_s") == 23_400)
            #expect(waiting.text("clock.state") == "paused")
            let running = try await house.send(.post, path + "/resume", #"{"note":"Data lengkap."}"#, as: cast.admin)
            #expect(running.text("clock.state") == "running" && running.integer("clock.elapsed_s") == 3_600)
            // One day and eight and a half hours of work after Monday 08:00: Wednesday, an hour after 08:00.
            #expect(running.text("clock.due_at") == "2026-11-18T02:00:00.000Z")
            #expect(try await timing(house, cast, String(path.dropFirst(18))).text(at: "due_at") == "2026-11-18T02:00:00.000Z")
            let twice = try await house.send(.post, path + "/resume", "{}", as: cast.admin)
            #expect(twice.status == 409 && twice.json.elements(at: "allowed").last == .string("pause"))

            let history = try await house.send(.get, path + "/history?sort=created_at", as: cast.director)
            #expect(history.data.compactMap { $0.text(at: "event") } == ["create", "pause", "resume"])
            #expect(history.data.map { $0.text(at: "reason") } == [nil, "Menunggu data dari balai.", nil])
            #expect(history.data.map { $0.text(at: "note") } == [nil, nil, "Data lengkap."])
        }
    }

    @Test func `the explanation names each stretch, its rule and the reason of a pause`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await draft(house, cast)
            house.pass(seconds: 3_600)
            _ = try await house.send(.post, "/v1/consultations/\(id)/pause", Self.reason, as: cast.admin)
            house.pass(seconds: 3_600)
            _ = try await house.send(.post, "/v1/consultations/\(id)/resume", "{}", as: cast.admin)
            house.pass(seconds: 4 * 3_600)
            _ = try await house.send(.post, "/v1/consultations/\(id)/submit", "{}", as: cast.asker)
            let ended = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.director)
            let row = try #require(ended.data.first { $0.integer(at: "step_no") == 2 })
            let timing = try #require(row.text(at: "id"))
            #expect(row.integer(at: "elapsed_s") == 14_400)
            func told(to reader: APIHouse.Person) async throws -> [String] {
                let answer = try await house.send(.get, "/v1/step-timings/\(timing)/explain", as: reader)
                #expect(answer.integer("elapsed_s") == 14_400)
                return answer.json.elements(at: "intervals").map { interval in
                    let parts = [
                        interval.text(at: "rule"), interval.integer(at: "duration_s").map { String($0) }, interval.text(at: "reason"),
                    ]
                    return parts.compactMap { $0 }.joined(separator: " ")
                }
            }
            let expected = ["working 3600", "pause 3600 Menunggu data dari balai.", "working 7200", "break 3600", "working 3600"]
            #expect(try await told(to: cast.director) == expected)
            // What the directorate's own people say stays inside it.
            #expect(try await told(to: cast.asker) == ["working 3600", "pause 3600"] + expected.dropFirst(2))
            // A new calendar does not change what has ended, nor how it is explained.
            house.pass(seconds: 60)
            let body = CalendarBody.standard(zone: "Asia/Jayapura", holidays: [("2026-11-16", "Libur")])
            #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: ["if-match": "*"]).status == 200)
            #expect(try await told(to: cast.director) == expected)
            #expect(try await house.send(.get, "/v1/step-timings/\(timing)/explain", as: cast.stranger).status == 404)
        }
    }

    @Test func `the end of a step and a withdrawal end its pause`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for event in ["submit", "withdraw"] {
                let id = try await draft(house, cast)
                house.pass(seconds: 1_800)
                _ = try await house.send(.post, "/v1/consultations/\(id)/pause", Self.reason, as: cast.admin)
                house.pass(seconds: 3_600)
                let body = event == "withdraw" ? #"{"reason":"Batal"}"# : "{}"
                let moved = try await house.send(.post, "/v1/consultations/\(id)/\(event)", body, as: cast.asker)
                #expect(moved.status == 200)
                let timings = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.director)
                let ended = try #require(timings.data.first { $0.integer(at: "step_no") == 2 })
                #expect(ended.integer(at: "elapsed_s") == 1_800 && ended.text(at: "verdict") == "on_time")
                let timing = StepTiming.ID(stored: try #require(ended.text(at: "id")))
                let pauses = try await house.store.read { tx throws(DomainError) in try tx.pauses.list(of: timing) }
                #expect(pauses.count == 1 && pauses.first?.endedAt == house.now)
            }
        }
    }

    @Test func `a change of the calendar moves a step that was paused by the pauses as they count now`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let path = "/v1/consultations/\(try await draft(house, cast))"
            _ = try await house.send(.post, path + "/pause", Self.reason, as: cast.admin)
            house.pass(seconds: 3_600)
            let resumed = try await house.send(.post, path + "/resume", "{}", as: cast.admin)
            #expect(resumed.text("clock.due_at") == "2026-11-17T02:00:00.000Z")
            // With the Monday free the pause takes nothing, and the day begins on Tuesday.
            let body = CalendarBody.standard(holidays: [("2026-11-16", "Libur")])
            _ = try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: ["if-match": "*"])
            #expect(try await house.send(.get, path, as: cast.asker).text("clock.due_at") == "2026-11-17T09:00:00.000Z")
            let row = try await timing(house, cast, String(path.dropFirst(18)))
            #expect(row.text(at: "due_at") == "2026-11-17T09:00:00.000Z" && row.integer(at: "elapsed_s") == 0)
        }
    }

    @Test func `what pauses does not become overdue, and without a running step there is nothing to pause`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await draft(house, cast)
            _ = try await house.send(.post, "/v1/consultations/\(id)/pause", Self.reason, as: cast.admin)
            house.pass(seconds: 10 * 86_400)
            let overdue = try await house.send(.get, "/v1/step-timings?verdict=overdue", as: cast.director)
            let running = try await house.send(.get, "/v1/step-timings?verdict=running", as: cast.director)
            #expect(overdue.data.isEmpty && running.data.count == 1)
            #expect(running.data.first?.text(at: "verdict") == "running")
            let closed = try await house.consultation(cast, upTo: .closed)
            #expect(try await house.send(.post, "/v1/consultations/\(closed)/pause", Self.reason, as: cast.admin).status == 409)
            let actions = try await house.send(.get, "/v1/consultations/\(id)", as: cast.admin).json.elements(at: "actions")
            #expect(actions.compactMap { $0.text(at: "name") } == ["resume"])
        }
    }
}
