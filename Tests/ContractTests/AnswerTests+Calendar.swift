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
}
