/// A file that belongs to a case or a topology; it is never changed, only taken away.
package struct Attachment: Sendable, Identified {
    package typealias ID = Identifier<Attachment>
    package static let idPrefix = "att"

    package let id: ID
    package let subjectKind: AttachmentSubject
    package let subjectID: String
    /// The version of the topology that was the latest when the file came; none on a case.
    package let subjectVersion: Int?
    package let uploaderID: User.ID
    package let file: AttachedFile
    package let createdAt: Instant

    /// Since nothing of it ever changes, the first is the only version.
    package var version: Int { 1 }

    package init(
        id: ID,
        subjectKind: AttachmentSubject,
        subjectID: String,
        subjectVersion: Int?,
        uploaderID: User.ID,
        file: AttachedFile,
        createdAt: Instant
    ) {
        self.id = id
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.subjectVersion = subjectVersion
        self.uploaderID = uploaderID
        self.file = file
        self.createdAt = createdAt
    }
}

/// What is known of the bytes of an attachment; whoever makes one has checked them.
package struct AttachedFile: Sendable, Hashable {
    package let name: FileName
    package let type: AttachmentType
    /// In bytes.
    package let size: Int
    /// The SHA-256 of the bytes, by which they are stored.
    package let hash: [UInt8]

    package init(name: FileName, type: AttachmentType, size: Int, hash: [UInt8]) {
        self.name = name
        self.type = type
        self.size = size
        self.hash = hash
    }
}

/// How much may be attached, in bytes and in files.
package struct AttachmentLimits: Sendable {
    package var file = 25 << 20
    /// Of a case, and of a topology.
    package var perCase = 200 << 20
    package var perUser = 1 << 30
    package var filesPerUser = 500

    package init() {}
}

/// What a case, a topology or a user has attached in all.
package struct AttachmentUsage: Sendable {
    package let bytes: Int
    package let files: Int

    package init(bytes: Int, files: Int) {
        self.bytes = bytes
        self.files = files
    }
}

package protocol AttachmentRepository {
    func find(_ id: Attachment.ID) throws(DomainError) -> Attachment?
    func insert(_ attachment: Attachment) throws(DomainError)
    func delete(_ id: Attachment.ID) throws(DomainError)
    func list(of subjectID: String, page: PageRequest) throws(DomainError) -> Page<Attachment>
    func count(of subjectID: String, most: Int) throws(DomainError) -> Int
    func usage(of subjectID: String) throws(DomainError) -> AttachmentUsage
    func usage(of uploader: User.ID) throws(DomainError) -> AttachmentUsage
    /// Whether any attachment has the bytes with this hash.
    func holds(_ hash: [UInt8]) throws(DomainError) -> Bool
    /// All attachments in the order of their ids, `limit` of them behind `last`.
    func all(after last: Attachment.ID?, limit: Int) throws(DomainError) -> [Attachment]
}
