import Domain
import HTTP

/// The links of one kind of case to cases of any kind.
struct LinkRoutes<Kind: CaseResource> {
    let environment: Environment

    var routes: [Route] {
        let (operations, needs) = (Kind.operations, Kind.kind.permissions)
        let links = "/v1/\(Kind.kind.collection)/{id}/links"
        return [
            .list(links, operations.listLinks, needs: needs.read, use: list),
            .post(links, operations.createLink, needs: needs.write, prepare: create),
            .delete(links + "/{link_id}", operations.deleteLink, needs: needs.write, prepare: delete),
        ]
    }

    private func list(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let subject = try tx.cases(Kind.self).get(try request.caseReference(), for: principal).subject
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("type") { $0.relation.rawValue },
                Column("direction") { $0.direction.rawValue },
                Column("kind") { $0.other.kind.rawValue },
                Column("case_id") { $0.other.id },
                Column("number") { $0.other.number },
                Column("status") { $0.other.status },
                Column("title") { $0.other.title },
                Column("creator_id") { $0.creatorID.text },
                Column("created_at") { $0.createdAt.rfc3339 },
            ],
            key: { $0.id.text },
            fetch: { page, tx throws(DomainError) in try tx.links.list(of: subject, for: principal, page: page) },
            count: { most, tx throws(DomainError) in try tx.links.count(of: subject, for: principal, most: most) },
            write: { Schema.CaseLink(link: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    private func create(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let new = try request.json(as: Schema.NewCaseLink.self)
        let reference = try request.caseReference(to: Kind.self)
        // A text that is no reference at all names nothing either.
        guard let target = AnyCaseReference(new.target) else { throw DomainError.invalid([.unknownReference("/target")]) }
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let subject = try tx.cases(Kind.self).get(reference, for: principal).subject
            let link = try tx.links.create(new.relation, from: subject, to: target, by: principal, at: now, ids: ids)
            return .created(Schema.CaseLink(link: link), at: "\(subject.location)/links/\(link.id.text)")
        }
    }

    private func delete(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let reference = try request.caseReference(to: Kind.self)
        let id: CaseLink.ID = try request.identifier(at: 1)
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let subject = try tx.cases(Kind.self).get(reference, for: principal).subject
            try tx.links.delete(id, of: subject, by: principal, at: now, ids: ids)
            return .noContent
        }
    }
}

extension Schema {
    struct NewCaseLink: RequestBody {
        let relation: Domain.CaseLink.Relation
        let target: String

        init(_ fields: inout Fields) {
            relation = fields.choice("type", or: .relatesTo)
            target = fields.text("target", .line(1...64))
        }
    }

    struct CaseLink: JSONWritable {
        let link: CaseLinkView

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", link.id)
                json.member("type", link.relation.rawValue)
                json.member("direction", link.direction.rawValue)
                json.name("case")
                json.object { json in
                    json.member("kind", link.other.kind.rawValue)
                    json.member("id", link.other.id)
                    json.member("number", link.other.number)
                    json.member("status", link.other.status)
                    json.member("title", link.other.title)
                    json.member("href", "/v1/\(link.other.kind.collection)/\(link.other.id)")
                }
                json.member("creator_id", link.creatorID)
                json.member("created_at", link.createdAt)
            }
        }
    }
}
