import Domain
import Files
import HTTP

/// Lists and takes the files of anything that has some; whose they are and who may is for the routes to say.
struct AttachmentShelf {
    let environment: Environment

    /// What the fields of a form may have beside the file, in bytes.
    private static let formOverhead = 64 << 10

    /// Lets in what the caller may attach, so that nobody else fills the disk; all of it is asked again when the file is there.
    ///
    /// `check` throws what keeps the caller from attaching so many bytes.
    func gate(_ check: @escaping @Sendable (Request, Int, Principal, borrowing Transaction) throws -> Void) -> Gate {
        let environment = environment
        let limits = environment.attachmentLimits
        return Gate(limit: limits.file + Self.formOverhead) { head, principal, tx in
            _ = try head.isDryRun()
            _ = try head.idempotencyKey(of: principal)
            let length = head.headers["content-length"].flatMap { Int($0) } ?? 0
            // A form is larger than its file: what is left of it counts for sure.
            let size = max(0, length - (Upload.isForm(head) ? Self.formOverhead : 0))
            if size > limits.file { throw Upload.tooLarge(limits.file, head.language) }
            try check(head, size, principal, tx)
            return Upload(try environment.files.begin(), limit: limits.file, of: head)
        }
    }

    func list(of id: String, to request: Request, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("subject_version") { $0.subjectVersion.map { String($0) } ?? "" },
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

    /// Stores the file that came with `request`, which `attach` gives its place.
    func take(
        _ request: Request,
        by principal: Principal,
        _ attach: @escaping @Sendable (AttachedFile, borrowing Transaction, Instant) throws(DomainError) -> Attachment
    ) async throws -> Response {
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
            try await environment.commit(whole, by: principal) { tx, now throws(DomainError) in
                let made = try attach(file, tx, now)
                let view = Schema.AttachmentView(attachment: made)
                return .created(view, at: view.location, version: made.version)
            }
        }
        if try whole.isDryRun() { return try await commit() }
        return try await environment.files.keep(upload.file, isHeld: { try store.holdsFile($0) }, commit)
    }
}
