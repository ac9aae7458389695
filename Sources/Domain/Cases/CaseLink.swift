/// A tie between two cases of any kinds, shown on both.
package struct CaseLink: Sendable, Identified {
    package typealias ID = Identifier<CaseLink>
    package static let idPrefix = "lnk"

    /// How the source of a link stands to its target.
    package enum Relation: String, Sendable, CaseIterable {
        case relatesTo = "relates_to"
        case causedBy = "caused_by"
        case blocks
    }

    /// From which of its ends a link is looked at.
    package enum Direction: String, Sendable, CaseIterable {
        /// The case looked at is the source.
        case outgoing
        case incoming
    }

    /// One of the two cases of a link.
    package struct End: Sendable, Equatable {
        package let kind: CaseKind
        package let id: String

        package init(kind: CaseKind, id: String) {
            self.kind = kind
            self.id = id
        }
    }

    package let id: ID
    package let relation: Relation
    package let source: End
    package let target: End
    package let creatorID: User.ID
    package let createdAt: Instant

    package init(id: ID, relation: Relation, source: End, target: End, creatorID: User.ID, createdAt: Instant) {
        self.id = id
        self.relation = relation
        self.source = source
        self.target = target
        self.creatorID = creatorID
        self.createdAt = createdAt
    }
}

/// A link as it is seen from one of its cases.
package struct CaseLinkView: Sendable {
    package let id: CaseLink.ID
    package let relation: CaseLink.Relation
    package let direction: CaseLink.Direction
    /// The case at the other end.
    package let other: CaseSummary
    package let creatorID: User.ID
    package let createdAt: Instant

    package init(
        id: CaseLink.ID,
        relation: CaseLink.Relation,
        direction: CaseLink.Direction,
        other: CaseSummary,
        creatorID: User.ID,
        createdAt: Instant
    ) {
        self.id = id
        self.relation = relation
        self.direction = direction
        self.other = other
        self.creatorID = creatorID
        self.createdAt = createdAt
    }
}

/// The links between cases in storage.
package protocol LinkRepository {
    /// Throws `conflict` if these two cases are linked so already.
    func insert(_ link: CaseLink) throws(DomainError)
    func find(_ id: CaseLink.ID) throws(DomainError) -> CaseLink?
    func delete(_ id: CaseLink.ID) throws(DomainError)
    /// The links of a case in both directions, as far as the other end is in `sight`.
    func list(of end: CaseLink.End, in sight: Sight, page: PageRequest) throws(DomainError) -> Page<CaseLinkView>
    func count(of end: CaseLink.End, in sight: Sight, most: Int) throws(DomainError) -> Int
}
