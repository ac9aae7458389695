import Domain
import HTTP
import TestSupport
import Testing

/// The leaders' picture of all cases.
@Suite struct OverviewTests {
    private func overview(_ house: APIHouse, as person: APIHouse.Person) async throws -> APIHouse.Answer {
        try await house.expect(200, .get, "/v1/overview", as: person)
    }

    private func kind(_ answer: APIHouse.Answer, _ name: String) throws -> JSONValue {
        try #require(answer.json.elements(at: "kinds").first { $0.text(at: "kind") == name })
    }

    @Test func `it counts what is open, overdue and due today, by kind, state and officer`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let cast = desk.cast
            for _ in 0..<3 { _ = try await house.consultation(cast, upTo: .assigned) }
            _ = try await house.consultation(cast, upTo: .inVerification, officer: cast.otherOfficer)
            _ = try await house.consultation(cast, upTo: .closed)
            let draft = try await house.consultation(cast)
            let item = try await house.workItem(desk)
            _ = try await house.ticket(by: cast.asker)
            let before = try await overview(house, as: cast.head)
            #expect(before.integer("open") == 7 && before.integer("overdue") == 0 && before.integer("due_today") == 0)
            let consultations = try kind(before, "consultation")
            #expect(consultations.integer(at: "open") == 5)
            #expect(consultations.text(at: "states.0.status") == "assigned" && consultations.integer(at: "states.0.open") == 3)
            let officers = before.json.elements(at: "officers").compactMap { $0.text(at: "officer.name").map { $0 } }
            #expect(
                officers.count == 3 && before.text("officers.0.officer.id") == cast.officer.id && before.integer("officers.0.open") == 3
            )
            #expect(before.integer("throughput.29.opened") == 8 && before.integer("throughput.29.closed") == 1)
            #expect(before.text("throughput.29.date") == "2026-11-16" && before.text("throughput.0.date") == "2026-10-18")
            #expect(before.integer("on_time") == 7 && before.integer("late") == 0)

            // Tuesday 07:45 in Jakarta: the draft and what is in verification are due at 08:00.
            house.set(try #require(Instant(rfc3339: "2026-11-17T00:45:00Z")))
            let leader = try await house.person("leader", [.director], in: cast.directorate)
            let today = try await overview(house, as: leader)
            #expect(today.integer("due_today") == 2 && today.integer("overdue") == 0)
            // What is due at this very moment is not overdue yet.
            house.set(try #require(Instant(rfc3339: "2026-11-17T01:00:00Z")))
            let moment = try await overview(house, as: leader)
            #expect(moment.integer("due_today") == 2 && moment.integer("overdue") == 0)
            house.set(try #require(Instant(rfc3339: "2026-11-17T01:00:01Z")))
            let after = try await overview(house, as: leader)
            #expect(after.integer("due_today") == 0 && after.integer("overdue") == 2)
            #expect(after.json.elements(at: "overdue_cases").compactMap { $0.text(at: "id") }.contains(draft))
            #expect(try kind(after, "consultation").integer(at: "overdue") == 2)
            let other = try #require(after.json.elements(at: "officers").first { $0.text(at: "officer.id") == cast.otherOfficer.id })
            #expect(other.integer(at: "overdue") == 1)
            // A late step counts as late on the day it ends.
            let asker = try await house.person("asker.again", [.workUnit], in: cast.unit)
            try await house.expect(200, .post, "/v1/consultations/\(draft)/submit", "{}", as: asker)
            #expect(try await overview(house, as: leader).integer("late") == 1)
            // What is kept of the past is what the cases say.
            #expect(try house.store.readNow { tx throws(DomainError) in try tx.tallyFaults() } == 0)
            #expect(item.hasPrefix("wsi_"))
        }
    }

    @Test func `what pauses is not overdue unless it was so before, as the step timings say`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let leader = try await house.person("leader", [.director], in: cast.directorate)
            let (paused, late, running) = (
                try await house.consultation(cast), try await house.consultation(cast), try await house.consultation(cast)
            )
            func pause(_ id: String) async throws {
                try await house.expect(200, .post, "/v1/consultations/\(id)/pause", #"{"reason":"Libur"}"#, as: cast.admin)
            }
            func expect(overdue: [String], dueToday: Int) async throws {
                let picture = try await overview(house, as: leader)
                #expect(picture.integer("overdue") == overdue.count && picture.integer("due_today") == dueToday)
                #expect(Set(picture.json.elements(at: "overdue_cases").compactMap { $0.text(at: "id") }) == Set(overdue))
                let timings = try await house.expect(200, .get, "/v1/step-timings?verdict=overdue", as: leader)
                #expect(Set(timings.data.compactMap { $0.text(at: "subject_id") }) == Set(overdue))
            }
            try await pause(paused)
            // Tuesday 07:45 in Jakarta: due at 08:00.
            house.set(try #require(Instant(rfc3339: "2026-11-17T00:45:00Z")))
            try await expect(overdue: [], dueToday: 2)
            house.pass(seconds: 3_600)
            try await pause(late)
            house.pass(seconds: 3_600)
            try await expect(overdue: [late, running], dueToday: 0)
            try await house.expect(200, .post, "/v1/consultations/\(paused)/resume", "{}", as: cast.admin)
            try await expect(overdue: [late, running], dueToday: 0)
        }
    }

    @Test func `it shows the kinds that the token covers, and none to who is no leader`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let hidden = try await house.consultation(desk.cast, upTo: .assigned)
            _ = try await house.ticket(by: desk.cast.asker)
            house.pass(seconds: 10 * 86_400)
            let scopes = [Scope(rawValue: "overview:read"), Scope(rawValue: "tickets:read")].compactMap(\.self)
            let narrow = try await house.token(for: desk.cast.head.user, scopes: scopes)
            let answer = try await overview(house, as: narrow)
            #expect(answer.integer("open") == 1 && answer.json.elements(at: "kinds").compactMap { $0.text(at: "kind") } == ["ticket"])
            #expect(answer.integer("throughput.19.opened") == 1)
            #expect(answer.json.elements(at: "officers").isEmpty && !answer.text.contains(hidden))
            for role in [Role.workUnit, .consultationOfficer, .taskGiver, .ictManager] {
                let person = try await house.person("x.\(role.rawValue)", [role], in: desk.cast.directorate)
                try await house.expect(403, .get, "/v1/overview", as: person)
            }
        }
    }
}
