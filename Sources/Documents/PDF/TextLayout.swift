import CPango

/// How a text looks: size in points, weight, shade and side.
struct TextStyle: Hashable, Sendable {
    enum Side: Sendable { case left, center, right }

    var size: Double
    var isBold = false
    /// From 0, black, to 1, white.
    var gray = 0.0
    var side = Side.left
    /// Above 0, a text of more lines ends with an ellipsis.
    var maximumLines = 0
}

/// A text broken into lines of a given width; another text may be set again and again.
final class TextLayout {
    /// One line; lengths are points, `top` counts from the top of the text.
    struct Line {
        // Safety: pango keeps the line as long as the layout is neither changed nor freed; `set` replaces `lines` whenever it changes the layout.
        fileprivate let pointer: UnsafeMutablePointer<PangoLayoutLine>
        fileprivate let left: Double
        fileprivate let baseline: Double
        let top: Double
        let height: Double
        var bottom: Double { top + height }
    }

    /// The longest text that is laid out, in bytes of UTF-8: many times the longest field, and still far below a second.
    static let maximumBytes = 262_144

    private let layout: OpaquePointer
    private let style: TextStyle
    private let fonts: Fonts
    private(set) var lines: [Line] = []
    private(set) var width = 0.0
    private var last: (text: String, width: Double?)?
    private var heights: [String: Double] = [:]
    private var heightsWidth = 0.0

    var height: Double { lines.last?.bottom ?? 0 }

    init(_ style: TextStyle, fonts: Fonts) throws(DocumentError) {
        guard let layout = pango_layout_new(fonts.context) else { throw DocumentError.libraryFailed("pango: no layout") }
        self.layout = layout
        self.style = style
        self.fonts = fonts
        let description = pango_font_description_new()
        // Liberation Sans is what offices print with; DejaVu Sans has the scripts and signs that it lacks.
        pango_font_description_set_family_static(description, "Liberation Sans,DejaVu Sans")
        pango_font_description_set_absolute_size(description, style.size * Double(PANGO_SCALE))
        pango_font_description_set_weight(description, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_layout_set_font_description(layout, description)
        pango_font_description_free(description)
        pango_layout_set_line_spacing(layout, 1.1)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        let alignment =
            switch style.side {
            case .left: PANGO_ALIGN_LEFT
            case .center: PANGO_ALIGN_CENTER
            case .right: PANGO_ALIGN_RIGHT
            }
        pango_layout_set_alignment(layout, alignment)
        if style.maximumLines > 0 {
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
            // A negative height is a number of lines.
            pango_layout_set_height(layout, -Int32(clamping: style.maximumLines))
        }
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    /// Breaks the cleaned text into lines of at most `width` points, within a word where one is wider; nil does not break.
    func set(_ text: String, width: Double?) throws(DocumentError) {
        if let last, last == (text, width) { return }
        last = nil
        let given = text
        // Pango counts the lines of each paragraph, so a text of few lines is one paragraph.
        var text = style.maximumLines > 0 ? text.cleanedLine : text.cleaned
        guard text.utf8.count <= Self.maximumBytes else { throw DocumentError.textTooLong(limit: Self.maximumBytes) }
        text = text.withBreaksInLongWords
        pango_layout_set_width(layout, width.map { Int32(max($0, 1) * Double(PANGO_SCALE)) } ?? -1)
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { pango_layout_set_text(layout, $0.baseAddress, Int32(clamping: $0.count)) }
        }
        readLines()
        last = (given, width)
    }

    /// The height that `set` would give the text, shaping it only when that is not known otherwise.
    ///
    /// Shaping is most of the time of a long table; this spares it while pages are only counted. Afterwards `lines` may be another text's.
    func height(of text: String, width: Double) throws(DocumentError) -> Double {
        if try isOneLine(text, width: width) { return try fonts.lineHeight(style) }
        if width != heightsWidth {
            heights.removeAll()
            heightsWidth = width
        }
        if let known = heights[text] { return known }
        try set(text, width: width)
        // Names of units and topics return in a table; texts that do not must not pile up.
        if heights.count < 256, text.utf8.count < 256 { heights[text] = height }
        return height
    }

    /// Whether a text is one line beyond doubt: printable ASCII, of signs that are narrow enough alone.
    private func isOneLine(_ text: String, width: Double) throws(DocumentError) -> Bool {
        let advances = try fonts.advances(style)
        var total = 0.0
        for byte in text.utf8 {
            guard (0x20...0x7E).contains(byte) else { return false }
            total += advances[Int(byte - 0x20)]
            // Kerning moves signs by less than a tenth of their widths.
            guard total * 1.1 < width else { return false }
        }
        return true
    }

    private func readLines() {
        lines.removeAll(keepingCapacity: true)
        width = 0
        guard let iterator = pango_layout_get_iter(layout) else { return }
        defer { pango_layout_iter_free(iterator) }
        repeat {
            guard let pointer = pango_layout_iter_get_line_readonly(iterator) else { return }
            var extents = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &extents)
            let scale = 1 / Double(PANGO_SCALE)
            width = max(width, Double(extents.width) * scale)
            lines.append(
                Line(
                    pointer: pointer,
                    left: Double(extents.x) * scale,
                    baseline: Double(pango_layout_iter_get_baseline(iterator)) * scale,
                    top: Double(extents.y) * scale,
                    height: Double(extents.height) * scale
                )
            )
        } while pango_layout_iter_next_line(iterator) != 0
    }

    /// How many lines from `index` on fit into `space` points; 0 when none does.
    func lineCount(from index: Int, in space: Double) -> Int {
        guard lines.indices.contains(index) else { return 0 }
        let top = lines[index].top
        return lines[index...].prefix { $0.bottom - top <= space }.count
    }

    /// Draws some of the lines, the first of them with its top at `y`.
    func draw(_ range: Range<Int>, x: Double, y: Double, on cairo: OpaquePointer) {
        let shown = lines[range.clamped(to: lines.indices)]
        guard let first = shown.first else { return }
        cairo_set_source_rgb(cairo, style.gray, style.gray, style.gray)
        for line in shown {
            cairo_move_to(cairo, x + line.left, y + line.baseline - first.top)
            pango_cairo_show_layout_line(cairo, line.pointer)
        }
    }
}
