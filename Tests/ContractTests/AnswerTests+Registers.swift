import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    func equipment(_ witness: Witness) async throws {
        let whole = """
            {"kind":"network","brand":"MikroTik","model":"CCR2004","serial":"HF609","place":"Ruang server",
            "unit_id":"\(witness.house.office.id.text)","bought":"2023-03-14","condition":"fair","renewal_date":"2027-01-31"}
            """
        try await witness.send("createEquipment", query: "dry_run=true", as: .ictManager, body: whole, expecting: 201)
        let key = [("idempotency-key", "e1")]
        let made = try await witness.send("createEquipment", as: .ictManager, body: whole, headers: key, expecting: 201)
        let again = try await witness.send("createEquipment", as: .ictManager, body: whole, headers: key, expecting: 201)
        #expect(again.headers["idempotency-replayed"] == "true")
        try await witness.send("createEquipment", as: .superAdmin, body: whole, expecting: 409)
        try await witness.send("createEquipment", as: .ictOfficer, body: whole, expecting: 403)
        for serial in ["1", "2"] {
            let bare = #"{"kind":"ups","brand":"APC","serial":"\#(serial)","unit_id":"\#(witness.house.office.id.text)"}"#
            try await witness.send("createEquipment", as: .ictManager, body: bare, expecting: 201)
        }
        let id = made.string("id")
        let tag = try #require(try await witness.send("getEquipment", [id], as: .workUnit, expecting: 200).headers["etag"])
        try await witness.send("getEquipment", [id], as: .workUnit, headers: [("if-none-match", tag)], expecting: 304)
        let patch = #"{"model":null,"place":null,"bought":null,"renewal_date":null}"#
        let match = [("if-match", tag), ("content-type", "application/merge-patch+json")]
        let changed = try await witness.send("updateEquipment", [id], as: .ictManager, body: patch, headers: match, expecting: 200)
        #expect(changed["version"]?.number == 2 && changed["model"] == .null)
        try await witness.send("updateEquipment", [id], as: .ictManager, body: patch, headers: match, expecting: 412)
        let any = [("if-match", "*")]
        let report = #"{"condition":"poor"}"#
        try await witness.send("updateEquipment", [id], as: .ictOfficer, body: report, headers: any, expecting: 200)
        try await witness.send("updateEquipment", [id], as: .ictOfficer, body: #"{"place":"x"}"#, headers: any, expecting: 403)
        for role in [Role.workUnit, .director] { try await checkList(witness, "listEquipment", [], as: role) }
        let found = try await witness.send("listEquipment", query: "due_for_renewal=false&q=mikro", as: .director, expecting: 200)
        #expect(found["data"]?.elements.count == 1)
    }

    func topology(_ witness: Witness) async throws {
        let body = #"""
            {"name":"Kantor","description":"Lantai 1","nodes":[{"id":"a","label":"Internet","kind":"internet","equipment_id":null},
            {"id":"b","label":"Router","kind":"router"}],"links":[{"from":"a","to":"b","label":"1 Gb/s","medium":"fibre"}]}
            """#
        try await witness.send("createTopology", query: "dry_run=true", as: .ictOfficer, body: body, expecting: 201)
        let key = [("idempotency-key", "t1")]
        let id = try await witness.send("createTopology", as: .ictOfficer, body: body, headers: key, expecting: 201).string("id")
        let again = try await witness.send("createTopology", as: .ictOfficer, body: body, headers: key, expecting: 201)
        #expect(again.headers["idempotency-replayed"] == "true")
        try await witness.send("createTopology", as: .director, body: body, expecting: 403)
        for _ in 0..<2 { try await witness.send("createTopology", as: .superAdmin, body: body, expecting: 201) }
        let match = [("if-match", "\"1\"")]
        try await witness.send("replaceTopology", [id], query: "dry_run=true", as: .ictManager, body: body, headers: match, expecting: 200)
        try await witness.send("replaceTopology", [id], as: .ictManager, body: body, headers: match, expecting: 200)
        try await witness.send("replaceTopology", [id], as: .ictManager, body: body, headers: match, expecting: 412)
        let any = [("if-match", "*")]
        let third = try await witness.send("replaceTopology", [id], as: .superAdmin, body: body, headers: any, expecting: 200)
        #expect(third["version"]?.number == 3)
        for (operation, parameters) in [("getTopology", [id]), ("getTopologyVersion", [id, "1"])] {
            for type in ["application/json", "text/vnd.mermaid", "image/svg+xml"] {
                let accept = [("accept", type)]
                let read = try await witness.send(operation, parameters, as: .director, headers: accept, expecting: 200)
                let known = accept + [("if-none-match", try #require(read.headers["etag"]))]
                try await witness.send(operation, parameters, as: .director, headers: known, expecting: 304)
            }
        }
        try await witness.send("getTopology", [id], as: .workUnit, expecting: 403)
        try await checkList(witness, "listTopologies", [], as: .director)
        try await checkList(witness, "listTopologyVersions", [id], as: .director)
    }

    func serviceComplaint(_ witness: Witness) async throws {
        let officer = #"{"officer_id":"\#(try witness.house.person(.ictOfficer).user.id.text)","note":"Mohon dibahas."}"#
        let meeting = #"{"meeting_date":"2026-12-03","meeting_place":"Ruang rapat","note":"Pagi."}"#
        let body = #"{"kind":"objection","subject":"Terlambat","detail":"Sistem belum terpasang."}"#
        func make() async throws -> String {
            try await witness.send("createServiceComplaint", as: .workUnit, body: body, expecting: 201).string("id")
        }
        /// One event by its role; before it, the same event is refused to a stale reader and tried in a dry run.
        func step(_ id: String, _ event: String, as role: Role, _ body: String? = nil) async throws {
            let operation = "\(event)ServiceComplaint"
            try await witness.send(operation, [id], as: role, body: body, headers: [("if-match", "\"999\"")], expecting: 412)
            try await witness.send(operation, [id], query: "dry_run=true", as: role, body: body, expecting: 200)
            let moved = try await witness.send(operation, [id], as: role, body: body, expecting: 200)
            #expect(moved["clock"] == .null)
        }
        let id = try await make()
        let patch = #"{"subject":"Sangat terlambat","kind":"complaint"}"#
        let match = [("if-match", "\"1\"")]
        try await witness.send("updateServiceComplaint", [id], as: .workUnit, body: patch, headers: match, expecting: 200)
        try await witness.send("updateServiceComplaint", [id], as: .workUnit, body: patch, headers: match, expecting: 412)
        try await step(id, "submit", as: .workUnit)
        try await witness.send("forwardServiceComplaint", [id], as: .subdirectorateHead, body: officer, expecting: 403)
        try await step(id, "forward", as: .director, officer)
        try await witness.send("approveDirectServiceComplaint", [id], as: .director, body: officer, expecting: 409)
        try await step(id, "schedule", as: .ictOfficer, meeting)
        try await step(id, "settle", as: .ictOfficer, #"{"result":"Selesai.","minutes":"Semua hadir."}"#)
        let direct = try await make()
        try await step(direct, "submit", as: .workUnit)
        try await step(direct, "approveDirect", as: .director, officer)
        try await step(direct, "schedule", as: .workUnit, meeting)
        try await step(direct, "withdraw", as: .workUnit, #"{"reason":"Sudah selesai."}"#)
        let rejected = try await make()
        try await step(rejected, "submit", as: .workUnit)
        try await step(rejected, "reject", as: .director, #"{"reason":"Di luar layanan."}"#)
        for role in [Role.workUnit, .director] {
            try await checkList(witness, "listServiceComplaints", [], as: role)
            try await checkList(witness, "getServiceComplaintHistory", [id], as: role)
        }
        let tag = try #require(try await witness.send("getServiceComplaint", [id], as: .workUnit, expecting: 200).headers["etag"])
        try await witness.send("getServiceComplaint", [id], as: .workUnit, headers: [("if-none-match", tag)], expecting: 304)
        try await witness.send("getServiceComplaint", [id], as: .taskGiver, expecting: 404)
        let timings = try await witness.send("getServiceComplaintTimings", [id], as: .workUnit, expecting: 200)
        #expect(timings["data"]?.elements.isEmpty == true)
    }
}
