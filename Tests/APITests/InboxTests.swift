import Domain
import HTTP
import TestSupport
import Testing

/// What waits for whom.
@Suite struct InboxTests {
    private func inbox(_ house: APIHouse, of person: APIHouse.Person, _ query: String = "") async throws -> APIHouse.Answer {
        try await house.expect(200, .get, "/v1/me/inbox\(query)", as: person)
    }

    private func ids(_ answer: APIHouse.Answer) -> [String] { answer.data.compactMap { $0.text(at: "id") } }

    @Test func `a consultation waits for the one whose step it is, on every step of its way`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let everyone = [
                cast.asker, cast.colleague, cast.stranger, cast.admin, cast.officer, cast.otherOfficer, cast.head, cast.director,
            ]
            let steps: [(event: String, body: String, by: APIHouse.Person, waitsFor: [String], actions: String)] = [
                ("submit", "{}", cast.asker, ["asker", "colleague"], "submit"),
                ("assign", #"{"officer_id":"\#(cast.officer.id)"}"#, cast.admin, ["admin"], "assign"),
                ("propose", #"{"answer":"So"}"#, cast.officer, ["officer"], "propose"),
                ("approve", "{}", cast.head, ["head"], "approve"),
                ("deliver", "{}", cast.officer, ["officer"], "deliver"),
                ("acknowledge", "{}", cast.asker, ["asker", "colleague"], "acknowledge"),
            ]
            for step in steps {
                for person in everyone {
                    let found = try await inbox(house, of: person)
                    #expect(
                        ids(found) == (step.waitsFor.contains(person.user.username) ? [id] : []),
                        "\(step.event) \(person.user.username)"
                    )
                    if step.waitsFor.first == person.user.username {
                        #expect(found.text("data.0.actions.0") == step.actions)
                        let status = try #require(found.text("data.0.status"))
                        #expect(found.integer("counts.consultation.\(status)") == 1)
                    }
                }
                try await house.expect(200, .post, "/v1/consultations/\(id)/\(step.event)", step.body, as: step.by)
            }
            for person in everyone { #expect(ids(try await inbox(house, of: person)).isEmpty) }
        }
    }

    @Test func `work items and tickets wait as their tables say, four eyes kept`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let item = try await house.workItem(desk)
            let both = try await house.person("both", [.ictManager, .ictOfficer], in: desk.cast.directorate)
            let own = try await house.ticket(by: both)
            let complaint = try await house.ticket(by: desk.cast.asker)
            let request = try await house.ticket(by: desk.cast.asker, "service_request")
            let draft = try await house.ticket(by: desk.cast.asker, isDraft: true)
            #expect(ids(try await inbox(house, of: desk.worker)) == [item])
            #expect(ids(try await inbox(house, of: desk.giver)).isEmpty)
            // Nobody of the desk handles his own; an officer registers requests and dispatches nothing.
            #expect(Set(ids(try await inbox(house, of: both))) == [complaint, request])
            #expect(Set(ids(try await inbox(house, of: desk.manager))) == [own, complaint, request])
            let waiting = try await inbox(house, of: desk.technician)
            #expect(ids(waiting) == [request] && waiting.integer("counts.ticket.submitted") == 1)
            #expect(ids(try await inbox(house, of: desk.cast.asker)) == [draft])
            try await house.expect(200, .post, "/v1/workspace-items/\(item)/receive", "{}", as: desk.worker)
            #expect(ids(try await inbox(house, of: desk.worker)).isEmpty)
            #expect(ids(try await inbox(house, of: desk.cast.admin)) == [item])
            try await house.expect(200, .post, "/v1/workspace-items/\(item)/approve", "{}", as: desk.cast.admin)
            #expect(ids(try await inbox(house, of: desk.giver)) == [item])
            try await house.expect(200, .post, "/v1/workspace-items/\(item)/acknowledge", "{}", as: desk.giver)
            // The giver may still cancel it, but it waits for the officer alone, and no clock runs.
            #expect(ids(try await inbox(house, of: desk.giver)).isEmpty)
            let work = try await inbox(house, of: desk.worker)
            #expect(ids(work) == [item] && work["data.0.due_at"] == .null && work.text("data.0.clock.state") == "stopped")
            // A token that may not read work items shows none.
            let narrow = try await house.token(for: desk.worker.user, scopes: [.init(rawValue: "tickets:read")].compactMap { $0 })
            #expect(ids(try await inbox(house, of: narrow)).isEmpty)
        }
    }

    @Test func `a recap waits for the one who is to submit, receive or settle it, with its notice, four eyes kept`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let both = try await house.person("both", [.superAdmin, .director], in: cast.directorate)
            let everyone = [cast.admin, both, cast.director, cast.head, cast.officer, cast.asker]
            let id = try await house.recap("workspace", "2026-10", cast)
            let steps: [(event: String, by: APIHouse.Person, waitsFor: [String])] = [
                ("submit", both, ["admin", "both"]), ("receive", cast.director, ["director"]), ("settle", cast.admin, ["admin", "both"]),
            ]
            for step in steps {
                for person in everyone {
                    let found = try await inbox(house, of: person)
                    let waits = step.waitsFor.contains(person.user.username)
                    #expect(ids(found) == (waits ? [id] : []), "\(step.event) \(person.user.username)")
                    guard waits else { continue }
                    let recap = try await house.expect(200, .get, "/v1/recaps/\(id)", as: person)
                    #expect(found.json.elements(at: "data.0.actions") == [.string(step.event)] && found.text("data.0.kind") == "recap")
                    #expect(found["data.0.clock"] == recap["clock"] && found.text("data.0.due_at") == recap.text("clock.due_at"))
                    #expect(found.integer("counts.recap.\(recap.text("status") ?? "")") == 1)
                }
                try await house.expect(200, .post, "/v1/recaps/\(id)/\(step.event)", "{}", as: step.by)
            }
            for person in everyone { #expect(ids(try await inbox(house, of: person)).isEmpty) }
        }
    }

    @Test func `recaps stand among the cases by when they are due, page by page, and tell of their notices`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let undated = try await house.consultation(cast, upTo: .submitted)
            let (october, september) = (
                try await house.recap("workspace", "2026-10", cast), try await house.recap("consultation", "2026-09", cast)
            )
            let november = try await house.recap("consultation", "2026-11", cast)
            // October was due on its first working day, Monday the 2nd, and September on the 1st of October.
            let all = [september, october, november, undated]
            let whole = try await inbox(house, of: cast.admin)
            #expect(ids(whole) == all && whole.integer("counts.recap.draft") == 3)
            #expect(whole.data.map { $0.text(at: "notice") } == ["overdue", "overdue", nil, nil])
            #expect(whole.text("data.0.title") == "Rekapitulasi Konsultasi September 2026")
            let english = try await house.expect(200, .get, "/v1/me/inbox", as: cast.admin, headers: ["accept-language": "en"])
            #expect(english.text("data.0.title") == "Recap of Consultations September 2026")
            #expect(english.headers["etag"] != whole.headers["etag"])
            for limit in [1, 2, 3] {
                var walked: [String] = []
                var query = "?limit=\(limit)"
                while walked.count <= all.count {
                    let page = try await inbox(house, of: cast.admin, query)
                    walked += ids(page)
                    guard let cursor = page.text("page.next_cursor") else { break }
                    query = "?limit=\(limit)&cursor=\(cursor)"
                }
                #expect(walked == all)
            }
            // Three quarters of the day that November has are over on 1 December at 14:07:30.
            let tag = try #require(whole.headers["etag"])
            try await house.expect(304, .get, "/v1/me/inbox", as: cast.admin, headers: ["if-none-match": tag])
            house.set(try #require(Instant(rfc3339: "2026-12-01T14:10:00+07:00")))
            let admin = try await house.person("admin.again", [.superAdmin], in: cast.directorate)
            #expect(try await inbox(house, of: admin).text("data.2.notice") == "due_soon")
            // A token that may not read recaps shows none.
            let narrow = try await house.token(for: admin.user, scopes: [.init(rawValue: "consultations:read")].compactMap(\.self))
            #expect(ids(try await inbox(house, of: narrow)) == [undated])
        }
    }

    @Test func `soonest due comes first, without a date last and oldest first, page by page`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let officer = try await house.person("all.round", [.subdirectorateHead, .ictManager, .workUnit], in: cast.unit)
            var dated: [String] = []
            var undated: [String] = []
            for _ in 0..<3 {
                undated.append(try await house.ticket(by: cast.asker))
                dated.append(try await house.consultation(cast, upTo: .inVerification))
                house.pass(seconds: 60)
                undated.append(try await house.consultation(cast, upTo: .answered))
                house.pass(seconds: 60)
            }
            let whole = try await inbox(house, of: officer)
            #expect(ids(whole) == dated + undated)
            #expect(whole.data.prefix(3).allSatisfy { $0.text(at: "due_at") != nil })
            #expect(whole.data.dropFirst(3).allSatisfy { $0.value(at: "due_at") == .null })
            #expect(whole.integer("counts.consultation.in_verification") == 3 && whole.integer("counts.consultation.answered") == 3)
            #expect(whole.integer("counts.ticket.submitted") == 3 && whole["counts_capped"] == .bool(false))
            for limit in [1, 2, 4] {
                var walked: [String] = []
                var query = "?limit=\(limit)"
                while true {
                    let page = try await inbox(house, of: officer, query)
                    walked += ids(page)
                    guard let cursor = page.text("page.next_cursor") else { break }
                    query = "?limit=\(limit)&cursor=\(cursor)"
                }
                #expect(walked == dated + undated)
            }
            try await house.expect(400, .get, "/v1/me/inbox?cursor=00", as: officer)
        }
    }

    @Test func `the entity tag stays while nothing changed and changes with every case, caller and page`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .submitted)
            let tag = try #require(try await inbox(house, of: cast.admin).headers["etag"])
            house.pass(seconds: 60)
            let same = try await house.expect(304, .get, "/v1/me/inbox", as: cast.admin, headers: ["if-none-match": tag])
            #expect(same.bytes.isEmpty && same.headers["etag"] == tag)
            let other = try await house.person("other.admin", [.superAdmin], in: cast.directorate)
            try await house.expect(200, .get, "/v1/me/inbox", as: other, headers: ["if-none-match": tag])
            try await house.expect(200, .post, "/v1/consultations/\(id)/withdraw", #"{"reason":"x"}"#, as: cast.asker)
            try await house.expect(200, .get, "/v1/me/inbox", as: cast.admin, headers: ["if-none-match": tag])
        }
    }
}
