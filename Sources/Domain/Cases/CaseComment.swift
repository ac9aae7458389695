/// A remark on a case; it is never changed.
package struct CaseComment: Sendable, Identified {
    package typealias ID = Identifier<CaseComment>
    package static let idPrefix = "cmt"

    package let id: ID
    package let subjectKind: CaseKind
    package let subjectID: String
    package let authorID: User.ID
    package let text: String
    /// Whether only people of the directorate read it.
    package let isInternal: Bool
    package let createdAt: Instant

    package init(
        id: ID,
        subjectKind: CaseKind,
        subjectID: String,
        authorID: User.ID,
        text: String,
        isInternal: Bool,
        createdAt: Instant
    ) {
        self.id = id
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.authorID = authorID
        self.text = text
        self.isInternal = isInternal
        self.createdAt = createdAt
    }
}

package protocol CommentRepository {
    func insert(_ comment: CaseComment) throws(DomainError)
    /// The comments on a case, those for the directorate alone only with `internally`.
    func list(of subjectID: String, internally: Bool, page: PageRequest) throws(DomainError) -> Page<CaseComment>
    func count(of subjectID: String, internally: Bool, most: Int) throws(DomainError) -> Int
    /// The `limit` comments on cases in `sight` that match words and phrases best, of the newest thousand; internal ones only `internally`.
    func search(_ words: String, in sight: Sight, internally: Bool, limit: Int) throws(DomainError) -> [CommentHit]
}

extension Cases {
    /// Adds a remark to a case that `principal` sees, closed or not.
    ///
    /// Only people of the directorate may keep a remark inside it.
    package func comment(
        _ text: String,
        isInternal: Bool,
        on reference: CaseReference<Kind>,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> CaseComment {
        let subject = try get(reference, for: principal).subject
        if isInternal, !principal.roles.isInternal {
            let detail = Text(id: "Hanya untuk pegawai direktorat.", en: "Only people of the directorate may do so.")
            throw .invalid([Issue("/internal", code: "not_allowed", detail: detail)])
        }
        let comment = CaseComment(
            id: ids.make(at: now),
            subjectKind: Kind.kind,
            subjectID: subject.id.text,
            authorID: principal.userID,
            text: text,
            isInternal: isInternal,
            createdAt: now
        )
        try repositories.comments.insert(comment)
        try append("comment", of: subject, from: subject.state, by: principal, at: now, ids: ids)
        return comment
    }
}
