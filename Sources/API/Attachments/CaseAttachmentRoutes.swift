import Domain
import Files
import HTTP

/// The attachments of cases of one kind.
struct CaseAttachmentRoutes<Kind: CaseResource> {
    let environment: Environment

    /// What the fields of a form may have beside the file, in bytes.
    private static var formOverhead: Int { 64 << 10 }

    var routes: [Route] {
        let (path, needs) = ("/v1/\(Kind.kind.collection)/{id}/attachments", Kind.kind.permissions)
        let gate = Gate(limit: environment.attachmentLimits.file + Self.formOverhead, admit: admit)
        return [
            .list(path, Kind.operations.listAttachments, needs: needs.read, use: list),
            .upload(path, Kind.operations.createAttachment, needs: needs.write, behind: gate, use: create),
        ]
    }

    private func list(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.cases(Kind.self).get(try request.caseReference(), for: principal).subject.id.text
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("file_name") { $0.file.name.text },
                Column("media_type") { $0.file.type.rawValue },
                Column("size") { String($0.file.size) },
                Column("sha256") { Schema.AttachmentView(attachment: $0).digest },
                Column("uploader_id") { $0.uploaderID.text },
                Column("created_at") { $0.createdAt.rfc3339 },
            ],
            key: { $0.id.text },
            fetch: { page, tx throws(DomainError) in try tx.attachments.list(of: id, page: page) },
            count: { most, tx throws(DomainError) in try tx.attachments.count(of: id, most: most) },
            write: { Schema.AttachmentView(attachment: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    /// Lets in what the caller may attach, so that nobody else fills the disk; all of it is asked again when the file is there.
    private func admit(_ head: Request, by principal: Principal, in tx: borrowing Transaction) throws -> any BodyReceiver {
        _ = try head.isDryRun()
        _ = try head.idempotencyKey(of: principal)
        let limits = environment.attachmentLimits
        let length = head.headers["content-length"].flatMap { Int($0) } ?? 0
        // A form is larger than its file: what is left of it counts for sure.
        let size = max(0, length - (Upload.isForm(head) ? Self.formOverhead : 0))
        if size > limits.file { throw Upload.tooLarge(limits.file, head.language) }
        try tx.cases(Kind.self).admitAttachment(of: size, to: try head.caseReference(), within: limits, by: principal)
        return Upload(try environment.files.begin(), limit: limits.file, of: head)
    }

    private func create(_ request: Request, by principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: Kind.self)
        let upload = try request.upload()
        // Whatever becomes of it, what is not kept is gone before the answer.
        defer { upload.file.discard() }
        let (environment, store) = (environment, environment.store)
        let file = try await upload.finish(by: environment.files)
        var request = request
        // Two uploads are the same when their files are, whatever stands around the bytes.
        request.body = file.hash + Array("\(file.type.rawValue)\u{0}\(file.name.text)".utf8)
        let whole = request
        let commit = { () async throws -> Response in
            let (ids, limits) = (environment.ids, environment.attachmentLimits)
            return try await environment.commit(whole, by: principal) { tx, now throws(DomainError) in
                let made = try tx.cases(Kind.self).attach(file, to: reference, within: limits, by: principal, at: now, ids: ids)
                let view = Schema.AttachmentView(attachment: made)
                return .created(view, at: view.location, version: made.version)
            }
        }
        if try whole.isDryRun() { return try await commit() }
        return try await environment.files.keep(upload.file, isHeld: { try store.holdsFile($0) }, commit)
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
