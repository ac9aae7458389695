/// The links between cases, within one transaction: whoever makes, sees or takes away one sees both of its cases.
package struct Links {
    private let repositories: any Repositories

    init(_ repositories: any Repositories) { self.repositories = repositories }

    /// The links of a case whose other ends `principal` may see.
    package func list<Kind: Case>(of subject: Kind, for principal: Principal, page: PageRequest) throws(DomainError) -> Page<CaseLinkView> {
        try repositories.links.list(of: CaseLink.End(subject), in: Sight(of: principal), page: page)
    }

    /// Counts what `list` would give in all, but no further than `most`.
    package func count<Kind: Case>(of subject: Kind, for principal: Principal, most: Int) throws(DomainError) -> Int {
        try repositories.links.count(of: CaseLink.End(subject), in: Sight(of: principal), most: most)
    }

    /// Links a case to another, with an event on each.
    package func create<Kind: Case>(
        _ relation: CaseLink.Relation,
        from subject: Kind,
        to target: AnyCaseReference,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> CaseLinkView {
        guard let other = try find(target, for: principal) else { throw .invalid([.unknownReference("/target")]) }
        if other.summary.id == subject.id.text {
            let detail = Text(id: "Kasus tidak dapat ditautkan ke dirinya sendiri.", en: "A case cannot be linked to itself.")
            throw .invalid([Issue("/target", code: "not_allowed", detail: detail)])
        }
        let link = CaseLink(
            id: ids.make(at: now),
            relation: relation,
            source: CaseLink.End(subject),
            target: CaseLink.End(kind: other.summary.kind, id: other.summary.id),
            creatorID: principal.userID,
            createdAt: now
        )
        try repositories.links.insert(link)
        try append("link", link, ofUnits: (subject.unitID, other.unitID), by: principal, at: now, ids: ids)
        return CaseLinkView(
            id: link.id,
            relation: relation,
            direction: .outgoing,
            other: other.summary,
            creatorID: link.creatorID,
            createdAt: now
        )
    }

    /// Takes a link of a case away, from either of its ends, with an event on each.
    package func delete<Kind: Case>(
        _ id: CaseLink.ID,
        of subject: Kind,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        let end = CaseLink.End(subject)
        guard let link = try repositories.links.find(id), link.source == end || link.target == end,
            let other = try find(link.source == end ? link.target : link.source, for: principal)
        else { throw .notFound("link") }
        try repositories.links.delete(id)
        let units = link.source == end ? (subject.unitID, other.unitID) : (other.unitID, subject.unitID)
        try append("unlink", link, ofUnits: units, by: principal, at: now, ids: ids)
    }

    /// The id of the link ties the two events together; neither names the other case, which not everyone sees.
    private func append(
        _ name: String,
        _ link: CaseLink,
        ofUnits units: (source: Unit.ID, target: Unit.ID),
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        for (end, unit) in [(link.source, units.source), (link.target, units.target)] {
            try repositories.events.append(
                Event(
                    id: ids.make(at: now),
                    time: now,
                    subject: end.kind.eventSubject,
                    subjectID: end.id,
                    name: name,
                    unitID: unit,
                    by: principal,
                    changed: ["links/\(link.id.text)"]
                )
            )
        }
    }

    private func find(_ end: CaseLink.End, for principal: Principal) throws(DomainError) -> (summary: CaseSummary, unitID: Unit.ID)? {
        guard let reference = AnyCaseReference(end.id) else { throw .fault("a link ends at \(end.id)") }
        return try find(reference, for: principal)
    }

    /// The case under a reference of any kind; nil when there is none or `principal` may not read it.
    private func find(
        _ reference: AnyCaseReference,
        for principal: Principal
    ) throws(DomainError) -> (summary: CaseSummary, unitID: Unit.ID)? {
        switch reference {
        case .consultation(let reference): try find(reference, for: principal)
        case .workspaceItem(let reference): try find(reference, for: principal)
        case .ticket(let reference): try find(reference, for: principal)
        case .serviceComplaint(let reference): try find(reference, for: principal)
        case .run(let reference): try find(reference, for: principal)
        }
    }

    private func find<Kind: Case>(
        _ reference: CaseReference<Kind>,
        for principal: Principal
    ) throws(DomainError) -> (summary: CaseSummary, unitID: Unit.ID)? {
        guard principal.may(Kind.kind.permissions.read), let found = try Kind.repository(in: repositories).find(reference)?.subject,
            found.isVisible(to: principal)
        else { return nil }
        return (CaseSummary(found), found.unitID)
    }
}

extension CaseLink.End {
    init<Kind: Case>(_ subject: Kind) { self.init(kind: Kind.kind, id: subject.id.text) }
}
