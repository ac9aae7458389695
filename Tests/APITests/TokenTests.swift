import API
import Domain
import HTTP
import TestSupport
import Testing

/// Tokens for programs.
@Suite struct TokenTests {
    /// Makes a token through the API and returns its bearer.
    private func make(_ house: APIHouse, _ body: String, as person: APIHouse.Person) async throws -> APIHouse.Person {
        let made = try await house.send(.post, "/v1/tokens", body, as: person)
        let id = try #require(made.text("id"), "\(made.text)")
        return APIHouse.Person(user: person.user, token: try #require(made.text("token")), tokenID: Token.ID(stored: id))
    }

    @Test func `scopes narrow what the roles give and never widen it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let reader = try await make(house, #"{"name":"r","scopes":["read"]}"#, as: cast.asker)
            #expect(try await house.send(.get, "/v1/consultations", as: reader).status == 200)
            let refused = try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: reader)
            #expect(refused.status == 403 && refused.code == "insufficient_scope")
            #expect(refused.headers["www-authenticate"] == #"Bearer realm="kimr", error="insufficient_scope""#)
            let narrow = try await make(house, #"{"name":"n","scopes":["units:read"]}"#, as: cast.asker)
            #expect(try await house.send(.get, "/v1/units", as: narrow).status == 200)
            #expect(try await house.send(.get, "/v1/consultations", as: narrow).code == "insufficient_scope")
            #expect(try await house.send(.get, "/v1/me", as: narrow).status == 200)
            // The role has no such permission, whatever the token says.
            let wide = try await house.token(for: cast.asker.user, scopes: [.admin])
            #expect(try await house.send(.get, "/v1/users", as: wide).code == "forbidden")
            #expect(try await house.send(.post, "/v1/units", #"{"code":"X","name":"X","kind":"satker"}"#, as: wide).code == "forbidden")
            #expect(try await house.send(.get, "/metrics", as: wide).status == 403)
            // An action that the token may not do is not offered.
            let id = try await house.consultation(cast)
            #expect(try await house.send(.get, "/v1/consultations/\(id)", as: reader).json.elements(at: "actions").isEmpty)
        }
    }

    @Test func `a token makes no token that may do more than itself`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let maker = try await make(house, #"{"name":"m","scopes":["tokens:write","units:read"]}"#, as: cast.asker)
            for scope in ["read", "write", "admin", "consultations:read"] {
                let refused = try await house.send(.post, "/v1/tokens", #"{"name":"x","scopes":["\#(scope)"]}"#, as: maker)
                #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/scopes", "\(scope) \(refused.text)")
            }
            #expect(try await house.send(.post, "/v1/tokens", #"{"name":"x","scopes":["units:read"]}"#, as: maker).status == 201)
            for (body, pointer) in [
                (#"{"name":"x","scopes":[]}"#, "/scopes"), (#"{"name":"x","scopes":["everything"]}"#, "/scopes/0"),
                (#"{"scopes":["read"]}"#, "/name"), (#"{"name":"x","scopes":["read"],"token":"mine"}"#, "/token"),
                (#"{"name":"x","scopes":["read"],"expires_at":"2026-11-16T01:00:00Z"}"#, "/expires_at"),
                (#"{"name":"x","scopes":["read"],"expires_at":"2027-02-14T01:00:00.001Z"}"#, "/expires_at"),
            ] {
                let refused = try await house.send(.post, "/v1/tokens", body, as: cast.asker)
                #expect(refused.status == 422, "\(body)")
                #expect(
                    refused.text("errors.0.pointer")?.hasPrefix(pointer.hasSuffix("/0") ? "/scopes" : pointer) == true,
                    "\(refused.text)"
                )
            }
        }
    }

    @Test func `a personal token lives ninety days at most and ends when it says`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let longest = try await house.send(.post, "/v1/tokens", #"{"name":"x","scopes":["read"]}"#, as: cast.asker)
            #expect(longest.text("expires_at") == "2027-02-14T01:00:00.000Z")
            let body = #"{"name":"x","scopes":["read"],"expires_at":"2026-11-17T01:00:00Z"}"#
            let short = try await make(house, body, as: cast.asker)
            house.pass(milliseconds: 86_400_000 - 1)
            #expect(try await house.send(.get, "/v1/me", as: short).status == 200)
            house.pass(milliseconds: 1)
            #expect(try await house.send(.get, "/v1/me", as: short).code == "token_expired")
        }
    }

    @Test func `the text of a token is shown once and another's token is not there`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let mine = try await make(house, #"{"name":"mine","scopes":["read"]}"#, as: cast.asker)
            let list = try await house.send(.get, "/v1/tokens", as: cast.asker)
            #expect(list.data.count == 2 && !list.text.contains(mine.token) && !list.text.contains("\"token\""))
            #expect(list.text("data.0.prefix") == "kimr_p_…\(mine.token.suffix(4))")
            for person in [cast.stranger, cast.director] {
                #expect(try await house.send(.delete, "/v1/tokens/\(mine.tokenID.text)", as: person).status == 404)
                #expect(try await house.send(.get, "/v1/tokens?user_id=\(cast.asker.id)", as: person).status == 403)
                let body = #"{"name":"x","scopes":["read"],"user_id":"\#(cast.asker.id)"}"#
                #expect(try await house.send(.post, "/v1/tokens", body, as: person).status == 403)
            }
            #expect(try await house.send(.get, "/v1/tokens?user_id=\(cast.asker.id)", as: cast.admin).data.count == 2)
            #expect(try await house.send(.get, "/v1/me", as: mine).status == 200)
            #expect(try await house.send(.delete, "/v1/tokens/\(mine.tokenID.text)", as: cast.admin).status == 204)
            #expect(try await house.send(.get, "/v1/me", as: mine).code == "unauthenticated")
            #expect(try await house.send(.delete, "/v1/tokens/\(mine.tokenID.text)", as: cast.admin).status == 404)
        }
    }

    @Test func `a machine's token never administers`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let second = try await house.person("second.admin", [.superAdmin], in: cast.directorate)
            func make(_ scopes: String, for user: APIHouse.Person) async throws -> APIHouse.Answer {
                let body = #"{"name":"robot","scopes":[\#(scopes)],"user_id":"\#(user.id)"}"#
                return try await house.send(.post, "/v1/tokens", body, as: cast.admin)
            }
            for scopes in [#""admin""#, #""read","admin""#, #""users:write""#, #""units:write","read""#] {
                let refused = try await make(scopes, for: second)
                #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/scopes", "\(scopes): \(refused.text)")
            }
            let made = try await make(#""read","write""#, for: cast.asker)
            #expect(made.status == 201 && made.text("token")?.hasPrefix("kimr_m_") == true)
            #expect(made.text("expires_at") == "2027-11-16T01:00:00.000Z")
            // What scrapes the metrics is a machine, too.
            #expect(try await make(#""metrics:read""#, for: second).status == 201)
        }
    }

    @Test func `a text that is no token of ours is refused alike`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let token = cast.asker.token
            let wrong = [
                "", "x", "kimr_p_", String(token.dropLast()), token + "0", token.uppercased(), "kimr_s_" + token.dropFirst(7),
                String(token.dropLast()) + (token.hasSuffix("a") ? "b" : "a"),
            ]
            for text in wrong {
                let refused = try await house.send(.get, "/v1/me", headers: ["authorization": "Bearer \(text)"])
                #expect(refused.status == 401 && refused.code == "unauthenticated", "\(text)")
            }
            for header in ["Basic \(token)", token, "Bearer\(token)", ""] {
                #expect(try await house.send(.get, "/v1/me", headers: ["authorization": header]).status == 401, "\(header)")
            }
            #expect(try await house.send(.get, "/v1/me", headers: ["authorization": "bearer \(token)"]).status == 200)
        }
    }
}
