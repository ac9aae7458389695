import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// The way of a work item with one return, and all that can be read of it on the way.
    func workspaceItem(_ witness: Witness) async throws {
        let officer = try witness.house.person(.assignedOfficer).user.id.text
        let body = #"{"title":"Susun pedoman","description":"Untuk semua balai.","target_date":"2026-12-18","priority":"high"}"#
        try await witness.send("createWorkspaceItem", query: "dry_run=true", as: .taskGiver, body: body, expecting: 201)
        let made = try await witness.send("createWorkspaceItem", as: .taskGiver, body: body, expecting: 201)
        let id = made.string("id")
        let key = [("idempotency-key", "w1")]
        let first = try await witness.send("createWorkspaceItem", as: .taskGiver, body: body, headers: key, expecting: 201)
        let again = try await witness.send("createWorkspaceItem", as: .taskGiver, body: body, headers: key, expecting: 201)
        #expect(again.string("id") == first.string("id") && again.headers["idempotency-replayed"] == "true")
        try await witness.send("createWorkspaceItem", as: .director, body: body, expecting: 403)
        try await witness.send("createWorkspaceItem", as: .workUnit, body: body, expecting: 404)
        let edit = [("if-match", try #require(made.headers["etag"]))]
        let patch = #"{"officer_id":"\#(officer)","target_date":null}"#
        try await witness.send("updateWorkspaceItem", [id], as: .taskGiver, body: patch, headers: edit, expecting: 200)
        try await witness.send("updateWorkspaceItem", [id], as: .taskGiver, body: patch, headers: edit, expecting: 412)

        /// One event of the way, by its role; before it, the same event is refused to a stale reader and tried in a dry run.
        func step(_ event: String, as role: Role, _ body: String? = nil) async throws {
            let operation = "\(event)WorkspaceItem"
            try await witness.send(operation, [id], as: role, body: body, headers: [("if-match", "\"999\"")], expecting: 412)
            let dry = try await witness.send(operation, [id], query: "dry_run=true", as: role, body: body, expecting: 200)
            #expect(dry.headers["dry-run"] == "true")
            witness.house.pass(seconds: 60)
            try await witness.send(operation, [id], as: role, body: body, expecting: 200)
            for reader in [Role.taskGiver, .assignedOfficer, .superAdmin, .subdirectorateHead, .director] {
                try await witness.send("getWorkspaceItem", [id], as: reader, expecting: 200)
            }
        }
        try await step("submit", as: .taskGiver)
        try await witness.send("submitWorkspaceItem", [id], as: .taskGiver, expecting: 409)
        try await step("receive", as: .assignedOfficer, #"{"note":"Siap."}"#)
        try await witness.send("approveWorkspaceItem", [id], as: .director, body: "{}", expecting: 403)
        try await step("return", as: .superAdmin, #"{"reason":"Sebutkan luarannya."}"#)
        let correction = #"{"description":"Untuk semua balai, satu buku."}"#
        let passing = #"{"officer_id":null}"#
        let anyVersion = [("if-match", "*")]
        try await witness.send("updateWorkspaceItem", [id], as: .assignedOfficer, body: correction, headers: anyVersion, expecting: 200)
        try await witness.send("updateWorkspaceItem", [id], as: .assignedOfficer, body: passing, headers: anyVersion, expecting: 422)
        try await step("receive", as: .assignedOfficer)
        try await witness.send("updateWorkspaceItem", [id], as: .assignedOfficer, body: correction, headers: anyVersion, expecting: 409)
        try await step("approve", as: .superAdmin, "{}")
        try await step("acknowledge", as: .taskGiver)
        try await step("progress", as: .assignedOfficer, #"{"percent":40,"note":"Bab satu."}"#)
        try await step("progress", as: .assignedOfficer, #"{"percent":80,"note":"Bab dua."}"#)
        try await step("progress", as: .assignedOfficer, #"{"percent":90,"note":"Lampiran."}"#)
        try await step("complete", as: .assignedOfficer, #"{"result":"Pedoman selesai.","note":"Sudah dicetak."}"#)

        try await witness.send("getWorkspaceItem", [first.string("number")], as: .taskGiver, expecting: 200)
        try await witness.send("getWorkspaceItem", [first.string("id")], as: .assignedOfficer, expecting: 404)
        try await witness.send("getWorkspaceItem", [id], as: .workUnit, expecting: 404)
        let tag = try #require(try await witness.send("getWorkspaceItem", [id], as: .taskGiver, expecting: 200).headers["etag"])
        try await witness.send("getWorkspaceItem", [id], as: .taskGiver, headers: [("if-none-match", tag)], expecting: 304)
        try await witness.send("submitWorkspaceItem", [first.string("id")], as: .taskGiver, expecting: 422)
        let reason = #"{"reason":"Tidak jadi."}"#
        try await witness.send("cancelWorkspaceItem", [first.string("id")], as: .taskGiver, body: reason, expecting: 200)
        try await witness.send("createWorkspaceItem", as: .taskGiver, body: body, expecting: 201)

        let lists = ["getWorkspaceItemHistory", "getWorkspaceItemTimings", "listWorkspaceItemProgress"].map { ($0, [id]) }
        for (operation, parameters) in [("listWorkspaceItems", [])] + lists {
            for role in [Role.taskGiver, .director] { try await checkList(witness, operation, parameters, as: role) }
        }
        let filters = "status=completed,cancelled&priority=high&created_at.gte=2026-01-01T00:00:00Z&q=pedoman&target_date.lte=2026-12-31"
        let found = try await witness.send("listWorkspaceItems", query: filters, as: .director, expecting: 200)
        #expect(found["data.0.id"]?.text == first.string("id") && found["data"]?.elements.count == 1)
    }

    /// Pages of two, the whole and the CSV of a list that has three rows or more.
    func checkList(_ witness: Witness, _ operation: String, _ parameters: [String], as role: Role) async throws {
        let page = try await witness.send(operation, parameters, query: "limit=2&include_total=true", as: role, expecting: 200)
        #expect(page["data"]?.elements.count == 2, "\(operation)")
        let cursor = page.string("page.next_cursor")
        try await witness.send(operation, parameters, query: "limit=2&cursor=\(cursor)", as: role, expecting: 200)
        let whole = try await witness.send(operation, parameters, as: role, expecting: 200)
        let count = try #require(whole["data"]?.elements.count)
        #expect(count > 2 && page["page.total"]?.number == count, "\(operation)")
        let rows = try await witness.send(operation, parameters, query: "format=csv", as: role, expecting: 200)
        #expect(rows.text.split(separator: "\r\n").count == count + 1, "\(operation)")
    }
}
