import Domain
import HTTP
import TestSupport
import Testing

/// Comments on cases.
@Suite struct CommentTests {
    @Test func `what the directorate keeps to itself a unit does not see`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let path = "/v1/consultations/\(try await house.consultation(cast, upTo: .assigned))/comments"
            let bodies = [#"{"text":"For all"}"#, #"{"text":"Among us","internal":true}"#, #"{"text":"For all again","internal":false}"#]
            for body in bodies {
                let made = try await house.send(.post, path, body, as: cast.officer)
                #expect(made.status == 201 && made.text("author_id") == cast.officer.id)
            }
            func texts(_ person: APIHouse.Person, _ query: String = "") async throws -> [String?] {
                try await house.send(.get, path + query, as: person).data.map { $0.text(at: "text") }
            }
            #expect(try await texts(cast.head) == ["For all again", "Among us", "For all"])
            #expect(try await texts(cast.asker) == ["For all again", "For all"])
            #expect(try await texts(cast.asker, "?sort=created_at&limit=1") == ["For all"])
            let csv = try await house.send(.get, path + "?format=csv", as: cast.asker)
            #expect(csvRows(csv.text).count == 3 && !csv.text.contains("Among us"))
            for (person, total) in [(cast.asker, 2), (cast.head, 3)] {
                #expect(try await house.send(.get, path + "?include_total=true", as: person).integer("page.total") == total)
            }
        }
    }

    @Test func `a unit cannot keep a comment from itself`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let path = "/v1/consultations/\(try await house.consultation(cast))/comments"
            let refused = try await house.send(.post, path, #"{"text":"x","internal":true}"#, as: cast.asker)
            #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/internal")
            #expect(try await house.send(.post, path, #"{"text":"x","internal":false}"#, as: cast.asker).status == 201)
        }
    }

    @Test func `a comment leaves the version of its case alone, and a dry run leaves no comment`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let one = "/v1/consultations/\(try await house.consultation(cast))"
            let before = try await house.send(.get, one, as: cast.asker)
            #expect(try await house.send(.post, one + "/comments?dry_run=true", #"{"text":"x"}"#, as: cast.asker).status == 201)
            #expect(try await house.send(.get, one + "/comments", as: cast.asker).data.isEmpty)
            #expect(try await house.send(.post, one + "/comments", #"{"text":"x"}"#, as: cast.asker).status == 201)
            #expect(try await house.send(.get, one, as: cast.asker).text == before.text)
        }
    }
}
