import Domain
import HTTP

/// The files of topologies: read as the topology is, brought by whoever may draw it.
struct TopologyAttachmentRoutes {
    let environment: Environment

    private var shelf: AttachmentShelf { AttachmentShelf(environment: environment) }

    var routes: [Route] {
        let path = "/v1/topologies/{id}/attachments"
        let limits = environment.attachmentLimits
        let gate = shelf.gate { head, size, principal, tx in
            try tx.admitAttachment(of: size, to: try head.identifier(as: Topology.ID.self), within: limits, by: principal)
        }
        return [
            .list(path, .listTopologyAttachments, needs: .topologiesRead, use: list),
            .upload(path, .createTopologyAttachment, needs: .topologiesWrite, behind: gate, use: create),
        ]
    }

    private func list(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        try shelf.list(of: try tx.topology(try request.identifier()).id.text, to: request, in: tx)
    }

    private func create(_ request: Request, by principal: Principal) async throws -> Response {
        let id = try request.identifier(as: Topology.ID.self)
        let (ids, limits) = (environment.ids, environment.attachmentLimits)
        return try await shelf.take(request, by: principal) { file, tx, now throws(DomainError) in
            try tx.attach(file, to: id, within: limits, by: principal, at: now, ids: ids)
        }
    }
}
