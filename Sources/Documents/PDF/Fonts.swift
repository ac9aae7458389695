import CPango

/// The fonts of one document: a pango context with a font map of its own, so that no two threads share one.
///
/// Relied on: pango is thread-safe as long as its objects are not shared (pango 1.32.6 and later); fontconfig's and
/// cairo's process-wide caches lock themselves (fontconfig 2.10.91 and cairo 1.12 and later).
final class Fonts {
    private let map: UnsafeMutablePointer<PangoFontMap>
    let context: OpaquePointer

    init() throws(DocumentError) {
        guard let map = pango_cairo_font_map_new(), let context = pango_font_map_create_context(map) else {
            throw DocumentError.libraryFailed("pango: no font map")
        }
        self.map = map
        self.context = context
        // One unit is one point, and lines break where they would on paper: no rounding to a screen's pixels.
        pango_cairo_context_set_resolution(context, 72)
        pango_context_set_round_glyph_positions(context, 0)
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        pango_context_set_language(context, pango_language_from_string("id"))
    }

    private var advances: [TextStyle: [Double]] = [:]
    private var lineHeights: [TextStyle: Double] = [:]

    /// The height of one line of printable ASCII in this style.
    func lineHeight(_ style: TextStyle) throws(DocumentError) -> Double {
        if let known = lineHeights[style] { return known }
        let layout = try TextLayout(style, fonts: self)
        try layout.set("x", width: nil)
        lineHeights[style] = layout.height
        return layout.height
    }

    /// The width of each printable ASCII sign from a space on, alone, in this style.
    func advances(_ style: TextStyle) throws(DocumentError) -> [Double] {
        if let known = advances[style] { return known }
        let layout = try TextLayout(style, fonts: self)
        var measured: [Double] = []
        for code in UInt8(0x20)...0x7E {
            try layout.set(String(UnicodeScalar(code)), width: nil)
            measured.append(layout.width)
        }
        advances[style] = measured
        return measured
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
        g_object_unref(map)
    }
}
