import Domain
import HTTP
import TestSupport
import Testing

extension AnswerTests {
    /// One event on a ticket by its role; before it, the same event is refused to a stale reader and tried in a dry run.
    private func step(_ witness: Witness, _ id: String, _ event: String, as role: Role, _ body: String? = nil) async throws {
        let operation = "\(event)Ticket"
        try await witness.send(operation, [id], as: role, body: body, headers: [("if-match", "\"999\"")], expecting: 412)
        let dry = try await witness.send(operation, [id], query: "dry_run=true", as: role, body: body, expecting: 200)
        #expect(dry.headers["dry-run"] == "true")
        witness.house.pass(seconds: 60)
        try await witness.send(operation, [id], as: role, body: body, expecting: 200)
        for reader in [Role.workUnit, .ictManager, .ictOfficer, .superAdmin, .subdirectorateHead, .director] {
            try await witness.send("getTicket", [id], as: reader, expecting: 200)
        }
        try await witness.send("getTicket", [id], as: .assignedOfficer, expecting: 404)
    }

    /// The way of a complaint whose first follow-up did not solve it.
    func complaint(_ witness: Witness) async throws {
        let officer = try witness.house.person(.ictOfficer).user.id.text
        let body =
            #"{"kind":"complaint","problem":"Jaringan putus.","handling_so_far":"Kabel diperiksa.","applicant_nip":"198703152010012003"}"#
        try await witness.send("createTicket", query: "dry_run=true", as: .workUnit, body: body, expecting: 201)
        let made = try await witness.send("createTicket", as: .workUnit, body: body, expecting: 201)
        let id = made.string("id")
        let edit = [("if-match", try #require(made.headers["etag"]))]
        let patch = #"{"handling_so_far":null,"applicant_nip":null,"problem":"Jaringan putus sejak pagi."}"#
        try await witness.send("updateTicket", [id], as: .workUnit, body: patch, headers: edit, expecting: 200)
        try await witness.send("updateTicket", [id], as: .workUnit, body: patch, headers: edit, expecting: 412)
        try await witness.send("updateTicket", [id], as: .ictManager, body: patch, headers: [("if-match", "*")], expecting: 403)
        try await step(witness, id, "submit", as: .workUnit)
        try await witness.send("updateTicket", [id], as: .workUnit, body: patch, headers: [("if-match", "*")], expecting: 409)
        try await witness.send("registerTicket", [id], as: .ictManager, expecting: 409)
        try await step(witness, id, "dispatch", as: .ictManager, #"{"officer_id":"\#(officer)","note":"Segera."}"#)
        try await witness.send("closeTicket", [id], as: .ictOfficer, expecting: 403)
        try await step(witness, id, "start", as: .ictOfficer, #"{"plan":"Ganti sakelar."}"#)
        try await step(witness, id, "followUp", as: .ictOfficer, #"{"result":"Sakelar diganti."}"#)
        try await step(witness, id, "notSolved", as: .workUnit, #"{"reason":"Masih putus."}"#)
        try await step(witness, id, "followUp", as: .ictOfficer, #"{"result":"Kabel diganti.","plan":"Ganti kabel."}"#)
        try await step(witness, id, "solved", as: .workUnit, #"{"note":"Terima kasih."}"#)
        try await step(witness, id, "report", as: .ictOfficer, #"{"summary":"Kabel lama rusak."}"#)
        try await step(witness, id, "close", as: .ictManager)
        for operation in ["getTicketHistory", "getTicketTimings"] {
            for role in [Role.workUnit, .ictManager] { try await checkList(witness, operation, [id], as: role) }
        }
    }

    /// The way of a service request through its nine gates, of another that is rejected, and of one that is taken back.
    func serviceRequest(_ witness: Witness) async throws {
        let officer = try witness.house.person(.ictOfficer).user.id.text
        let body = #"{"kind":"service_request","problem":"Mohon akun aplikasi.","applicant_name":"Siti Rahmawati"}"#
        let gates: [(String, Role, String?)] = [
            ("submit", .workUnit, nil), ("register", .ictOfficer, nil), ("dispose", .ictManager, #"{"instruction":"Periksa."}"#),
            ("examine", .ictOfficer, #"{"findings":"Layak."}"#), ("classify", .ictOfficer, #"{"category":"access_rights"}"#),
            ("verify", .ictManager, #"{"note":"Sesuai."}"#),
            ("prioritise", .ictManager, #"{"urgency":"high","priority":"critical","note":"Rapat esok."}"#),
            ("consider", .subdirectorateHead, #"{"recommendation":"Setujui."}"#),
        ]
        func request() async throws -> ContractHouse.Answer {
            let made = try await witness.send("createTicket", as: .workUnit, body: body, expecting: 201)
            #expect(made["clock"] == .null)
            return made
        }
        let id = try await request().string("id")
        for (event, role, body) in gates {
            if event == "prioritise" {
                let bare = #"{"urgency":"high","priority":"critical"}"#
                try await witness.send("prioritiseTicket", [id], as: .ictManager, body: bare, expecting: 422)
            }
            try await step(witness, id, event, as: role, body)
        }
        try await step(witness, id, "approve", as: .director)
        try await step(witness, id, "assign", as: .ictManager, #"{"officer_id":"\#(officer)"}"#)
        try await step(witness, id, "handle", as: .ictOfficer, #"{"result":"Akun dibuat."}"#)

        let other = try await request()
        try await witness.send("getTicket", [other.string("number")], as: .workUnit, expecting: 200)
        for (event, role, body) in gates {
            try await witness.send("\(event)Ticket", [other.string("id")], as: role, body: body, expecting: 200)
        }
        try await step(witness, other.string("id"), "reject", as: .director, #"{"reason":"Tanpa surat."}"#)
        try await step(witness, try await request().string("id"), "cancel", as: .workUnit, #"{"reason":"Sudah ada."}"#)

        let tag = try #require(try await witness.send("getTicket", [id], as: .workUnit, expecting: 200).headers["etag"])
        try await witness.send("getTicket", [id], as: .workUnit, headers: [("if-none-match", tag)], expecting: 304)
        for role in [Role.workUnit, .ictOfficer] { try await checkList(witness, "listTickets", [], as: role) }
        let filters = "kind=service_request&status=closed,rejected&category=access_rights&urgency=high&priority=critical&q=akun"
        let found = try await witness.send("listTickets", query: filters, as: .ictManager, expecting: 200)
        #expect(found["data"]?.elements.count == 2)
    }
}
