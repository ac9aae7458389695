import Domain
import HTTP
import TestSupport
import Testing

/// The whole way of a work item with one return, hour by hour in Jakarta.
@Suite struct WorkspaceItemWayTests {
    @Test func `each event moves state, version, clock and actions as the procedure says`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let created = try await house.send(.post, "/v1/workspace-items", APIHouse.newWorkItem, as: cast.giver)
            let id = try #require(created.text("id"))
            let path = "/v1/workspace-items/\(id)"
            #expect(created.status == 201 && created.headers["location"] == path && created.headers["etag"] == "\"1\"")
            #expect(created.text("status") == "draft" && created.integer("version") == 1)
            #expect(created.text("number") == "WSP-2026-000001" && created.text("unit_id") == cast.directorate.id.text)
            #expect(created.text("priority") == "normal" && created.integer("percent") == 0)
            #expect(created.clock == "2.1 create-work-item running" && created.integer("clock.standard_s") == 27_000)
            #expect(created.text("clock.due_at") == "2026-11-17T01:00:00.000Z")
            #expect(APIHouse.actions(created) == ["edit", "submit", "cancel"])

            let (giver, officer, admin) = (cast.giver, cast.officer, cast.admin)
            let correction = #"{"description":"Write it in one book.","priority":"high"}"#
            try await house.walk(
                path,
                [
                    CaseStep(
                        "16T10:00",
                        "submit",
                        #"{"officer_id":"\#(officer.id)"}"#,
                        by: giver,
                        "assigned",
                        2,
                        "3.1 receive-task no_standard",
                        ["cancel"]
                    ),
                    CaseStep(
                        "16T11:00",
                        "receive",
                        #"{"note":"Seen"}"#,
                        by: officer,
                        "in_verification",
                        3,
                        "4.1 verify-work-item no_standard"
                    ),
                    CaseStep("16T14:00", "return", #"{"reason":"Say what"}"#, by: admin, "assigned", 4, "3.2 receive-task no_standard"),
                    CaseStep(
                        "16T14:30",
                        "edit",
                        correction,
                        by: officer,
                        "assigned",
                        5,
                        "3.2 receive-task no_standard",
                        ["edit", "receive"]
                    ),
                    CaseStep("16T15:00", "receive", by: officer, "in_verification", 6, "4.2 verify-work-item no_standard"),
                    CaseStep("17T08:00", "approve", by: admin, "verified", 7, "5.1 receive-verification no_standard"),
                    CaseStep("17T09:00", "acknowledge", by: giver, "in_progress", 8, "5.1 receive-verification stopped", ["cancel"]),
                    CaseStep(
                        "17T10:00",
                        "progress",
                        #"{"percent":40,"note":"Chapter one"}"#,
                        by: officer,
                        "in_progress",
                        9,
                        "5.1 receive-verification stopped",
                        ["progress", "complete"]
                    ),
                    CaseStep(
                        "18T10:00",
                        "progress",
                        #"{"percent":40,"note":"Waiting"}"#,
                        by: officer,
                        "in_progress",
                        10,
                        "5.1 receive-verification stopped",
                        ["progress", "complete"]
                    ),
                    CaseStep(
                        "19T10:00",
                        "complete",
                        #"{"result":"A book","note":"Printed"}"#,
                        by: officer,
                        "completed",
                        11,
                        "5.1 receive-verification stopped"
                    ),
                ]
            )
            let done = try await house.send(.get, "/v1/workspace-items/WSP-2026-000001", as: cast.giver)
            #expect(done.integer("percent") == 100 && done.text("result") == "A book" && done.text("priority") == "high")
            #expect(done.text("closed_at") == "2026-11-19T03:00:00.000Z")
            #expect(
                try await house.timings(path, as: cast.director) == [
                    "1.1 done no_standard 0 -",
                    "2.1 done on_time 7200 27000",
                    "3.1 done no_standard 3600 -",
                    // 11:00 to 14:00 less the hour of rest.
                    "4.1 no no_standard 7200 -",
                    "3.2 done no_standard 3600 -",
                    // An hour of Monday and half an hour of Tuesday.
                    "4.2 yes no_standard 5400 -",
                    "5.1 done no_standard 3600 -",
                ]
            )
            #expect(
                try await house.history(path, as: cast.director) == [
                    "create - draft - Name of giver",
                    "submit draft assigned - Name of giver",
                    "receive assigned in_verification Seen Name of officer",
                    "return in_verification assigned Say what Name of admin",
                    "edit assigned assigned - Name of officer",
                    "receive assigned in_verification - Name of officer",
                    "approve in_verification verified - Name of admin",
                    "acknowledge verified in_progress - Name of giver",
                    "progress in_progress in_progress Chapter one Name of officer",
                    "progress in_progress in_progress Waiting Name of officer",
                    "complete in_progress completed Printed Name of officer",
                ]
            )
            let changes = try await house.send(.get, "\(path)/history?sort=created_at", as: cast.director).data.map { row in
                row.elements(at: "changed").compactMap { $0.text(at: "") }
            }
            #expect(
                changes == [[], ["officer_id"], [], [], ["description", "priority"], [], [], [], ["percent"], [], ["percent", "result"]]
            )
            let log = try await house.send(.get, "\(path)/progress?include_total=true", as: cast.giver)
            #expect(log.data.map { $0.integer(at: "version") } == [10, 9] && log.integer("page.total") == 2)
            #expect(log.data.map { $0.integer(at: "percent") } == [40, 40])
            #expect(log.data.map { $0.text(at: "note") } == ["Waiting", "Chapter one"])
            #expect(log.data.map { $0.text(at: "user_id") } == [officer.id, officer.id])
            #expect(log.data.map { $0.text(at: "created_at") } == ["2026-11-18T03:00:00.000Z", "2026-11-17T03:00:00.000Z"])
            #expect(try await house.store.read { tx throws(DomainError) in try tx.events.firstBroken() } == nil)
        }
    }

    @Test func `the log of progress is read page by page, each way`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = "/v1/workspace-items/\(try await house.workItem(cast, upTo: .inProgress))"
            for percent in [10, 20, 30] {
                let body = #"{"percent":\#(percent),"note":"n"}"#
                #expect(try await house.send(.post, "\(path)/progress", body, as: cast.officer).integer("percent") == percent)
            }
            for (sort, percents) in [("created_at", [10, 20, 30]), ("-created_at", [30, 20, 10])] {
                let first = try await house.send(.get, "\(path)/progress?limit=2&sort=\(sort)", as: cast.giver)
                let cursor = try #require(first.text("page.next_cursor"))
                let second = try await house.send(.get, "\(path)/progress?limit=2&sort=\(sort)&cursor=\(cursor)", as: cast.giver)
                #expect((first.data + second.data).map { $0.integer(at: "percent") } == percents)
                #expect(second["page.has_more"] == .bool(false))
            }
            let csv = try await house.send(.get, "\(path)/progress?format=csv", as: cast.giver)
            #expect(csvRows(csv.text).map { $0[1] } == ["percent", "30", "20", "10"])
        }
    }

    @Test func `the officer corrects what was returned to him, but does not pass it on`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = "/v1/workspace-items/\(try await house.workItem(cast, upTo: .inVerification))"
            func edit(_ body: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.patch, path, body, as: person, headers: ["if-match": "*"])
            }
            #expect(try await edit(#"{"title":"Early"}"#, as: cast.officer).status == 409)
            #expect(try await house.send(.post, "\(path)/return", #"{"reason":"No"}"#, as: cast.admin).status == 200)
            for officer in ["\"\(cast.otherOfficer.id)\"", "null"] {
                let refused = try await edit(#"{"title":"Passed on","officer_id":\#(officer)}"#, as: cast.officer)
                #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/officer_id", "\(refused.text)")
                #expect(refused.text("errors.0.code") == "not_allowed")
            }
            #expect(try await edit(#"{"title":"The giver"}"#, as: cast.giver).code == "transition_refused")
            #expect(try await edit(#"{"title":"Another"}"#, as: cast.otherOfficer).status == 404)
            let same = try await edit(#"{"officer_id":"\#(cast.officer.id)"}"#, as: cast.officer)
            #expect(same.status == 200 && same.integer("version") == 4 && same.text("title") == "A guide")
            let corrected = try await edit(#"{"title":"Better","target_date":"2026-12-01"}"#, as: cast.officer)
            #expect(corrected.text("title") == "Better" && corrected.text("target_date") == "2026-12-01")
            #expect(corrected.integer("version") == 5 && corrected.text("officer_id") == cast.officer.id)
        }
    }

    @Test func `the giver chooses an eligible officer, at the latest when he hands the work over`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = "/v1/workspace-items/\(try await house.workItem(cast))"
            let missing = try await house.send(.post, "\(path)/submit", "{}", as: cast.giver)
            #expect(missing.status == 422 && missing.text("errors.0.pointer") == "/officer_id")
            #expect(missing.text("errors.0.code") == "required")
            for (officer, code) in [
                (cast.head.id, "not_eligible"), (cast.giver.id, "not_eligible"), ("usr_00000000000000000000000000", "unknown_reference"),
            ] {
                let body = #"{"officer_id":"\#(officer)"}"#
                let submitted = try await house.send(.post, "\(path)/submit", body, as: cast.giver)
                let edited = try await house.send(.patch, path, body, as: cast.giver, headers: ["if-match": "*"])
                let new = #"{"title":"Work","description":"x","officer_id":"\#(officer)"}"#
                let created = try await house.send(.post, "/v1/workspace-items", new, as: cast.giver)
                for refused in [submitted, edited, created] {
                    #expect(refused.status == 422 && refused.text("errors.0.pointer") == "/officer_id", "\(refused.text)")
                    #expect(refused.text("errors.0.code") == code)
                }
            }
            let chosen = #"{"officer_id":"\#(cast.officer.id)"}"#
            #expect(try await house.send(.patch, path, chosen, as: cast.giver, headers: ["if-match": "*"]).status == 200)
            let other = #"{"officer_id":"\#(cast.otherOfficer.id)"}"#
            let submitted = try await house.send(.post, "\(path)/submit", other, as: cast.giver)
            #expect(submitted.text("officer_id") == cast.otherOfficer.id && submitted.text("status") == "assigned")
            #expect(try await house.send(.get, path, as: cast.officer).status == 404)
        }
    }

    @Test func `the giver may take the work back until it is completed`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let body = #"{"reason":"Not needed"}"#
            for stage in WorkStage.allCases where stage != .completed {
                let path = "/v1/workspace-items/\(try await house.workItem(cast, upTo: stage))"
                let ended = try await house.send(.post, "\(path)/cancel", body, as: cast.giver)
                #expect(ended.text("status") == "cancelled" && ended.text("clock.state") == "stopped", "\(stage): \(ended.text)")
                #expect(ended.text("closed_at") == house.now.rfc3339 && APIHouse.actions(ended).isEmpty)
                let last = try await house.timings(path, as: cast.director).last
                #expect(last?.contains(stage == .inProgress ? "5.1 done" : " cancelled ") == true, "\(stage): \(last ?? "")")
                let again = try await house.send(.post, "\(path)/cancel", body, as: cast.giver)
                #expect(again.status == 409 && again.text("state") == "cancelled" && again.json.elements(at: "allowed").isEmpty)
            }
            let path = "/v1/workspace-items/\(try await house.workItem(cast, upTo: .completed))"
            #expect(try await house.send(.post, "\(path)/cancel", body, as: cast.giver).status == 409)
        }
    }

    @Test func `nobody verifies the work he gave or was given`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let judge = try await house.person("judge", [.superAdmin, .assignedOfficer, .taskGiver], in: cast.directorate)
            let given = try await house.workItem(cast, upTo: .inVerification, giver: judge)
            let own = try await house.workItem(cast, upTo: .inVerification, officer: judge)
            for id in [given, own] {
                let path = "/v1/workspace-items/\(id)"
                for (event, body) in [("approve", "{}"), ("return", #"{"reason":"No"}"#)] {
                    let refused = try await house.send(.post, "\(path)/\(event)", body, as: judge)
                    #expect(refused.status == 403 && refused.code == "four_eyes", "\(event): \(refused.text)")
                }
                let read = try await house.send(.get, path, as: judge)
                #expect(read.integer("version") == 3 && APIHouse.actions(read) == (id == given ? ["cancel"] : []))
                #expect(try await house.send(.post, "\(path)/approve", as: cast.admin).status == 200)
            }
            let other = try await house.workItem(cast, upTo: .inVerification)
            #expect(try await house.send(.post, "/v1/workspace-items/\(other)/approve", as: judge).status == 200)
            let toHimself = #"{"title":"Mine","description":"x","officer_id":"\#(judge.id)"}"#
            #expect(try await house.send(.post, "/v1/workspace-items", toHimself, as: judge).code == "four_eyes")
        }
    }
}
