import Domain
import HTTP
import TestSupport
import Testing

extension APIHouse {
    /// Begins a run in which one user holds every role that a step needs; returns its answer.
    func beginRun(_ procedure: Procedure, by person: Person, all holder: Person, participants: String? = nil) async throws -> Answer {
        let graph = StepGraph(procedure.steps, takesImpliedDecisions: procedure.takesImpliedDecisions)
        let roles = RunWork.neededRoles(of: graph).map { #""\#($0)":"\#(holder.id)""# }.joined(separator: ",")
        let invited = participants.map { #","participants":\#($0)"# } ?? ""
        let body = #"{"procedure":"\#(procedure.code)","title":"A run","assignments":{\#(roles)}\#(invited)}"#
        return try await send(.post, "/v1/procedure-runs", body, as: person)
    }

    /// Completes what is open, the first first, until nothing is; answers the last one.
    func walk(_ first: Answer, by person: Person) async throws -> Answer {
        var run = first
        var moves = 0
        while run.text("status") == "running", moves < 200 {
            moves += 1
            pass(seconds: 600)
            let steps = run.json.elements(at: "steps")
            let step = try #require(steps.first { $0.text(at: "state") == "open" })
            let missing = try #require(step.elements(at: "missing").first)
            let needed = missing.elements(at: "members")
            var members: [String] = []
            if needed.contains(.string("decision")) { members.append(#""decision":"yes""#) }
            if let id = missing.text(at: "participant_id") { members.append(#""participant_id":"\#(id)""#) }
            if needed.contains(.string("checklist")) {
                let count = try #require(
                    try ProgramCatalogue.procedures().first { $0.code == run.text("procedure") }?.steps
                        .first { $0.number == step.integer(at: "no") }?.checklist
                )
                members.append(#""checklist":\#(Array(0..<count))"#)
            }
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")/steps/\(step.integer(at: "no") ?? 0)/complete"
            run = try await send(.post, path, "{\(members.joined(separator: ","))}", as: person)
            try #require(run.status == 200, "\(path): \(run.text)")
        }
        return run
    }
}

/// Runs of procedures through the API.
@Suite struct ProcedureRunTests {
    @Test func `every procedure of the catalogue runs to its end`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let invited = #"[{"name":"Regency A"},{"name":"Regency B"}]"#
            for procedure in try ProgramCatalogue.procedures() {
                let isInvited = procedure.code == "pemantik-assessment"
                let begun = try await house.beginRun(
                    procedure,
                    by: cast.officer,
                    all: cast.officer,
                    participants: isInvited ? invited : nil
                )
                #expect(begun.status == 201, "\(begun.text)")
                let ended = try await house.walk(begun, by: cast.officer)
                #expect(ended.text("status") == "completed", "\(procedure.code)")
                #expect(ended.text("clock.state") == "stopped" && ended.text("closed_at") != nil)
                let steps = ended.json.elements(at: "steps")
                #expect(steps.allSatisfy { $0.text(at: "state") == "done" } && steps.count == procedure.steps.count)
                let timings = try await house.send(
                    .get,
                    "/v1/procedure-runs/\(ended.text("number") ?? "")/timings?limit=200",
                    as: cast.officer
                ).data
                let each = procedure.steps.filter { $0.scope == .participant }.count
                #expect(timings.count == procedure.steps.count + each, "\(procedure.code)")
                #expect(timings.allSatisfy { $0.text(at: "finished_at") != nil && $0.text(at: "subject_type") == "procedure_run" })
            }
        }
    }

    @Test func `a step is for its performer, and the super admin stands in for him, which is noted`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let planning = try #require(try ProgramCatalogue.procedures().first { $0.code == "it-planning" })
            let run = try await house.beginRun(planning, by: cast.officer, all: cast.otherOfficer)
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")"
            #expect(run.json.elements(at: "actions").map { $0.text(at: "name") } == ["edit", "cancel", "pause"])
            #expect(try await house.send(.post, "\(path)/steps/1/complete", "{}", as: cast.officer).status == 403)
            #expect(try await house.send(.post, "\(path)/steps/1/complete", "{}", as: cast.head).status == 403)
            #expect(try await house.send(.post, "\(path)/steps/1/complete", "{}", as: cast.asker).status == 404)
            let early = try await house.send(.post, "\(path)/steps/2/complete", "{}", as: cast.otherOfficer)
            #expect(early.status == 409 && early.json.elements(at: "allowed") == [.string("complete step 1")])
            #expect(try await house.send(.post, "\(path)/steps/6/complete", "{}", as: cast.otherOfficer).status == 404)

            let own = try await house.send(.get, path, as: cast.otherOfficer)
            #expect(own.text("actions.0.href") == "\(path)/steps/1/complete" && own.text("actions.1.name") == "pause")
            #expect(own.json.elements(at: "actions").count == 2)
            let body = #"{"outputs":["A list","A table"],"note":"Gathered."}"#
            #expect(try await house.send(.post, "\(path)/steps/1/complete", body, as: cast.otherOfficer).status == 200)
            let stale = try await house.send(.post, "\(path)/steps/2/complete", "{}", as: cast.admin, headers: ["if-match": "\"1\""])
            #expect(stale.status == 412)
            let stood = try await house.send(.post, "\(path)/steps/2/complete", "{}", as: cast.admin)
            #expect(stood.status == 200)
            #expect(stood["steps.0.attempts.0.completions.0.by_super_admin"] == .bool(false))
            #expect(stood["steps.0.attempts.0.completions.0.outputs"] == .array([.string("A list"), .string("A table")]))
            #expect(stood["steps.1.attempts.0.completions.0.by_super_admin"] == .bool(true))
            #expect(stood.text("steps.1.attempts.0.completions.0.user_id") == cast.admin.id)
            #expect(stood.text("steps.1.attempts.0.completions.0.performer") == cast.otherOfficer.id)
            let history = try await house.send(.get, "\(path)/history?sort=created_at", as: cast.admin).data
            #expect(history.compactMap { $0.text(at: "event") } == ["create", "complete", "complete_in_place"])
        }
    }

    @Test func `a run sees to it that its roles and participants are there`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            func begin(_ body: String, _ person: APIHouse.Person) async throws -> (Int, Set<String>) {
                let answer = try await house.send(.post, "/v1/procedure-runs", body, as: person)
                return (answer.status, Set(answer.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }))
            }
            let none = try await begin(#"{"procedure":"no-such","title":"A run","assignments":{}}"#, cast.officer)
            #expect(none == (422, ["/procedure"]))
            let bare = try await begin(
                #"{"procedure":"pemantik-assessment","title":"A run","assignments":{"chair":"usr_\#(String(repeating: "0", count: 26))"}}"#,
                cast.officer
            )
            #expect(bare == (422, ["/assignments/chair", "/assignments/informatics-division", "/assignments/assessor", "/participants"]))
            #expect(try await begin(#"{"procedure":"it-planning","title":"A run","assignments":{}}"#, cast.asker) == (403, []))
        }
    }

    @Test func `a run is seen by leaders, by who has a part in it and by who began it`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let pemantik = try #require(try ProgramCatalogue.procedures().first { $0.code == "pemantik-assessment" })
            let invited = #"[{"name":"Unit A","unit_id":"\#(cast.unit.id.text)"},{"name":"Other","user_id":"\#(cast.director.id)"}]"#
            let run = try await house.beginRun(pemantik, by: cast.officer, all: cast.otherOfficer, participants: invited)
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")"
            for (person, sees) in [
                (cast.admin, true), (cast.head, true), (cast.director, true), (cast.officer, true), (cast.otherOfficer, true),
                (cast.asker, true), (cast.colleague, true), (cast.stranger, false),
            ] {
                #expect(try await house.send(.get, path, as: person).status == (sees ? 200 : 404))
                let list = try await house.send(.get, "/v1/procedure-runs?include_total=true&status=running&q=run", as: person)
                #expect(list.data.count == (sees ? 1 : 0) && list.integer("page.total") == (sees ? 1 : 0))
                #expect(try await house.send(.get, "/v1/procedure-runs", as: person).data.count == (sees ? 1 : 0))
            }
            // Those outside see their own part only.
            #expect(try await house.send(.get, path, as: cast.asker).json.elements(at: "participants").count == 1)
            #expect(try await house.send(.get, path, as: cast.officer).json.elements(at: "participants").count == 2)
        }
    }

    @Test func `a participant does his own steps, others do theirs for him, and he may decline`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let pemantik = try #require(try ProgramCatalogue.procedures().first { $0.code == "pemantik-assessment" })
            let invited = #"[{"name":"Unit A","unit_id":"\#(cast.unit.id.text)"},{"name":"Unit B","unit_id":"\#(cast.otherUnit.id.text)"}]"#
            let run = try await house.beginRun(pemantik, by: cast.officer, all: cast.officer, participants: invited)
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")/steps"
            func complete(_ step: Int, _ body: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.post, "\(path)/\(step)/complete", body, as: person)
            }
            #expect(try await complete(1, "{}", as: cast.officer).status == 200)
            #expect(try await complete(2, "{}", as: cast.officer).status == 403)
            #expect(try await complete(2, "{}", as: cast.admin).status == 422)
            #expect(try await complete(2, "{}", as: cast.colleague).status == 200)
            let declined = try await complete(2, #"{"decision":"no","note":"Not this year."}"#, as: cast.stranger)
            #expect(declined.status == 200 && declined["participants.0.declined"] == .bool(true))
            #expect(try await complete(2, "{}", as: cast.asker).status == 409)
            for step in [3, 4] { #expect(try await complete(step, "{}", as: cast.asker).status == 200) }
            #expect(try await complete(5, #"{"decision":"no"}"#, as: cast.officer).status == 422)
            let received = try await complete(5, "{}", as: cast.officer)
            #expect(received.status == 200 && received["steps.5.state"] == .string("open"))
        }
    }

    @Test func `a gate needs its answer and a checklist its ticks`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let deployment = try #require(try ProgramCatalogue.procedures().first { $0.code == "system-deployment" })
            let run = try await house.beginRun(deployment, by: cast.officer, all: cast.officer)
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")/steps"
            func complete(_ step: Int, _ body: String) async throws -> (Int, [String?]) {
                let answer = try await house.send(.post, "\(path)/\(step)/complete", body, as: cast.officer)
                return (answer.status, answer.json.elements(at: "errors").map { $0.text(at: "pointer") })
            }
            #expect(try await complete(1, #"{"decision":"yes"}"#) == (422, ["/decision"]))
            #expect(try await complete(1, "{}") == (200, []))
            #expect(try await complete(2, #"{"checklist":[0,1,4]}"#) == (422, ["/checklist/2", "/checklist"]))
            #expect(try await complete(2, #"{"checklist":[3,2,1,0]}"#) == (200, []))
            #expect(try await complete(3, #"{"checklist":[0,1,2,3]}"#) == (200, []))
            #expect(try await complete(4, "{}") == (422, ["/decision", "/checklist"]))
            #expect(try await complete(4, #"{"decision":"no","checklist":[0]}"#) == (200, []))
            #expect(try await complete(4, #"{"decision":"yes","checklist":[0,1,2]}"#) == (200, []))
            let now = try await house.send(.get, String(path.dropLast(6)), as: cast.officer)
            #expect(now.json.elements(at: "steps.3.attempts").map { $0.text(at: "outcome") } == ["no", "yes"])
            #expect(now.integer("steps.3.attempts.1.clock.attempt") == 2 && now.integer("clock.step_no") == 5)
        }
    }

    @Test func `who began a run calls it off, and everything open ends`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let pemantik = try #require(try ProgramCatalogue.procedures().first { $0.code == "pemantik-assessment" })
            let run = try await house.beginRun(
                pemantik,
                by: cast.officer,
                all: cast.otherOfficer,
                participants: #"[{"name":"Regency A"},{"name":"Regency B"}]"#
            )
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")"
            _ = try await house.send(.post, "\(path)/steps/1/complete", "{}", as: cast.otherOfficer)
            let reason = #"{"reason":"Postponed"}"#
            #expect(try await house.send(.post, "\(path)/cancel", reason, as: cast.otherOfficer).status == 403)
            let dry = try await house.send(.post, "\(path)/cancel?dry_run=true", reason, as: cast.officer)
            #expect(dry.text("status") == "cancelled")
            let cancelled = try await house.send(.post, "\(path)/cancel", reason, as: cast.officer)
            #expect(cancelled.status == 200 && cancelled.text("clock.state") == "stopped")
            let timings = try await house.send(.get, "\(path)/timings", as: cast.officer).data
            #expect(Set(timings.compactMap { $0.text(at: "outcome") }) == ["done", "cancelled"] && timings.count == 3)
            let late = try await house.send(.post, "\(path)/steps/2/complete", "{}", as: cast.admin)
            #expect(late.status == 409 && late.text("state") == "cancelled")
        }
    }

    @Test func `a step of scope period is done once a month`() async throws {
        let version = #"""
            {"title":{"id":"x","en":"x"},"issuer":"KI","roles":[{"code":"clerk","title":{"id":"x","en":"x"}}],"steps":[{"no":1,"code":"a",
            "title":{"id":"x","en":"x"},"role":"clerk","also":[],"role_basis":"stated","scope":"period","inputs":[],"outputs":[],
            "checklist":[],"standard":null,"recurrence":{"every":1,"unit":"month"},"decision":{"question":{"id":"x","en":"x"},
            "yes":{"goto":"end"},"no":{"goto":1}},"implied_decision":null}]}
            """#
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            #expect(try await house.send(.post, "/v1/procedures/monthly/versions", version, as: cast.admin).status == 201)
            let body = #"{"procedure":"monthly","title":"A run","assignments":{"clerk":"\#(cast.officer.id)"}}"#
            let run = try await house.send(.post, "/v1/procedure-runs", body, as: cast.officer)
            let path = "/v1/procedure-runs/\(run.text("id") ?? "")/steps/1/complete"
            #expect(try await house.send(.post, path, #"{"decision":"no"}"#, as: cast.officer).status == 200)
            let again = try await house.send(.post, path, #"{"decision":"yes"}"#, as: cast.officer)
            #expect(again.status == 409 && again.code == "conflict")
            // The first of December in Jakarta, when it is still November elsewhere.
            house.set(try #require(Instant(rfc3339: "2026-11-30T17:00:00Z")))
            let next = try await house.send(.post, path, #"{"decision":"yes"}"#, as: cast.officer)
            #expect(next.status == 200 && next.text("status") == "completed")
        }
    }
}
