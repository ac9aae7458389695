/// Why a document could not be written; `description` is fit for a log, not for the reader of the document.
package enum DocumentError: Error, Equatable, Sendable {
    /// A text for the PDF has more than this many bytes of UTF-8.
    case textTooLong(limit: Int)
    /// The PDF would have more than this many pages.
    case tooManyPages(limit: Int)
    /// A row has another number of cells than its table has columns; rows count from 0, the totals follow the last row.
    case cellCount(row: Int, expected: Int, found: Int)
    /// A table or sheet without columns, or with more than this many.
    case columnCount(limit: Int)
    /// A chart without series or with more than this many, or a series with another number of values than the chart has categories.
    case chartShape(maximumSeries: Int)
    /// Excel refuses this sheet name: empty, longer than 31 UTF-16 units, `[]:*?/\`, an apostrophe at an end, "History", or used twice.
    case sheetName(String)
    /// A workbook without a sheet, or a chart that names a sheet or a column that is not there.
    case noSuchSheet(String)
    /// A sheet with its header and totals has more rows than Excel's 1 048 576.
    case tooManyRows(sheet: String, limit: Int)
    /// A text has more UTF-16 units than an Excel cell holds.
    case cellTooLong(sheet: String, row: Int, column: Int, limit: Int)
    /// A cell is of another kind than its column, infinite, not a number, or a time outside of 1900-03-01 to 9999-12-31.
    case cellValue(sheet: String, row: Int, column: Int)
    /// The library or the system below it refused: no memory, no space for temporary files, no font.
    case libraryFailed(String)
}
