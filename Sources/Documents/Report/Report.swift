/// A printed report: an institution's head, a title and blocks one under the other, over as many A4 pages as they need.
package struct Report: Equatable, Sendable {
    package var properties: DocumentProperties
    /// The lines at the head, from the ministry down to the directorate.
    package var institution: [String]
    /// What stands under the title: the period, the unit.
    package var subtitles: [String]
    package var wording: Wording
    package var blocks: [Block]

    package enum Block: Equatable, Sendable {
        case heading(String)
        case paragraph(String)
        case figures([Figure])
        case table(Table)
        case barChart(Chart)
        case lineChart(Chart)
        case signatures(SignatureBlock)
    }

    /// A number that stands out, with what it counts; up to five stand side by side.
    package struct Figure: Equatable, Sendable {
        package var value: String
        package var label: String

        package init(value: String, label: String) {
            self.value = value
            self.label = label
        }
    }

    package init(properties: DocumentProperties, institution: [String], subtitles: [String], wording: Wording, blocks: [Block]) {
        self.properties = properties
        self.institution = institution
        self.subtitles = subtitles
        self.wording = wording
        self.blocks = blocks
    }

    /// The report as PDF; the title is that of the properties. Call it from a worker thread: a thousand rows of a table take a fraction of a second.
    package func pdf() throws(DocumentError) -> [UInt8] {
        for block in blocks { try block.check() }
        return try Pages.pdf(properties, foot: Pages.Foot(text: properties.title, wording: wording)) { pages throws(DocumentError) in
            try pages.drawLetterhead(institution, title: properties.title, subtitles: subtitles)
            for (index, block) in blocks.enumerated() {
                let next = index + 1 < blocks.count ? blocks[index + 1] : nil
                try pages.draw(block, before: next, wording: wording)
            }
        }
    }
}

extension Report.Block {
    /// Refuses what cannot be drawn, before anything is.
    fileprivate func check() throws(DocumentError) {
        switch self {
        case .table(let table): try table.check()
        case .barChart(let chart), .lineChart(let chart): try chart.check()
        case .heading, .paragraph, .figures, .signatures: break
        }
    }
}

extension Pages {
    static let bodySize = 10.0

    fileprivate mutating func draw(_ block: Report.Block, before next: Report.Block?, wording: Wording) throws(DocumentError) {
        switch block {
        case .heading(let heading):
            let layout = try text(heading, TextStyle(size: 12, isBold: true), width: Self.textWidth)
            // A heading stays with the first lines of what it stands over, or with the whole chart.
            let follower =
                switch next {
                case .barChart, .lineChart: Self.chartHeight
                default: 60.0
                }
            try keep(min(layout.height, 100) + 13 + follower)
            if !isAtTop { y += 8 }
            try draw(flowing: layout)
            y += 5
        case .paragraph(let paragraph):
            try draw(flowing: text(paragraph, TextStyle(size: Self.bodySize), width: Self.textWidth))
            y += 8
        case .figures(let figures): try draw(figures)
        case .table(let table): try draw(table, wording: wording)
        case .barChart(let chart): try drawBars(chart, wording: wording)
        case .lineChart(let chart): try drawLines(chart, wording: wording)
        case .signatures(let signatures): try draw(signatures)
        }
    }

    private mutating func draw(_ figures: [Report.Figure]) throws(DocumentError) {
        let most = 5
        let gap = 10.0
        let padding = 8.0
        var rest = figures[...]
        // Every row has the widths of the first, so that a second row stands in line with it.
        let columns = Double(min(max(figures.count, 1), most))
        let width = (Self.textWidth - gap * (columns - 1)) / columns
        while !rest.isEmpty {
            var boxes: [(value: TextLayout, label: TextLayout)] = []
            for figure in rest.prefix(most) {
                let inner = width - 2 * padding
                boxes.append(
                    (
                        value: try text(figure.value, TextStyle(size: 18, isBold: true, maximumLines: 1), width: inner),
                        label: try text(figure.label, TextStyle(size: 8.5, gray: 0.2, maximumLines: 3), width: inner)
                    )
                )
            }
            let valueHeight = boxes.map(\.value.height).max() ?? 0
            let height = valueHeight + (boxes.map(\.label.height).max() ?? 0) + 2 * padding
            try keep(height)
            for (index, figure) in boxes.enumerated() {
                let x = Self.left + Double(index) * (width + gap)
                box(x: x, y: y, width: width, height: height, fill: 0.96, frame: 0.5, gray: 0.55)
                draw(figure.value, x: x + padding, y: y + padding)
                draw(figure.label, x: x + padding, y: y + padding + valueHeight)
            }
            y += height + gap
            rest = rest.dropFirst(most)
        }
        y += 2
    }
}
