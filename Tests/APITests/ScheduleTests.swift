import Domain
import HTTP
import TestSupport
import Testing

/// Steps that open by themselves.
@Suite struct ScheduleTests {
    private static let clockwork = Clockwork([ScheduledSteps(), StepNotices()])
    private static let maintenance = "/v1/procedure-schedules/infrastructure-maintenance"

    private func run(_ house: APIHouse, at time: String) async throws {
        house.set(try #require(Instant(rfc3339: time)))
        try await Self.clockwork.run(at: house.now, in: house.store, ids: IdentifierSource())
    }

    private func next(_ house: APIHouse) throws -> String? {
        try house.store.readNow { tx throws(DomainError) in try ScheduledSteps().next(in: tx)?.rfc3339 }
    }

    /// Schedules steps, all for the ICT officer, and returns the answer.
    @discardableResult
    private func schedule(_ house: APIHouse, _ desk: Desk, _ steps: String, _ more: String = "", code: String = maintenance) async throws
        -> APIHouse.Answer
    {
        let roles = ["admin-operator", "planning-it-head"].map { #""\#($0)":"\#(desk.technician.id)""# }.joined(separator: ",")
        return try await house.expect(200, .put, code, #"{"steps":\#(steps),"assignments":{\#(roles)}\#(more)}"#, as: desk.cast.admin)
    }

    private func schedule(_ house: APIHouse, _ desk: Desk) async throws -> APIHouse.Answer {
        try await house.expect(200, .get, Self.maintenance, as: desk.manager)
    }

    /// The periods of the first step that have come, newest first: their first day and how they stand.
    private func past(_ answer: APIHouse.Answer, _ step: Int = 0) -> [String] {
        answer.json.elements(at: "steps.\(step).occasions").map { "\($0.text(at: "from") ?? "") \($0.text(at: "status") ?? "")" }
    }

    private func runs(_ house: APIHouse, _ desk: Desk) async throws -> [JSONValue] {
        try await house.expect(200, .get, "/v1/procedure-runs?sort=created_at", as: desk.cast.admin).data
    }

    @Test func `before anyone schedules them the SOP says which steps recur and when they would open`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let proposal = try await schedule(house, desk)
            #expect(proposal["active"] == .bool(false) && proposal.integer("version") == 0)
            #expect(proposal.json.elements(at: "steps").map { $0.integer(at: "no") } == [2, 3, 4, 5, 6, 7])
            #expect(proposal.text("steps.0.recurrence.unit") == "week" && proposal.text("steps.3.recurrence.unit") == "month")
            #expect(try next(house) == nil)
            try await house.expect(404, .get, "/v1/procedure-schedules/nothing", as: desk.manager)
            try await house.expect(403, .get, Self.maintenance, as: desk.cast.asker)
            try await house.expect(403, .put, Self.maintenance, #"{"assignments":{}}"#, as: desk.manager)
        }
    }

    @Test func `a step opens once in its period, at its first working moment, and is done by its performer`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            // Monday 16 November, 08:00: the week began half an hour ago and its step is due at once, that of the month too.
            let made = try await schedule(house, desk, #"[{"no":2},{"no":5}]"#)
            #expect(made.integer("version") == 1)
            try await run(house, at: "2026-11-16T01:00:00Z")
            #expect(try await runs(house, desk).map { $0.integer(at: "only_step") } == [2, 5])
            #expect(try next(house) == "2026-11-23T00:30:00.000Z")
            for _ in 0..<3 { try await run(house, at: "2026-11-16T01:00:01Z") }
            #expect(try await runs(house, desk).count == 2)

            let opened = try await schedule(house, desk)
            #expect(past(opened) == ["2026-11-16 open"] && past(opened, 1) == ["2026-11-01 open"])
            #expect(opened.text("steps.0.next.0.opens_at") == "2026-11-23T00:30:00.000Z")
            #expect(opened.text("steps.0.next.0.due_at") == "2026-11-23T01:30:00.000Z")
            #expect(opened.text("steps.0.next.2.from") == "2026-12-07" && opened.text("steps.1.next.0.from") == "2026-12-01")
            let run = try #require(opened.text("steps.0.occasions.0.run_id"))
            let read = try await house.expect(200, .get, "/v1/procedure-runs/\(run)", as: desk.technician)
            #expect(read.json.elements(at: "steps").count == 1 && read.text("clock.step_code") == "monitor-network-threats")
            let log = try await house.expect(200, .get, "/v1/procedure-runs/\(run)/history", as: desk.technician)
            #expect(log.text("data.0.event") == "create" && log["data.0.actor"] == .null)
            // It waits in the inbox of its performer, with its own clock.
            let inbox = try await house.expect(200, .get, "/v1/me/inbox", as: desk.technician)
            #expect(inbox.integer("counts.procedure_run.running") == 2 && inbox.data.contains { $0.text(at: "id") == run })

            try await house.expect(200, .post, "/v1/procedure-runs/\(run)/steps/2/complete", "{}", as: desk.technician)
            #expect(try await house.expect(200, .get, "/v1/procedure-runs/\(run)", as: desk.technician).text("status") == "completed")
            #expect(past(try await schedule(house, desk)) == ["2026-11-16 done"])
            try await self.run(house, at: "2026-11-23T00:29:59Z")
            #expect(try await runs(house, desk).count == 2)
            try await self.run(house, at: "2026-11-23T00:30:00Z")
            #expect(past(try await schedule(house, desk)) == ["2026-11-23 open", "2026-11-16 done"])
        }
    }

    @Test func `after a long stop the period of today opens and those that are over are missed, and stay so after a restart`() async throws
    {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            try await schedule(house, desk, #"[{"no":2}]"#)
            try await run(house, at: "2026-11-16T01:00:00Z")
            // Four weeks later, on a Wednesday evening when nobody works.
            try await run(house, at: "2026-12-16T14:00:00Z")
            let missed = ["2026-12-14 open", "2026-12-07 missed", "2026-11-30 missed", "2026-11-23 missed", "2026-11-16 missed"]
            #expect(past(try await schedule(house, desk)) == missed)
            let all = try await runs(house, desk)
            #expect(all.count == 2 && all.last?.text(at: "created_at") == "2026-12-16T14:00:00.000Z")
            let answer = try await schedule(house, desk)
            #expect(answer["steps.0.occasions.1.run_id"] == .null && answer.text("steps.0.occasions.4.run_id") != nil)
            // What was opened and left lying can still be done, late.
            let first = try #require(answer.text("steps.0.occasions.4.run_id"))
            try await house.expect(200, .post, "/v1/procedure-runs/\(first)/steps/2/complete", "{}", as: desk.technician)
            #expect(past(try await schedule(house, desk)).last == "2026-11-16 late")

            let (directory, now) = (house.directory, house.now)
            await house.close()
            try await APIHouse.open(in: directory, at: now) { house throws in
                try await run(house, at: "2026-12-16T14:00:01Z")
                #expect(past(try await schedule(house, desk)).first == "2026-12-14 open")
                #expect(try await runs(house, desk).count == 2)
            }
        }
    }

    @Test func `holidays move the opening, a week without work has none, and the calendar of the unit counts`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            try await schedule(house, desk, #"[{"no":2}]"#)
            try await run(house, at: "2026-11-16T01:00:00Z")
            #expect(try next(house) == "2026-11-23T00:30:00.000Z")
            // Monday becomes a holiday, and all of the week after.
            let week = (30...30).map { "2026-11-\($0)" } + (1...6).map { "2026-12-0\($0)" }
            let holidays = (["2026-11-23"] + week).map { ($0, "Libur") }
            let body = CalendarBody.standard(holidays: holidays)
            try await house.expect(200, .put, "/v1/calendar", body, as: desk.cast.admin, headers: ["if-match": "*"])
            try await run(house, at: "2026-11-16T02:00:00Z")
            #expect(try next(house) == "2026-11-24T00:30:00.000Z")
            let moved = try await schedule(house, desk)
            #expect(moved.text("steps.0.next.0.from") == "2026-11-23" && moved.text("steps.0.next.1.from") == "2026-12-07")
            // The unit moves to Jayapura, two hours ahead.
            let east = CalendarBody.standard(zone: "Asia/Jayapura")
            let unit = "/v1/units/\(desk.cast.admin.user.unitID.text)/calendar"
            try await house.expect(200, .put, unit, east, as: desk.cast.admin, headers: ["if-match": "*"])
            try await run(house, at: "2026-11-16T03:00:00Z")
            #expect(try next(house) == "2026-11-22T22:30:00.000Z")
            try await run(house, at: "2026-12-09T03:00:00Z")
            let all = ["2026-12-07 open", "2026-11-30 missed", "2026-11-23 missed", "2026-11-16 missed"]
            #expect(past(try await schedule(house, desk)) == all)
        }
    }

    @Test func `many who find a step due at once open it once`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            try await schedule(house, desk, #"[{"no":2},{"no":3},{"no":4}]"#)
            let now = house.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await Self.clockwork.run(at: now, in: house.store, ids: IdentifierSource()) }
                }
                try await group.waitForAll()
            }
            #expect(try await runs(house, desk).count == 3)
            // Another node that read before the first one wrote comes to the constraint.
            let period = Recurrence(every: 1, unit: .week).period(of: try #require(CivilDate("2026-11-18")))
            let occasion = Occasion(step: 2, period: period, dueAt: now, closesAt: now)
            let isFirst = try await house.store.write { tx throws(DomainError) in
                try tx.schedules.insert(occasion, in: "infrastructure-maintenance")
            }
            #expect(!isFirst)
        }
    }

    @Test func `a stop of years is caught up in pieces`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            try await schedule(house, desk, #"[{"no":2,"recurrence":{"every":1,"unit":"day"}}]"#)
            try await run(house, at: "2026-11-16T01:00:00Z")
            try await run(house, at: "2028-11-16T01:00:00Z")
            #expect(try next(house) == "2028-11-17T00:30:00.000Z")
            // No token lives so long.
            let now = house.now
            let past = try house.store.readNow { tx throws(DomainError) in
                try tx.schedules.occasions(of: 2, in: "infrastructure-maintenance", limit: 1_000)
            }
            #expect(past.prefix(2).map { "\($0.period.first) \($0.status(at: now))" } == ["2028-11-16 open", "2028-11-15 missed"])
            #expect(past.count > 500 && past.count { $0.runID != nil } == 2)
        }
    }

    @Test func `what is not scheduled any more opens no more; what goes on keeps its periods and nothing is made up for`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let steps = #"[{"no":2},{"no":5}]"#
            try await schedule(house, desk, steps)
            try await run(house, at: "2026-11-16T01:00:00Z")
            let stopped = try await schedule(house, desk, steps, #","active":false"#)
            #expect(stopped.integer("version") == 2)
            #expect(try next(house) == nil)
            try await run(house, at: "2026-12-16T01:00:00Z")
            #expect(try await runs(house, desk).count == 2)
            try await schedule(house, desk, steps)
            try await run(house, at: "2026-12-16T02:00:00Z")
            #expect(past(try await schedule(house, desk)) == ["2026-12-14 open", "2026-11-16 missed"])
            // The same again changes nothing, and a stale version is refused.
            let again = try await schedule(house, desk, steps)
            #expect(past(again) == ["2026-12-14 open", "2026-11-16 missed"])
            let tag = try #require(again.headers["etag"])
            let body = #"{"assignments":{"admin-operator":"\#(desk.technician.id)","planning-it-head":"\#(desk.technician.id)"}}"#
            try await house.expect(412, .put, Self.maintenance, body, as: desk.cast.admin, headers: ["if-match": "\"1\""])
            try await house.expect(200, .put, Self.maintenance, body, as: desk.cast.admin, headers: ["if-match": tag])
        }
    }

    @Test func `every fault of a schedule is told at once, and steps of which the SOP names no period may be given one`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let website = "/v1/procedure-schedules/website-management"
            let bad = #"{"steps":[{"no":1},{"no":99},{"no":2,"recurrence":{"every":0,"unit":"hour"}}],"assignments":{}}"#
            let refused = try await house.expect(422, .put, website, bad, as: desk.cast.admin)
            let shapes = refused.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }
            #expect(shapes == ["/steps/2/recurrence/every", "/steps/2/recurrence/unit"])
            let unknown = #"{"steps":[{"no":1},{"no":99}],"assignments":{"nobody":"usr_00000000000000000000000000"}}"#
            let faults = try await house.expect(422, .put, website, unknown, as: desk.cast.admin)
            let pointers = faults.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }
            #expect(pointers == ["/steps/0/recurrence", "/steps/1/no", "/assignments/nobody", "/assignments/nobody"])
            let fortnight = #"[{"no":2,"recurrence":{"every":2,"unit":"week"},"starts_on":"2026-12-01"}]"#
            let body = #"{"steps":\#(fortnight),"assignments":{"admin-operator":"\#(desk.technician.id)"}}"#
            let made = try await house.expect(200, .put, website, body, as: desk.cast.admin)
            // It starts on a Tuesday, within a fortnight that is as long as ever.
            #expect(made.text("steps.0.next.0.opens_at") == "2026-12-01T00:30:00.000Z")
            #expect(made.text("steps.0.next.0.to") != nil && made.text("steps.0.next.1.from") != nil)
        }
    }
}
