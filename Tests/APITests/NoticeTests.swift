import Domain
import HTTP
import TestSupport
import Testing

/// Notices of steps that come to three quarters of their standard, and that pass it.
@Suite struct NoticeTests {
    private let clockwork = Clockwork([StepNotices()])

    /// The notices of a case in the log, oldest first.
    private func notices(_ house: APIHouse, of id: String, as person: APIHouse.Person) async throws -> [String] {
        let log = try await house.expect(200, .get, "/v1/events?after=0&limit=200", as: person)
        return log.data.filter { $0.text(at: "subject_id") == id }.compactMap { $0.text(at: "type") }.filter { $0.hasPrefix("step.") }
    }

    private func next(_ house: APIHouse) throws -> Instant? {
        try house.store.readNow { tx throws(DomainError) in try clockwork.next(in: tx) }
    }

    @discardableResult
    private func run(_ house: APIHouse) async throws -> Int {
        try await clockwork.run(at: house.now, in: house.store, ids: IdentifierSource())
    }

    @Test func `each notice comes once, at its moment in working time`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            // Monday 08:00: the draft has a day of 7.5 h, three quarters of which are over at 14:37:30, and all on Tuesday at 08:00.
            let id = try await house.consultation(cast)
            #expect(try next(house)?.rfc3339 == "2026-11-16T07:37:30.000Z")
            house.set(try #require(Instant(rfc3339: "2026-11-16T07:37:29.999Z")))
            #expect(try await run(house) == 0)
            house.pass(milliseconds: 1)
            #expect(try await run(house) == 1)
            #expect(try await notices(house, of: id, as: cast.head) == ["step.due_soon"])
            #expect(try await run(house) == 0)
            let inbox = try await house.expect(200, .get, "/v1/me/inbox", as: cast.asker)
            #expect(inbox.text("data.0.notice") == "due_soon")

            #expect(try next(house)?.rfc3339 == "2026-11-17T01:00:00.001Z")
            house.set(try #require(Instant(rfc3339: "2026-11-17T01:00:00.001Z")))
            try await run(house)
            try await run(house)
            #expect(try await notices(house, of: id, as: cast.head) == ["step.due_soon", "step.overdue"])
            // A new notice is a new inbox, though the case is the same.
            let tag = try #require(inbox.headers["etag"])
            let later = try await house.expect(200, .get, "/v1/me/inbox", as: cast.asker, headers: ["if-none-match": tag])
            #expect(later.text("data.0.notice") == "overdue" && later.text("data.0.clock.state") == "overdue")
            #expect(try next(house) == nil)
            // The log says of which step, and it is in the history of the case.
            let log = try await house.expect(200, .get, "/v1/consultations/\(id)/history", as: cast.head)
            #expect(
                log.text("data.0.event") == "overdue" && log.text("data.0.note") == "submit-consultation" && log["data.0.actor"] == .null
            )
        }
    }

    @Test func `after a long stop both come, once, in their order; a step that ended has none`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let late = try await house.consultation(cast)
            let done = try await house.consultation(cast, upTo: .submitted)
            let many = try await (0..<120).mapAsync { _ in try await house.consultation(cast) }
            house.pass(seconds: 30 * 86_400)
            #expect(try await run(house) == 121)
            #expect(try await notices(house, of: late, as: cast.head) == ["step.due_soon", "step.overdue"])
            #expect(try await notices(house, of: done, as: cast.head).isEmpty)
            #expect(many.count == 120)
            #expect(try await run(house) == 0)
        }
    }

    @Test func `of two who find the same notice due, one gives it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            house.pass(seconds: 30 * 86_400)
            let now = house.now
            let pending = try house.store.readNow { tx throws(DomainError) in try tx.timings.pendingNotices(at: now, limit: 10) }
            let timing = try #require(pending.first?.timing.id)
            for expected in [true, false] {
                let isFirst = try await house.store.write { tx throws(DomainError) in
                    try tx.timings.note(.overdue, after: nil, next: nil, on: timing)
                }
                #expect(isFirst == expected)
            }
            try await run(house)
            #expect(try await notices(house, of: id, as: cast.head).isEmpty)
        }
    }

    @Test func `the steps of a run have notices of their own, and streams tell of them`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let people = ["planning-it-head", "secretary", "chair", "admin-operator"].map { #""\#($0)":"\#(desk.technician.id)""# }
            let body = #"{"procedure":"it-planning","title":"Plan","assignments":{\#(people.joined(separator: ","))}}"#
            let run = try #require(try await house.expect(201, .post, "/v1/procedure-runs", body, as: desk.manager).text("id"))
            house.pass(seconds: 30 * 86_400)
            let head = try await house.person("head.again", [.subdirectorateHead], in: desk.cast.directorate)
            let listener = try await Listener(house, as: head)
            try await self.run(house)
            #expect(listener.wait { $0.types.count >= 2 })
            #expect(listener.types == ["step.due_soon", "step.overdue"] && listener.all.contains(run))
        }
    }
}

extension Sequence {
    fileprivate func mapAsync<Value>(_ transform: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
