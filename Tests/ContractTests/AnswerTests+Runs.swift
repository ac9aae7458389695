import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// The step of a procedure that is made in a test.
    static let step = #"""
        {"no":1,"code":"a","title":{"id":"x","en":"x"},"role":"clerk","also":[],"role_basis":"stated","scope":"case","inputs":[],
        "outputs":[],"checklist":[],"standard":null,"recurrence":null,"decision":null,"implied_decision":null}
        """#
    static let roles = #"[{"code":"clerk","title":{"id":"x","en":"x"}}]"#

    func procedureVersions(_ witness: Witness) async throws {
        let bare = #"{"title":{"id":"x","en":"x"},"issuer":"KI","roles":\#(Self.roles),"steps":[\#(Self.step)]}"#
        try await witness.send("createProcedureVersion", ["weekly"], query: "dry_run=true", as: .superAdmin, body: bare, expecting: 201)
        try await witness.send("createProcedureVersion", ["weekly"], as: .superAdmin, body: bare, expecting: 201)
        let nulls = bare.dropLast() + #","code":null,"version":null,"records":null,"forms":null,"approver":null,"timed_steps":null}"#
        try await witness.send("createProcedureVersion", ["weekly"], as: .superAdmin, body: String(nulls), expecting: 201)
        try await witness.send("createProcedureVersion", ["weekly"], as: .director, body: bare, expecting: 403)
        try await witness.send("getProcedure", ["weekly"], as: .director, expecting: 200)
        for code in ["pemantik-assessment", "system-deployment"] {
            let exported = try await witness.send("getProcedure", [code], as: .superAdmin, expecting: 200).text
            let key = [("idempotency-key", code)]
            try await witness.send("createProcedureVersion", [code], as: .superAdmin, body: exported, headers: key, expecting: 201)
            let again = try await witness.send(
                "createProcedureVersion",
                [code],
                as: .superAdmin,
                body: exported,
                headers: key,
                expecting: 201
            )
            #expect(again["version"]?.number == 2)
        }
    }

    /// An assessment of the office, of the subdirectorate head and of one without an account, run by the ICT officer.
    static func assessment(in house: ContractHouse) throws -> String {
        let (officer, head) = (try house.person(.ictOfficer).user.id.text, try house.person(.subdirectorateHead).user.id.text)
        return """
            {"procedure":"pemantik-assessment","title":"Penilaian 2026","assignments":{"informatics-division":"\(officer)",
            "assessor":["\(officer)","\(head)"]},"participants":[{"name":"Kabupaten","unit_id":"\(house.office.id.text)"},
            {"name":"Kota","user_id":"\(head)"},{"name":"Tanpa akun"}],"questionnaire":{"dimensions":[{"code":"governance",
            "title":"Tata kelola","weight":2,"maximum":50,"indicators":[{"code":"policy","title":"Ada kebijakan TIK"}]}]}}
            """
    }

    func schedules(_ witness: Witness) async throws {
        let officer = try witness.house.person(.ictOfficer).user.id.text
        let code = ["infrastructure-maintenance"]
        let body = #"""
            {"steps":[{"no":2},{"no":9,"recurrence":{"every":1,"unit":"year"}}],
            "assignments":{"admin-operator":"\#(officer)","planning-it-head":["\#(officer)"]}}
            """#
        // Every session is over by now, and will be again.
        func token(_ role: Role) async throws -> String {
            let body = #"{"username":"\#(role.rawValue)","password":"\#(ContractHouse.password)"}"#
            return try await witness.send("createSession", body: body, expecting: 201).string("token")
        }
        var officerToken = try await token(.ictOfficer)
        let (admin, director, asker) = (try await token(.superAdmin), try await token(.director), try await token(.workUnit))
        let proposal = try await witness.send("getProcedureSchedule", code, token: officerToken, expecting: 200)
        let tag = [("if-none-match", try #require(proposal.headers["etag"]))]
        try await witness.send("getProcedureSchedule", code, token: officerToken, headers: tag, expecting: 304)
        try await witness.send("getProcedureSchedule", ["nothing"], token: officerToken, expecting: 404)
        try await witness.send("getProcedureSchedule", code, token: asker, expecting: 403)
        try await witness.send("replaceProcedureSchedule", code, token: director, body: body, expecting: 403)
        try await witness.send("replaceProcedureSchedule", ["nothing"], token: admin, body: body, expecting: 404)
        try await witness.send("replaceProcedureSchedule", code, query: "dry_run=true", token: admin, body: body, expecting: 200)
        let stale = [("if-match", "\"7\"")]
        try await witness.send("replaceProcedureSchedule", code, token: admin, body: body, headers: stale, expecting: 412)
        try await witness.send("replaceProcedureSchedule", code, token: admin, body: #"{"assignments":{}}"#, expecting: 422)
        try await witness.send("replaceProcedureSchedule", code, token: admin, body: body, expecting: 200)
        // One period open, one that ended undone, two that nobody saw.
        for days in [0, 21] as [Int64] {
            witness.house.pass(seconds: days * 86_400)
            try await witness.house.tick()
        }
        officerToken = try await token(.ictOfficer)
        let later = try await witness.send("getProcedureSchedule", code, token: officerToken, expecting: 200)
        let statuses = later["steps.0.occasions"]?.elements.compactMap { $0["status"]?.text }
        #expect(statuses == ["open", "missed", "missed", "missed"])
        let run = later.string("steps.0.occasions.0.run_id")
        try await witness.send("getProcedureRun", [run], token: officerToken, expecting: 200)
        let inbox = try await witness.send("getInbox", token: officerToken, expecting: 200)
        #expect(inbox["data"]?.elements.contains { $0["id"]?.text == run } == true)
    }

    func runs(_ witness: Witness) async throws {
        let body = try Self.assessment(in: witness.house)
        try await witness.send("createProcedureRun", query: "dry_run=true", as: .ictOfficer, body: body, expecting: 201)
        let made = try await witness.send("createProcedureRun", as: .ictOfficer, body: body, expecting: 201)
        let (id, number) = (made.string("id"), made.string("number"))
        // Two before it were to hang links, comments and files on.
        #expect(number == "RUN-2026-000003")
        try await witness.send("createProcedureRun", as: .workUnit, body: body, expecting: 403)
        try await witness.send(
            "createProcedureRun",
            as: .ictOfficer,
            body: #"{"procedure":"x","title":"xyz","assignments":{}}"#,
            expecting: 422
        )
        let tag = try #require(made.headers["etag"])
        try await witness.send("getProcedureRun", [number], as: .ictOfficer, headers: [("if-none-match", tag)], expecting: 304)
        try await witness.send("getProcedureRun", [id], as: .taskGiver, expecting: 404)
        try await witness.send(
            "updateProcedureRun",
            [id],
            as: .ictOfficer,
            body: #"{"title":"Penilaian 2026/2027"}"#,
            headers: [("if-match", tag)],
            expecting: 200
        )
        try await witness.send("updateProcedureRun", [id], as: .director, body: "{}", headers: [("if-match", "*")], expecting: 403)

        /// One step, tried dry and stale before; every reader is shown what the document says.
        func step(_ number: Int, as role: Role, _ body: String = "{}") async throws {
            let parameters = [id, String(number)]
            try await witness.send(
                "completeProcedureRunStep",
                parameters,
                query: "dry_run=true",
                as: role,
                body: body,
                headers: [("if-match", "\"999\"")],
                expecting: 412
            )
            witness.house.pass(seconds: 60)
            try await witness.send("completeProcedureRunStep", parameters, as: role, body: body, expecting: 200)
            for reader in [Role.workUnit, .superAdmin, .director, .ictOfficer] {
                try await witness.send("getProcedureRun", [id], as: reader, expecting: 200)
            }
        }
        try await witness.send("completeProcedureRunStep", [id, "2"], as: .superAdmin, body: "{}", expecting: 409)
        try await witness.send("completeProcedureRunStep", [id, "1"], as: .director, body: "{}", expecting: 403)
        try await step(1, as: .ictOfficer, #"{"outputs":["Resi pos"],"note":"Terkirim."}"#)
        try await step(2, as: .workUnit)
        try await step(2, as: .subdirectorateHead, #"{"decision":"no","note":"Tidak tahun ini."}"#)
        let proof = "att_\(String(repeating: "0", count: 26))"
        try await step(3, as: .workUnit, #"{"answers":[{"indicator":"policy","answer":"Ada.","evidence":["\#(proof)"]}]}"#)
        for role in [Role.workUnit, .director] {
            let results = try await witness.send("getProcedureRunResults", [id], as: role, expecting: 200)
            let known = [("if-none-match", try #require(results.headers["etag"]))]
            try await witness.send("getProcedureRunResults", [id], as: role, headers: known, expecting: 304)
            try await witness.send("getProcedureRunResults", [id], query: "format=csv", as: role, expecting: 200)
            try await witness.send("getProcedureRunResults", [id], query: "format=xlsx", as: role, expecting: 200)
        }
        try await scored(witness)
        for operation in ["listProcedureRuns", "getProcedureRunHistory", "getProcedureRunTimings"] {
            for role in [Role.workUnit, .director] {
                let parameters = operation == "listProcedureRuns" ? [] : [id]
                let page = try await witness.send(operation, parameters, query: "limit=2&include_total=true", as: role, expecting: 200)
                #expect(page["data"]?.elements.isEmpty == false, "\(operation)")
                try await witness.send(operation, parameters, query: "format=csv", as: role, expecting: 200)
            }
        }
        let found = try await witness.send(
            "listProcedureRuns",
            query: "procedure=pemantik-assessment&status=running&q=penilaian",
            as: .director,
            expecting: 200
        )
        #expect(found["data"]?.elements.count == 2)
        try await witness.send("cancelProcedureRun", [id], as: .ictOfficer, body: #"{"reason":"Ditunda."}"#, expecting: 200)
        try await witness.send("cancelProcedureRun", [id], as: .ictOfficer, body: #"{"reason":"Lagi."}"#, expecting: 409)
        try await witness.send("completeProcedureRunStep", [id, "4"], as: .superAdmin, body: "{}", expecting: 409)
        try await witness.send("updateProcedureRun", [id], as: .ictOfficer, body: "{}", headers: [("if-match", "*")], expecting: 409)
    }

    /// A run whose one participant was scored.
    private func scored(_ witness: Witness) async throws {
        let officer = try witness.house.person(.ictOfficer).user.id.text
        let body = """
            {"procedure":"pemantik-assessment","title":"Penilaian","assignments":{"informatics-division":"\(officer)",
            "assessor":"\(officer)","regency-city":"\(officer)"},"participants":[{"name":"Kabupaten"}]}
            """
        let id = try await witness.send("createProcedureRun", as: .ictOfficer, body: body, expecting: 201).string("id")
        for number in 1...12 {
            let scores = number == 12 ? #"{"scores":[{"dimension":"tata-kelola","score":83}]}"# : "{}"
            try await witness.send("completeProcedureRunStep", [id, String(number)], as: .ictOfficer, body: scores, expecting: 200)
        }
        let results = try await witness.send("getProcedureRunResults", [id], as: .director, expecting: 200)
        #expect(results["participants.0.overall"]?.number == 83)
    }
}
