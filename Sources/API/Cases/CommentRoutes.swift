import Domain
import HTTP

/// The comments on cases of one kind.
struct CommentRoutes<Kind: CaseResource> {
    let environment: Environment

    var routes: [Route] {
        let (path, needs) = ("/v1/\(Kind.kind.collection)/{id}/comments", Kind.kind.permissions)
        return [
            .list(path, Kind.operations.listComments, needs: needs.read, use: list),
            .post(path, Kind.operations.createComment, needs: needs.write, prepare: create),
        ]
    }

    private func list(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.cases(Kind.self).get(try request.caseReference(), for: principal).subject.id.text
        let internally = principal.roles.isInternal
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("text") { $0.text },
                Column("internal") { $0.isInternal ? "true" : "false" },
                Column("author_id") { $0.authorID.text },
                Column("created_at") { $0.createdAt.rfc3339 },
            ],
            key: { $0.id.text },
            fetch: { page, tx throws(DomainError) in try tx.comments.list(of: id, internally: internally, page: page) },
            count: { most, tx throws(DomainError) in try tx.comments.count(of: id, internally: internally, most: most) },
            write: { Schema.CommentView(comment: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    private func create(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let new = try request.json(as: Schema.NewComment.self)
        let reference = try request.caseReference(to: Kind.self)
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let made = try tx.cases(Kind.self)
                .comment(new.text, isInternal: new.isInternal, on: reference, by: principal, at: now, ids: ids)
            return .created(Schema.CommentView(comment: made))
        }
    }
}

extension Schema {
    struct NewComment: RequestBody, Sendable {
        let text: String
        let isInternal: Bool

        init(_ fields: inout Fields) {
            text = fields.text("text", CaseRules.long)
            isInternal = fields.optionalFlag("internal") ?? false
        }
    }

    struct CommentView: JSONWritable {
        let comment: CaseComment

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", comment.id)
                json.member("text", comment.text)
                json.member("internal", comment.isInternal)
                json.member("author_id", comment.authorID)
                json.member("created_at", comment.createdAt)
            }
        }
    }
}
