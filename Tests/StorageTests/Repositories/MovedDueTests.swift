import Domain
import HTTP
@testable import Storage
import TestSupport
import Testing

/// What becomes of the notices of a step when it is due at another time.
@Suite struct MovedDueTests {
    private let clockwork = Clockwork([StepNotices()])

    @Test func `a due date that moves takes along the notices to come and repeats none`() async throws {
        try await APIHouse.with { house throws in
            let asker = try await house.person("asker", [.workUnit], in: try await house.unit("A"))
            let body = #"{"subject":"A question","detail":"What?"}"#
            let id = try #require(try await house.send(.post, "/v1/consultations", body, as: asker).text("id"))
            try await run(house, at: "2026-11-16T08:00:00Z")
            #expect(try notices(house) == ["step.due_soon"])
            // The calendar changes: the step is due a week later.
            try await move(id, dueTo: "2026-11-24T01:00:00Z", house)
            try await run(house, at: "2026-11-17T08:00:00Z")
            #expect(try notices(house) == ["step.due_soon"])
            #expect(try next(house) == "2026-11-24T01:00:00.001Z")
            // And back again, into the past.
            try await move(id, dueTo: "2026-11-17T02:00:00Z", house)
            try await run(house, at: "2026-11-17T08:00:00Z")
            #expect(try notices(house) == ["step.due_soon", "step.overdue"])
            try await move(id, dueTo: "2026-12-24T02:00:00Z", house)
            try await run(house, at: "2026-12-30T08:00:00Z")
            #expect(try notices(house).count == 2)
            #expect(try next(house) == nil)
        }
    }

    @Test func `a step whose clock is stopped has no notice until it runs again`() async throws {
        try await APIHouse.with { house throws in
            let asker = try await house.person("asker", [.workUnit], in: try await house.unit("A"))
            let body = #"{"subject":"A question","detail":"What?"}"#
            let id = try #require(try await house.send(.post, "/v1/consultations", body, as: asker).text("id"))
            try await move(id, dueTo: nil, house)
            try await run(house, at: "2026-11-30T08:00:00Z")
            #expect(try notices(house).isEmpty && next(house) == nil)
            try await move(id, dueTo: "2026-12-01T09:00:00Z", house)
            try await run(house, at: "2026-11-30T08:00:00Z")
            // A quarter of 7.5 h before 16:00 in Jakarta: 14:07:30.
            #expect(try next(house) == "2026-12-01T07:07:30.000Z")
        }
    }

    /// Moves when the running step of a case is due, as a change of the calendar would.
    private func move(_ id: String, dueTo time: String?, _ house: APIHouse) async throws {
        let due = time.flatMap { Instant(rfc3339: $0) }
        try await house.store.write { tx throws(DomainError) in
            try (try tx.connection).execute("update step_timing set due_at_ms = \(due) where subject_id = \(id) and verdict = 'running'")
        }
    }

    private func run(_ house: APIHouse, at time: String) async throws {
        let now = try #require(Instant(rfc3339: time))
        try await clockwork.run(at: now, in: house.store, ids: IdentifierSource())
    }

    private func next(_ house: APIHouse) throws -> String? {
        try house.store.readNow { tx throws(DomainError) in try clockwork.next(in: tx)?.rfc3339 }
    }

    private func notices(_ house: APIHouse) throws -> [String] {
        try house.store.readNow { tx throws(DomainError) in
            try tx.events.entries(beyond: 0, isAscending: true, limit: 1000).map(\.event.type).filter { $0.hasPrefix("step.") }
        }
    }
}
