import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// Rules, the ledger of points, recaps and appraisals; the cases before have earned some.
    func recaps(_ witness: Witness) async throws {
        try await rules(witness)
        try await ledger(witness)
        try await recap(witness)
        let officer = try witness.house.person(.consultationOfficer).user.id.text
        for format in ["json", "xlsx", "pdf"] {
            let query = "period=2026-11&format=\(format)"
            let read = try await witness.send("getUserAppraisal", [officer], query: query, as: .director, expecting: 200)
            let tag = try #require(read.headers["etag"])
            let known = [("if-none-match", tag)]
            try await witness.send("getUserAppraisal", [officer], query: query, as: .director, headers: known, expecting: 304)
        }
        try await witness.send("getUserAppraisal", [officer], as: .consultationOfficer, expecting: 200)
        try await witness.send("getUserAppraisal", [officer], as: .assignedOfficer, expecting: 403)
        try await witness.send("getUserAppraisal", ["usr_\(String(repeating: "0", count: 26))"], as: .director, expecting: 404)
    }

    private func rules(_ witness: Witness) async throws {
        try await witness.send("listPointRules", query: "include_total=true", as: .director, expecting: 200)
        try await witness.send("listPointRules", query: "format=csv", as: .director, expecting: 200)
        let (code, body) = (["workspace_item.completed"], #"{"points":2,"on_time_bonus":1}"#)
        try await witness.send("setPointRule", code, query: "dry_run=true", as: .superAdmin, body: body, expecting: 200)
        let set = try await witness.send(
            "setPointRule",
            code,
            as: .superAdmin,
            body: body,
            headers: [("if-match", "\"1\"")],
            expecting: 200
        )
        #expect(set.headers["etag"] == "\"2\"")
        try await witness.send("setPointRule", code, as: .superAdmin, body: body, headers: [("if-match", "\"1\"")], expecting: 412)
        try await witness.send("setPointRule", code, as: .superAdmin, body: #"{"points":-1}"#, expecting: 422)
        try await witness.send("setPointRule", ["other"], as: .superAdmin, body: body, expecting: 404)
    }

    private func ledger(_ witness: Witness) async throws {
        let list = try await witness.send("listPerformancePoints", query: "status=pending", as: .consultationOfficer, expecting: 200)
        let id = list.string("data.0.id")
        for role in [Role.consultationOfficer, .director] {
            try await witness.send("listPerformancePoints", query: "limit=1&include_total=true", as: role, expecting: 200)
            try await witness.send("listPerformancePoints", query: "format=csv&period=2026-11", as: role, expecting: 200)
            let read = try await witness.send("getPerformancePoint", [id], as: role, expecting: 200)
            let tag = try #require(read.headers["etag"])
            try await witness.send("getPerformancePoint", [id], as: role, headers: [("if-none-match", tag)], expecting: 304)
        }
        try await witness.send("getPerformancePoint", [id], as: .assignedOfficer, expecting: 404)

        let reason = #"{"reason":"Tepat waktu."}"#
        try await witness.send("upholdPerformancePoint", [id], as: .superAdmin, body: reason, expecting: 409)
        try await witness.send("objectPerformancePoint", [id], as: .director, body: reason, expecting: 403)
        try await witness.send("objectPerformancePoint", [id], as: .consultationOfficer, body: reason, expecting: 200)
        try await witness.send("objectPerformancePoint", [id], as: .consultationOfficer, body: reason, expecting: 409)
        try await witness.send("upholdPerformancePoint", [id], as: .superAdmin, body: reason, expecting: 200)
        try await witness.send("getPerformancePoint", [id], as: .consultationOfficer, expecting: 200)

        let officer = try witness.house.person(.consultationOfficer).user.id.text
        let body = #"{"user_id":"\#(officer)","points":-2,"reason":"Dua kali.","period":"2026-10"}"#
        let key = [("idempotency-key", "points-1")]
        let made = try await witness.send("createPerformancePoint", as: .superAdmin, body: body, headers: key, expecting: 201)
        let again = try await witness.send("createPerformancePoint", as: .superAdmin, body: body, headers: key, expecting: 201)
        #expect(again.body == made.body && again.headers["idempotency-replayed"] == "true")
        try await witness.send("createPerformancePoint", as: .director, body: body, expecting: 403)
        let nothing = #"{"user_id":"\#(officer)","points":0,"reason":"x"}"#
        try await witness.send("createPerformancePoint", as: .superAdmin, body: nothing, expecting: 422)
        try await witness.send("reversePerformancePoint", [made.string("id")], as: .superAdmin, body: reason, expecting: 200)
        try await witness.send("reversePerformancePoint", [made.string("id")], as: .superAdmin, body: reason, expecting: 409)
        for query in ["", "period=2026-11", "group_by=user,unit,period", "group_by=unit"] {
            try await witness.send("getPointSummary", query: query, as: .director, expecting: 200)
        }
        try await witness.send("getPointSummary", as: .consultationOfficer, expecting: 200)
    }

    private func recap(_ witness: Witness) async throws {
        let body = #"{"kind":"consultation","period":"2026-11"}"#
        try await witness.send("createRecap", query: "dry_run=true", as: .superAdmin, body: body, expecting: 201)
        let made = try await witness.send("createRecap", as: .superAdmin, body: body, expecting: 201)
        let id = made.string("id")
        try await witness.send("createRecap", as: .superAdmin, body: body, expecting: 409)
        try await witness.send("createRecap", as: .director, body: body, expecting: 403)
        let later = #"{"kind":"workspace","period":"2026-12"}"#
        try await witness.send("createRecap", as: .superAdmin, body: later, expecting: 422)
        try await witness.send("createRecap", as: .superAdmin, body: #"{"kind":"workspace","period":"2026-11"}"#, expecting: 201)
        try await witness.send("listRecaps", query: "limit=1&include_total=true", as: .subdirectorateHead, expecting: 200)
        try await witness.send("listRecaps", query: "format=csv&status=draft,submitted", as: .director, expecting: 200)
        try await read(id, witness)

        try await witness.send("receiveRecap", [id], as: .director, expecting: 409)
        for (event, role) in [("submit", Role.superAdmin), ("receive", .director), ("settle", .superAdmin)] {
            let operation = "\(event)Recap"
            try await witness.send(operation, [id], as: role, headers: [("if-match", "\"999\"")], expecting: 412)
            try await witness.send(operation, [id], as: .subdirectorateHead, expecting: 403)
            try await witness.send(operation, [id], query: "dry_run=true", as: role, body: "{}", expecting: 200)
            let key = [("idempotency-key", event)]
            let moved = try await witness.send(operation, [id], as: role, headers: key, expecting: 200)
            let again = try await witness.send(operation, [id], as: role, headers: key, expecting: 200)
            #expect(again.body == moved.body && again.headers["idempotency-replayed"] == "true", "\(event)")
            try await witness.send(operation, [id], as: role, expecting: 409)
            try await read(id, witness)
        }
        let posted = try await witness.send("listPerformancePoints", query: "recap_id=\(id)", as: .director, expecting: 200)
        #expect(posted["data"]?.elements.count == 1)
        try await witness.send("listStepTimings", query: "subject_type=recap", as: .director, expecting: 200)
    }

    /// The recap in each of its forms, each of which has a tag of its own.
    private func read(_ id: String, _ witness: Witness) async throws {
        for format in ["json", "csv", "xlsx", "pdf"] {
            let answer = try await witness.send("getRecap", [id], query: "format=\(format)", as: .director, expecting: 200)
            let tag = try #require(answer.headers["etag"])
            let known = [("if-none-match", tag)]
            try await witness.send("getRecap", [id], query: "format=\(format)", as: .director, headers: known, expecting: 304)
        }
    }
}
