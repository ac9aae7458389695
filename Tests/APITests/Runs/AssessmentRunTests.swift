import Domain
import HTTP
import TestSupport
import Testing

/// An assessment from the notice to the frozen results, through the API.
@Suite struct AssessmentRunTests {
    @Test func `two assessors score two of three who were invited, and the report freezes the results`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let body = """
                {"procedure":"pemantik-assessment","title":"PeManTIK 2026","assignments":{"informatics-division":"\(cast.officer.id)",
                "assessor":["\(cast.head.id)","\(cast.otherOfficer.id)"]},"participants":[
                {"name":"Regency A","unit_id":"\(cast.unit.id.text)"},{"name":"=Regency B","unit_id":"\(cast.otherUnit.id.text)"},
                {"name":"Regency C"}],"questionnaire":{"dimensions":[
                {"code":"governance","title":"Governance","weight":3,"maximum":50,"indicators":[{"code":"policy","title":"Is there a policy?"}]},
                {"code":"services","title":"Services","maximum":10}]}}
                """
            let begun = try await house.send(.post, "/v1/procedure-runs", body, as: cast.officer)
            try #require(begun.status == 201, "\(begun.text)")
            #expect(begun.integer("questionnaire.dimensions.1.weight") == 1)
            let run = "/v1/procedure-runs/\(begun.text("id") ?? "")"
            let ids = begun.json.elements(at: "participants").compactMap { $0.text(at: "id") }
            func complete(_ step: Int, _ members: String = "", as person: APIHouse.Person) async throws -> APIHouse.Answer {
                let answer = try await house.send(.post, "\(run)/steps/\(step)/complete", "{\(members)}", as: person)
                #expect(answer.status == 200, "step \(step): \(answer.text)")
                return answer
            }
            let third = #""participant_id":"\#(ids[2])""#
            _ = try await complete(1, as: cast.officer)
            for person in [cast.asker, cast.stranger] { _ = try await complete(2, as: person) }
            _ = try await complete(2, third + #","decision":"no""#, as: cast.officer)
            let bare = try await house.send(.post, "\(run)/steps/3/complete", "{}", as: cast.asker)
            #expect(bare.status == 422 && bare.text("errors.0.pointer") == "/answers")
            let proof = "att_\(String(repeating: "0", count: 26))"
            let answers = #""answers":[{"indicator":"policy","answer":"Yes.","evidence":["\#(proof)"]}]"#
            for person in [cast.asker, cast.stranger] {
                _ = try await complete(3, answers, as: person)
                _ = try await complete(4, as: person)
            }
            for id in ids.prefix(2) { _ = try await complete(5, #""participant_id":"\#(id)""#, as: cast.officer) }
            _ = try await complete(6, as: cast.officer)
            for step in [7, 8] { for person in [cast.asker, cast.stranger] { _ = try await complete(step, as: person) } }
            for step in [9, 10] { _ = try await complete(step, as: cast.officer) }
            for id in ids.prefix(2) {
                for person in [cast.head, cast.otherOfficer] { _ = try await complete(11, #""participant_id":"\#(id)""#, as: person) }
            }
            // A: 40 and 50 of 50, 6 and 4 of 10: (3 × 0.9 + 0.5) / 4 = 80. B: 50 and 50, 10 and 9: (3 + 0.95) / 4 = 98.75.
            for (id, person, governance, services) in [
                (ids[0], cast.head, 40, 6), (ids[0], cast.otherOfficer, 50, 4), (ids[1], cast.head, 50, 10),
                (ids[1], cast.otherOfficer, 50, 9),
            ] {
                let scores = #"[{"dimension":"governance","score":\#(governance)},{"dimension":"services","score":\#(services)}]"#
                _ = try await complete(12, #""participant_id":"\#(id)","scores":\#(scores)"#, as: person)
            }
            _ = try await complete(13, as: cast.officer)
            let early = try await house.send(.get, "\(run)/results", as: cast.asker)
            #expect(early.status == 200 && early.json.elements(at: "participants").isEmpty && early["frozen_at"] == .null)
            let ended = try await complete(14, as: cast.officer)
            #expect(ended.text("status") == "completed")

            let results = try await house.send(.get, "\(run)/results", as: cast.director)
            #expect(results.json.elements(at: "participants").map { $0.text(at: "name") } == ["=Regency B", "Regency A", "Regency C"])
            #expect(results.integer("participants.0.rank") == 1 && results["participants.0.overall"] == .number(98.75))
            #expect(results.integer("participants.1.overall") == 80 && results.integer("participants.1.spread") == 10)
            #expect(results["participants.2.rank"] == .null && results["participants.2.overall"] == .null)
            #expect(results.text("frozen_at") == ended.text("closed_at"))
            let csv = try await house.send(.get, "\(run)/results?format=csv", as: cast.director)
            #expect(csv.headers["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(
                csvRows(csv.text) == [
                    [
                        "rank", "participant_id", "name", "overall", "spread", "governance", "governance_spread", "services",
                        "services_spread",
                    ],
                    ["1", ids[1], "'=Regency B", "98.75", "2.50", "50.00", "0", "9.50", "1"],
                    ["2", ids[0], "Regency A", "80.00", "10.00", "45.00", "10", "5.00", "2"],
                    ["", ids[2], "Regency C", "", "", "", "", "", ""],
                ]
            )
            let own = try await house.send(.get, "\(run)/results", as: cast.asker).json.elements(at: "participants")
            #expect(own.map { $0.text(at: "name") } == ["Regency A"] && own.first?.integer(at: "rank") == 2)
            let late = try await house.send(.post, "\(run)/steps/12/complete", "{}", as: cast.admin)
            #expect(late.status == 409)
        }
    }

    @Test func `a run that is no assessment has no results and takes no questionnaire`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let planning = try #require(try ProgramCatalogue.procedures().first { $0.code == "it-planning" })
            let run = try await house.beginRun(planning, by: cast.officer, all: cast.officer)
            #expect(try await house.send(.get, "/v1/procedure-runs/\(run.text("id") ?? "")/results", as: cast.officer).status == 404)
            let roles = RunWork.neededRoles(of: StepGraph(planning.steps, takesImpliedDecisions: false))
                .map { #""\#($0)":"\#(cast.officer.id)""# }.joined(separator: ",")
            let body = """
                {"procedure":"it-planning","title":"A run","assignments":{\(roles)},
                "questionnaire":{"dimensions":[{"code":"a","title":"Aaa"},{"code":"a","title":"Bbb"}]}}
                """
            let twice = try await house.send(.post, "/v1/procedure-runs", body, as: cast.officer)
            #expect(twice.status == 422 && twice.text("errors.0.pointer") == "/questionnaire/dimensions/1/code")
            let once = body.split(separator: #","title":"Bbb""#).joined().split(separator: #",{"code":"a"}"#).joined()
            let refused = try await house.send(.post, "/v1/procedure-runs", once, as: cast.officer)
            #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/questionnaire", "\(refused.text)")
        }
    }
}
