import Domain
import FoundationEssentials
import HTTP
import TestSupport
import Testing

/// Repeats under an idempotency key.
@Suite struct IdempotencyTests {
    private func create(
        _ house: APIHouse,
        _ key: String,
        _ body: String = APIHouse.newConsultation,
        as person: APIHouse.Person
    ) async throws -> APIHouse.Answer {
        try await house.send(.post, "/v1/consultations", body, as: person, headers: ["idempotency-key": key])
    }

    private func total(_ house: APIHouse, _ cast: Cast) async throws -> Int? {
        try await house.send(.get, "/v1/consultations?include_total=true", as: cast.admin).integer("page.total")
    }

    @Test func `a repeat gets the first answer again, and another body is refused`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let first = try await create(house, "abc", as: cast.asker)
            #expect(first.status == 201 && first.headers["idempotency-replayed"] == nil)
            house.pass(seconds: 71 * 3600)
            for key in ["abc", "\"abc\""] {
                let again = try await create(house, key, as: cast.asker)
                #expect(again.status == 201 && again.bytes == first.bytes)
                #expect(again.headers["idempotency-replayed"] == "true")
                for name in ["location", "etag", "content-type"] { #expect(again.headers[name] == first.headers[name]) }
            }
            let other = try await create(house, "abc", #"{"subject":"Another","detail":"Body"}"#, as: cast.asker)
            #expect(other.status == 422 && other.code == "idempotency_reused")
            #expect(try await total(house, cast) == 1)
            // Another user's key of the same name is his own.
            let stranger = try await create(house, "abc", as: cast.stranger)
            #expect(stranger.status == 201 && stranger.headers["idempotency-replayed"] == nil)
            // After 72 hours the key is free again.
            house.pass(seconds: 2 * 3600)
            let late = try await create(house, "abc", as: cast.asker)
            #expect(late.status == 201 && late.bytes != first.bytes)
            #expect(try await total(house, cast) == 3)
        }
    }

    @Test func `an event is repeated without being done twice`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let headers = ["idempotency-key": "submit-1"]
            let first = try await house.send(.post, "/v1/consultations/\(id)/submit", as: cast.asker, headers: headers)
            _ = try await house.send(.post, "/v1/consultations/\(id)/withdraw", #"{"reason":"Solved"}"#, as: cast.asker)
            let again = try await house.send(.post, "/v1/consultations/\(id)/submit", as: cast.asker, headers: headers)
            #expect(first.status == 200 && again.status == 200 && again.bytes == first.bytes)
            #expect(try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker).text("status") == "withdrawn")
        }
    }

    @Test func `what was refused is not kept`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            #expect(try await create(house, "k", #"{"subject":"x"}"#, as: cast.asker).status == 422)
            let wrongUnit = #"{"subject":"A question","detail":"Text","unit_id":"\#(cast.otherUnit.id.text)"}"#
            #expect(try await create(house, "k", wrongUnit, as: cast.asker).status == 422)
            let made = try await create(house, "k", as: cast.asker)
            #expect(made.status == 201 && made.headers["idempotency-replayed"] == nil)
            let id = try #require(made.text("id"))
            let headers = ["idempotency-key": "early"]
            #expect(try await house.send(.post, "/v1/consultations/\(id)/acknowledge", as: cast.asker, headers: headers).status == 409)
            for key in ["", "a b", "ä", String(repeating: "k", count: 256)] {
                let refused = try await create(house, key, as: cast.asker)
                #expect(refused.status == 400 && refused.text("errors.0.parameter") == "Idempotency-Key", "\(key)")
            }
            #expect(try await create(house, String(repeating: "k", count: 255), as: cast.asker).status == 201)
        }
    }

    @Test func `of many at once one is done and the others hear so`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<50 { group.addTask { try await create(house, "same", as: cast.asker) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let made = answers.filter { $0.status == 201 && $0.headers["idempotency-replayed"] == nil }
            #expect(made.count == 1)
            for answer in answers where answer.status != 201 {
                #expect(answer.status == 409 && answer.code == "idempotency_in_flight" && answer.headers["retry-after"] == "1")
            }
            for answer in answers where answer.status == 201 { #expect(answer.bytes == made.first?.bytes) }
            #expect(try await total(house, cast) == 1)
        }
    }

    @Test func `a kept secret opens for its bearer only and cannot be read in the files`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let headers = ["idempotency-key": "secret"]
            let body = #"{"name":"The name of a token","scopes":["read"]}"#
            let first = try await house.send(.post, "/v1/tokens", body, as: cast.asker, headers: headers)
            let secret = try #require(first.text("token"))
            let again = try await house.send(.post, "/v1/tokens", body, as: cast.asker, headers: headers)
            #expect(again.bytes == first.bytes && again.headers["idempotency-replayed"] == "true")
            let reset = "/v1/users/\(cast.officer.id)/reset-password"
            let password = try await house.send(.post, reset, as: cast.admin, headers: headers)
            let oneTime = try #require(password.text("password"))
            // Another token of the same user has no key to it.
            let second = try await house.token(for: cast.asker.user, scopes: [.read, .write])
            let other = try await house.send(.post, "/v1/tokens", body, as: second, headers: headers)
            #expect(other.status == 409 && !other.text.contains(secret))

            func contains(_ text: String) throws -> Bool {
                try ["house.db", "house.db-wal"].contains { name in
                    let path = "\(house.directory)/\(name)"
                    guard FileManager.default.fileExists(atPath: path) else { return false }
                    return try Data(contentsOf: URL(filePath: path)).firstRange(of: Data(text.utf8)) != nil
                }
            }
            await house.close()
            #expect(try contains("The name of a token"))
            for hidden in [secret, oneTime, cast.asker.token] { #expect(try !contains(hidden)) }
        }
    }
}

/// Numbers of cases.
@Suite struct NumberTests {
    @Test func `two hundred at once, some failing and some dry, leave neither gap nor double`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            // Fails in the transaction, after the number was taken.
            let foreign = #"{"subject":"A question","detail":"Text","unit_id":"\#(cast.otherUnit.id.text)"}"#
            let numbers = try await withThrowingTaskGroup(of: String?.self) { group in
                for index in 0..<200 {
                    group.addTask { () -> String? in
                        switch index % 4 {
                        case 0:
                            let answer = try await house.send(.post, "/v1/consultations", foreign, as: cast.asker)
                            #expect(answer.status == 422)
                            return nil
                        case 1:
                            let dry = "/v1/consultations?dry_run=true"
                            let answer = try await house.send(.post, dry, APIHouse.newConsultation, as: cast.asker)
                            #expect(answer.status == 201)
                            return nil
                        default:
                            let answer = try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.asker)
                            #expect(answer.status == 201)
                            return answer.text("number")
                        }
                    }
                }
                return try await group.reduce(into: [String]()) { if let number = $1 { $0.append(number) } }
            }
            let expected = (1...100).map { "KON-2026-000\($0 < 10 ? "00" : $0 < 100 ? "0" : "")\($0)" }
            #expect(numbers.sorted() == expected)
            #expect(try await house.store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
        }
    }

    @Test func `a year ends at midnight in Jakarta`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            func number(at time: String) async throws -> String? {
                house.set(try #require(Instant(rfc3339: time)))
                return try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.asker).text("number")
            }
            #expect(try await number(at: "2026-12-31T16:59:59.998Z") == "KON-2026-000001")
            #expect(try await number(at: "2026-12-31T16:59:59.999Z") == "KON-2026-000002")
            #expect(try await number(at: "2026-12-31T17:00:00.000Z") == "KON-2027-000001")
            #expect(try await number(at: "2027-01-01T00:00:00.000Z") == "KON-2027-000002")
            #expect(try await house.send(.get, "/v1/consultations/KON-2026-000002", as: cast.asker).status == 200)
        }
    }
}
