import Domain
import HTTP
import Security

/// Topologies of the network: drawn by the ICT desk, read by the directorate, every version for good.
struct TopologyRoutes {
    let environment: Environment

    private static let forms: [MediaType] = [.json, .mermaid, .svg]

    var routes: [Route] {
        [
            .list("/v1/topologies", .listTopologies, needs: .topologiesRead, use: listTopologies),
            .post("/v1/topologies", .createTopology, needs: .topologiesWrite, use: createTopology),
            .get("/v1/topologies/{id}", .getTopology, produces: Self.forms, needs: .topologiesRead, use: getTopology),
            .put("/v1/topologies/{id}", .replaceTopology, needs: .topologiesWrite, use: replaceTopology),
            .list("/v1/topologies/{id}/versions", .listTopologyVersions, needs: .topologiesRead, use: listTopologyVersions),
            .get(
                "/v1/topologies/{id}/versions/{version}",
                .getTopologyVersion,
                produces: Self.forms,
                needs: .topologiesRead,
                use: getTopologyVersion
            ),
        ]
    }

    func listTopologies(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: Schema.TopologySummary.columns,
            key: { $0.id.text },
            fetch: { page, tx throws(DomainError) in try tx.topologies.list(page) },
            count: { most, tx throws(DomainError) in try tx.topologies.count(most: most) },
            write: { Schema.TopologySummary(topology: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func listTopologyVersions(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let id = try tx.topology(try request.identifier()).id
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: Schema.TopologySummary.columns,
            key: { String($0.version) },
            fetch: { page, tx throws(DomainError) in try tx.topologies.versions(of: id, page: page) },
            count: { most, tx throws(DomainError) in try tx.topologies.countVersions(of: id, most: most) },
            write: { Schema.TopologySummary(topology: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func getTopology(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        try answer(to: request, try tx.topology(try request.identifier()), in: tx)
    }

    func getTopologyVersion(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard request.parameters.count == 2, let version = Int(request.parameters[1]) else { throw Problem(.notFound) }
        return try answer(to: request, try tx.topology(try request.identifier(), version: version), in: tx)
    }

    private func answer(to request: Request, _ topology: Topology, in tx: borrowing Transaction) throws(DomainError) -> Response {
        switch MediaType.negotiate(request.headers["accept"], among: Self.forms) {
        case .mermaid:
            let headers: Headers = ["content-type": MediaType.mermaid.rawValue, "etag": "\"\(topology.version)-mermaid\""]
            return Response(status: 200, headers: headers, body: .bytes(Array(topology.mermaid.utf8)))
        case .svg:
            let headers: Headers = [
                "content-type": MediaType.svg.rawValue,
                // A drawing that is opened by itself is a document: it runs and loads nothing.
                "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
                "etag": "\"\(topology.version)-svg\"",
            ]
            return Response(status: 200, headers: headers, body: .bytes(Array(TopologyDrawing(topology).svg.utf8)))
        default: return try answer(topology, in: tx)
        }
    }

    /// A version with its files.
    private func answer(_ topology: Topology, in tx: borrowing Transaction) throws(DomainError) -> Response {
        let files = try tx.attachments.list(of: topology.id.text, page: PageRequest(limit: Schema.Topology.mostAttachments)).elements
        var response = Response.ok(Schema.Topology(topology: topology, attachments: files), version: topology.version)
        // Files come and go without a new version: the tag tells both.
        if !files.isEmpty {
            let digest = Digest.sha256(Array(files.map(\.id.text).joined().utf8))
            response.headers.set("etag", "\"\(topology.version)-\(Digest.hex(Array(digest.prefix(16))))\"")
        }
        return response
    }

    func createTopology(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewTopology.self)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let topology = new.topology(ids.make(at: now), version: 1, createdAt: now, by: principal.userID, at: now)
            try tx.create(topology, by: principal, at: now, ids: ids)
            let view = Schema.Topology(topology: topology, attachments: [])
            return .created(view, at: "/v1/topologies/\(topology.id.text)", version: topology.version)
        }
    }

    func replaceTopology(_ request: Request, by principal: Principal) async throws -> Response {
        let id: Topology.ID = try request.identifier()
        let expected = try request.requiredIfMatch()
        let new = try request.json(as: Schema.NewTopology.self)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let topology = try tx.replace(id, expecting: expected, by: principal, at: now, ids: ids) { before in
                new.topology(id, version: before.version + 1, createdAt: before.createdAt, by: principal.userID, at: now)
            }
            return try answer(topology, in: tx)
        }
    }
}
