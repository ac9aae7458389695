import Domain
import HTTP

/// The attachments of cases of one kind.
struct CaseAttachmentRoutes<Kind: CaseResource> {
    let environment: Environment

    private var shelf: AttachmentShelf { AttachmentShelf(environment: environment) }

    var routes: [Route] {
        let (path, needs) = ("/v1/\(Kind.kind.collection)/{id}/attachments", Kind.kind.permissions)
        let limits = environment.attachmentLimits
        let gate = shelf.gate { head, size, principal, tx in
            try tx.cases(Kind.self).admitAttachment(of: size, to: try head.caseReference(), within: limits, by: principal)
        }
        return [
            .list(path, Kind.operations.listAttachments, needs: needs.read, use: list),
            .upload(path, Kind.operations.createAttachment, needs: needs.write, behind: gate, use: create),
        ]
    }

    private func list(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.cases(Kind.self).get(try request.caseReference(), for: principal).subject.id.text
        return try shelf.list(of: id, to: request, in: tx)
    }

    private func create(_ request: Request, by principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: Kind.self)
        let (ids, limits) = (environment.ids, environment.attachmentLimits)
        return try await shelf.take(request, by: principal) { file, tx, now throws(DomainError) in
            try tx.cases(Kind.self).attach(file, to: reference, within: limits, by: principal, at: now, ids: ids)
        }
    }
}

extension Store {
    /// Whether an attachment has the bytes with this hash.
    package func holdsFile(_ hash: [UInt8]) throws -> Bool {
        try readNow { tx throws(DomainError) in try tx.attachments.holds(hash) }
    }
}

extension Schema {
    struct AttachmentView: JSONWritable {
        let attachment: Attachment

        var location: String { "/v1/attachments/\(attachment.id.text)" }
        var digest: String { attachment.file.digest }

        func write(to json: inout JSONWriter) {
            let file = attachment.file
            json.object { json in
                json.member("id", attachment.id)
                json.member("subject_type", attachment.subjectKind.rawValue)
                json.member("subject_id", attachment.subjectID)
                json.member("subject_version", attachment.subjectVersion)
                json.member("file_name", file.name.text)
                json.member("media_type", file.type.rawValue)
                json.member("size", file.size)
                json.member("sha256", digest)
                json.member("href", location + "/content")
                json.member("uploader_id", attachment.uploaderID)
                json.member("created_at", attachment.createdAt)
                json.member("version", attachment.version)
            }
        }
    }
}
