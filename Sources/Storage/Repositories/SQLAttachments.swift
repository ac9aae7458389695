import Domain

/// The attachments of cases of all kinds and of topologies; their bytes are not in the database.
struct SQLAttachments: AttachmentRepository {
    let connection: any Connection

    private static let columns: SQLFragment =
        "id, subject_type, subject_id, subject_version, uploader_id, file_name, media_type, size, sha256, created_at_ms"

    private static func decode(_ columns: inout Columns) throws(DomainError) -> Attachment {
        Attachment(
            id: columns.identifier(),
            subjectKind: try columns.choice(),
            subjectID: columns.text(),
            subjectVersion: columns.optionalInteger(),
            uploaderID: columns.identifier(),
            file: AttachedFile(
                name: FileName(stored: columns.text()),
                type: try columns.choice(),
                size: columns.integer(),
                hash: columns.blob()
            ),
            createdAt: columns.instant()
        )
    }

    func find(_ id: Attachment.ID) throws(DomainError) -> Attachment? {
        try connection.first("select \(Self.columns) from attachment where id = \(id)", Self.decode)
    }

    func insert(_ attachment: Attachment) throws(DomainError) {
        let file = attachment.file
        try connection.execute(
            """
            insert into attachment (\(Self.columns))
            values (
                \(attachment.id), \(attachment.subjectKind), \(attachment.subjectID), \(attachment.subjectVersion),
                \(attachment.uploaderID), \(file.name.text), \(file.type), \(file.size), \(file.hash), \(attachment.createdAt)
            )
            """
        )
    }

    func delete(_ id: Attachment.ID) throws(DomainError) {
        try connection.execute("delete from attachment where id = \(id)")
    }

    func list(of subjectID: String, page: PageRequest) throws(DomainError) -> Page<Attachment> {
        var statement: SQL = "select \(Self.columns) from attachment where subject_id = \(subjectID)"
        statement.appendPage(page, over: "id")
        return try connection.page(statement, limit: page.limit, Self.decode)
    }

    func count(of subjectID: String, most: Int) throws(DomainError) -> Int {
        try connection.first(
            "select count(*) from (select 1 from attachment where subject_id = \(subjectID) limit \(most + 1))"
        ) { columns in columns.integer() } ?? 0
    }

    func usage(of subjectID: String) throws(DomainError) -> AttachmentUsage {
        try usage("select sum(size), count(*) from attachment where subject_id = \(subjectID)")
    }

    func usage(of uploader: User.ID) throws(DomainError) -> AttachmentUsage {
        try usage("select sum(size), count(*) from attachment where uploader_id = \(uploader)")
    }

    private func usage(_ statement: SQL) throws(DomainError) -> AttachmentUsage {
        try connection.first(statement) { columns in AttachmentUsage(bytes: columns.integer(), files: columns.integer()) }
            ?? AttachmentUsage(bytes: 0, files: 0)
    }

    func holds(_ hash: [UInt8]) throws(DomainError) -> Bool {
        try connection.first("select 1 from attachment where sha256 = \(hash) limit 1") { _ in true } ?? false
    }

    func all(after last: Attachment.ID?, limit: Int) throws(DomainError) -> [Attachment] {
        try connection.all(
            """
            select \(Self.columns)
            from attachment
            where id > \(last?.text ?? "")
            order by id
            limit \(limit)
            """,
            Self.decode
        )
    }
}
