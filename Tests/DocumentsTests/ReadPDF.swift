/// A PDF as poppler reads it.
struct ReadPDF {
    /// The text of each page, in the order of reading.
    let pages: [String]
    /// What `pdfinfo` says, by name.
    let info: [String: String]

    var text: String { pages.joined(separator: "\n") }

    /// The whole text with every run of white space as one space, so that line breaks do not matter.
    var words: String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    init(_ bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, as: "document.pdf")
        let text = String(decoding: try Program.output("pdftotext", ["-layout", path, "-"]), as: UTF8.self)
        pages = text.split(separator: "\u{C}").map(String.init)
        var info: [String: String] = [:]
        let lines = String(decoding: try Program.output("pdfinfo", ["-isodates", path]), as: UTF8.self)
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first, let value = parts.last else { continue }
            info[String(name)] = value.drop { $0 == " " }.description
        }
        self.info = info
    }
}
