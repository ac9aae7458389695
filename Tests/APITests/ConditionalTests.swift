import Domain
import HTTP
import TestSupport
import Testing

/// Versions, conditional requests and dry runs.
@Suite struct ConditionalTests {
    @Test func `a change without If-Match is 428, with a stale one 412, with the present one it passes`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let targets: [(String, String, APIHouse.Person)] = [
                ("/v1/consultations/\(id)", #"{"subject":"Changed"}"#, cast.asker),
                ("/v1/users/\(cast.officer.id)", #"{"name":"Changed"}"#, cast.admin),
                ("/v1/units/\(cast.unit.id.text)", #"{"name":"Changed"}"#, cast.admin),
            ]
            for (target, body, person) in targets {
                func patch(_ tag: String?) async throws -> APIHouse.Answer {
                    try await house.send(.patch, target, body, as: person, headers: tag.map { ["if-match": $0] } ?? [:])
                }
                let missing = try await patch(nil)
                #expect(missing.status == 428 && missing.code == "precondition_required", "\(target)")
                for tag in ["\"2\"", "\"0\"", "W/\"1\"", "\"+1\"", "\"01\"", "1", "911", "\"x\"", "\"\""] {
                    let stale = try await patch(tag)
                    #expect(stale.status == 412 && stale.code == "stale", "\(target) \(tag) \(stale.text)")
                }
                let changed = try await patch("\"7\", \"1\"")
                #expect(changed.status == 200 && changed.headers["etag"] == "\"2\"" && changed.integer("version") == 2, "\(changed.text)")
                #expect(try await patch("\"1\"").status == 412)
                #expect(try await patch("*").status == 200)
            }
        }
    }

    @Test func `an event honours If-Match when it is sent`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let path = "/v1/consultations/\(id)/submit"
            #expect(try await house.send(.post, path, as: cast.asker, headers: ["if-match": "\"2\""]).status == 412)
            #expect(try await house.send(.post, path, as: cast.asker, headers: ["if-match": "\"1\""]).integer("version") == 2)
            let deactivate = "/v1/users/\(cast.officer.id)/deactivate"
            #expect(try await house.send(.post, deactivate, as: cast.admin, headers: ["if-match": "\"9\""]).status == 412)
            #expect(try await house.send(.post, deactivate, as: cast.admin, headers: ["if-match": "\"1\""]).status == 200)
        }
    }

    @Test func `a reader who has the version gets 304 without a body`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let targets = [
                "/v1/consultations/\(id)", "/v1/users/\(cast.officer.id)", "/v1/units/\(cast.unit.id.text)", "/v1/procedures/consultation",
                "/v1/procedures/consultation/versions/1", "/v1/calendar",
            ]
            for target in targets {
                let read = try await house.send(.get, target, as: cast.admin)
                let tag = try #require(read.headers["etag"], "\(target)")
                for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                    let same = try await house.send(.get, target, as: cast.admin, headers: ["if-none-match": known])
                    #expect(same.status == 304 && same.bytes.isEmpty && same.headers["etag"] == tag, "\(target) \(known)")
                }
                let other = try await house.send(.get, target, as: cast.admin, headers: ["if-none-match": "\"99\""])
                #expect(other.status == 200 && other.json == read.json)
            }
        }
    }

    @Test func `of many changes to one version exactly one is made`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        let body = #"{"subject":"Change \#(number)"}"#
                        return try await house.send(
                            .patch,
                            "/v1/consultations/\(id)",
                            body,
                            as: cast.asker,
                            headers: ["if-match": "\"1\""]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 412 }.count == 39)
            #expect(try await house.send(.get, "/v1/consultations/\(id)/history", as: cast.asker).data.count == 2)
        }
    }

    @Test func `a dry run answers like the real thing and leaves nothing, not even a number`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let first = try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.asker)
            let id = try #require(first.text("id"))
            func lastEvent() async throws -> Int {
                try #require(
                    try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.stranger).text("id").map { id in
                        let page = PageRequest(limit: 1)
                        return try house.store.readNow { tx throws(DomainError) in
                            try tx.events.list(of: .consultation, id, page: page).elements.first?.event.sequence
                        }
                    } ?? nil
                )
            }
            let before = try await lastEvent()
            let writes: [(HTTP.Method, String, String?, APIHouse.Person, Int)] = [
                (.post, "/v1/consultations", APIHouse.newConsultation, cast.asker, 201),
                (.post, "/v1/consultations", #"{"subject":"x"}"#, cast.asker, 422),
                (.patch, "/v1/consultations/\(id)", #"{"subject":"Changed"}"#, cast.asker, 200),
                (.post, "/v1/consultations/\(id)/submit", nil, cast.asker, 200),
                (.post, "/v1/consultations/\(id)/acknowledge", nil, cast.asker, 409),
                (.post, "/v1/tokens", #"{"name":"dry","scopes":["read"]}"#, cast.asker, 201),
                (.delete, "/v1/tokens/\(cast.asker.tokenID.text)", nil, cast.asker, 204),
                (.post, "/v1/units", #"{"code":"DRY","name":"Dry","kind":"satker"}"#, cast.admin, 201),
                (.patch, "/v1/units/\(cast.unit.id.text)", #"{"name":"Changed"}"#, cast.admin, 200),
                (.patch, "/v1/users/\(cast.officer.id)", #"{"name":"Changed"}"#, cast.admin, 200),
                (.post, "/v1/users/\(cast.officer.id)/deactivate", nil, cast.admin, 200),
                (.post, "/v1/users/\(cast.officer.id)/reset-password", nil, cast.admin, 200),
                (.delete, "/v1/sessions/current", nil, cast.asker, 204),
            ]
            for (method, path, body, person, status) in writes {
                let headers = method == .patch ? ["if-match": "*"] : [:]
                let answer = try await house.send(method, "\(path)?dry_run=true", body, as: person, headers: headers)
                #expect(answer.status == status, "\(method) \(path): \(answer.text)")
                #expect((answer.headers["dry-run"] == "true") == (status < 300), "\(path)")
            }
            // The next number and the next place in the log are those that would have come without them.
            #expect(try await lastEvent() == before + 1)
            let last = try await house.send(.get, "/v1/consultations?limit=1", as: cast.admin)
            #expect(last.text("data.0.number") == "KON-2026-000003")
            #expect(try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker).json == first.json)
            #expect(try await house.send(.get, "/v1/users/\(cast.officer.id)", as: cast.officer).status == 200)
            #expect(try await house.send(.get, "/v1/tokens", as: cast.asker).data.count == 1)
            #expect(try await house.send(.get, "/v1/units?limit=200", as: cast.admin).data.count == 3)
            let unknown = try await house.send(.post, "/v1/consultations?dry_run=perhaps", APIHouse.newConsultation, as: cast.asker)
            #expect(unknown.status == 400 && unknown.text("errors.0.parameter") == "dry_run")
        }
    }
}
