import Domain
import Files
import HTTP
import Security

/// Single attachments: what is known of them, and their bytes.
struct AttachmentRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .get("/v1/attachments/{id}", .getAttachment, needs: .attachmentsRead, use: getAttachment),
            .download(
                "/v1/attachments/{id}/content",
                .getAttachmentContent,
                produces: AttachmentType.allCases.compactMap { MediaType(rawValue: $0.rawValue) },
                needs: .attachmentsRead,
                use: getAttachmentContent
            ),
            .delete("/v1/attachments/{id}", .deleteAttachment, needs: .attachmentsWrite, use: deleteAttachment),
        ]
    }

    func getAttachment(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let found = try tx.attachment(try request.identifier(), for: principal)
        return .ok(Schema.AttachmentView(attachment: found), version: found.version)
    }

    func getAttachmentContent(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let found = try tx.attachment(try request.identifier(), for: principal)
        let file = found.file
        guard let (descriptor, size) = try environment.files.open(file.hash) else {
            throw DomainError.fault("the file of \(found.id) is missing")
        }
        let tag = "\"\(file.digest)\""
        let selection = ByteRange.select(request.headers, size: size, entityTag: tag)
        let (offset, length) = if case .partial(let range) = selection { (range.first, range.count) } else { (0, size) }
        // From here on the descriptor is closed with this.
        let body = FileBody(owning: descriptor, offset: offset, length: length)
        guard size == file.size else { throw DomainError.fault("the file of \(found.id) has changed") }
        var headers: Headers = [
            "content-type": file.type.rawValue,
            "content-disposition": ContentDisposition.attachment(file.name.text),
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "etag": tag,
            // Of the whole file, also with a part of it (RFC 9530, section 3).
            "repr-digest": "sha-256=:\(Digest.base64(file.hash)):",
            "accept-ranges": "bytes",
        ]
        if let range = selection.contentRange(of: size) { headers.append("content-range", range) }
        switch selection {
        case .full: return Response(status: 200, headers: headers, body: .file(body))
        case .partial: return Response(status: 206, headers: headers, body: .file(body))
        case .unsatisfiable: throw Problem(.rangeNotSatisfiable, headers: ["content-range": "bytes */\(size)"])
        }
    }

    func deleteAttachment(_ request: Request, by principal: Principal) async throws -> Response {
        let id = try request.identifier(as: Attachment.ID.self)
        let expected = request.ifMatch
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            try tx.detach(id, expecting: expected, by: principal, at: now, ids: ids)
            return .noContent
        }
    }
}

extension AttachedFile {
    /// The SHA-256 of the bytes as hexadecimal digits.
    var digest: String { Digest.hex(hash) }
}
