import Domain
import HTTP
import TestSupport
import Testing

/// The log of events in pages.
@Suite struct EventTests {
    private func events(_ house: APIHouse, _ query: String = "", as person: APIHouse.Person) async throws -> APIHouse.Answer {
        try await house.expect(200, .get, "/v1/events\(query)", as: person)
    }

    /// All entries from the beginning, page by page.
    private func all(_ house: APIHouse, limit: Int = 200, as person: APIHouse.Person) async throws -> [JSONValue] {
        var (found, query): ([JSONValue], String) = ([], "?after=0&limit=\(limit)")
        while true {
            let answer = try await events(house, query, as: person)
            found += answer.data
            guard let next = answer.text("page.next_cursor") else { return found }
            query = "?after=0&limit=\(limit)&cursor=\(next)"
        }
    }

    @Test func `a leader reads the whole log, forwards from a place and backwards from the end`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .closed)
            let log = try await all(house, limit: 3, as: cast.admin)
            let numbers = log.compactMap { $0.integer(at: "seq") }
            #expect(numbers == Array(1...numbers.count))
            let way = log.filter { $0.text(at: "subject_id") == id }
            #expect(
                way.compactMap { $0.text(at: "type") } == [
                    "consultation.create", "consultation.submit", "consultation.assign", "consultation.propose", "consultation.approve",
                    "consultation.deliver", "consultation.acknowledge",
                ]
            )
            #expect(way.last?.text(at: "from") == "answered" && way.last?.text(at: "to") == "closed")
            #expect(way.last?.text(at: "href") == "/v1/consultations/\(id)")
            #expect(way.last?.text(at: "actor.id") == cast.asker.id)

            let place = try #require(way.first?.integer(at: "seq"))
            let after = try await events(house, "?after=\(place)&limit=2", as: cast.admin)
            #expect(after.data.compactMap { $0.integer(at: "seq") } == [place + 1, place + 2])
            let newest = try await events(house, "?limit=2", as: cast.admin)
            #expect(newest.data.compactMap { $0.integer(at: "seq") } == [numbers.count, numbers.count - 1])
            let back = try await events(house, "?after=\(numbers.count - 2)&sort=-created_at", as: cast.admin)
            #expect(back.data.compactMap { $0.integer(at: "seq") } == [numbers.count, numbers.count - 1])
            #expect(try await events(house, "?after=\(numbers.count)", as: cast.admin).data.isEmpty)

            let rows = csvRows(try await events(house, "?format=csv&after=0", as: cast.admin).text)
            #expect(rows.count == numbers.count + 1 && rows.last?[3] == "consultation.acknowledge")
        }
    }

    @Test func `each entry says where its subject can be read, and it can be read there`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let manager = cast.manager
            try await house.expect(201, .post, "/v1/topologies", #"{"name":"Kantor","nodes":[],"links":[]}"#, as: manager)
            let piece = #"{"kind":"network","brand":"X","serial":"1","unit_id":"\#(manager.user.unitID.text)"}"#
            try await house.expect(201, .post, "/v1/equipment", piece, as: manager)
            let points = #"{"user_id":"\#(manager.id)","points":1,"reason":"So"}"#
            try await house.expect(201, .post, "/v1/performance-points", points, as: cast.admin)
            try await house.expect(201, .post, "/v1/recaps", #"{"kind":"workspace","period":"2026-11"}"#, as: cast.admin)
            try await house.expect(200, .post, "/v1/calendar/ramadan", #"{"from":"2027-02-08","to":"2027-03-09"}"#, as: cast.admin)
            _ = try await house.workItem(cast)
            var read: Set<String> = []
            for entry in try await all(house, as: cast.admin) {
                guard let href = entry.text(at: "href"), let type = entry.text(at: "subject_type") else { continue }
                guard read.insert(type).inserted else { continue }
                try await house.expect(200, .get, href, as: cast.admin)
            }
            #expect(
                read == ["topology", "equipment", "performance_point", "recap", "calendar", "workspace_item"],
                "\(read)"
            )
        }
    }

    @Test func `nothing of a hidden case is told: no id, no number, no text`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let cast = desk.cast
            let own = try await house.consultation(cast, upTo: .inVerification)
            try await house.expect(200, .post, "/v1/consultations/\(own)/return", #"{"reason":"Inner reason"}"#, as: cast.head)
            let foreign = try await house.consultation(cast, upTo: .closed, asker: cast.stranger, officer: cast.otherOfficer)
            let item = try await house.workItem(desk)
            let ticket = try await house.ticket(by: cast.stranger)
            let numbers = try await [
                house.send(.get, "/v1/consultations/\(foreign)", as: cast.admin).text("number"),
                house.send(.get, "/v1/workspace-items/\(item)", as: cast.admin).text("number"),
                house.send(.get, "/v1/tickets/\(ticket)", as: cast.admin).text("number"),
            ].compactMap(\.self)
            #expect(numbers.count == 3)

            // Of his own case the asker reads all but the reasons of the directorate's people.
            let seen = try await all(house, as: cast.asker)
            #expect(Set(seen.compactMap { $0.text(at: "subject_type") }) == ["consultation"])
            #expect(Set(seen.filter { $0.text(at: "subject_type") == "consultation" }.compactMap { $0.text(at: "subject_id") }) == [own])
            for person in [cast.asker, cast.colleague, cast.officer] {
                for query in ["?limit=200", "?after=0", "?format=csv", "?limit=1"] {
                    let text = try await events(house, query, as: person).text
                    for hidden in [foreign, item, ticket] + numbers { #expect(!text.contains(hidden), "\(person.user.username) \(query)") }
                    #expect(!text.contains("Inner reason") || person.id == cast.officer.id)
                }
            }
            #expect(try await all(house, as: cast.officer).contains { $0.text(at: "reason") == "Inner reason" })
            // Sign-ins and the list of users are for its keeper alone.
            for person in [cast.asker, cast.officer, cast.director, desk.manager] {
                let kinds = Set(try await all(house, as: person).compactMap { $0.text(at: "subject_type") })
                #expect(kinds.isDisjoint(with: ["user", "token", "session"]))
            }
            // A token that does not cover a kind of case does not show it either.
            let narrow = try await house.token(
                for: cast.head.user,
                scopes: [.init(rawValue: "events:read"), .init(rawValue: "tickets:read")].compactMap(\.self)
            )
            #expect(Set(try await all(house, as: narrow).compactMap { $0.text(at: "subject_type") }) == ["ticket"])
            // Handed to another officer, a case is out of the first one's sight with all its past.
            try await house.expect(
                200,
                .post,
                "/v1/consultations/\(own)/reassign",
                #"{"officer_id":"\#(cast.otherOfficer.id)","reason":"Leave"}"#,
                as: cast.admin
            )
            #expect(!(try await events(house, "?limit=200", as: cast.officer).text.contains(own)))
        }
    }

    @Test func `who takes part in a run reads of it, others do not`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let people = ["planning-it-head", "secretary", "chair", "admin-operator"].map { #""\#($0)":"\#(desk.technician.id)""# }
            let body = #"{"procedure":"it-planning","title":"Plan","assignments":{\#(people.joined(separator: ","))}}"#
            let run = try #require(try await house.expect(201, .post, "/v1/procedure-runs", body, as: desk.manager).text("id"))
            for (person, sees) in [
                (desk.manager, true), (desk.technician, true), (desk.cast.head, true), (desk.cast.officer, false), (desk.cast.asker, false),
            ] {
                #expect(try await events(house, "?limit=200", as: person).text.contains(run) == sees, "\(person.user.username)")
            }
        }
    }

    @Test func `a page that is short for hidden entries goes on behind them`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let first = try await house.consultation(cast)
            let (admin, ids) = (cast.admin, IdentifierSource())
            try await house.store.write { tx throws(DomainError) in
                for _ in 0..<(VisibleLog.reach + 10) {
                    try tx.note("noise", of: .user, admin.id, in: nil, by: nil, at: APIHouse.monday, ids: ids)
                }
            }
            let last = try await house.consultation(cast)
            let newest = try await events(house, "?limit=1", as: cast.asker)
            #expect(newest.data.first?.text(at: "subject_id") == last && newest["page.has_more"] == .bool(true))
            let seen = try await all(house, as: cast.asker).compactMap { $0.text(at: "subject_id") }
            #expect(seen.suffix(2) == [first, last])
            let rows = csvRows(try await events(house, "?format=csv", as: cast.asker).text)
            #expect(rows[1][5] == last && rows.contains { $0[5] == first })
        }
    }
}
