import CXLSXWriter

/// Writes an XLSX file row by row; its memory does not grow with the rows, which wait in unnamed files of the temporary folder.
package struct WorkbookWriter: ~Copyable {
    /// A sheet that was started: where its rows are.
    private struct Written {
        var name: String
        var columns: [Workbook.Column]
        var rowCount = 0
    }

    /// Excel's own limit, header and totals included.
    package static let maximumRows = 1_048_576
    /// Far below Excel's 16 384; a wider sheet is a mistake.
    package static let maximumColumns = 256
    /// Excel's own limit on a cell, in UTF-16 units.
    package static let maximumCellUnits = 32_767

    private let file: XLSXFile
    private let utcOffsetSeconds: Int32
    private let formats: CellFormats
    private var names = SheetNames()
    private var written: [Written] = []
    private var sheet: SheetWriter?

    package init(_ properties: DocumentProperties, utcOffsetSeconds: Int32) throws(DocumentError) {
        let file = try XLSXFile()
        let workbook = try file.workbook()
        let formats = try CellFormats(workbook)
        var title = Array(properties.title.cleanedLine.utf8CString)
        var author = Array(properties.author.cleanedLine.utf8CString)
        let error = title.withUnsafeMutableBufferPointer { title in
            author.withUnsafeMutableBufferPointer { author in
                // libxlsxwriter copies both texts.
                var document = lxw_doc_properties()
                document.title = title.baseAddress
                document.author = author.baseAddress
                document.created = properties.creationTime
                return workbook_set_properties(workbook, &document)
            }
        }
        try XLSXFile.check(error)
        self.file = file
        self.formats = formats
        self.utcOffsetSeconds = utcOffsetSeconds
    }

    /// Ends the sheet before, if any, and starts one: its header is bold, filterable and stays in sight.
    package mutating func startSheet(_ name: String, columns: [Workbook.Column], totalLabel: String? = nil) throws(DocumentError) {
        try endSheet()
        try names.take(name)
        guard (1...Self.maximumColumns).contains(columns.count) else { throw DocumentError.columnCount(limit: Self.maximumColumns) }
        guard let worksheet = workbook_add_worksheet(try file.workbook(), name) else {
            throw DocumentError.libraryFailed("libxlsxwriter: no worksheet; is the temporary folder full or missing?")
        }
        var sheet = SheetWriter(
            worksheet: worksheet,
            name: name,
            columns: columns,
            totalLabel: totalLabel,
            formats: formats,
            utcOffsetSeconds: utcOffsetSeconds
        )
        try sheet.start()
        self.sheet = sheet
    }

    /// Writes the next row of the sheet; it has a cell for each column.
    package mutating func row(_ cells: [Workbook.Cell]) throws(DocumentError) {
        guard sheet != nil else { throw DocumentError.noSuchSheet("") }
        try sheet?.row(cells)
    }

    private mutating func endSheet() throws(DocumentError) {
        guard var sheet else { return }
        try sheet.end()
        written.append(Written(name: sheet.name, columns: sheet.columns, rowCount: sheet.rowCount))
        self.sheet = nil
    }

    /// Adds a sheet with a chart over a sheet that was written before; call it after the last row.
    package mutating func chart(_ chart: Workbook.Chart) throws(DocumentError) {
        try endSheet()
        guard let sheet = written.first(where: { $0.name == chart.sheet }),
            let lastRow = lxw_row_t(exactly: max(sheet.rowCount, 1)),
            let categoryColumn = lxw_col_t(exactly: chart.categoryColumn),
            sheet.columns.indices.contains(chart.categoryColumn),
            chart.valueColumns.allSatisfy(sheet.columns.indices.contains)
        else { throw DocumentError.noSuchSheet(chart.sheet) }
        try names.take(chart.name)
        let workbook = try file.workbook()
        let shape = chart.shape == .bars ? LXW_CHART_COLUMN : LXW_CHART_LINE
        guard let drawing = workbook_add_chart(workbook, UInt8(shape.rawValue)) else {
            throw DocumentError.libraryFailed("libxlsxwriter: no chart")
        }
        for column in chart.valueColumns {
            guard let series = chart_add_series(drawing, nil, nil), let valueColumn = lxw_col_t(exactly: column) else {
                throw DocumentError.libraryFailed("libxlsxwriter: no series")
            }
            chart_series_set_categories(series, sheet.name, 1, categoryColumn, lastRow, categoryColumn)
            chart_series_set_values(series, sheet.name, 1, valueColumn, lastRow, valueColumn)
            chart_series_set_name_range(series, sheet.name, 0, valueColumn)
        }
        // A title that starts with "=" would be taken for a reference.
        let title = chart.title.cleanedLine
        chart_title_set_name(drawing, title.hasPrefix("=") ? " " + title : title)
        guard let chartsheet = workbook_add_chartsheet(workbook, chart.name) else {
            throw DocumentError.libraryFailed("libxlsxwriter: no chart sheet")
        }
        try XLSXFile.check(chartsheet_set_chart(chartsheet, drawing))
    }

    /// Ends the file and gives its bytes away.
    package consuming func finish() throws(DocumentError) -> [UInt8] {
        try endSheet()
        guard !written.isEmpty else { throw DocumentError.noSuchSheet("") }
        return try file.finish()
    }
}
