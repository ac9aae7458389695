extension Cases {
    /// Throws what keeps `principal` from attaching `size` bytes to a case now; returns the case otherwise.
    ///
    /// Files belong to the work on a case, so that a closed one takes none, though it takes comments.
    @discardableResult
    package func admitAttachment(
        of size: Int,
        to reference: CaseReference<Kind>,
        within limits: AttachmentLimits,
        by principal: Principal
    ) throws(DomainError) -> Kind {
        let subject = try get(reference, for: principal).subject
        try checkIsOpen(subject, for: "attach")
        try repositories.attachments.admit(size, to: subject.id.text, within: limits, by: principal)
        return subject
    }

    /// Attaches a file, whose bytes are stored already.
    package func attach(
        _ file: AttachedFile,
        to reference: CaseReference<Kind>,
        within limits: AttachmentLimits,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Attachment {
        let subject = try admitAttachment(of: file.size, to: reference, within: limits, by: principal)
        let attachment = Attachment(
            id: ids.make(at: now),
            subjectKind: .aCase(Kind.kind),
            subjectID: subject.id.text,
            subjectVersion: nil,
            uploaderID: principal.userID,
            file: file,
            createdAt: now
        )
        try repositories.attachments.insert(attachment)
        try append("attach", of: subject, from: subject.state, by: principal, at: now, ids: ids)
        return attachment
    }

    /// Takes an attachment of a case of this kind away: its uploader may while the case is open, a super admin at any time.
    fileprivate func detach(
        _ attachment: Attachment,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        let subject = try get(.id(Identifier(stored: attachment.subjectID)), for: principal).subject
        guard principal.may(Kind.kind.permissions.write) else { throw .forbidden }
        if !principal.roles.contains(.superAdmin) {
            guard attachment.uploaderID == principal.userID else { throw .forbidden }
            try checkIsOpen(subject, for: "detach")
        }
        try repositories.attachments.delete(attachment.id)
        try append("detach", of: subject, from: subject.state, by: principal, at: now, ids: ids)
    }

    private func checkIsOpen(_ subject: Kind, for event: String) throws(DomainError) {
        guard subject.head.closedAt == nil else { throw .refused(event: event, state: subject.state.rawValue, allowed: []) }
    }
}

extension Transaction {
    /// The attachment under an id, if `principal` may read what it belongs to; throws `notFound` otherwise.
    package func attachment(_ id: Attachment.ID, for principal: Principal) throws(DomainError) -> Attachment {
        guard let found = try attachments.find(id), principal.may(found.subjectKind.permissions.read) else {
            throw .notFound("attachment")
        }
        switch found.subjectKind {
        case .aCase(.consultation): _ = try consultations.get(.id(Identifier(stored: found.subjectID)), for: principal)
        case .aCase(.workspaceItem): _ = try workspaceItems.get(.id(Identifier(stored: found.subjectID)), for: principal)
        case .aCase(.ticket): _ = try tickets.get(.id(Identifier(stored: found.subjectID)), for: principal)
        case .aCase(.serviceComplaint): _ = try serviceComplaints.get(.id(Identifier(stored: found.subjectID)), for: principal)
        case .aCase(.procedureRun): _ = try runs.get(.id(Identifier(stored: found.subjectID)), for: principal)
        // Whoever may read topologies sees them all.
        case .topology: break
        }
        return found
    }

    /// Takes an attachment away; its bytes go with the next sweep, unless another attachment has the same.
    package func detach(
        _ id: Attachment.ID,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        let found = try attachment(id, for: principal)
        try expected?.check(found.version)
        switch found.subjectKind {
        case .aCase(.consultation): try consultations.detach(found, by: principal, at: now, ids: ids)
        case .aCase(.workspaceItem): try workspaceItems.detach(found, by: principal, at: now, ids: ids)
        case .aCase(.ticket): try tickets.detach(found, by: principal, at: now, ids: ids)
        case .aCase(.serviceComplaint): try serviceComplaints.detach(found, by: principal, at: now, ids: ids)
        case .aCase(.procedureRun): try runs.detach(found, by: principal, at: now, ids: ids)
        case .topology: try detachFromTopology(found, by: principal, at: now, ids: ids)
        }
    }
}
