import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    func calendar(_ witness: Witness) async throws {
        let read = try await witness.send("getCalendar", as: .workUnit, expecting: 200)
        let tag = try #require(read.headers["etag"])
        let body = CalendarBody.standard(holidays: [("2026-12-25", "Hari Raya Natal")])
        let match = [("if-match", tag)]
        try await witness.send("replaceCalendar", as: .director, body: body, headers: match, expecting: 403)
        try await witness.send("replaceCalendar", as: .superAdmin, body: body, expecting: 428)
        let dry = try await witness.send(
            "replaceCalendar",
            query: "dry_run=true",
            as: .superAdmin,
            body: body,
            headers: match,
            expecting: 200
        )
        #expect(dry.headers["dry-run"] == "true" && dry["version"]?.number == 2)
        let put = try await witness.send("replaceCalendar", as: .superAdmin, body: body, headers: match, expecting: 200)
        #expect(put["version"]?.number == 2)
        try await witness.send("replaceCalendar", as: .superAdmin, body: body, headers: match, expecting: 412)
        // What was read can be sent back as it is.
        let again = try await witness.send("replaceCalendar", as: .superAdmin, body: put.text, headers: [("if-match", "*")], expecting: 200)
        #expect(again["version"]?.number == 2)
        let late = CalendarBody.standard(weeks: CalendarBody.standardWeek + #",{"from":"x","days":{"mon":[["1","2"]]}}"#)
        let refused = try await witness.send("replaceCalendar", as: .superAdmin, body: late, headers: [("if-match", "*")], expecting: 422)
        let pointers = refused["errors"]?.elements.compactMap { $0["pointer"]?.text }
        #expect(pointers == ["/weeks/1/from", "/weeks/1/days/mon/0"])

        let month = #"{"from":"2027-02-08","to":"2027-03-09"}"#
        let key = [("idempotency-key", "ramadan")]
        try await witness.send("addRamadan", as: .superAdmin, body: month, headers: [("if-match", "\"1\"")], expecting: 412)
        let fasting = try await witness.send("addRamadan", as: .superAdmin, body: month, headers: key, expecting: 200)
        #expect(fasting["weeks"]?.elements.count == 2 && fasting["version"]?.number == 3)
        let replayed = try await witness.send("addRamadan", as: .superAdmin, body: month, headers: key, expecting: 200)
        #expect(replayed.headers["idempotency-replayed"] == "true")
        try await witness.send("addRamadan", as: .superAdmin, body: #"{"from":"2027-03-09","to":"2027-02-08"}"#, expecting: 422)
    }

    func holidaysAndUnits(_ witness: Witness) async throws {
        let file = """
            BEGIN:VCALENDAR
            VERSION:2.0
            BEGIN:VEVENT
            DTSTART;VALUE=DATE:20270101
            SUMMARY:Tahun Baru
            END:VEVENT
            END:VCALENDAR
            """
        let type = ("content-type", "text/calendar; charset=utf-8")
        let year = "replace_year=2027"
        let taken = try await witness.send("importHolidays", query: year, as: .superAdmin, body: file, headers: [type], expecting: 200)
        #expect(taken["holidays"]?.elements.compactMap { $0["name"]?.text } == ["Hari Raya Natal", "Tahun Baru"])
        try await witness.send("importHolidays", as: .superAdmin, body: file, expecting: 415)
        try await witness.send("importHolidays", as: .superAdmin, body: file, headers: [type, ("if-match", "\"1\"")], expecting: 412)
        try await witness.send("importHolidays", query: "replace_year=2026", as: .superAdmin, body: file, headers: [type], expecting: 422)
        let large = String(repeating: "X", count: 256 << 10 + 1)
        try await witness.send("importHolidays", as: .superAdmin, body: large, headers: [type], expecting: 413)
        try await witness.send("importHolidays", as: .director, body: file, headers: [type], expecting: 403)

        let unit = witness.house.office.id.text
        let inherited = try await witness.send("getUnitCalendar", [unit], as: .workUnit, expecting: 200)
        let tag = [("if-match", try #require(inherited.headers["etag"]))]
        #expect(inherited["own"] == .bool(false) && inherited["version"]?.number == 0)
        let known = [("if-none-match", tag[0].1)]
        try await witness.send("getUnitCalendar", [unit], as: .workUnit, headers: known, expecting: 304)
        try await witness.send("deleteUnitCalendar", [unit], as: .superAdmin, headers: tag, expecting: 404)
        let body = CalendarBody.standard(zone: "Asia/Makassar")
        try await witness.send("replaceUnitCalendar", [unit], as: .superAdmin, body: body, expecting: 428)
        let own = try await witness.send("replaceUnitCalendar", [unit], as: .superAdmin, body: body, headers: tag, expecting: 200)
        #expect(own["own"] == .bool(true) && own.headers["etag"] == "\"1\"")
        try await witness.send("replaceUnitCalendar", [unit], as: .superAdmin, body: body, headers: tag, expecting: 412)
        let any = [("if-match", "*")]
        try await witness.send("deleteUnitCalendar", [unit], query: "dry_run=true", as: .superAdmin, headers: any, expecting: 204)
        try await witness.send("deleteUnitCalendar", [unit], as: .superAdmin, headers: any, expecting: 204)
        try await witness.send("deleteUnitCalendar", [unit], as: .superAdmin, headers: any, expecting: 404)
    }

    func pauses(_ witness: Witness) async throws {
        let made = try await witness.send("createConsultation", as: .workUnit, body: #"{"subject":"Jeda","detail":"x"}"#, expecting: 201)
        let officer = #"{"officer_id":"\#(try witness.house.person(.consultationOfficer).user.id.text)"}"#
        let item = try await witness.send(
            "createWorkspaceItem",
            as: .taskGiver,
            body: #"{"title":"Jeda","description":"x"}"#,
            expecting: 201
        )
        let ticket = try await witness.send("createTicket", as: .workUnit, body: #"{"kind":"complaint","problem":"x"}"#, expecting: 201)
        let assessment = try Self.assessment(in: witness.house)
        let run = try await witness.send("createProcedureRun", as: .ictOfficer, body: assessment, expecting: 201)
        let cases = [("Consultation", made), ("WorkspaceItem", item), ("Ticket", ticket), ("ProcedureRun", run)]
        for (kind, id) in cases.map({ ($0.0, $0.1.string("id")) }) {
            let body = #"{"reason":"Menunggu data."}"#
            let stale = [("if-match", "\"9\"")]
            try await witness.send("pause\(kind)", [id], as: .superAdmin, body: body, headers: stale, expecting: 412)
            let paused = try await witness.send("pause\(kind)", [id], as: .superAdmin, body: body, expecting: 200)
            #expect(paused.string("clock.state") == "paused")
            try await witness.send("pause\(kind)", [id], as: .superAdmin, body: body, expecting: 409)
            try await witness.send("get\(kind)", [id], as: .superAdmin, expecting: 200)
            witness.house.pass(seconds: 60)
            try await witness.send("resume\(kind)", [id], query: "dry_run=true", as: .superAdmin, body: "{}", expecting: 200)
            try await witness.send("resume\(kind)", [id], as: .superAdmin, body: #"{"note":"Sudah."}"#, expecting: 200)
            try await witness.send("resume\(kind)", [id], as: .superAdmin, expecting: 409)
        }
        try await witness.send("submitConsultation", [made.string("id")], as: .workUnit, expecting: 200)
        try await witness.send("assignConsultation", [made.string("id")], as: .superAdmin, body: officer, expecting: 200)
        let list = try await witness.send("getConsultationTimings", [made.string("id")], as: .workUnit, expecting: 200)
        for timing in list["data"]?.elements ?? [] {
            let id = try #require(timing["id"]?.text)
            let told = try await witness.send("explainStepTiming", [id], as: .workUnit, expecting: 200)
            #expect(told["elapsed_s"]?.number == timing["elapsed_s"]?.number)
        }
        for query in ["", "group_by=step,month", "group_by=performer,unit,procedure", "procedure=consultation&step_no=2", "format=csv"] {
            for role in [Role.director, .workUnit] {
                try await witness.send("summariseStepTimings", query: query, as: role, expecting: 200)
            }
        }
        try await witness.send("summariseStepTimings", query: "group_by=colour", as: .director, expecting: 400)
        for role in [Role.director, .workUnit] {
            let analysis = try await witness.send("analyseProcedure", ["consultation"], as: role, expecting: 200)
            #expect(analysis["steps"]?.elements.isEmpty == false)
        }
        let years = "from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z"
        try await witness.send("analyseProcedure", ["consultation"], query: years, as: .director, expecting: 400)
        try await witness.send("analyseProcedure", ["nothing"], as: .director, expecting: 404)
    }
}
