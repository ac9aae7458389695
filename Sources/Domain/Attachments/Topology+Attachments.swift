/// The files of topologies: the document as it was scanned or drawn, each with the version it came to.
extension Transaction {
    /// Throws what keeps `principal` from attaching `size` bytes to a topology now; returns its latest version otherwise.
    @discardableResult
    package func admitAttachment(
        of size: Int,
        to id: Topology.ID,
        within limits: AttachmentLimits,
        by principal: Principal
    ) throws(DomainError) -> Int {
        let version = try topology(id).version
        try attachments.admit(size, to: id.text, within: limits, by: principal)
        return version
    }

    /// Attaches a file, whose bytes are stored already, to the latest version of a topology.
    package func attach(
        _ file: AttachedFile,
        to id: Topology.ID,
        within limits: AttachmentLimits,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Attachment {
        let version = try admitAttachment(of: file.size, to: id, within: limits, by: principal)
        let attachment = Attachment(
            id: ids.make(at: now),
            subjectKind: .topology,
            subjectID: id.text,
            subjectVersion: version,
            uploaderID: principal.userID,
            file: file,
            createdAt: now
        )
        try attachments.insert(attachment)
        try note("attach", of: .topology, id.text, in: principal.unitID, by: principal, at: now, ids: ids)
        return attachment
    }

    /// Takes a file of a topology away: its uploader may until there is another version, a super admin at any time.
    func detachFromTopology(
        _ attachment: Attachment,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        guard principal.may(.topologiesWrite) else { throw .forbidden }
        if !principal.roles.contains(.superAdmin) {
            guard attachment.uploaderID == principal.userID else { throw .forbidden }
            guard try topology(Identifier(stored: attachment.subjectID)).version == attachment.subjectVersion else {
                throw .refused(event: "detach", state: "superseded", allowed: [])
            }
        }
        try attachments.delete(attachment.id)
        try note("detach", of: .topology, attachment.subjectID, in: principal.unitID, by: principal, at: now, ids: ids)
    }
}
