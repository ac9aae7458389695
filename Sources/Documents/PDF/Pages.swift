import CPango

/// A4 pages that fill from top to bottom; lengths are points, from the top left corner of the page.
///
/// A document runs through it twice: first to count the pages, then to draw them with "page n of m" at the foot.
struct Pages: ~Copyable {
    /// 210 mm by 297 mm.
    static let width = 595.276
    static let height = 841.890
    static let left = 56.7
    static let right = width - 56.7
    static let top = 51.0
    static let bottom = height - 68.0
    static let textWidth = right - left
    /// More than any year's recap needs; it bounds the time one request takes.
    static let maximumPages = 2_000

    /// What stands at the foot of every page.
    struct Foot: Sendable {
        var text: String
        var wording: Wording
    }

    let fonts: Fonts
    private let file: PDFFile?
    private let foot: Foot
    private let total: Int
    private(set) var number = 1
    /// Where the next thing goes.
    var y = Pages.top

    private init(fonts: Fonts, file: PDFFile?, foot: Foot, total: Int) {
        self.fonts = fonts
        self.file = file
        self.foot = foot
        self.total = total
    }

    /// The PDF that `body` draws; it is called twice and must do the same both times.
    static func pdf(
        _ properties: DocumentProperties,
        foot: Foot,
        body: (inout Pages) throws(DocumentError) -> Void
    ) throws(DocumentError) -> [UInt8] {
        let fonts = try Fonts()
        var counted = Pages(fonts: fonts, file: nil, foot: foot, total: 0)
        try body(&counted)
        let file = try PDFFile(properties)
        var drawn = Pages(fonts: fonts, file: file, foot: foot, total: counted.number)
        try body(&drawn)
        return try drawn.finish()
    }

    private consuming func finish() throws(DocumentError) -> [UInt8] {
        try endPage()
        return try file?.finish() ?? []
    }

    private func endPage() throws(DocumentError) {
        let y = Self.height - 44
        rule(from: Self.left, to: Self.right, y: y - 6, thickness: 0.5, gray: 0.6)
        let style = TextStyle(size: 8, gray: 0.25, maximumLines: 1)
        let label = try text("\(foot.wording.page) \(number) \(foot.wording.of) \(total)", style)
        draw(label, x: Self.right - label.width, y: y)
        draw(try text(foot.text, style, width: Self.textWidth - label.width - 24), x: Self.left, y: y)
    }

    /// The points left on this page.
    var space: Double { Self.bottom - y }

    /// Whether pages are only counted, nothing is drawn.
    var isCounting: Bool { file == nil }

    /// Whether nothing stands on this page yet.
    var isAtTop: Bool { y <= Self.top }

    mutating func startPage() throws(DocumentError) {
        guard number < Self.maximumPages else { throw DocumentError.tooManyPages(limit: Self.maximumPages) }
        if let cairo = file?.cairo {
            try endPage()
            cairo_show_page(cairo)
        }
        number += 1
        y = Self.top
    }

    /// Starts a page unless this one has room for `height` points or is still empty.
    mutating func keep(_ height: Double) throws(DocumentError) {
        if height > space, !isAtTop { try startPage() }
    }

    /// A new layout of the text; `width` nil keeps each of its lines whole.
    func text(_ text: String, _ style: TextStyle, width: Double? = nil) throws(DocumentError) -> TextLayout {
        let layout = try TextLayout(style, fonts: fonts)
        try layout.set(text, width: width)
        return layout
    }

    func draw(_ layout: TextLayout, lines: Range<Int>? = nil, x: Double, y: Double) {
        guard let cairo = file?.cairo else { return }
        layout.draw(lines ?? layout.lines.indices, x: x, y: y, on: cairo)
    }

    func rule(from x: Double, to end: Double, y: Double, thickness: Double, gray: Double = 0) {
        line([(x, y), (end, y)], thickness: thickness, gray: gray)
    }

    /// A line through the points; `dashes` are lengths drawn and left out in turn, none is a whole line.
    func line(_ points: [(x: Double, y: Double)], thickness: Double, gray: Double = 0, dashes: [Double] = []) {
        guard let cairo = file?.cairo, let first = points.first else { return }
        cairo_set_source_rgb(cairo, gray, gray, gray)
        cairo_set_line_width(cairo, thickness)
        cairo_set_dash(cairo, dashes, Int32(clamping: dashes.count), 0)
        cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
        cairo_move_to(cairo, first.x, first.y)
        for point in points.dropFirst() { cairo_line_to(cairo, point.x, point.y) }
        cairo_stroke(cairo)
    }

    /// A filled shape with these corners.
    func fill(_ corners: [(x: Double, y: Double)], gray: Double) {
        guard let cairo = file?.cairo, let first = corners.first else { return }
        cairo_set_source_rgb(cairo, gray, gray, gray)
        cairo_move_to(cairo, first.x, first.y)
        for corner in corners.dropFirst() { cairo_line_to(cairo, corner.x, corner.y) }
        cairo_close_path(cairo)
        cairo_fill(cairo)
    }

    /// A rectangle, filled when `fill` is a shade, framed when `frame` is a thickness.
    func box(x: Double, y: Double, width: Double, height: Double, fill: Double? = nil, frame: Double? = nil, gray: Double = 0) {
        guard let cairo = file?.cairo else { return }
        cairo_rectangle(cairo, x, y, width, height)
        if let fill {
            cairo_set_source_rgb(cairo, fill, fill, fill)
            cairo_fill_preserve(cairo)
        }
        if let frame {
            cairo_set_source_rgb(cairo, gray, gray, gray)
            cairo_set_line_width(cairo, frame)
            cairo_set_dash(cairo, nil, 0, 0)
            cairo_stroke_preserve(cairo)
        }
        cairo_new_path(cairo)
    }
}
