import Domain
import HTTP
import TestSupport
import Testing

/// One search through the cases of all kinds.
@Suite struct SearchTests {
    private func search(_ house: APIHouse, _ words: String, _ more: String = "", as person: APIHouse.Person) async throws -> APIHouse.Answer
    {
        let q = words.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return hex.count == 1 ? "%0\(hex)" : "%\(hex)"
        }.joined()
        return try await house.expect(200, .get, "/v1/search?q=\(q)\(more)", as: person)
    }

    private func ids(_ answer: APIHouse.Answer) -> Set<String> { Set(answer.data.compactMap { $0.text(at: "id") }) }

    @Test func `no hidden case leaks through hits, counts or snippets, whoever asks for whatever`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let cast = desk.cast
            let text = #"{"subject":"Zebra question","detail":"Zebra of the unit"}"#
            let own = try await house.consultation(cast, upTo: .inVerification, text)
            let foreign = try await house.consultation(cast, upTo: .assigned, text, asker: cast.stranger, officer: cast.otherOfficer)
            let item = try await house.workItem(desk, title: "Zebra work")
            let ticket = try await house.ticket(by: cast.asker, problem: "Zebra printer")
            let sights: [(APIHouse.Person, Set<String>)] = [
                (cast.asker, [own, ticket]), (cast.colleague, [own]), (cast.stranger, [foreign]), (cast.officer, [own]),
                (cast.otherOfficer, [foreign]), (cast.admin, [own, foreign, item, ticket]), (cast.head, [own, foreign, item, ticket]),
                (cast.director, [own, foreign, item, ticket]), (desk.giver, [item]), (desk.worker, [item]), (desk.manager, [ticket]),
                (desk.technician, [ticket]),
            ]
            for (person, seen) in sights {
                let who = person.user.username
                for words in ["zebra", "ZEB", "\"zebra\"", "zébra"] {
                    let found = try await search(house, words, as: person)
                    #expect(ids(found) == seen, "\(who): \(words)")
                    #expect(found["has_more"] == .bool(false))
                }
                let one = try await search(house, "zebra", "&limit=1", as: person)
                #expect(one.data.count == 1 && one["has_more"] == .bool(seen.count > 1), "\(who)")
                // Neither the drafted answer nor its plan, nor another's number or people.
                for words in ["hidden", "\"hidden answer\"", "plan"] { #expect(ids(try await search(house, words, as: person)).isEmpty) }
                #expect(ids(try await search(house, "KON-2026-000002", as: person)) == seen.intersection([foreign]))
                for id in [cast.stranger.id, cast.otherOfficer.id, cast.otherUnit.id.text, foreign] {
                    #expect(ids(try await search(house, id, as: person)).isEmpty)
                    #expect(ids(try await search(house, String(id.dropFirst(4)), as: person)).isEmpty)
                }
            }
            // Once delivered, the answer is found by those who see the case; a case that changes hands changes who finds it.
            try await house.expect(200, .post, "/v1/consultations/\(own)/approve", "{}", as: cast.head)
            let body = #"{"officer_id":"\#(cast.otherOfficer.id)","reason":"x"}"#
            try await house.expect(200, .post, "/v1/consultations/\(own)/reassign", body, as: cast.admin)
            #expect(ids(try await search(house, "zebra", as: cast.officer)).isEmpty)
            #expect(ids(try await search(house, "zebra", as: cast.otherOfficer)) == [own, foreign])
            try await house.expect(200, .post, "/v1/consultations/\(own)/deliver", "{}", as: cast.otherOfficer)
            for person in [cast.asker, cast.otherOfficer, cast.director] {
                let found = try await search(house, "hidden", as: person)
                #expect(ids(found) == [own] && found.text("data.0.matched_in.0") == "answer")
            }
            #expect(ids(try await search(house, "hidden", as: cast.stranger)).isEmpty)
            let narrow = try await house.token(for: cast.admin.user, scopes: [.init(rawValue: "tickets:read")].compactMap { $0 })
            #expect(ids(try await search(house, "zebra", as: narrow)) == [ticket])
        }
    }

    @Test func `hits are ranked and say what matched where`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            func ask(_ subject: String, _ detail: String) async throws -> String {
                try await house.consultation(cast, #"{"subject":"\#(subject)","detail":"\#(detail)"}"#)
            }
            let inTitle = try await ask("Risiko banjir", "Apa yang diminta dari kami?")
            let inDetail = try await ask("Pertanyaan", "Bagaimana \\\"menilai\\\" risiko banjir & longsor <b>?")
            let apart = try await ask("Banjir", "Tidak ada yang lain tentang risiko.")
            let both = try await search(house, "risiko banjir", as: cast.asker)
            #expect(ids(both) == [inTitle, inDetail, apart])
            let titled = try await search(house, "\"risiko banjir\"", as: cast.asker)
            #expect(titled.data.compactMap { $0.text(at: "id") } == [inTitle, inDetail])
            #expect(titled.data.map { $0.integer(at: "rank") } == [1, 2])
            #expect(titled.text("data.0.matched_in.0") == "subject" && titled.text("data.0.title") == "Risiko banjir")
            #expect(titled.text("data.1.snippet.text") == "Bagaimana \"menilai\" risiko banjir & longsor <b>?")
            #expect(titled.integer("data.1.snippet.matches.0.0") == 20 && titled.integer("data.1.snippet.matches.0.1") == 33)
            #expect(ids(try await search(house, "long", as: cast.asker)) == [inDetail])
            #expect(ids(try await search(house, "lo", as: cast.asker)).isEmpty)
            #expect(ids(try await search(house, "long risiko", as: cast.asker)).isEmpty)
            #expect(ids(try await search(house, "KON-2026-000003", as: cast.asker)) == [apart])
            #expect(ids(try await search(house, "000003", "&kind=consultation", as: cast.asker)) == [apart])
            #expect(ids(try await search(house, "risiko", "&kind=ticket", as: cast.asker)).isEmpty)
            for query in ["", "?q=", "?q=a&limit=0", "?q=a&limit=101", "?q=a&kind=run", "?kind=ticket"] {
                try await house.expect(400, .get, "/v1/search\(query)", as: cast.asker)
            }
            for words in ["\"", "*", "sight:x", "-", "a OR b", "NEAR(a b)", "^a", "{a}:b", "\"\"\"", "a\\b'c"] {
                _ = try await search(house, words, as: cast.asker)
            }
        }
    }

    @Test func `comments are found by those who may read them`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let cast = desk.cast
            let own = try await house.consultation(cast, upTo: .assigned)
            let item = try await house.workItem(desk)
            let path = "/v1/consultations/\(own)/comments"
            try await house.expect(201, .post, path, #"{"text":"A giraffe, said openly"}"#, as: cast.officer)
            try await house.expect(201, .post, path, #"{"text":"An okapi, said among us","internal":true}"#, as: cast.officer)
            try await house.expect(201, .post, "/v1/workspace-items/\(item)/comments", #"{"text":"Okapi and giraffe"}"#, as: desk.worker)
            let sights: [(APIHouse.Person, open: Set<String>, among: Set<String>)] = [
                (cast.asker, [own], []), (cast.stranger, [], []), (cast.officer, [own], [own]), (cast.otherOfficer, [], []),
                (cast.director, [own, item], [own, item]), (desk.worker, [item], [item]), (desk.manager, [], []),
            ]
            for (person, open, among) in sights {
                #expect(ids(try await search(house, "giraf", as: person)) == open, "\(person.user.username)")
                #expect(ids(try await search(house, "okapi", as: person)) == among, "\(person.user.username)")
            }
            let found = try await search(house, "giraffe said", as: cast.asker)
            #expect(found.text("data.0.matched_in.0") == "comments" && found.text("data.0.snippet.text") == "A giraffe, said openly")
            #expect(ids(try await search(house, "giraffe", "&kind=workspace_item", as: cast.director)) == [item])
        }
    }
}
