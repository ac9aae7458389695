import Domain
import Files
import HTTP
import Synchronization

/// Takes one file as it comes: the whole of a plain body, or the field `file` of a form.
final class Upload: BodyReceiver {
    let file: TemporaryFile
    private let limit: Int
    private let isForm: Bool
    /// The `Content-Disposition` of a plain body.
    private let disposition: String?
    private let language: Language
    private let part = Mutex<(name: FileName, type: AttachmentType)?>(nil)

    init(_ file: TemporaryFile, limit: Int, of head: Request) {
        self.file = file
        self.limit = limit
        isForm = Self.isForm(head)
        disposition = head.headers["content-disposition"]
        language = head.language
    }

    static func isForm(_ head: Request) -> Bool {
        (head.headers["content-type"] ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() == "multipart/form-data"
    }

    func begin(_ part: BodyPart) throws(Problem) {
        if isForm, part.name != "file" {
            throw invalid(part.name ?? "", "unknown", "Isian ini tidak dikenal.", "There is no such member.")
        }
        let sent = isForm ? part.fileName : disposition.flatMap { ContentDisposition.fileName(in: $0) }
        guard let name = sent.flatMap({ FileName(cleaning: $0) }) else {
            throw invalid("file", "file_name_required", "Berkas harus bernama.", "The file must have a name.")
        }
        guard let type = AttachmentType(declared: part.contentType ?? "", name: name) else { throw unsupported }
        let isFirst = self.part.withLock { kept in
            defer { kept = (name, type) }
            return kept == nil
        }
        if !isFirst { throw invalid("file", "duplicate", "Hanya satu berkas.", "There may be one file only.") }
    }

    func receive(_ bytes: RawSpan) throws(Problem) {
        guard bytes.byteCount <= limit - file.size else { throw Self.tooLarge(limit, language) }
        do { try file.write(bytes) } catch { throw Problem(.unavailable) }
    }

    /// What came, once it is whole: a file whose name, declared type and bytes agree.
    func finish(by files: FileStore) async throws -> AttachedFile {
        guard let (name, type) = part.withLock({ $0 }) else {
            throw invalid("file", "required", "Isian ini wajib.", "This member is required.")
        }
        let file = file
        guard file.size > 0 else { throw invalid("file", "too_short", "Berkas ini kosong.", "The file is empty.") }
        guard try await files.run({ try type.fits(file) }) else { throw unsupported }
        return AttachedFile(name: name, type: type, size: file.size, hash: file.hash)
    }

    static func tooLarge(_ limit: Int, _ language: Language) -> Problem {
        let most = limit >> 20
        return Problem(
            .tooLarge,
            detail: language == .english ? "A file has \(most) MiB at most." : "Satu berkas paling besar \(most) MiB."
        )
    }

    private func invalid(_ name: String, _ code: String, _ id: String, _ en: String) -> Problem {
        Problem(.invalid, errors: [FieldError(.pointer("/\(name)"), code: code, detail: language == .english ? en : id)])
    }

    private var unsupported: Problem {
        let names = AttachmentType.allCases.flatMap(\.fileExtensions).joined(separator: ", ")
        return Problem(
            .unsupportedMediaType,
            detail: language == .english
                ? "The name, the Content-Type and the bytes of the file must be of one type: \(names)."
                : "Nama, Content-Type, dan isi berkas harus dari satu jenis: \(names)."
        )
    }
}

extension Request {
    /// The file that came with this request; throws `unsupported_media_type` when it has no body of one.
    func upload() throws(Problem) -> Upload {
        guard let upload = receiver as? Upload else { throw Problem(.unsupportedMediaType) }
        return upload
    }
}
