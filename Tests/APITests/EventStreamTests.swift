import API
import Domain
import HTTP
import TestSupport
import Testing

/// The log of events as a stream.
@Suite struct EventStreamTests {
    @Test func `what happens comes with its sequence as id and its type as event`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let listener = try await Listener(house, as: cast.director)
            let begin = try #require(listener.ids.first)
            let id = try await house.consultation(cast, upTo: .assigned)
            #expect(listener.wait { $0.types.count >= 3 })
            #expect(listener.types == ["consultation.create", "consultation.submit", "consultation.assign"])
            #expect(listener.ids == Array(begin...(begin + 3)))
            #expect(
                listener.said.hasPrefix("retry: 3000\n\nid: \(begin)\n\nid: \(begin + 1)\nevent: consultation.create\ndata: {\"id\":\"evt_")
            )
            #expect(listener.all.contains("\"subject_id\":\"\(id)\""))
        }
    }

    @Test func `each client is told of what he sees, and of nothing else`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let cast = desk.cast
            let asker = try await Listener(house, as: cast.asker)
            let stranger = try await Listener(house, as: cast.stranger)
            let officer = try await Listener(house, as: cast.officer)
            let head = try await Listener(house, as: cast.head)
            let own = try await house.consultation(cast, upTo: .inVerification)
            try await house.expect(200, .post, "/v1/consultations/\(own)/return", #"{"reason":"Inner reason"}"#, as: cast.head)
            let item = try await house.workItem(desk)
            let foreign = try await house.consultation(cast, asker: cast.stranger)
            #expect(head.wait { $0.all.contains(foreign) && $0.all.contains(item) && $0.all.contains(own) })
            #expect(asker.wait { $0.types.contains("consultation.return") })
            #expect(officer.wait { $0.types.contains("consultation.return") })
            #expect(stranger.wait { $0.all.contains(foreign) })
            for listener in [asker, stranger, officer] { listener.listen(seconds: 0.2) }
            #expect(!asker.all.contains(foreign) && !asker.all.contains(item) && !asker.all.contains("Inner reason"))
            #expect(!stranger.all.contains(own) && !stranger.all.contains(item))
            #expect(!officer.all.contains(foreign) && !officer.all.contains(item) && officer.all.contains("Inner reason"))
            // Before it was his, the case was none of the officer's: the stream began with the assignment.
            #expect(officer.types.first == "consultation.assign")
        }
    }

    @Test func `a client that comes back gets what it missed, once and in order`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let place: Int
            do {
                let listener = try await Listener(house, as: cast.head)
                _ = try await house.consultation(cast)
                #expect(listener.wait { !$0.types.isEmpty })
                place = try #require(listener.ids.last)
            }
            for _ in 0..<150 { _ = try await house.consultation(cast) }
            let again = try await Listener(house, as: cast.head, after: String(place))
            let last = try await house.consultation(cast)
            #expect(again.wait { $0.all.contains(last) })
            #expect(again.ids.first == place && Array(again.ids.dropFirst()) == Array((place + 1)...(place + 151)))
            #expect(!again.types.contains("reset"))
            // The same by the query, for clients that set no header.
            #expect(try await Listener(house, as: cast.head, query: "?after=\(place)").ids.count > 100)
        }
    }

    @Test func `a slow client loses nothing and keeps nobody waiting`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let slow = try await Listener(house, as: cast.head)
            let begin = try #require(slow.ids.first)
            let fast = try await Listener(house, as: cast.director)
            // More than the hub keeps at hand.
            let ids = IdentifierSource()
            for _ in 0..<5 {
                try await house.store.write { tx throws(DomainError) in
                    for _ in 0..<300 { try tx.note("noise", of: .unit, cast.unit.id.text, in: nil, by: nil, at: APIHouse.monday, ids: ids) }
                }
                #expect(fast.wait { $0.ids.last == (try? house.lastSequence()) })
            }
            slow.drain()
            slow.wait { $0.ids.last == begin + 1500 }
            #expect(slow.ids == Array(begin...(begin + 1500)))
            #expect(fast.ids == slow.ids)
        }
    }

    @Test func `a place that is too old or unknown is answered by a reset`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let place = try house.lastSequence()
            _ = try await house.consultation(cast)
            let last = try house.lastSequence()
            for (sent, reason) in [
                (String(last + 1), "unknown"), ("-1", "unknown"), ("nonsense", "unknown"), ("99999999999999999999", "unknown"),
            ] {
                let listener = try await Listener(house, as: cast.head, after: sent)
                #expect(listener.all.contains("event: reset\nid: \(last)\ndata: {\"reason\":\"\(reason)\",\"seq\":\(last)}\n\n"), "\(sent)")
                #expect(listener.ids.last == last)
            }
            house.pass(seconds: 86_000)
            #expect(
                !(try await Listener(house, as: try await house.person("late", [.director], in: cast.unit), after: String(place)).types
                    .contains("reset"))
            )
            house.pass(seconds: 500)
            let director = try await house.person("later", [.director], in: cast.unit)
            let listener = try await Listener(house, as: director, after: String(place))
            #expect(listener.types == ["reset"] && listener.all.contains("too_old"))
            // Who has seen all there is missed nothing, however long ago.
            house.pass(seconds: 172_800)
            let fresh = try await house.person("fresh", [.director], in: cast.unit)
            #expect(!(try await Listener(house, as: fresh, after: String(try house.lastSequence())).types.contains("reset")))
        }
    }

    @Test func `a stream ends with the right to it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let (officer, head, director, asker) = (
                try await Listener(house, as: cast.officer), try await Listener(house, as: cast.head),
                try await Listener(house, as: cast.director), try await Listener(house, as: cast.asker)
            )
            try await house.expect(200, .post, "/v1/users/\(cast.officer.id)/deactivate", "{}", as: cast.admin)
            #expect(officer.wait { $0.hasEnded })
            try await house.expect(204, .delete, "/v1/sessions/current", as: cast.head)
            #expect(head.wait { $0.hasEnded })
            // One who loses a role goes on with what he may still see.
            try await house.expect(
                200,
                .patch,
                "/v1/users/\(cast.director.id)",
                #"{"roles":["ict-officer"]}"#,
                as: cast.admin,
                headers: ["if-match": "*"]
            )
            let id = try await house.consultation(cast)
            #expect(asker.wait { $0.all.contains(id) })
            director.listen(seconds: 0.2)
            #expect(!director.hasEnded && !director.all.contains(id))
            #expect(!asker.hasEnded)
        }
    }

    @Test func `heartbeats come, and end the stream of a token that is over`() async throws {
        var limits = StreamLimits()
        limits.heartbeat = 1
        try await APIHouse.with(streams: limits) { house throws in
            let cast = try await Cast(in: house)
            let watcher = try await house.person("watcher", [.director], in: cast.directorate, kind: .session)
            let listener = try await Listener(house, as: watcher)
            #expect(listener.wait { $0.all.hasSuffix(":\n\n") })
            house.pass(seconds: 43_201)
            #expect(listener.wait { $0.hasEnded })
        }
    }

    @Test func `a user has so many streams and no more, until one of them ends`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            var listeners: [Listener] = []
            let keeper = try await house.token(for: cast.admin.user, scopes: [.admin])
            func expectOpen(_ count: Int) async throws {
                let metrics = try await house.expect(200, .get, "/metrics", as: keeper, headers: ["accept": "text/plain"]).text
                #expect(metrics.contains("# TYPE sikimr_event_streams_open gauge\nsikimr_event_streams_open \(count)\n"))
            }
            try await expectOpen(0)
            for _ in 0..<4 { listeners.append(try await Listener(house, as: cast.head)) }
            let refused = await #expect(throws: Listener.Refused.self) { _ = try await Listener(house, as: cast.head) }
            #expect(refused?.status == 429)
            try await expectOpen(4)
            _ = try await Listener(house, as: cast.director)
            listeners.removeLast()
            try await expectOpen(3)
            listeners.append(try await Listener(house, as: cast.head))
            withExtendedLifetime(listeners) {}
        }
    }
}

extension APIHouse {
    /// The sequence of the last entry of the log.
    func lastSequence() throws -> Int { try store.readNow { tx throws(DomainError) in try tx.events.lastSequence() } }
}
