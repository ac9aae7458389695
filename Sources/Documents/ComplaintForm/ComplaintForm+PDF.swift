extension ComplaintForm {
    /// The form on A4 pages; long texts run over as many as they need. Call it from a worker thread: it takes milliseconds.
    package func pdf() throws(DocumentError) -> [UInt8] {
        let properties = DocumentProperties(
            title: number.isEmpty ? Self.title : "\(Self.title) \(number)",
            author: institution.last ?? "",
            createdAtSeconds: createdAtSeconds
        )
        let foot = Pages.Foot(text: properties.title, wording: Self.wording)
        return try Pages.pdf(properties, foot: foot) { pages throws(DocumentError) in
            try pages.drawLetterhead(institution, title: Self.title.uppercased())
            for field in fields {
                try field.isLong ? pages.drawLong(field) : pages.drawShort(field)
            }
            try pages.draw(signatures)
        }
    }
}

extension Pages {
    private static let padding = 6.0
    private static let labelWidth = 138.0
    private static let frame = 0.7
    private static let shade = 0.92
    private static let labelStyle = TextStyle(size: 10.5, isBold: true)
    private static let valueStyle = TextStyle(size: 10.5)

    /// A row of the grid: the label on a shaded field, the value beside it.
    fileprivate mutating func drawShort(_ field: ComplaintForm.Field) throws(DocumentError) {
        let label = try text(field.label, Self.labelStyle, width: Self.labelWidth - 2 * Self.padding)
        let value = try text(field.value, Self.valueStyle, width: Self.textWidth - Self.labelWidth - 2 * Self.padding)
        var next = 0
        repeat {
            let smallest = max(label.height, value.lines.first?.height ?? 0) + 2 * Self.padding
            try keep(smallest)
            let count = max(value.lineCount(from: next, in: space - 2 * Self.padding), 1)
            let end = min(next + count, value.lines.count)
            let height = max(label.height, value.lines[end - 1].bottom - value.lines[next].top) + 2 * Self.padding
            box(x: Self.left, y: y, width: Self.labelWidth, height: height, fill: Self.shade, frame: Self.frame)
            box(x: Self.left + Self.labelWidth, y: y, width: Self.textWidth - Self.labelWidth, height: height, frame: Self.frame)
            draw(label, x: Self.left + Self.padding, y: y + Self.padding)
            draw(value, lines: next..<end, x: Self.left + Self.labelWidth + Self.padding, y: y + Self.padding)
            y += height
            next = end
        } while next < value.lines.count
    }

    /// A shaded strip with the label and the text in a frame under it; on every further page the strip says that it goes on.
    fileprivate mutating func drawLong(_ field: ComplaintForm.Field) throws(DocumentError) {
        let value = try text(field.value, Self.valueStyle, width: Self.textWidth - 2 * Self.padding)
        // Room to write by hand where little or nothing is printed.
        let smallestText = 64.0
        var next = 0
        repeat {
            let name = next == 0 ? field.label : "\(field.label) (\(ComplaintForm.wording.continued))"
            let label = try text(name, Self.labelStyle, width: Self.textWidth - 2 * Self.padding)
            let strip = label.height + 2 * Self.padding - 3
            let around = strip + 2 * Self.padding
            try keep(around + smallestText)
            let count = max(value.linesForPage(from: next, in: space - around, isAtTop: true), 1)
            let end = min(next + count, value.lines.count)
            let textHeight = value.lines[end - 1].bottom - value.lines[next].top
            let height = around + (next == 0 ? max(textHeight, smallestText) : textHeight)
            box(x: Self.left, y: y, width: Self.textWidth, height: strip, fill: Self.shade, frame: Self.frame)
            box(x: Self.left, y: y, width: Self.textWidth, height: height, frame: Self.frame)
            draw(label, x: Self.left + Self.padding, y: y + Self.padding - 1.5)
            draw(value, lines: next..<end, x: Self.left + Self.padding, y: y + strip + Self.padding)
            y += height
            next = end
            if next < value.lines.count { try startPage() }
        } while next < value.lines.count
    }
}
