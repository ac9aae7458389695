import API
import Domain
import HTTP
import TestSupport
import Testing

/// One success of every operation, made by living through it; the witness holds each answer against the document.
@Suite struct AnswerTests {
    @Test func `every operation answers as the document says`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            try await openCalls(witness)
            try await people(witness)
            try await tokens(witness)
            try await units(witness)
            try await equipment(witness)
            try await topology(witness)
            try await consultation(witness)
            try await desk(witness)
            try await live(witness)
            try await workspaceItem(witness)
            try await recaps(witness)
            try await complaint(witness)
            try await serviceRequest(witness)
            try await serviceComplaint(witness)
            try await remarksAndFiles(witness)
            try await catalogue(witness)
            try await procedureVersions(witness)
            try await runs(witness)
            try await calendar(witness)
            try await holidaysAndUnits(witness)
            try await pauses(witness)
            try await overdue(witness)
            try await schedules(witness)
            let documented = Set(witness.contract.operations.map(\.id))
            #expect(documented.subtracting(witness.successes) == [])
        }
    }

    @Test func `HEAD gives the head that GET gives`() async throws {
        try await ContractHouse.withHouse { house in
            let witness = try Witness(house)
            for operation in witness.contract.operations where operation.method == .get && !operation.path.contains("{") {
                // Only a search asks for something.
                let target = operation.path + (operation.id == "search" ? "?q=rumah" : "")
                let (get, head) = (await house.send(.get, target, as: .superAdmin), await house.send(.head, target, as: .superAdmin))
                #expect(get.status == 200 && head.status == 200, "\(operation.id)")
                for name in ["content-type", "etag", "link"] { #expect(get.headers[name] == head.headers[name], "\(operation.id) \(name)") }
            }
        }
    }

    private func openCalls(_ witness: Witness) async throws {
        for id in ["getLiveness", "getReadiness", "getOpenAPIYAML", "getOpenAPIJSON", "getDocs", "getMonitor", "listProblems"] {
            try await witness.send(id, expecting: 200)
        }
        for name in ["docs.css", "docs.js"] { try await witness.send("getDocsFile", [name], expecting: 200) }
        for name in ["monitor.css", "monitor.js"] { try await witness.send("getMonitorFile", [name], expecting: 200) }
        for code in ProblemCode.allCases { try await witness.send("getProblem", [code.rawValue], expecting: 200) }
        try await witness.send("getProblem", ["stale"], headers: [("accept-language", "en")], expecting: 200)
        try await witness.send("getMetrics", as: .superAdmin, expecting: 200)
    }

    private func people(_ witness: Witness) async throws {
        let unit = witness.house.office.id.text
        let whole = """
            {"username":"siti.rahmawati","name":"Siti","password":"sawah hijau sesudah hujan","nip":"198703152010012003",
            "email":"siti@balai.example.go.id","unit_id":"\(unit)","roles":["work-unit","director"],"active":true}
            """
        let made = try await witness.send("createUser", as: .superAdmin, body: whole, expecting: 201)
        let id = made.string("id")
        let bare = #"{"username":"tanpa","name":"Tanpa","unit_id":"\#(unit)","roles":["ict-officer"]}"#
        try await witness.send("createUser", query: "dry_run=true", as: .superAdmin, body: bare, expecting: 201)
        try await witness.send("createUser", as: .superAdmin, body: bare, headers: [("idempotency-key", "k1")], expecting: 201)
        let again = try await witness.send("createUser", as: .superAdmin, body: bare, headers: [("idempotency-key", "k1")], expecting: 201)
        #expect(again.headers["idempotency-replayed"] == "true")
        try await witness.send("createUser", as: .superAdmin, body: bare, expecting: 409)
        try await witness.send("createUser", as: .superAdmin, body: whole, headers: [("idempotency-key", "k1")], expecting: 422)

        let read = try await witness.send("getUser", [id], as: .superAdmin, expecting: 200)
        let tag = try #require(read.headers["etag"])
        try await witness.send("getUser", [id], as: .superAdmin, headers: [("if-none-match", tag)], expecting: 304)
        try await witness.send("getUser", [id], as: .director, expecting: 200)
        try await witness.send(
            "updateUser",
            [id],
            as: .superAdmin,
            body: #"{"name":"Siti R","nip":null}"#,
            headers: [("if-match", tag)],
            expecting: 200
        )
        try await witness.send("updateUser", [id], as: .superAdmin, body: "{}", headers: [("if-match", tag)], expecting: 412)
        try await witness.send(
            "updateUser",
            [id],
            as: .superAdmin,
            body: #"{"username":"tanpa"}"#,
            headers: [("if-match", "*")],
            expecting: 409
        )
        for role in [Role.superAdmin, .director] {
            try await witness.send("listUsers", query: "include_total=true&limit=2", as: role, expecting: 200)
            try await witness.send("listUsers", query: "format=csv", as: role, expecting: 200)
        }
        try await witness.send("deactivateUser", [id], as: .superAdmin, body: "{}", expecting: 200)
        try await witness.send("activateUser", [id], as: .superAdmin, expecting: 200)
        try await witness.send("deactivateUser", [id], as: .superAdmin, headers: [("if-match", "\"1\"")], expecting: 412)

        let once = try await witness.send("resetUserPassword", [id], as: .superAdmin, expecting: 200).string("password")
        let session = try await witness.send("createSession", body: #"{"username":"siti.rahmawati","password":"\#(once)"}"#, expecting: 201)
        let token = session.string("token")
        try await witness.send("getMe", token: token, expecting: 200)
        try await witness.send("listUnits", token: token, expecting: 403)
        let change = #"{"current_password":"\#(once)","new_password":"gunung biru di ujung jalan"}"#
        try await witness.send("changeMyPassword", query: "dry_run=true", token: token, body: change, expecting: 204)
        try await witness.send("changeMyPassword", token: token, body: change, expecting: 204)
        try await witness.send("deleteCurrentSession", query: "dry_run=true", token: token, expecting: 204)
        try await witness.send("deleteCurrentSession", token: token, expecting: 204)
        try await witness.send("getMe", token: token, expecting: 401)
        try await witness.send("createSession", body: #"{"username":"siti.rahmawati","password":"salah"}"#, expecting: 401)
        for role in Role.allCases { try await witness.send("getMe", as: role, expecting: 200) }
    }

    private func tokens(_ witness: Witness) async throws {
        let body = #"{"name":"Dasbor","scopes":["consultations:read","step-timings:read"]}"#
        let made = try await witness.send("createToken", as: .director, body: body, headers: [("idempotency-key", "t1")], expecting: 201)
        let again = try await witness.send("createToken", as: .director, body: body, headers: [("idempotency-key", "t1")], expecting: 201)
        #expect(again.string("token") == made.string("token"))
        let token = made.string("token")
        try await witness.send("getMe", token: token, expecting: 200)
        try await witness.send("listConsultations", token: token, expecting: 200)
        try await witness.send("listUnits", token: token, expecting: 403)
        let machine = #"{"name":"Mesin","scopes":["read"],"user_id":"\#(try witness.house.person(.ictOfficer).user.id.text)"}"#
        try await witness.send("createToken", as: .superAdmin, body: machine, expecting: 201)
        try await witness.send("createToken", as: .director, body: machine, expecting: 403)
        let dated = #"{"name":"Singkat","scopes":["read"],"expires_at":"2026-12-01T00:00:00+07:00"}"#
        try await witness.send("createToken", as: .director, body: dated, expecting: 201)
        try await witness.send(
            "createToken",
            as: .director,
            body: #"{"name":"x","scopes":["read"],"expires_at":"2020-01-01T00:00:00Z"}"#,
            expecting: 422
        )
        let page = try await witness.send("listTokens", query: "limit=1&include_total=true&sort=created_at", as: .director, expecting: 200)
        let cursor = page.string("page.next_cursor")
        #expect(page.headers["link"]?.contains(cursor) == true)
        try await witness.send("listTokens", query: "limit=1&sort=created_at&cursor=\(cursor)", as: .director, expecting: 200)
        try await witness.send("listTokens", query: "cursor=\(cursor)", as: .director, expecting: 400)
        try await witness.send("listTokens", as: .superAdmin, headers: [("accept", "text/csv")], expecting: 200)
        try await witness.send("deleteToken", [made.string("id")], as: .workUnit, expecting: 404)
        try await witness.send("deleteToken", [made.string("id")], as: .director, expecting: 204)
        try await witness.send("getMe", token: token, expecting: 401)
    }

    private func units(_ witness: Witness) async throws {
        let body =
            #"{"code":"SATKER-1","name":"Satker","kind":"satker","parent_id":"\#(witness.house.office.id.text)","time_zone":"Asia/Makassar"}"#
        let id = try await witness.send("createUnit", as: .superAdmin, body: body, expecting: 201).string("id")
        try await witness.send("createUnit", as: .superAdmin, body: body, expecting: 409)
        try await witness.send("createUnit", as: .director, body: body, expecting: 403)
        let tag = try #require(try await witness.send("getUnit", [id], as: .workUnit, expecting: 200).headers["etag"])
        try await witness.send("getUnit", [id], as: .workUnit, headers: [("if-none-match", tag)], expecting: 304)
        let patch = #"{"parent_id":null,"name":"Satker Satu"}"#
        let type = [("content-type", "application/merge-patch+json"), ("if-match", tag)]
        try await witness.send("updateUnit", [id], as: .superAdmin, body: patch, headers: type, expecting: 200)
        try await witness.send("updateUnit", [id], as: .superAdmin, body: patch, headers: [("if-match", tag)], expecting: 412)
        try await witness.send("updateUnit", [id], as: .superAdmin, body: #"{"code":"KI"}"#, headers: [("if-match", "*")], expecting: 409)
        try await witness.send("listUnits", query: "limit=1&include_total=true&kind=satker", as: .workUnit, expecting: 200)
        try await witness.send("listUnits", query: "format=csv", as: .workUnit, expecting: 200)
    }

    private func consultation(_ witness: Witness) async throws {
        let officer = #"{"officer_id":"\#(try witness.house.person(.consultationOfficer).user.id.text)"#
        let body = #"{"subject":"Rumah susun","detail":"Mohon petunjuk.","topic":"risk_management"}"#
        try await witness.send("createConsultation", query: "dry_run=true", as: .workUnit, body: body, expecting: 201)
        let made = try await witness.send("createConsultation", as: .workUnit, body: body, expecting: 201)
        let id = made.string("id")
        try await witness.send("createConsultation", as: .director, body: body, expecting: 403)
        let tag = try #require(made.headers["etag"])
        let edit = [("if-match", tag)]
        try await witness.send("updateConsultation", [id], as: .workUnit, body: #"{"topic":null}"#, headers: edit, expecting: 200)
        try await witness.send("updateConsultation", [id], as: .workUnit, body: #"{"subject":"Lain"}"#, headers: edit, expecting: 412)

        /// One event of the way, by its role; before it, the same event is refused to a stale reader and tried in a dry run.
        func step(_ event: String, as role: Role, _ body: String? = nil) async throws {
            let operation = "\(event)Consultation"
            try await witness.send(operation, [id], as: role, body: body, headers: [("if-match", "\"999\"")], expecting: 412)
            let dry = try await witness.send(operation, [id], query: "dry_run=true", as: role, body: body, expecting: 200)
            #expect(dry.headers["dry-run"] == "true")
            witness.house.pass(seconds: 60)
            try await witness.send(operation, [id], as: role, body: body, expecting: 200)
            for reader in [Role.workUnit, .superAdmin, .subdirectorateHead, .director] {
                try await witness.send("getConsultation", [id], as: reader, expecting: 200)
            }
        }
        try await step("submit", as: .workUnit)
        try await witness.send("submitConsultation", [id], as: .workUnit, expecting: 409)
        try await witness.send(
            "updateConsultation",
            [id],
            as: .workUnit,
            body: #"{"subject":"Lain"}"#,
            headers: [("if-match", "*")],
            expecting: 409
        )
        try await step("assign", as: .superAdmin, officer + #"","note":"Mohon."}"#)
        try await step("reassign", as: .superAdmin, officer + #"","reason":"Dinas luar."}"#)
        try await step("propose", as: .consultationOfficer, #"{"answer":"Jawaban.","plan":"Rencana.","note":"Catatan."}"#)
        try await step("return", as: .subdirectorateHead, #"{"reason":"Dasar hukum?"}"#)
        try await step("propose", as: .consultationOfficer, #"{"answer":"Jawaban kedua."}"#)
        try await witness.send("getConsultation", [id], as: .taskGiver, expecting: 403)
        try await step("approve", as: .subdirectorateHead)
        try await step("deliver", as: .consultationOfficer, #"{"note":"Melalui aplikasi."}"#)
        try await step("acknowledge", as: .workUnit, "{}")

        let other = try await witness.send("createConsultation", as: .workUnit, body: body, expecting: 201)
        try await witness.send("getConsultation", [other.string("number")], as: .workUnit, expecting: 200)
        try await witness.send("getConsultation", [other.string("id")], as: .consultationOfficer, expecting: 404)
        try await witness.send(
            "withdrawConsultation",
            [other.string("id")],
            as: .workUnit,
            body: #"{"reason":"Sudah terjawab."}"#,
            expecting: 200
        )
        try await witness.send("createConsultation", as: .workUnit, body: #"{"subject":"Ketiga","detail":"x"}"#, expecting: 201)

        for (operation, parameters) in [
            ("listConsultations", []), ("getConsultationHistory", [id]), ("getConsultationTimings", [id]), ("listStepTimings", []),
        ] {
            for role in [Role.workUnit, .director] {
                let page = try await witness.send(operation, parameters, query: "limit=2&include_total=true", as: role, expecting: 200)
                #expect(page["data"]?.elements.count == 2, "\(operation)")
                let cursor = page.string("page.next_cursor")
                try await witness.send(operation, parameters, query: "limit=2&cursor=\(cursor)", as: role, expecting: 200)
                let whole = try await witness.send(operation, parameters, as: role, expecting: 200)
                let rows = try await witness.send(operation, parameters, query: "format=csv", as: role, expecting: 200)
                #expect(rows.text.split(separator: "\r\n").count == (whole["data"]?.elements.count ?? 0) + 1, "\(operation)")
            }
        }
        let filters = "status=closed,withdrawn&topic=risk_management&created_at.gte=2026-01-01T00:00:00Z&q=rumah"
        let found = try await witness.send("listConsultations", query: filters, as: .director, expecting: 200)
        #expect(found["data"]?.elements.count == 1)
    }

    /// A clock that ran past its standard is told like any other.
    private func overdue(_ witness: Witness) async throws {
        let token = try await witness.send("createToken", as: .workUnit, body: #"{"name":"Lama","scopes":["read"]}"#, expecting: 201)
            .string("token")
        let leader = try await witness.send("createToken", as: .director, body: #"{"name":"Layar","scopes":["read"]}"#, expecting: 201)
            .string("token")
        witness.house.pass(seconds: 10 * 86_400)
        try await witness.send("getMe", as: .workUnit, expecting: 401)
        let list = try await witness.send("listConsultations", query: "status=draft", token: token, expecting: 200)
        #expect(list["data.0.clock.state"]?.text == "overdue")
        #expect(try #require(list["data.0.clock.remaining_s"]?.number) < 0)
        let picture = try await witness.send("getOverview", token: leader, expecting: 200)
        #expect(picture["overdue_cases"]?.elements.isEmpty == false)
        let late = try await witness.send("listStepTimings", query: "verdict=overdue", token: token, expecting: 200)
        #expect(late["data"]?.elements.count == 1)
    }

    private func catalogue(_ witness: Witness) async throws {
        let list = try await witness.send("listProcedures", query: "include_total=true", as: .workUnit, expecting: 200)
        let codes = (list["data"]?.elements ?? []).compactMap { $0["code"]?.text }
        #expect(codes.count == 12)
        for code in codes {
            try await witness.send("getProcedure", [code], as: .workUnit, expecting: 200)
            try await witness.send("getProcedureVersion", [code, "1"], as: .workUnit, expecting: 200)
        }
        try await witness.send("listProcedures", query: "format=csv", as: .workUnit, expecting: 200)
        try await witness.send("getProcedureVersion", ["consultation", "2"], as: .workUnit, expecting: 404)
        try await witness.send("listStepTimings", query: "verdict=on_time&step_no=2", as: .director, expecting: 200)
        let tag = try #require(try await witness.send("getCalendar", as: .workUnit, expecting: 200).headers["etag"])
        try await witness.send("getCalendar", as: .workUnit, headers: [("if-none-match", tag)], expecting: 304)
        let start = #"{"start":"2026-11-20T08:00:00+07:00""#
        try await witness.send("calculateWorkingTime", as: .workUnit, body: start + #","duration_s":27000}"#, expecting: 200)
        try await witness.send("calculateWorkingTime", as: .workUnit, body: start + #","end":"2026-11-23T08:00:00+07:00"}"#, expecting: 200)
        try await witness.send("calculateWorkingTime", as: .workUnit, body: start + "}", expecting: 422)
        try await witness.send("listWorkflows", as: .workUnit, expecting: 200)
        try await witness.send("listWorkflows", query: "format=csv", as: .workUnit, expecting: 200)
        for code in ["workspace", "ict-ticket", "it-service-request"] {
            try await witness.send("getWorkflow", [code], as: .workUnit, expecting: 200)
        }
        let workflow = try await witness.send("getWorkflow", ["consultation"], as: .workUnit, expecting: 200)
        let known = [("if-none-match", try #require(workflow.headers["etag"]))]
        try await witness.send("getWorkflow", ["consultation"], as: .workUnit, headers: known, expecting: 304)
        let picture = known + [("accept", "text/vnd.mermaid")]
        try await witness.send("getWorkflow", ["consultation"], as: .workUnit, headers: picture, expecting: 200)
        try await witness.send("getWorkflow", ["consultation"], as: .workUnit, headers: [("accept", "text/vnd.mermaid")], expecting: 200)
        try await witness.send("getWorkflow", ["other"], as: .workUnit, expecting: 404)
    }
}
