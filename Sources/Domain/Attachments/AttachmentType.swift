/// The types of files that a case takes; the raw value is the media type.
package enum AttachmentType: String, Sendable, CaseIterable {
    case pdf = "application/pdf"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case odt = "application/vnd.oasis.opendocument.text"
    case csv = "text/csv"
    case text = "text/plain"

    /// How the names of such files end.
    package var fileExtensions: [String] {
        switch self {
        case .pdf: ["pdf"]
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .docx: ["docx"]
        case .xlsx: ["xlsx"]
        case .odt: ["odt"]
        case .csv: ["csv"]
        case .text: ["txt"]
        }
    }

    /// The type that a client declares, if a file of that name may have it.
    package init?(declared contentType: String, name: FileName) {
        let declared = contentType.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        guard let type = AttachmentType(rawValue: declared), type.fileExtensions.contains(name.fileExtension) else { return nil }
        self = type
    }
}

/// Bytes that may be read anywhere.
package protocol RandomAccess {
    var size: Int { get }
    /// The bytes from `offset` on, as many as there are up to `count`.
    func bytes(at offset: Int, count: Int) throws -> [UInt8]
}

extension AttachmentType {
    /// Whether the bytes are a file of this type; nothing is unpacked.
    package func fits(_ content: some RandomAccess) throws -> Bool {
        switch self {
        case .pdf: try content.begins(with: Array("%PDF-".utf8))
        case .png: try content.begins(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .jpeg: try content.begins(with: [0xFF, 0xD8, 0xFF])
        case .docx: try Self.isOffice(content, "word/")
        case .xlsx: try Self.isOffice(content, "xl/")
        case .odt: try Archive(content) != nil && content.begins(with: Self.textDocument, at: 30)
        case .csv, .text: try PlainText.isWhole(content)
        }
    }

    /// The first entry of an OpenDocument text behind its fixed head: named `mimetype`, with the type, not packed (ODF 1.3, part 2, 3.3).
    private static let textDocument = Array("mimetypeapplication/vnd.oasis.opendocument.text".utf8)

    /// Whether an archive is an Office Open XML document with its parts in `folder`, and without macros.
    private static func isOffice(_ content: some RandomAccess, _ folder: String) throws -> Bool {
        guard let names = try Archive(content)?.names else { return false }
        return names.contains("[Content_Types].xml") && names.contains { $0.hasPrefix(folder) }
            && !names.contains { $0.lowercased().hasSuffix("vbaproject.bin") }
    }
}

extension RandomAccess {
    fileprivate func begins(with prefix: [UInt8], at offset: Int = 0) throws -> Bool {
        try bytes(at: offset, count: prefix.count) == prefix
    }
}

/// The directory of a ZIP file (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16); by hand, since no entry is to be unpacked.
private struct Archive {
    let names: [String]

    private static let largestDirectory = 1 << 20

    /// Reads the directory; nil when the bytes are no such file from the first to the last, or have a directory beyond 1 MiB.
    init?(_ content: some RandomAccess) throws {
        guard try content.bytes(at: 0, count: 4) == [0x50, 0x4B, 3, 4] else { return nil }
        // The end record has 22 bytes and a comment of 65 535 at most.
        let start = max(0, content.size - 22 - 0xFFFF)
        let tail = try content.bytes(at: start, count: content.size - start)
        guard let end = tail.lastIndex(of: [0x50, 0x4B, 5, 6]), end + 22 + Self.number(tail, end + 20, 2) == tail.count else { return nil }
        let (size, offset) = (Self.number(tail, end + 12, 4), Self.number(tail, end + 16, 4))
        guard size <= Self.largestDirectory, offset + size <= start + end else { return nil }
        let directory = try content.bytes(at: offset, count: size)
        var names: [String] = []
        var place = 0
        while place + 46 <= directory.count {
            guard directory[place..<(place + 4)] == [0x50, 0x4B, 1, 2] else { return nil }
            let length = Self.number(directory, place + 28, 2)
            let next = place + 46 + length + Self.number(directory, place + 30, 2) + Self.number(directory, place + 32, 2)
            guard next <= directory.count else { return nil }
            names.append(String(decoding: directory[(place + 46)..<(place + 46 + length)], as: UTF8.self))
            place = next
        }
        guard place == directory.count else { return nil }
        self.names = names
    }

    /// A number of `count` bytes, the least first; 0 where there are none.
    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        guard place >= 0, place + count <= bytes.count else { return 0 }
        return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

extension [UInt8] {
    /// Where `part` begins for the last time.
    fileprivate func lastIndex(of part: [UInt8]) -> Int? {
        guard count >= part.count else { return nil }
        return (0...(count - part.count)).last { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}

/// Text that a reader of lines can show.
private enum PlainText {
    private static let block = 64 << 10

    /// Whether all bytes are UTF-8 without control characters other than tab, line ends and form feed.
    static func isWhole(_ content: some RandomAccess) throws -> Bool {
        var place = 0
        while place < content.size {
            var bytes = try content.bytes(at: place, count: block)
            if bytes.isEmpty { return false }
            place += bytes.count
            if place < content.size { place -= cut(&bytes) }
            guard String(validating: bytes, as: UTF8.self) != nil, !bytes.isEmpty, bytes.allSatisfy(isShown) else { return false }
        }
        return true
    }

    /// Takes a character that the block broke off its end; returns its bytes.
    private static func cut(_ bytes: inout [UInt8]) -> Int {
        for count in 1...4 where bytes.count >= count {
            let byte = bytes[bytes.count - count]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if length <= count { return 0 }
            bytes.removeLast(count)
            return count
        }
        return 0
    }

    private static func isShown(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte) && byte != 0x0B
    }
}
