import Domain
import HTTP
import TestSupport
import Testing

/// Who sees which consultation, and which part of it.
@Suite struct VisibilityTests {
    @Test func `a unit sees its own, an officer what is assigned to him, leaders all`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let own = try await house.consultation(cast, upTo: .assigned)
            let draft = try await house.consultation(cast)
            let foreign = try await house.consultation(cast, upTo: .assigned, asker: cast.stranger, officer: cast.otherOfficer)
            let sights: [(APIHouse.Person, [String])] = [
                (cast.asker, [own, draft]), (cast.colleague, [own, draft]), (cast.stranger, [foreign]),
                (cast.officer, [own]), (cast.otherOfficer, [foreign]),
                (cast.admin, [own, draft, foreign]), (cast.head, [own, draft, foreign]), (cast.director, [own, draft, foreign]),
            ]
            for (person, seen) in sights {
                let who = person.user.username
                for id in [own, draft, foreign] {
                    let status = seen.contains(id) ? 200 : 404
                    for path in ["", "/history", "/timings"] {
                        #expect(try await house.send(.get, "/v1/consultations/\(id)\(path)", as: person).status == status, "\(who) \(path)")
                    }
                }
                let list = try await house.send(.get, "/v1/consultations?include_total=true", as: person)
                #expect(list.data.compactMap { $0.text(at: "id") } == seen.sorted(by: >), "\(who)")
                #expect(list.integer("page.total") == seen.count)
                let found = try await house.send(.get, "/v1/consultations?q=question&include_total=true", as: person)
                #expect(found.data.compactMap { $0.text(at: "id") } == seen.sorted(by: >), "\(who)")
                #expect(found.integer("page.total") == seen.count)
                let csv = try await house.send(.get, "/v1/consultations?format=csv", as: person)
                #expect(csvRows(csv.text).dropFirst().map { $0[0] } == seen.sorted(by: >), "\(who)")
            }
            let ownTimings = try await house.send(.get, "/v1/step-timings?limit=200", as: cast.stranger)
            #expect(Set(ownTimings.data.compactMap { $0.text(at: "subject_id") }) == [foreign])
            let performed = try await house.send(.get, "/v1/step-timings?limit=200", as: cast.officer)
            #expect(performed.data.allSatisfy { $0.text(at: "performer_id") == cast.officer.id } && !performed.data.isEmpty)
            let all = try await house.send(.get, "/v1/step-timings?limit=200", as: cast.director)
            #expect(Set(all.data.compactMap { $0.text(at: "subject_id") }) == [own, draft, foreign])
        }
    }

    @Test func `the unit reads plan and answer only once they are delivered, wherever it looks`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .inVerification)
            func looks(_ person: APIHouse.Person) async throws -> [APIHouse.Answer] {
                var answers: [APIHouse.Answer] = []
                for path in [
                    "/v1/consultations/\(id)", "/v1/consultations", "/v1/consultations?format=csv", "/v1/consultations?q=question",
                ] {
                    let answer = try await house.send(.get, path, as: person)
                    #expect(answer.status == 200)
                    answers.append(answer)
                }
                return answers
            }
            func finds(_ person: APIHouse.Person) async throws -> Int {
                try await house.send(.get, "/v1/consultations?q=hidden", as: person).data.count
            }
            for _ in 0..<2 {
                for person in [cast.asker, cast.colleague] {
                    #expect(try await looks(person).allSatisfy { !$0.text.contains("hidden") }, "\(person.user.username)")
                    #expect(try await finds(person) == 0)
                }
                for person in [cast.officer, cast.head, cast.director, cast.admin] {
                    #expect(try await looks(person).allSatisfy { $0.text.contains("hidden answer") && $0.text.contains("hidden plan") })
                }
                _ = try await house.send(.post, "/v1/consultations/\(id)/approve", as: cast.head)
            }
            let delivered = try await house.send(.post, "/v1/consultations/\(id)/deliver", as: cast.officer)
            #expect(delivered.text("status") == "answered")
            for person in [cast.asker, cast.colleague] {
                #expect(try await looks(person).allSatisfy { $0.text.contains("hidden answer") && $0.text.contains("hidden plan") })
                #expect(try await finds(person) == 1)
            }
        }
    }

    @Test func `a withdrawn case never shows the answer that was drafted`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .inVerification)
            let ended = try await house.send(.post, "/v1/consultations/\(id)/withdraw", #"{"reason":"Solved"}"#, as: cast.asker)
            #expect(ended.status == 200 && !ended.text.contains("hidden"))
            #expect(try await house.send(.get, "/v1/consultations?q=hidden", as: cast.asker).data.isEmpty)
        }
    }

    @Test func `a unit reads the reasons of its own people and none of the directorate's`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .inVerification)
            let path = "/v1/consultations/\(id)"
            _ = try await house.send(.post, "\(path)/return", #"{"reason":"Internal remark"}"#, as: cast.head)
            _ = try await house.send(.post, "\(path)/propose", #"{"answer":"Better","note":"Quiet note"}"#, as: cast.officer)
            _ = try await house.send(.post, "\(path)/withdraw", #"{"reason":"We found it ourselves"}"#, as: cast.asker)
            for format in ["", "?format=csv"] {
                for person in [cast.asker, cast.colleague] {
                    let history = try await house.send(.get, "\(path)/history\(format)", as: person)
                    #expect(history.status == 200)
                    #expect(!history.text.contains("Internal remark") && !history.text.contains("Quiet note"))
                    #expect(history.text.contains("We found it ourselves"), "\(person.user.username)")
                }
                let whole = try await house.send(.get, "\(path)/history\(format)", as: cast.director)
                #expect(whole.text.contains("Internal remark") && whole.text.contains("Quiet note"))
            }
        }
    }

    @Test func `who holds both sides sees and may do what each side gives`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let both = try await house.person("both", [.workUnit, .consultationOfficer], in: cast.unit)
            let ofUnit = try await house.consultation(cast, upTo: .inVerification)
            let assigned = try await house.consultation(cast, upTo: .assigned, asker: cast.stranger, officer: both)
            let foreign = try await house.consultation(cast, asker: cast.stranger)
            let list = try await house.send(.get, "/v1/consultations?include_total=true", as: both)
            #expect(list.data.compactMap { $0.text(at: "id") } == [ofUnit, assigned].sorted(by: >))
            #expect(list.integer("page.total") == 2)
            #expect(try await house.send(.get, "/v1/consultations/\(foreign)", as: both).status == 404)
            // Of his unit's case he is not the officer: its draft stays hidden from him.
            #expect(try await !house.send(.get, "/v1/consultations/\(ofUnit)", as: both).text.contains("hidden"))
        }
    }
}

/// Nobody stands on both sides of a gate.
@Suite struct FourEyesTests {
    @Test func `an officer who is also head cannot pass or return his own draft`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let double = try await house.person("double", [.consultationOfficer, .subdirectorateHead], in: cast.directorate)
            let id = try await house.consultation(cast, upTo: .inVerification, officer: double)
            for (event, body) in [("approve", "{}"), ("return", #"{"reason":"No"}"#)] {
                let refused = try await house.send(.post, "/v1/consultations/\(id)/\(event)", body, as: double)
                #expect(refused.status == 403 && refused.code == "four_eyes", "\(event) \(refused.text)")
            }
            let read = try await house.send(.get, "/v1/consultations/\(id)", as: double)
            #expect(read.json.elements(at: "actions").compactMap { $0.text(at: "name") } == ["pause"] && read.integer("version") == 4)
            // Another's draft he may judge.
            let other = try await house.consultation(cast, upTo: .inVerification)
            #expect(try await house.send(.post, "/v1/consultations/\(other)/approve", as: double).status == 200)
            #expect(try await house.send(.post, "/v1/consultations/\(id)/approve", as: cast.head).status == 200)
        }
    }

    @Test func `the one who asked cannot become the officer`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let asking = try await house.person("asking", [.workUnit, .consultationOfficer], in: cast.unit)
            let id = try await house.consultation(cast, upTo: .submitted, asker: asking)
            let body = #"{"officer_id":"\#(asking.id)"}"#
            let refused = try await house.send(.post, "/v1/consultations/\(id)/assign", body, as: cast.admin)
            #expect(refused.status == 403 && refused.code == "four_eyes")
            let assigned = try await house.consultation(cast, upTo: .assigned, asker: asking)
            let reassignment = #"{"officer_id":"\#(asking.id)","reason":"He knows"}"#
            #expect(try await house.send(.post, "/v1/consultations/\(assigned)/reassign", reassignment, as: cast.admin).code == "four_eyes")
        }
    }

    @Test func `only an active officer can be put in charge`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .submitted)
            _ = try await house.send(.post, "/v1/users/\(cast.otherOfficer.id)/deactivate", as: cast.admin)
            let unknown = "usr_00000000000000000000000000"
            for (officer, code) in [
                (cast.head.id, "not_eligible"), (cast.otherOfficer.id, "not_eligible"), (unknown, "unknown_reference"), ("x", "bad_format"),
            ] {
                let refused = try await house.send(
                    .post,
                    "/v1/consultations/\(id)/assign",
                    #"{"officer_id":"\#(officer)"}"#,
                    as: cast.admin
                )
                #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/officer_id", "\(refused.text)")
                #expect(refused.text("errors.0.code") == code)
            }
            #expect(try await house.send(.get, "/v1/consultations/\(id)", as: cast.admin).integer("version") == 2)
        }
    }
}

/// 403, 404 and 409: what is not allowed, what is not there, what is not now.
@Suite struct RefusalTests {
    @Test func `the state refuses with itself and the events it has`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let refusals: [(Stage, String, String, APIHouse.Person, String, [String])] = [
                (.draft, "assign", #"{"officer_id":"\#(cast.officer.id)"}"#, cast.admin, "draft", ["submit", "withdraw"]),
                (.submitted, "submit", "{}", cast.asker, "submitted", ["assign", "withdraw"]),
                (.assigned, "deliver", "{}", cast.officer, "assigned", ["propose", "reassign", "withdraw"]),
                (.assigned, "approve", "{}", cast.head, "assigned", ["propose", "reassign", "withdraw"]),
                (.inVerification, "propose", #"{"answer":"Again"}"#, cast.officer, "in_verification", ["approve", "return", "withdraw"]),
                (.verified, "return", #"{"reason":"No"}"#, cast.head, "verified", ["deliver", "reassign"]),
                (.verified, "withdraw", #"{"reason":"No"}"#, cast.asker, "verified", ["deliver", "reassign"]),
                (.answered, "deliver", "{}", cast.officer, "answered", ["acknowledge"]),
                (.closed, "acknowledge", "{}", cast.asker, "closed", []),
            ]
            for (stage, event, body, person, state, allowed) in refusals {
                let id = try await house.consultation(cast, upTo: stage)
                let before = try await house.send(.get, "/v1/consultations/\(id)", as: cast.director)
                let refused = try await house.send(.post, "/v1/consultations/\(id)/\(event)", body, as: person)
                #expect(refused.status == 409 && refused.code == "transition_refused", "\(event) in \(state): \(refused.text)")
                #expect(refused.text("state") == state)
                #expect(Set(refused.json.elements(at: "allowed").compactMap { $0.text(at: "") }) == Set(allowed), "\(refused.text)")
                #expect(try await house.send(.get, "/v1/consultations/\(id)", as: cast.director).json == before.json)
            }
        }
    }

    @Test func `the role refuses with 403 what the caller sees and with 404 what he does not`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .inVerification)
            for (person, status) in [
                (cast.asker, 403), (cast.officer, 403), (cast.director, 403), (cast.stranger, 404), (cast.otherOfficer, 404),
            ] {
                let refused = try await house.send(.post, "/v1/consultations/\(id)/approve", as: person)
                #expect(refused.status == status, "\(person.user.username): \(refused.text)")
                #expect(refused.code == (status == 403 ? "forbidden" : "not_found"))
            }
            for path in ["con_00000000000000000000000000", "KON-2026-999999", "nothing", "usr_\(id.dropFirst(4))"] {
                #expect(try await house.send(.get, "/v1/consultations/\(path)", as: cast.admin).code == "not_found", "\(path)")
            }
            #expect(try await house.send(.get, "/v1/nothing", as: cast.admin).code == "no_such_route")
            let wrong = try await house.send(.put, "/v1/consultations/\(id)", "{}", as: cast.admin)
            #expect(wrong.status == 405 && wrong.headers["allow"] == "GET, HEAD, OPTIONS, PATCH")
        }
    }

    @Test func `a draft is edited by the one who made it, and no later`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            func edit(_ body: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.patch, "/v1/consultations/\(id)", body, as: person, headers: ["if-match": "*"])
            }
            #expect(try await edit(#"{"subject":"Another"}"#, as: cast.colleague).status == 403)
            #expect(try await edit(#"{"subject":"Another"}"#, as: cast.stranger).status == 404)
            let edited = try await edit(#"{"subject":"Another","topic":"compliance"}"#, as: cast.asker)
            #expect(edited.text("subject") == "Another" && edited.text("topic") == "compliance" && edited.integer("version") == 2)
            let cleared = try await edit(#"{"topic":null}"#, as: cast.asker)
            #expect(cleared.json.value(at: "topic") == .null && cleared.text("subject") == "Another" && cleared.integer("version") == 3)
            #expect(try await edit(#"{"topic":null}"#, as: cast.asker).integer("version") == 3)
            let wrong = try await edit(#"{"status":"closed","subject":"x","detail":null}"#, as: cast.asker)
            #expect(wrong.status == 422)
            #expect(
                Set(wrong.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }) == ["/status", "/subject", "/detail"],
                "\(wrong.text)"
            )
            #expect(try await house.send(.get, "/v1/consultations?q=Another", as: cast.asker).data.count == 1)
            #expect(try await house.send(.get, "/v1/consultations?q=question", as: cast.asker).data.isEmpty)
            _ = try await house.send(.post, "/v1/consultations/\(id)/submit", as: cast.asker)
            #expect(try await edit(#"{"subject":"Too late"}"#, as: cast.asker).status == 409)
        }
    }
}
