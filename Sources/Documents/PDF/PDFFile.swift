import CPango

/// One PDF of A4 pages on its way into memory, and the cairo context that draws on the current page.
final class PDFFile {
    private final class Sink {
        var bytes: [UInt8] = []
    }

    private let sink: Sink
    private let surface: OpaquePointer
    let cairo: OpaquePointer

    init(_ properties: DocumentProperties) throws(DocumentError) {
        let sink = Sink()
        // Safety: cairo calls this while the surface lives and at its end at the latest; `deinit` ends it while `sink` is still held.
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, data, length in
                guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().bytes
                    .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
                return CAIRO_STATUS_SUCCESS
            },
            Unmanaged.passUnretained(sink).toOpaque(),
            Pages.width,
            Pages.height
        )
        guard let surface, let cairo = cairo_create(surface) else {
            cairo_surface_destroy(surface)
            throw DocumentError.libraryFailed("cairo: out of memory")
        }
        self.sink = sink
        self.surface = surface
        self.cairo = cairo
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, properties.title.cleanedLine)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, properties.author.cleanedLine)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "SI-KIMR")
        // Without it cairo writes the clock's time.
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, properties.creationDate)
    }

    /// Ends the file and gives its bytes away.
    func finish() throws(DocumentError) -> [UInt8] {
        let drawing = cairo_status(cairo)
        cairo_surface_finish(surface)
        let writing = cairo_surface_status(surface)
        for status in [drawing, writing] where status != CAIRO_STATUS_SUCCESS {
            throw DocumentError.libraryFailed("cairo: \(cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown")")
        }
        return sink.bytes
    }

    deinit {
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
    }
}
