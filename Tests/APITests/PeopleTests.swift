import API
import Domain
import HTTP
import TestSupport
import Testing

/// Users and units.
@Suite struct PeopleTests {
    private func user(_ username: String, in unit: String, _ rest: String = "") -> String {
        #"{"username":"\#(username)","name":"A name","unit_id":"\#(unit)","roles":["work-unit"]\#(rest)}"#
    }

    @Test func `a user is made whole or not at all`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let unit = cast.unit.id.text
            let nip = "198503152010121001"
            let made = try await house.send(.post, "/v1/users", user("fresh", in: unit, #","nip":"\#(nip)""#), as: cast.admin)
            #expect(made.status == 201 && made.headers["etag"] == "\"1\"" && !made.text.contains("\"password\""), "\(made.text)")
            let conflicts = [(user("fresh", in: unit), "/username"), (user("other", in: unit, #","nip":"\#(nip)""#), "/nip")]
            for (body, pointer) in conflicts {
                let refused = try await house.send(.post, "/v1/users", body, as: cast.admin)
                #expect(refused.status == 409 && refused.code == "conflict" && refused.text("pointer") == pointer, "\(refused.text)")
            }
            let unknown = try await house.send(.post, "/v1/users", user("other", in: "unt_00000000000000000000000000"), as: cast.admin)
            #expect(unknown.status == 422 && unknown.text("errors.0.pointer") == "/unit_id")
            #expect(unknown.text("errors.0.code") == "unknown_reference")
            let named = user("fine", in: unit, #","password":"sulistyaningsih1""#)
                .split(separator: "A name").joined(separator: "Sulistyaningsih")
            let faults: [(String, String)] = [
                (named, "/password"),
                (user("ab", in: unit), "/username"), (user("Big", in: unit), "/username"), (user("a b c", in: unit), "/username"),
                (user("fine", in: "x"), "/unit_id"), (user("fine", in: unit, #","nip":"198513152010121001""#), "/nip"),
                (user("fine", in: unit, #","email":"no"}"#.dropLast().description), "/email"),
                (user("fine", in: unit, #","password":"short""#), "/password"), (user("fine", in: unit, #","id":"usr_1""#), "/id"),
            ]
            for (body, pointer) in faults {
                let refused = try await house.send(.post, "/v1/users", body, as: cast.admin)
                #expect(refused.status == 422 && refused.text("errors.0.pointer") == pointer, "\(body): \(refused.text)")
            }
            let several = try await house.send(.post, "/v1/users", #"{"username":"A","roles":["king"],"active":"yes"}"#, as: cast.admin)
            let pointers = several.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }
            #expect(Set(["/username", "/name", "/unit_id", "/active"]).isSubset(of: pointers), "\(pointers)")
            #expect(pointers.contains { $0.hasPrefix("/roles") })
        }
    }

    @Test func `roles taken or given act on the very next request`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            func roles(_ roles: String) async throws -> APIHouse.Answer {
                let headers = ["if-match": "*", "content-type": "application/merge-patch+json"]
                return try await house.send(
                    .patch,
                    "/v1/users/\(cast.stranger.id)",
                    #"{"roles":[\#(roles)]}"#,
                    as: cast.admin,
                    headers: headers
                )
            }
            #expect(try await house.send(.get, "/v1/users", as: cast.stranger).status == 403)
            #expect(try await roles(#""director""#).status == 200)
            #expect(try await house.send(.get, "/v1/users", as: cast.stranger).status == 200)
            #expect(try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.stranger).status == 403)
            #expect(try await roles(#""ict-officer""#).status == 200)
            #expect(try await house.send(.get, "/v1/consultations", as: cast.stranger).status == 403)
            #expect(try await roles("").status == 422)
            #expect(try await roles(#""work-unit","work-unit""#).status == 422)
        }
    }

    @Test func `a deactivated user is out at once and comes back without his tokens`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let path = "/v1/users/\(cast.asker.id)"
            let gone = try await house.send(.post, "\(path)/deactivate", as: cast.admin)
            #expect(gone.json.value(at: "active") == .bool(false) && gone.integer("version") == 2)
            #expect(try await house.send(.get, "/v1/me", as: cast.asker).status == 401)
            #expect(try await house.send(.post, "\(path)/deactivate", as: cast.admin).integer("version") == 2)
            #expect(try await house.send(.post, "\(path)/activate", as: cast.admin).json.value(at: "active") == .bool(true))
            #expect(try await house.send(.get, "/v1/me", as: cast.asker).status == 401)
            let body = #"{"active":false}"#
            #expect(try await house.send(.patch, path, body, as: cast.admin, headers: ["if-match": "*"]).status == 200)
            let list = try await house.send(.get, "/v1/users?active=false", as: cast.admin)
            #expect(list.data.compactMap { $0.text(at: "id") } == [cast.asker.id])
        }
    }

    @Test func `who administers cannot shut himself out`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let path = "/v1/users/\(cast.admin.id)"
            for body in [#"{"active":false}"#, #"{"roles":["director"]}"#] {
                let refused = try await house.send(.patch, path, body, as: cast.admin, headers: ["if-match": "*"])
                #expect(refused.status == 403 && refused.code == "four_eyes")
            }
            #expect(try await house.send(.post, "\(path)/deactivate", as: cast.admin).status == 403)
            let more = #"{"roles":["super-admin","director"],"name":"More"}"#
            #expect(try await house.send(.patch, path, more, as: cast.admin, headers: ["if-match": "*"]).status == 200)
        }
    }

    @Test func `a one-time password is good for nothing but setting another`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let reset = try await house.send(.post, "/v1/users/\(cast.officer.id)/reset-password", as: cast.admin)
            let oneTime = try #require(reset.text("password"))
            #expect(reset.text("expires_at") == "2026-11-17T01:00:00.000Z")
            #expect(try await house.send(.get, "/v1/me", as: cast.officer).status == 401)
            let opened = try await SessionTests.signIn(house, "officer", oneTime)
            #expect(opened.json.value(at: "user.must_change_password") == .bool(true))
            let officer = try SessionTests.person(cast.officer.user, opened)
            let barred: [(HTTP.Method, String, String?)] = [
                (.get, "/v1/consultations", nil), (.get, "/v1/users", nil), (.get, "/v1/tokens", nil), (.get, "/v1/units", nil),
                (.post, "/v1/tokens", #"{"name":"x","scopes":["read"]}"#), (.get, "/v1/step-timings", nil), (.get, "/v1/calendar", nil),
                (.post, "/v1/calendar/calculate", "{}"), (.get, "/v1/workflows", nil), (.get, "/v1/procedures", nil),
                (.get, "/metrics", nil),
                (.post, "/v1/consultations/con_00000000000000000000000000/propose", #"{"answer":"x"}"#),
            ]
            for (method, path, body) in barred {
                let refused = try await house.send(method, path, body, as: officer)
                #expect(refused.status == 403 && refused.code == "password_change_required", "\(path): \(refused.text)")
            }
            #expect(try await house.send(.get, "/v1/me", as: officer).status == 200)
            let body = #"{"current_password":"\#(oneTime)","new_password":"yet another sentence 9"}"#
            #expect(try await house.send(.put, "/v1/me/password", body, as: officer).status == 204)
            #expect(try await house.send(.get, "/v1/consultations", as: officer).status == 200)
            // Unused for a day, a one-time password is void.
            let second = try await house.send(.post, "/v1/users/\(cast.officer.id)/reset-password", as: cast.admin)
            house.pass(seconds: 86_400)
            #expect(try await SessionTests.signIn(house, "officer", try #require(second.text("password"))).status == 401)
        }
    }

    @Test func `others read who is who, and no more`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let read = try await house.send(.get, "/v1/users/\(cast.asker.id)", as: cast.officer)
            guard case .object(let members) = read.json else {
                Issue.record("\(read.text)")
                return
            }
            #expect(members.members.map(\.name) == ["id", "name", "unit_id"])
            let csv = try await house.send(.get, "/v1/users?format=csv", as: cast.officer)
            #expect(csvRows(csv.text).first == ["id", "name", "unit_id"])
            let filters = [
                ("role=director", 1), ("unit_id=\(cast.unit.id.text)", 2), ("active=true", 8), ("q=NAME", 8), ("q=name%20of%20ask", 1),
                ("q=ask", 1), ("q=ker", 0), ("role=super-admin&active=true&unit_id=\(cast.directorate.id.text)", 1),
            ]
            for (query, count) in filters {
                let list = try await house.send(.get, "/v1/users?include_total=true&\(query)", as: cast.admin)
                #expect(list.data.count == count && list.integer("page.total") == count, "\(query): \(list.text)")
            }
        }
    }

    @Test func `units form a tree without rings and without doubles`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            func make(_ code: String, under parent: String?) async throws -> APIHouse.Answer {
                let parent = parent.map { "\"\($0)\"" } ?? "null"
                let body = #"{"code":"\#(code)","name":"Unit","kind":"satker","parent_id":\#(parent),"time_zone":"Asia/Jayapura"}"#
                return try await house.send(.post, "/v1/units", body, as: cast.admin)
            }
            let top = try #require(try await make("TOP", under: nil).text("id"))
            let middle = try #require(try await make("MIDDLE", under: top).text("id"))
            let low = try #require(try await make("LOW", under: middle).text("id"))
            #expect(try await make("TOP", under: nil).text("pointer") == "/code")
            #expect(try await make("NEW", under: "unt_00000000000000000000000000").text("errors.0.code") == "unknown_reference")
            var deepest = low
            for number in 0..<40 { deepest = try #require(try await make("DEEP\(number)", under: deepest).text("id")) }
            for parent in [top, middle, low, deepest] {
                let body = #"{"parent_id":"\#(parent)"}"#
                let refused = try await house.send(.patch, "/v1/units/\(top)", body, as: cast.admin, headers: ["if-match": "*"])
                #expect(refused.status == 422 && refused.text("errors.0.code") == "cycle", "\(refused.text)")
            }
            let taken = try await house.send(.patch, "/v1/units/\(low)", #"{"code":"TOP"}"#, as: cast.admin, headers: ["if-match": "*"])
            #expect(taken.status == 409 && taken.text("pointer") == "/code")
            let moved = try await house.send(.patch, "/v1/units/\(low)", #"{"parent_id":null}"#, as: cast.admin, headers: ["if-match": "*"])
            #expect(moved.status == 200 && moved.json.value(at: "parent_id") == .null)
            #expect(try await house.send(.get, "/v1/units?parent_id=\(top)", as: cast.asker).data.count == 1)
            #expect(try await house.send(.get, "/v1/units?kind=satker", as: cast.asker).data.count == 43)
        }
    }

    @Test func `a case may belong to the caller's unit or one below it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let below = try await house.unit("A.1", under: cast.unit)
            func create(_ unit: String) async throws -> APIHouse.Answer {
                let body = #"{"subject":"A question","detail":"Text","unit_id":"\#(unit)"}"#
                return try await house.send(.post, "/v1/consultations", body, as: cast.asker)
            }
            #expect(try await create(cast.unit.id.text).text("unit_id") == cast.unit.id.text)
            #expect(try await create(below.id.text).status == 201)
            #expect(try await create(cast.otherUnit.id.text).text("errors.0.code") == "not_allowed")
            #expect(try await create("unt_00000000000000000000000000").text("errors.0.code") == "unknown_reference")
        }
    }
}
