import API
import Domain
import HTTP
import TestSupport
import Testing

/// Signing in, staying in, and what bars it.
@Suite struct SessionTests {
    static let password = "a long and quiet sentence 7"

    static func signIn(
        _ house: APIHouse,
        _ username: String,
        _ password: String = SessionTests.password,
        from address: String = "192.0.2.1"
    ) async throws -> APIHouse.Answer {
        try await house.send(.post, "/v1/sessions", #"{"username":"\#(username)","password":"\#(password)"}"#, from: address)
    }

    /// The one who signed in, with his session.
    static func person(_ user: User, _ answer: APIHouse.Answer) throws -> APIHouse.Person {
        let id = try #require(answer.text("token_id"))
        return APIHouse.Person(user: user, token: try #require(answer.text("token")), tokenID: Token.ID(stored: id))
    }

    @Test func `a session opens, says who is in, and ends`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            let user = try await house.person("asker", [.workUnit], in: unit, password: Self.password).user
            let opened = try await Self.signIn(house, "asker")
            #expect(opened.status == 201 && opened.text("user.username") == "asker", "\(opened.text)")
            #expect(opened.text("expires_at") == house.now.advanced(byMilliseconds: 12 * 3_600_000).rfc3339)
            #expect(opened.text("token")?.hasPrefix("kimr_s_") == true && !opened.text.contains("password_hash"))
            let asker = try Self.person(user, opened)
            let me = try await house.send(.get, "/v1/me", as: asker)
            #expect(me.text("user.id") == user.id.text && me.text("token.id") == asker.tokenID.text)
            // A session is no token of the list.
            #expect(try await house.send(.get, "/v1/tokens", as: asker).data.count == 1)
            #expect(try await house.send(.delete, "/v1/sessions/current", as: asker).status == 204)
            let out = try await house.send(.get, "/v1/me", as: asker)
            #expect(out.status == 401 && out.code == "unauthenticated")
            #expect(out.headers["www-authenticate"] == #"Bearer realm="kimr", error="invalid_token""#)
            let none = try await house.send(.get, "/v1/me")
            #expect(none.status == 401 && none.headers["www-authenticate"] == #"Bearer realm="kimr""#)
        }
    }

    @Test func `the sign-in step runs from the sign-in to the creation`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            let user = try await house.person("asker", [.workUnit], in: unit, password: Self.password).user
            let asker = try Self.person(user, try await Self.signIn(house, "asker"))
            house.pass(seconds: 600)
            let id = try #require(try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: asker).text("id"))
            let timings = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: asker)
            #expect(timings.text("data.0.step_code") == "sign-in" && timings.integer("data.0.elapsed_s") == 600)
            #expect(timings.text("data.0.started_at") == APIHouse.monday.rfc3339)
        }
    }

    @Test func `unknown, wrong and deactivated get one and the same answer`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            _ = try await house.person("present", [.workUnit], in: unit, password: Self.password)
            _ = try await house.person("without", [.workUnit], in: unit)
            let gone = try await house.person("gone", [.workUnit], in: unit, password: Self.password)
            let admin = try await house.person("admin", [.superAdmin], in: unit)
            _ = try await house.send(.post, "/v1/users/\(gone.id)/deactivate", as: admin)
            var bodies: Set<String> = []
            for (username, password) in [
                ("nobody", Self.password), ("present", "a wrong password indeed"), ("gone", Self.password), ("without", Self.password),
            ] {
                let refused = try await Self.signIn(house, username, password)
                #expect(refused.status == 401 && refused.code == "invalid_credentials", "\(username)")
                let id = try #require(refused.text("request_id"))
                bodies.insert(refused.text.split(separator: id).joined() + refused.headers.fields.map { "\($0.name)=\($0.value)" }.joined())
            }
            #expect(bodies.count == 1, "\(bodies)")
        }
    }

    @Test func `after five failures even the right password waits, longer each time`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            _ = try await house.person("asker", [.workUnit], in: unit, password: Self.password)
            for _ in 0..<5 { #expect(try await Self.signIn(house, "asker", "wrong").status == 401) }
            house.pass(milliseconds: 29_999)
            #expect(try await Self.signIn(house, "asker").status == 401)
            // Another address is not meant, nor is another account from this one.
            _ = try await house.person("other", [.workUnit], in: unit, password: Self.password)
            #expect(try await Self.signIn(house, "other").status == 201)
            house.pass(milliseconds: 1)
            #expect(try await Self.signIn(house, "asker", "wrong").status == 401)
            // The sixth failure doubles the wait: a minute.
            house.pass(milliseconds: 59_999)
            #expect(try await Self.signIn(house, "asker").status == 401)
            house.pass(milliseconds: 1)
            #expect(try await Self.signIn(house, "asker").status == 201)
            // The success clears the account: five are free again.
            for _ in 0..<4 { _ = try await Self.signIn(house, "asker", "wrong") }
            #expect(try await Self.signIn(house, "asker").status == 201)
        }
    }

    @Test func `what is known of failures outlives a restart`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            _ = try await house.person("asker", [.workUnit], in: unit, password: Self.password)
            for _ in 0..<5 { _ = try await Self.signIn(house, "asker", "wrong") }
            await house.close()
            try await APIHouse.open(in: house.directory, at: house.now) { house throws in
                #expect(try await Self.signIn(house, "asker").status == 401)
                house.pass(seconds: 30)
                #expect(try await Self.signIn(house, "asker").status == 201)
            }
        }
    }

    @Test func `twenty failures from anywhere leave a known address free`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            _ = try await house.person("asker", [.workUnit], in: unit, password: Self.password)
            #expect(try await Self.signIn(house, "asker", from: "192.0.2.9").status == 201)
            for number in 0..<20 { _ = try await Self.signIn(house, "asker", "wrong", from: "198.51.100.\(number / 4)") }
            #expect(try await Self.signIn(house, "asker", from: "203.0.113.1").status == 401)
            #expect(try await Self.signIn(house, "asker", from: "192.0.2.9").status == 201)
        }
    }

    @Test func `thirty failures from one address are too many, whoever was meant`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            _ = try await house.person("asker", [.workUnit], in: unit, password: Self.password)
            for number in 0..<30 { #expect(try await Self.signIn(house, "nobody\(number)", "wrong").status == 401) }
            house.pass(seconds: 100)
            let barred = try await Self.signIn(house, "asker")
            #expect(barred.status == 429 && barred.code == "rate_limited")
            let wait = try #require(barred.headers["retry-after"].flatMap { Int64($0) })
            #expect((500...501).contains(wait))
            #expect(try await Self.signIn(house, "asker", from: "192.0.2.2").status == 201)
            house.pass(seconds: wait)
            #expect(try await Self.signIn(house, "asker").status == 201)
        }
    }

    @Test func `a reset of the password ends the lockout of its account, and of no other`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            let admin = try await house.person("admin", [.superAdmin], in: unit)
            let asker = try await house.person("asker", [.workUnit], in: unit, password: Self.password)
            _ = try await house.person("asker2", [.workUnit], in: unit, password: Self.password)
            for address in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] {
                for _ in 0..<5 { _ = try await Self.signIn(house, "asker", "wrong", from: address) }
            }
            for _ in 0..<5 { _ = try await Self.signIn(house, "asker2", "wrong", from: "192.0.2.1") }
            let once = try await house.send(.post, "/v1/users/\(asker.id)/reset-password?dry_run=true", as: admin)
            #expect(try await Self.signIn(house, "asker", try #require(once.text("password")), from: "192.0.2.1").status == 401)
            let reset = try #require(try await house.send(.post, "/v1/users/\(asker.id)/reset-password", as: admin).text("password"))
            // From where it failed, and from where the account is not known.
            #expect(try await Self.signIn(house, "asker", reset, from: "192.0.2.1").status == 201)
            #expect(try await Self.signIn(house, "asker", reset, from: "203.0.113.1").status == 201)
            #expect(try await Self.signIn(house, "asker2", from: "192.0.2.1").status == 401)
        }
    }

    @Test func `guesses at once are no more than guesses one after the other`() async throws {
        try await APIHouse.with { house throws in
            _ = try await house.person("asker", [.workUnit], in: try await house.unit("A"), password: Self.password)
            try await withThrowingTaskGroup { group in
                for _ in 0..<16 { group.addTask { try await Self.signIn(house, "asker", "wrong", from: "192.0.2.1").status } }
                for try await status in group { #expect(status == 401) }
            }
            let entries = try await house.store.read { tx throws(DomainError) in
                try tx.events.entries(beyond: 0, isAscending: true, limit: 200)
            }
            let reasons = entries.map(\.event).filter { $0.type == "session.refuse" }.map(\.reason)
            #expect(reasons.count { $0 == "credentials" } == 5)
            #expect(reasons.count { $0 == "throttled" } == 11)
            #expect(try await Self.signIn(house, "asker", from: "192.0.2.1").status == 401)
        }
    }

    @Test func `a session ends after half an hour of rest and after twelve hours of work`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            let user = try await house.person("asker", [.workUnit], in: unit, password: Self.password).user
            let idle = try Self.person(user, try await Self.signIn(house, "asker"))
            house.pass(seconds: 30 * 60)
            #expect(try await house.send(.get, "/v1/me", as: idle).status == 200)
            try await Self.untilUsed(idle, house)
            house.pass(milliseconds: 30 * 60_000 + 1)
            let expired = try await house.send(.get, "/v1/me", as: idle)
            #expect(expired.status == 401 && expired.code == "token_expired")
            #expect(expired.headers["www-authenticate"] == #"Bearer realm="kimr", error="invalid_token""#)

            let busy = try Self.person(user, try await Self.signIn(house, "asker"))
            for _ in 0..<24 {
                house.pass(seconds: 1799)
                #expect(try await house.send(.get, "/v1/me", as: busy).status == 200)
                try await Self.untilUsed(busy, house)
            }
            house.pass(seconds: 24)
            #expect(try await house.send(.get, "/v1/me", as: busy).code == "token_expired")
        }
    }

    /// The use of a token is noted beside the request: waits until it is.
    private static func untilUsed(_ person: APIHouse.Person, _ house: APIHouse) async throws {
        let (id, now) = (person.tokenID, house.now)
        for _ in 0..<1_000_000 {
            let used = try await house.store.read { tx throws(DomainError) in try tx.tokens.find(id)?.lastUsedAt }
            if used == now { return }
            await Task.yield()
        }
        Issue.record("the use was never noted")
    }

    @Test func `the eleventh session ends the first`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            let user = try await house.person("asker", [.workUnit], in: unit, password: Self.password).user
            var sessions: [APIHouse.Person] = []
            for _ in 0..<11 { sessions.append(try Self.person(user, try await Self.signIn(house, "asker"))) }
            #expect(try await house.send(.get, "/v1/me", as: sessions[0]).status == 401)
            for session in sessions.dropFirst() { #expect(try await house.send(.get, "/v1/me", as: session).status == 200) }
        }
    }

    @Test func `a new password ends all tokens but the one in use`() async throws {
        try await APIHouse.with { house throws in
            let unit = try await house.unit("A")
            let personal = try await house.person("asker", [.workUnit], in: unit, password: Self.password)
            let here = try Self.person(personal.user, try await Self.signIn(house, "asker"))
            let there = try Self.person(personal.user, try await Self.signIn(house, "asker"))
            func change(_ from: String, _ to: String) async throws -> APIHouse.Answer {
                let body = #"{"current_password":"\#(from)","new_password":"\#(to)"}"#
                return try await house.send(.put, "/v1/me/password", body, as: here)
            }
            let next = "another calm sentence 42"
            for (from, to, pointer, code) in [
                ("wrong", next, "/current_password", "wrong_password"), (Self.password, "short", "/new_password", "too_short"),
                (Self.password, Self.password, "/new_password", "unchanged"),
            ] {
                let refused = try await change(from, to)
                #expect(refused.status == 422 && refused.text("errors.0.pointer") == pointer, "\(refused.text)")
                #expect(refused.text("errors.0.code") == code)
            }
            #expect(try await house.send(.get, "/v1/me", as: there).status == 200)
            #expect(try await change(Self.password, next).status == 204)
            #expect(try await house.send(.get, "/v1/me", as: here).status == 200)
            for ended in [there, personal] { #expect(try await house.send(.get, "/v1/me", as: ended).status == 401) }
            #expect(try await Self.signIn(house, "asker").status == 401)
            #expect(try await Self.signIn(house, "asker", next).status == 201)
        }
    }
}
