import CXLSXWriter

/// Writes the header, the rows and the totals of one sheet.
struct SheetWriter {
    private struct Sum {
        var total = 0.0
        var count = 0
    }

    // Safety: the workbook owns the worksheet; the writer is dropped before the workbook is closed.
    private let worksheet: UnsafeMutablePointer<lxw_worksheet>
    let name: String
    let columns: [Workbook.Column]
    private let totalLabel: String?
    private let formats: CellFormats
    private let utcOffsetSeconds: Int32
    private(set) var rowCount = 0
    private var cellFormats: [CellFormats.Format] = []
    private var sums: [Sum]

    init(
        worksheet: UnsafeMutablePointer<lxw_worksheet>,
        name: String,
        columns: [Workbook.Column],
        totalLabel: String?,
        formats: CellFormats,
        utcOffsetSeconds: Int32
    ) {
        self.worksheet = worksheet
        self.name = name
        self.columns = columns
        self.totalLabel = totalLabel
        self.formats = formats
        self.utcOffsetSeconds = utcOffsetSeconds
        sums = [Sum](repeating: Sum(), count: columns.count)
    }

    mutating func start() throws(DocumentError) {
        for (index, column) in columns.enumerated() {
            let number = lxw_col_t(clamping: index)
            let width = column.width.isFinite ? min(max(column.width, 1), 255) : 16
            cellFormats.append(try formats.format(column.kind, isTotal: false))
            try XLSXFile.check(worksheet_set_column(worksheet, number, number, width, nil))
        }
        for (index, column) in columns.enumerated() {
            try writeText(column.title, row: 0, column: index, format: formats.header)
        }
        worksheet_freeze_panes(worksheet, 1, 0)
        worksheet_repeat_rows(worksheet, 0, 0)
        worksheet_set_landscape(worksheet)
        worksheet_set_paper(worksheet, 9)  // A4
        worksheet_fit_to_pages(worksheet, 1, 0)
    }

    mutating func row(_ cells: [Workbook.Cell]) throws(DocumentError) {
        guard cells.count == columns.count else {
            throw DocumentError.cellCount(row: rowCount, expected: columns.count, found: cells.count)
        }
        let rowLimit = WorkbookWriter.maximumRows - 1 - (totalLabel == nil ? 0 : 1)
        guard rowCount < rowLimit else { throw DocumentError.tooManyRows(sheet: name, limit: WorkbookWriter.maximumRows) }
        rowCount += 1
        for (index, cell) in cells.enumerated() { try write(cell, column: index) }
    }

    private mutating func write(_ cell: Workbook.Cell, column: Int) throws(DocumentError) {
        switch (cell, columns[column].kind) {
        case (.empty, _): return
        case (.text(let text), .text): try writeText(text, row: rowCount, column: column, format: cellFormats[column])
        case (.integer(let number), .integer), (.integer(let number), .decimal), (.integer(let number), .percent):
            try write(Double(number), column: column)
        case (.number(let number), .decimal), (.number(let number), .percent): try write(number, column: column)
        case (.duration(let seconds), .duration): try write(seconds / 86_400, column: column)
        case (.dateTime(let milliseconds), .dateTime):
            // From 1900-03-01, before which Excel counts a day that never was, to the end of 9999.
            let days = (Double(milliseconds) / 1_000 + Double(utcOffsetSeconds)) / 86_400 + 25_569
            guard (61..<2_958_466).contains(days) else { throw refusal(column) }
            try write(days, column: column)
        default: throw refusal(column)
        }
    }

    private mutating func write(_ number: Double, column: Int) throws(DocumentError) {
        // libxlsxwriter would write "nan" and "inf", and Excel would not open the file.
        guard number.isFinite else { throw refusal(column) }
        sums[column].total += number
        sums[column].count += 1
        try XLSXFile.check(
            worksheet_write_number(worksheet, lxw_row_t(clamping: rowCount), lxw_col_t(clamping: column), number, cellFormats[column])
        )
    }

    private func refusal(_ column: Int) -> DocumentError {
        .cellValue(sheet: name, row: rowCount - 1, column: column)
    }

    private func writeText(_ text: String, row: Int, column: Int, format: CellFormats.Format) throws(DocumentError) {
        let text = text.cleaned.escapedForExcel
        guard text.utf16.count <= WorkbookWriter.maximumCellUnits else {
            throw DocumentError.cellTooLong(sheet: name, row: row - 1, column: column, limit: WorkbookWriter.maximumCellUnits)
        }
        try XLSXFile.check(worksheet_write_string(worksheet, lxw_row_t(clamping: row), lxw_col_t(clamping: column), text, format))
    }

    /// Writes the totals and lets the filter know how far the rows reach.
    mutating func end() throws(DocumentError) {
        let last = lxw_col_t(clamping: columns.count - 1)
        try XLSXFile.check(worksheet_autofilter(worksheet, 0, 0, lxw_row_t(clamping: rowCount), last))
        guard let totalLabel else { return }
        let row = rowCount + 1
        for (index, column) in columns.enumerated() {
            let number = lxw_col_t(clamping: index)
            let format = try formats.format(column.kind, isTotal: true)
            if let total = column.total, column.kind != .text, rowCount > 0 {
                let sum = sums[index]
                let result =
                    switch total {
                    case .sum: sum.total
                    case .average: sum.count == 0 ? 0 : sum.total / Double(sum.count)
                    }
                // SUBTOTAL 9 and 1, sum and average, follow the filter.
                let letters = Self.letters(index)
                let function = total == .sum ? 9 : 1
                let formula = "=SUBTOTAL(\(function),\(letters)2:\(letters)\(rowCount + 1))"
                try XLSXFile.check(worksheet_write_formula_num(worksheet, lxw_row_t(clamping: row), number, formula, format, result))
            } else if index == 0 {
                try writeText(totalLabel, row: row, column: 0, format: try formats.format(.text, isTotal: true))
            } else {
                try XLSXFile.check(worksheet_write_blank(worksheet, lxw_row_t(clamping: row), number, format))
            }
        }
    }

    /// The name of a column, "A" for 0, "AA" for 26.
    private static func letters(_ column: Int) -> String {
        var rest = column
        var name = ""
        repeat {
            name = String(UnicodeScalar(UInt8(65 + rest % 26))) + name
            rest = rest / 26 - 1
        } while rest >= 0
        return name
    }
}

extension String {
    /// This text with the underscore of every `_x0041_` escaped: Excel reads such a run as the sign with that code.
    fileprivate var escapedForExcel: String {
        guard utf8.contains(0x5F) else { return self }
        let bytes = Array(utf8)
        var escaped: [UInt8] = []
        escaped.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            escaped.append(byte)
            guard byte == 0x5F, index + 6 < bytes.count, bytes[index + 1] == 0x78, bytes[index + 6] == 0x5F else { continue }
            if bytes[index + 2...index + 5].allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) { escaped += Array("x005F_".utf8) }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
