import Domain
import HTTP
import TestSupport
import Testing

/// Several writes in one request.
@Suite struct BatchTests {
    private func body(_ mode: String, _ operations: [String]) -> String {
        #"{"mode":"\#(mode)","operations":[\#(operations.joined(separator: ","))]}"#
    }

    private func post(_ path: String, _ body: String? = nil, ifMatch: String? = nil) -> String {
        let rest = (body.map { #","body":\#($0)"# } ?? "") + (ifMatch.map { #","if_match":"\"\#($0)\"""# } ?? "")
        return #"{"method":"POST","path":"\#(path)"\#(rest)}"#
    }

    private func count(_ house: APIHouse, _ collection: String, as person: APIHouse.Person) async throws -> Int? {
        try await house.expect(200, .get, "/v1/\(collection)?include_total=true", as: person).integer("page.total")
    }

    @Test func `an atomic batch does all and answers each as the single call would`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let id = try await house.consultation(desk.cast)
            let batch = body(
                "atomic",
                [
                    post("/v1/consultations", APIHouse.newConsultation),
                    #"{"method":"PATCH","path":"/v1/consultations/\#(id)","body":{"subject":"Changed"},"if_match":"*"}"#,
                    post("/v1/consultations/\(id)/submit", "{}", ifMatch: "2"),
                    post("/v1/consultations/\(id)/links", #"{"type":"blocks","target":"KON-2026-000002"}"#),
                ]
            )
            let answer = try await house.expect(200, .post, "/v1/batch", batch, as: desk.cast.asker)
            let results = answer.json.elements(at: "results")
            #expect(results.map { $0.integer(at: "status") } == [201, 200, 200, 201])
            let made = try #require(results.first?.text(at: "body.id"))
            #expect(results.first?.text(at: "headers.Location") == "/v1/consultations/\(made)")
            #expect(results.first?.text(at: "headers.ETag") == "\"1\"")
            #expect(answer.text("results.2.body.status") == "submitted" && answer.text("results.2.headers.ETag") == "\"3\"")
            let comment = body("atomic", [post("/v1/consultations/\(id)/comments", #"{"text":"Noted"}"#)])
            #expect(try await house.expect(200, .post, "/v1/batch", comment, as: desk.cast.asker).text("results.0.body.text") == "Noted")
            // Later operations see what earlier ones did: the number was made by the first.
            #expect(answer.text("results.3.body.case.id") == made)
            let deleted = body(
                "atomic",
                [#"{"method":"DELETE","path":"/v1/consultations/\#(id)/links/\#(answer.text("results.3.body.id") ?? "")"}"#]
            )
            let gone = try await house.expect(200, .post, "/v1/batch", deleted, as: desk.cast.asker)
            #expect(gone.integer("results.0.status") == 204 && gone["results.0.body"] == .null)
        }
    }

    @Test func `the first failure of an atomic batch undoes all and says which it was`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let id = try await house.consultation(desk.cast)
            let create = post("/v1/consultations", APIHouse.newConsultation)
            let submit = "/v1/consultations/\(id)/submit"
            let failures: [(operation: String, status: Int, code: String, pointer: String?)] = [
                (post(submit, "{}", ifMatch: "9"), 412, "stale", nil),
                (post("/v1/consultations/\(id)/acknowledge"), 409, "transition_refused", nil),
                (post("/v1/consultations/\(id)/assign", #"{"officer_id":"\#(desk.cast.officer.id)"}"#), 403, "forbidden", nil),
                (post("/v1/consultations", #"{"subject":"x","detail":"y"}"#), 422, "invalid", "/operations/1/body/subject"),
                (post("/v1/consultations/\(id)/links", #"{"type":"blocks","target":"x"}"#), 422, "invalid", "/operations/1/body/target"),
                (
                    post("/v1/consultations/\(id)/links", #"{"type":"blocks","target":"\#(id)"}"#), 422, "invalid",
                    "/operations/1/body/target"
                ),
                (#"{"method":"PATCH","path":"/v1/consultations/\#(id)","body":{}}"#, 428, "precondition_required", nil),
                (post("/v1/tokens", #"{"name":"t","scopes":["read"]}"#), 404, "no_such_route", nil),
                (post("/v1/batch", "{}"), 404, "no_such_route", nil),
                (post("/v1/sessions", "{}"), 404, "no_such_route", nil),
                (post("/v1/consultations/con_00000000000000000000000000/submit"), 404, "not_found", nil),
                (post("/v1/workspace-items", #"{"title":"x","description":"y"}"#), 404, "not_found", nil),
            ]
            for failure in failures {
                let batch = body("atomic", [create, failure.operation, post(submit, "{}")])
                for key in [[:], ["idempotency-key": "k"]] {
                    let answer = try await house.expect(failure.status, .post, "/v1/batch", batch, as: desk.cast.asker, headers: key)
                    #expect(answer.code == failure.code && answer.integer("operation") == 1, "\(answer.text)")
                    #expect(answer.text("errors.0.pointer") == failure.pointer)
                }
            }
            let refused = try await house.send(
                .post,
                "/v1/batch",
                body("atomic", [post("/v1/consultations/\(id)/deliver")]),
                as: desk.cast.officer
            )
            #expect(refused.status == 404)
            #expect(try await count(house, "consultations", as: desk.cast.admin) == 1)
            #expect(try await house.expect(200, .get, "/v1/consultations/\(id)", as: desk.cast.asker).integer("version") == 1)
            let next = try await house.expect(201, .post, "/v1/consultations", APIHouse.newConsultation, as: desk.cast.asker)
            #expect(next.text("number") == "KON-2026-000002")
        }
    }

    @Test func `in an independent batch each stands for itself`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let id = try await house.consultation(desk.cast)
            let create = post("/v1/consultations", APIHouse.newConsultation)
            let operations = [
                create, post("/v1/consultations/\(id)/submit", "{}", ifMatch: "9"), post("/v1/consultations", "{}"),
                post("/v1/consultations/\(id)/submit"), post("/v1/users", "{}"), post("/v1/consultations/\(id)/submit"), create,
            ]
            let answer = try await house.expect(200, .post, "/v1/batch", body("independent", operations), as: desk.cast.asker)
            let results = answer.json.elements(at: "results")
            #expect(results.map { $0.integer(at: "status") } == [201, 412, 422, 200, 404, 409, 201])
            #expect(results.map { $0.text(at: "body.code") } == [nil, "stale", "invalid", nil, "no_such_route", "transition_refused", nil])
            #expect(answer.text("results.6.body.number") == "KON-2026-000003")
            #expect(try await count(house, "consultations", as: desk.cast.admin) == 3)
            let events = try await house.expect(200, .get, "/v1/consultations/\(id)/history", as: desk.cast.asker)
            #expect(events.data.map { $0.text(at: "event") } == ["submit", "create"])
            let broken = try await house.store.read { tx throws(DomainError) in try tx.events.firstBroken() }
            #expect(broken == nil)
        }
    }

    @Test func `a dry run and a repeat are of the whole`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let batch = body("atomic", Array(repeating: post("/v1/consultations", APIHouse.newConsultation), count: 3))
            let dry = try await house.expect(200, .post, "/v1/batch?dry_run=true", batch, as: desk.cast.asker)
            #expect(dry.headers["dry-run"] == "true" && dry.text("results.2.body.number") == "KON-2026-000003")
            #expect(try await count(house, "consultations", as: desk.cast.admin) == 0)
            let key = ["idempotency-key": "once"]
            let first = try await house.expect(200, .post, "/v1/batch", batch, as: desk.cast.asker, headers: key)
            let again = try await house.expect(200, .post, "/v1/batch", batch, as: desk.cast.asker, headers: key)
            #expect(again.bytes == first.bytes && again.headers["idempotency-replayed"] == "true")
            #expect(try await count(house, "consultations", as: desk.cast.admin) == 3)
        }
    }

    @Test func `the form of a batch is checked as a whole, every fault at once`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let wrong = body(
                "both",
                [
                    #"{"method":"GET","path":"/v1/tickets"}"#, "{}", #"{"method":"POST","path":"/v1/tickets?dry_run=true"}"#, "7",
                    #"{"method":"POST","path":"tickets","body":[],"extra":1}"#,
                ]
            )
            let answer = try await house.expect(422, .post, "/v1/batch", wrong, as: desk.cast.asker)
            let pointers = answer.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }
            #expect(
                Set(pointers) == [
                    "/mode", "/operations/0/method", "/operations/1/method", "/operations/1/path", "/operations/2/path",
                    "/operations/3/method",
                    "/operations/3/path", "/operations/4/path", "/operations/4/body", "/operations/4/extra",
                ]
            )
            let one = post("/v1/tickets", #"{"kind":"complaint","problem":"x"}"#)
            for (count, status) in [(0, 422), (100, 200), (101, 422)] {
                let many = body("independent", Array(repeating: one, count: count))
                try await house.expect(status, .post, "/v1/batch?dry_run=true", many, as: desk.cast.asker)
            }
        }
    }

    @Test func `each operation counts against the limit of its caller`() async throws {
        try await APIHouse.with(rateLimit: 60) { house throws in
            let desk = try await Desk(in: house)
            let one = post("/v1/tickets", #"{"kind":"complaint","problem":"x"}"#)
            let forty = body("independent", Array(repeating: one, count: 40))
            try await house.expect(200, .post, "/v1/batch", forty, as: desk.cast.asker)
            let late = try await house.expect(429, .post, "/v1/batch", forty, as: desk.cast.asker)
            #expect(late.headers["retry-after"] != nil)
            #expect(try await count(house, "tickets", as: desk.cast.admin) == 40)
        }
    }
}
