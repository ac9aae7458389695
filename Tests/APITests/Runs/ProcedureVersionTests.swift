import Domain
import HTTP
import TestSupport
import Testing

/// Versions of procedures, made and read by the API.
@Suite struct ProcedureVersionTests {
    private static func replacing(_ text: String, _ old: String, with new: String) -> String {
        text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }

    @Test func `what is exported comes back byte for byte as the next version, and elsewhere as the first`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            for procedure in try ProgramCatalogue.procedures() {
                let path = "/v1/procedures/\(procedure.code)"
                let exported = try await house.send(.get, path, as: cast.admin).text
                let made = try await house.send(.post, "\(path)/versions", exported, as: cast.admin)
                #expect(made.status == 201, "\(made.text)")
                #expect(made.headers["location"] == "\(path)/versions/2" && made.headers["etag"] == "\"2\"")
                #expect(made.text == Self.replacing(exported, #""version":1,"#, with: #""version":2,"#))
                #expect(try await house.send(.get, path, as: cast.asker).text == made.text)
                #expect(try await house.send(.get, "\(path)/versions/1", as: cast.asker).text == exported)

                let copy = Self.replacing(made.text, #""code":"\#(procedure.code)""#, with: #""code":"copy-of-it""#)
                let elsewhere = try await house.send(.post, "/v1/procedures/copy-of-it/versions?dry_run=true", copy, as: cast.admin)
                #expect(elsewhere.status == 201 && elsewhere.integer("version") == 1, "\(elsewhere.text)")
            }
            #expect(try await house.send(.get, "/v1/procedures/copy-of-it", as: cast.admin).status == 404)
        }
    }

    @Test func `every fault of a new version is told at once with its place`() async throws {
        let broken = #"""
            {"code":"other","title":{"id":"x"},"issuer":"","extra":1,"timed_steps":7,"effective_date":"2026-13-01",
            "roles":[{"code":"clerk","title":{"id":"x","en":"x"}}],
            "steps":[{"no":1,"code":"a","title":{"id":"x","en":"x"},"role":"ghost","also":["chair"],"role_basis":"stated","scope":"case",
            "inputs":[],"outputs":[],"checklist":[],"standard":{"raw":"0","value":0,"unit":"day"},"recurrence":null,
            "decision":{"question":{"id":"x","en":"x"},"yes":{"goto":5},"no":{"goto":"end"}},"implied_decision":null,"more":true},
            {"no":2,"code":"a","title":{"id":"x","en":"x"},"role":"clerk","scope":"week"}]}
            """#
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let answer = try await house.send(.post, "/v1/procedures/it-planning/versions", broken, as: cast.admin)
            #expect(answer.status == 422)
            let pointers = Set(answer.json.elements(at: "errors").compactMap { $0.text(at: "pointer") })
            #expect(
                pointers.isSuperset(of: [
                    "/title/en", "/issuer", "/extra", "/timed_steps", "/effective_date", "/steps/0/role", "/steps/0/also/0",
                    "/steps/0/standard/value", "/steps/0/decision/yes/goto", "/steps/0/more", "/steps/1/code", "/steps/1/no",
                    "/steps/1/scope", "/steps/1/standard",
                ])
            )
            #expect(try await house.send(.get, "/v1/procedures/it-planning", as: cast.admin).integer("version") == 1)
        }
    }

    @Test func `a case goes on by the version it began with, a new one by the newest`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let before = try await house.consultation(cast)
            let exported = try await house.send(.get, "/v1/procedures/consultation", as: cast.admin).text
            // The standards of the five timed steps: a day becomes two hours. Sums that no longer hold are left out.
            var document = Self.replacing(exported, #""value":1,"unit":"day""#, with: #""value":2,"unit":"hour""#)
            document = Self.replacing(document, #""computed_total":{"days":5,"minutes":0},"computed_total_minutes":2250,"#, with: "")
            let made = try await house.send(.post, "/v1/procedures/consultation/versions", document, as: cast.admin)
            #expect(made.status == 201 && made.integer("computed_total_minutes") == 600, "\(made.text)")
            let after = try await house.consultation(cast)
            for (id, version, standard) in [(before, 1, 27_000), (after, 2, 7200)] {
                #expect(try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker).integer("clock.standard_s") == standard)
                _ = try await house.send(.post, "/v1/consultations/\(id)/submit", "{}", as: cast.asker)
                let timings = try await house.send(.get, "/v1/consultations/\(id)/timings", as: cast.asker).data
                #expect(timings.allSatisfy { $0.integer(at: "procedure_version") == version } && timings.count == 3)
            }
        }
    }

    @Test func `a version without a step that cases are timed by is refused`() async throws {
        let body = #"""
            {"title":{"id":"x","en":"x"},"issuer":"KI","roles":[{"code":"clerk","title":{"id":"x","en":"x"}}],"steps":[{"no":1,"code":"a",
            "title":{"id":"x","en":"x"},"role":"clerk","also":[],"role_basis":"stated","scope":"case","inputs":[],"outputs":[],
            "checklist":[],"standard":null,"recurrence":null,"decision":null,"implied_decision":null}]}
            """#
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let refused = try await house.send(.post, "/v1/procedures/ict-ticket/versions", body, as: cast.admin)
            #expect(refused.status == 422)
            #expect(refused.json.elements(at: "errors").count == 5)
            #expect(refused.json.elements(at: "errors").allSatisfy { $0.text(at: "code") == "missing_step" })
            #expect(try await house.send(.post, "/v1/procedures/it-planning/versions", body, as: cast.admin).status == 201)
        }
    }
}
