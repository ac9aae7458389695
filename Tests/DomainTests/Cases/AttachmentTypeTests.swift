import Domain
import Testing

/// Bytes in memory.
private struct Bytes: RandomAccess {
    let all: [UInt8]

    var size: Int { all.count }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, offset < all.count else { return [] }
        return Array(all[offset..<min(all.count, offset + count)])
    }
}

@Suite struct AttachmentTypeTests {
    /// A ZIP file of empty or stored entries, laid out by hand as APPNOTE 6.3.10 says; checksums are left out.
    private static func zip(_ entries: [(name: String, content: String)], comment: String = "") -> [UInt8] {
        func two(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
        func four(_ number: Int) -> [UInt8] { two(number & 0xFFFF) + two(number >> 16) }
        var (file, directory): ([UInt8], [UInt8]) = ([], [])
        for entry in entries {
            let sizes = four(entry.content.utf8.count) + four(entry.content.utf8.count)
            let common: [UInt8] = two(20) + two(0) + two(0) + two(0) + two(0) + four(0)
            let lengths: [UInt8] = sizes + two(entry.name.utf8.count) + two(0)
            directory += [0x50, 0x4B, 1, 2] + two(20) + common + lengths + two(0) + two(0) + two(0) + four(0) + four(file.count)
            directory += Array(entry.name.utf8)
            file += [0x50, 0x4B, 3, 4] + common + lengths + Array(entry.name.utf8) + Array(entry.content.utf8)
        }
        let count = two(entries.count)
        let end: [UInt8] = [0x50, 0x4B, 5, 6] + two(0) + two(0) + count + count + four(directory.count) + four(file.count)
        return file + directory + end + two(comment.utf8.count) + Array(comment.utf8)
    }

    private static let word = [("[Content_Types].xml", "x"), ("word/document.xml", "<w/>")]
    private static let sheet = [("[Content_Types].xml", "x"), ("xl/workbook.xml", "<x/>")]
    private static let open = [("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<o/>")]

    private static let files: [(AttachmentType, [UInt8])] = [
        (.pdf, Array("%PDF-1.7\n".utf8)), (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]), (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]),
        (.docx, zip(word)), (.xlsx, zip(sheet)), (.odt, zip(open)),
    ]

    @Test func `each file is of its own type and of no other`() throws {
        for (type, bytes) in Self.files {
            for other in AttachmentType.allCases {
                #expect(try other.fits(Bytes(all: bytes)) == (type == other || isText(bytes, other)), "\(type) \(other)")
            }
        }
    }

    /// A PDF of plain letters is text, too; its name and its declared type are not.
    private func isText(_ bytes: [UInt8], _ type: AttachmentType) -> Bool {
        [.csv, .text].contains(type) && bytes.starts(with: Array("%PDF".utf8))
    }

    @Test func `an archive that is none from end to end is refused`() throws {
        let good = Self.zip(Self.word)
        #expect(try AttachmentType.docx.fits(Bytes(all: Self.zip(Self.word, comment: "a comment"))))
        let bad: [[UInt8]] = [
            Array("MZ".utf8) + good, good + [0], Array(good.dropLast()), Array(good.prefix(30)), [0x50, 0x4B, 3, 4], [],
            Self.zip([("[Content_Types].xml", "x")]), Self.zip([("word/document.xml", "x")]),
            Self.zip(Self.word + [("word/vbaProject.bin", "x")]), Self.zip([("a/word/document.xml", "x"), ("[Content_Types].xml", "x")]),
        ]
        for bytes in bad { #expect(try !AttachmentType.docx.fits(Bytes(all: bytes)), "\(bytes.prefix(8))") }
        #expect(try !AttachmentType.odt.fits(Bytes(all: Self.zip(Self.open.reversed()))))
        #expect(try !AttachmentType.odt.fits(Bytes(all: Self.zip([("mimetype", "application/zip")]))))
    }

    @Test func `a changed byte anywhere in an archive never does more than refuse it`() throws {
        let good = Self.zip(Self.word)
        for place in good.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var bytes = good
                bytes[place] = value
                for type in AttachmentType.allCases { _ = try type.fits(Bytes(all: bytes)) }
            }
            _ = try AttachmentType.docx.fits(Bytes(all: Array(good.prefix(place))))
        }
    }

    @Test func `text is UTF-8 without control characters, however it is cut into blocks`() throws {
        func fits(_ bytes: [UInt8]) throws -> Bool { try AttachmentType.text.fits(Bytes(all: bytes)) }
        for text in ["a", "\u{FEFF}nama,nilai\r\n\"é\",1\n\t", "日本語", "a\u{C}b"] { #expect(try fits(Array(text.utf8)), "\(text)") }
        let bad: [[UInt8]] = [
            [0], [0x61, 0x1B], [0xFF, 0xFE, 0x61, 0], [0xE9], [0xC3], [0x61, 0x7F], [0xED, 0xA0, 0x80], [0x80], [0x0B],
        ]
        for bytes in bad { #expect(try !fits(bytes), "\(bytes)") }
        for shift in 0..<4 {
            let long = String(repeating: "a", count: (64 << 10) - shift) + String(repeating: "😀", count: 40_000)
            #expect(try fits(Array(long.utf8)))
            #expect(try !fits(Array(long.utf8.dropLast())))
            #expect(try !fits(Array(long.utf8.prefix((64 << 10) - shift)) + [0x80, 0x80, 0x80, 0x80, 0x80, 0x61]))
        }
    }

    @Test func `the declared type and the name must agree`() {
        let cases: [(String, String, AttachmentType?)] = [
            ("application/pdf", "a.pdf", .pdf), ("Application/PDF; x=1", "a.PDF", .pdf), ("image/jpeg", "a.jpg", .jpeg),
            ("image/jpeg", "a.jpeg", .jpeg), ("text/csv; charset=utf-8", "a.csv", .csv), ("application/pdf", "a.png", nil),
            ("application/pdf", "pdf", nil), ("application/zip", "a.docx", nil), ("", "a.pdf", nil), ("text/plain", "a.csv", nil),
        ]
        for (type, name, expected) in cases {
            #expect(AttachmentType(declared: type, name: FileName(stored: name)) == expected, "\(type) \(name)")
        }
    }
}
