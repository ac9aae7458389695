import Domain

/// The comments on cases of all kinds.
struct SQLComments: CommentRepository {
    let connection: any Connection
    let newTexts: NewTexts

    func insert(_ comment: CaseComment) throws(DomainError) {
        try connection.execute(
            """
            insert into comment (id, subject_type, subject_id, author_id, internal, created_at_ms, text)
            values (
                \(comment.id), \(comment.subjectKind), \(comment.subjectID), \(comment.authorID), \(comment.isInternal),
                \(comment.createdAt), \(comment.text)
            )
            """
        )
        newTexts.mayWait = true
    }

    func list(of subjectID: String, internally: Bool, page: PageRequest) throws(DomainError) -> Page<CaseComment> {
        var statement: SQL = """
            select id, subject_type, subject_id, author_id, text, internal, created_at_ms
            from comment
            where subject_id = \(subjectID)
            """
        if !internally { statement.append(" and internal = 0") }
        statement.appendPage(page, over: "id")
        return try connection.page(statement, limit: page.limit) { columns throws(DomainError) in
            CaseComment(
                id: columns.identifier(),
                subjectKind: try columns.choice(),
                subjectID: columns.text(),
                authorID: columns.identifier(),
                text: columns.text(),
                isInternal: columns.flag(),
                createdAt: columns.instant()
            )
        }
    }

    func count(of subjectID: String, internally: Bool, most: Int) throws(DomainError) -> Int {
        try connection.first(
            """
            select count(*)
            from (select 1 from comment where subject_id = \(subjectID) and internal <= \(internally) limit \(most + 1))
            """
        ) { columns in columns.integer() } ?? 0
    }
}
