import Domain
import HTTP

/// The log of progress on a workspace item.
struct ProgressRoutes {
    let environment: Environment

    var routes: [Route] {
        [.list("/v1/workspace-items/{id}/progress", .listWorkspaceItemProgress, needs: .workspaceItemsRead, use: listWorkspaceItemProgress)]
    }

    func listWorkspaceItemProgress(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.workspaceItems.get(try request.caseReference(), for: principal).subject.id
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("version") { String($0.version) },
                Column("percent") { String($0.percent) },
                Column("note") { $0.note },
                Column("user_id") { $0.userID.text },
                Column("created_at") { $0.createdAt.rfc3339 },
            ],
            key: { String($0.version) },
            fetch: { page, tx throws(DomainError) in try tx.progress.list(of: id, page: page) },
            count: { most, tx throws(DomainError) in try tx.progress.count(of: id, most: most) },
            write: { json, entry in
                json.object { json in
                    json.member("version", entry.version)
                    json.member("percent", entry.percent)
                    json.member("note", entry.note)
                    json.member("user_id", entry.userID)
                    json.member("created_at", entry.createdAt)
                }
            }
        ).response(to: request, in: tx, store: environment.store)
    }
}
