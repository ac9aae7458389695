import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// What goes beyond one case: links, batches, the inbox.
    func desk(_ witness: Witness) async throws {
        try await links(witness)
        try await batch(witness)
        let found = try await witness.send("search", query: "q=%22soal%22+ini&limit=1", as: .director, expecting: 200)
        #expect(found["data"]?.elements.isEmpty == true && found["has_more"] == .bool(false))
        let tickets = try await witness.send("search", query: "q=print&kind=ticket,consultation&limit=1", as: .director, expecting: 200)
        #expect(tickets["data"]?.elements.count == 1 && tickets["has_more"] == .bool(true))
        for role in Role.allCases {
            let inbox = try await witness.send("getInbox", query: "limit=1", as: role, expecting: 200)
            let tag = try #require(inbox.headers["etag"])
            try await witness.send("getInbox", query: "limit=1", as: role, headers: [("if-none-match", tag)], expecting: 304)
        }
    }

    private func links(_ witness: Witness) async throws {
        let made = [
            ("Consultation", try await witness.send("createConsultation", as: .workUnit, body: #"{"subject":"Soal","detail":"x"}"#)),
            ("WorkspaceItem", try await witness.send("createWorkspaceItem", as: .taskGiver, body: #"{"title":"Tugas","description":"x"}"#)),
            (
                "Ticket",
                try await witness.send("createTicket", as: .director, body: #"{"kind":"complaint","problem":"Putus.\nSejak pagi."}"#)
            ),
            (
                "ServiceComplaint",
                try await witness.send(
                    "createServiceComplaint",
                    as: .director,
                    body: #"{"kind":"suggestion","subject":"Lebih cepat","detail":"x"}"#
                )
            ),
            ("ProcedureRun", try await witness.send("createProcedureRun", as: .ictOfficer, body: Self.assessment(in: witness.house))),
        ].map { ($0.0, $0.1.string("id")) }
        for (place, (kind, id)) in made.enumerated() {
            let target = made[(place + 1) % made.count].1
            for type in ["relates_to", "caused_by", "blocks"] {
                let body = #"{"type":"\#(type)","target":"\#(target)"}"#
                let link = try await witness.send("create\(kind)Link", [id], as: .superAdmin, body: body, expecting: 201)
                try await witness.send("create\(kind)Link", [id], as: .superAdmin, body: body, expecting: 409)
                guard type == "blocks" else { continue }
                try await witness.send("delete\(kind)Link", [id, link.string("id")], as: .superAdmin, expecting: 204)
                try await witness.send("delete\(kind)Link", [id, link.string("id")], as: .superAdmin, expecting: 404)
            }
            try await witness.send(
                "create\(kind)Link",
                [id],
                as: .superAdmin,
                body: #"{"type":"blocks","target":"\#(id)"}"#,
                expecting: 422
            )
        }
        for (kind, id) in made {
            let list = try await witness.send("list\(kind)Links", [id], query: "include_total=true", as: .superAdmin, expecting: 200)
            #expect(list["data"]?.elements.count == 4)
            try await witness.send("list\(kind)Links", [id], query: "format=csv", as: .superAdmin, expecting: 200)
        }
        let reason = #"{"reason":"Sudah jelas."}"#
        try await witness.send("cancelProcedureRun", made.suffix(1).map(\.1), as: .ictOfficer, body: reason, expecting: 200)
        try await witness.send("withdrawConsultation", made.prefix(1).map(\.1), as: .workUnit, body: reason, expecting: 200)
    }

    private func batch(_ witness: Witness) async throws {
        let create = #"{"method":"POST","path":"/v1/tickets","body":{"kind":"complaint","problem":"Printer"}}"#
        let missing = #"{"method":"POST","path":"/v1/tickets/TIK-2026-999999/submit"}"#
        for mode in ["atomic", "independent"] {
            let good = #"{"mode":"\#(mode)","operations":[\#(create),\#(create)]}"#
            try await witness.send("runBatch", as: .director, body: good, expecting: 200)
            try await witness.send("runBatch", query: "dry_run=true", as: .director, body: good, expecting: 200)
            let bad = #"{"mode":"\#(mode)","operations":[\#(create),\#(missing)]}"#
            let answer = try await witness.send("runBatch", as: .director, body: bad, expecting: mode == "atomic" ? 404 : 200)
            #expect((mode == "atomic" ? answer["operation"] : answer["results.1.body.status"])?.number == (mode == "atomic" ? 1 : 404))
        }
        let key = [("idempotency-key", "batch-1")]
        let good = #"{"mode":"atomic","operations":[\#(create)]}"#
        let first = try await witness.send("runBatch", as: .director, body: good, headers: key, expecting: 200)
        let again = try await witness.send("runBatch", as: .director, body: good, headers: key, expecting: 200)
        #expect(first.body == again.body && again.headers["idempotency-replayed"] == "true")
    }
}
