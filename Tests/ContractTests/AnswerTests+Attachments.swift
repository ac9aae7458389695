import API
import Domain
import HTTP
import TestSupport
import Testing

/// A case of each kind, ready for comments and files, with someone who may bring them.
private struct Ground {
    let kind: String
    let create: String
    let body: String
    let role: Role
    /// What ends it as a draft, if it has an end.
    let end: String?

    /// No case, but it has files all the same.
    static let topology = Ground(
        kind: "Topology",
        create: "createTopology",
        body: #"{"name":"Kantor","nodes":[],"links":[]}"#,
        role: .ictManager,
        end: nil
    )

    static func all(in house: ContractHouse) throws -> [Ground] {
        [
            Ground(
                kind: "Consultation",
                create: "createConsultation",
                body: #"{"subject":"Soal","detail":"x"}"#,
                role: .workUnit,
                end: "withdrawConsultation"
            ),
            Ground(
                kind: "WorkspaceItem",
                create: "createWorkspaceItem",
                body: #"{"title":"Panduan","description":"x"}"#,
                role: .taskGiver,
                end: "cancelWorkspaceItem"
            ),
            Ground(
                kind: "Ticket",
                create: "createTicket",
                body: #"{"kind":"complaint","problem":"Pencetak rusak"}"#,
                role: .workUnit,
                end: "cancelTicket"
            ),
            Ground(
                kind: "ServiceComplaint",
                create: "createServiceComplaint",
                body: #"{"kind":"complaint","subject":"Terlambat","detail":"x"}"#,
                role: .workUnit,
                end: "withdrawServiceComplaint"
            ),
            Ground(
                kind: "ProcedureRun",
                create: "createProcedureRun",
                body: try AnswerTests.assessment(in: house),
                role: .ictOfficer,
                end: "cancelProcedureRun"
            ),
        ]
    }

    func id(_ witness: Witness) async throws -> String {
        try await witness.send(create, as: role, body: body, expecting: 201).string("id")
    }
}

extension AnswerTests {
    private static let headers = [("content-type", "application/pdf"), ("content-disposition", #"attachment; filename="surat tugas.pdf""#)]

    /// The comments and the attachments of a case of every kind.
    func remarksAndFiles(_ witness: Witness) async throws {
        for ground in try Ground.all(in: witness.house) {
            let id = try await ground.id(witness)
            try await comments(ground, id, witness)
            try await attachments(ground, id, witness)
            // No draft stays behind to run over its time.
            guard let end = ground.end else { continue }
            try await witness.send(end, [id], as: ground.role, body: #"{"reason":"Selesai."}"#, expecting: 200)
        }
        try await attachments(.topology, try await Ground.topology.id(witness), witness)
    }

    private func comments(_ ground: Ground, _ id: String, _ witness: Witness) async throws {
        let (create, list) = ("create\(ground.kind)Comment", "list\(ground.kind)Comments")
        let key = [("idempotency-key", id)]
        try await witness.send(create, [id], as: ground.role, body: #"{"text":"Satu."}"#, headers: key, expecting: 201)
        let again = try await witness.send(create, [id], as: ground.role, body: #"{"text":"Satu."}"#, headers: key, expecting: 201)
        #expect(again.headers["idempotency-replayed"] == "true")
        try await witness.send(create, [id], as: ground.role, body: #"{"text":"Dua."}"#, headers: key, expecting: 422)
        try await witness.send(create, [id], query: "dry_run=true", as: ground.role, body: #"{"text":"Coba."}"#, expecting: 201)
        try await witness.send(create, [id], as: .superAdmin, body: #"{"text":"Antara kita.","internal":true}"#, expecting: 201)
        let page = try await witness.send(list, [id], query: "limit=1&include_total=true", as: .superAdmin, expecting: 200)
        let cursor = page.string("page.next_cursor")
        try await witness.send(list, [id], query: "limit=1&cursor=\(cursor)", as: .superAdmin, expecting: 200)
        let rows = try await witness.send(list, [id], query: "format=csv", as: .superAdmin, expecting: 200)
        #expect(rows.text.split(separator: "\r\n").count == 3)
    }

    private func attachments(_ ground: Ground, _ id: String, _ witness: Witness) async throws {
        let (create, list) = ("create\(ground.kind)Attachment", "list\(ground.kind)Attachments")
        let key = Self.headers + [("idempotency-key", "file-\(id)")]
        let made = try await witness.send(create, [id], as: ground.role, body: Sample.pdf, headers: key, expecting: 201)
        let again = try await witness.send(create, [id], as: ground.role, body: Sample.pdf, headers: key, expecting: 201)
        #expect(again.headers["idempotency-replayed"] == "true" && again.string("id") == made.string("id"))
        try await witness.send(create, [id], as: ground.role, body: "%PDF-other", headers: key, expecting: 422)
        try await witness.send(
            create,
            [id],
            query: "dry_run=true",
            as: ground.role,
            body: Sample.pdf,
            headers: Self.headers,
            expecting: 201
        )
        try await witness.send(create, [id], query: "dry_run=maybe", as: ground.role, body: "x", headers: Self.headers, expecting: 400)
        try await witness.send(create, [id], as: ground.role, body: "MZ", headers: Self.headers, expecting: 415)
        try await witness.send(create, [id], as: ground.role, body: "{}", expecting: 422)
        try await witness.send(create, [id], as: ground.role, headers: Self.headers, expecting: 422)
        let nameless = [("content-type", "application/pdf")]
        try await witness.send(create, [id], as: ground.role, body: Sample.pdf, headers: nameless, expecting: 422)
        let other = try await witness.send(create, [id], as: .superAdmin, body: Sample.pdf, headers: Self.headers, expecting: 201)

        let page = try await witness.send(list, [id], query: "limit=1&include_total=true", as: ground.role, expecting: 200)
        let cursor = page.string("page.next_cursor")
        try await witness.send(list, [id], query: "limit=1&cursor=\(cursor)", as: ground.role, expecting: 200)
        try await witness.send(list, [id], query: "format=csv", as: ground.role, expecting: 200)

        let file = made.string("id")
        let read = try await witness.send("getAttachment", [file], as: ground.role, expecting: 200)
        #expect(read.string("file_name") == "surat tugas.pdf" && read["size"]?.number == 15)
        let tag = try #require(read.headers["etag"])
        try await witness.send("getAttachment", [file], as: ground.role, headers: [("if-none-match", tag)], expecting: 304)
        try await content(of: file, ground.role, witness)
        try await witness.send(
            "getAttachment",
            [file],
            as: .ictOfficer,
            expecting: ["Ticket", "ProcedureRun", "Topology"].contains(ground.kind) ? 200 : 404
        )

        try await witness.send("deleteAttachment", [other.string("id")], as: ground.role, expecting: 403)
        try await witness.send("deleteAttachment", [file], as: ground.role, headers: [("if-match", "\"2\"")], expecting: 412)
        try await witness.send("deleteAttachment", [file], query: "dry_run=true", as: ground.role, expecting: 204)
        try await witness.send("deleteAttachment", [file], as: ground.role, headers: [("if-match", tag)], expecting: 204)
        try await witness.send("getAttachment", [file], as: ground.role, expecting: 404)
    }

    private func content(of file: String, _ role: Role, _ witness: Witness) async throws {
        let name = "getAttachmentContent"
        let whole = try await witness.send(name, [file], as: role, expecting: 200)
        #expect(whole.text == Sample.pdf)
        let tag = try #require(whole.headers["etag"])
        try await witness.send(name, [file], as: role, headers: [("if-none-match", tag)], expecting: 304)
        let part = try await witness.send(name, [file], as: role, headers: [("range", "bytes=1-3")], expecting: 206)
        #expect(part.text == "PDF" && part.headers["content-range"] == "bytes 1-3/15")
        let beyond = try await witness.send(name, [file], as: role, headers: [("range", "bytes=15-")], expecting: 416)
        #expect(beyond.headers["content-range"] == "bytes */15")
    }
}

extension LengthCall {
    /// The comments on a case of every kind.
    static func comments(_ witness: Witness) async throws -> [LengthCall] {
        var calls: [LengthCall] = []
        for ground in try Ground.all(in: witness.house) {
            let members = ["text": "\"Soal ini\""]
            let id = try await ground.id(witness)
            calls.append(LengthCall(operation: "create\(ground.kind)Comment", role: ground.role, parameters: [id], members: members))
        }
        return calls
    }
}
