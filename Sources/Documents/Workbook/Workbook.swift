/// An XLSX file as a value: sheets of typed columns, then charts that refer to them.
package struct Workbook: Equatable, Sendable {
    package var properties: DocumentProperties
    /// What is added to UTC for the dates and times in cells, which have no zone of their own in Excel.
    package var utcOffsetSeconds: Int32
    package var sheets: [Sheet]
    package var charts: [Chart]

    package struct Sheet: Equatable, Sendable {
        /// As Excel takes it: 1 to 31 UTF-16 units without `[]:*?/\`, no other sheet's name in whatever case.
        package var name: String
        package var columns: [Column]
        package var rows: [[Cell]]
        /// What stands in the first column of the row of totals; nil for no such row.
        package var totalLabel: String?

        package init(name: String, columns: [Column], rows: [[Cell]], totalLabel: String? = nil) {
            self.name = name
            self.columns = columns
            self.rows = rows
            self.totalLabel = totalLabel
        }
    }

    package struct Column: Equatable, Sendable {
        package enum Kind: Equatable, Sendable {
            case text
            case integer
            /// With so many digits behind the separator, 0 to 6.
            case decimal(places: Int)
            /// A share, 1 for the whole, shown as percent.
            case percent(places: Int)
            case dateTime
            /// Hours, minutes and seconds, beyond 24 hours too.
            case duration
        }

        /// What the row of totals shows of the rows that the filter lets through.
        package enum Total: Equatable, Sendable {
            case sum
            case average
        }

        package var title: String
        package var kind: Kind
        /// In characters of the standard font, 1 to 255.
        package var width: Double
        package var total: Total?

        package init(_ title: String, _ kind: Kind, width: Double = 16, total: Total? = nil) {
            self.title = title
            self.kind = kind
            self.width = width
            self.total = total
        }
    }

    /// The value of one cell, of the kind of its column or empty.
    package enum Cell: Equatable, Sendable {
        case empty
        /// Always shown as it is: never a formula, a link or a number.
        case text(String)
        /// For columns of integers, decimals and shares; Excel keeps 15 digits.
        case integer(Int64)
        /// For columns of decimals and shares.
        case number(Double)
        /// Milliseconds since 1970 UTC.
        case dateTime(milliseconds: Int64)
        case duration(seconds: Double)
    }

    /// A sheet with one chart over the rows of another sheet, without its totals.
    package struct Chart: Equatable, Sendable {
        package enum Shape: Equatable, Sendable {
            case bars
            case lines
        }

        package var name: String
        package var title: String
        package var shape: Shape
        /// The name of the sheet with the rows.
        package var sheet: String
        /// The column, from 0, whose cells name the categories.
        package var categoryColumn: Int
        /// The columns, from 0, that are drawn, named by their titles.
        package var valueColumns: [Int]

        package init(name: String, title: String, shape: Shape, sheet: String, categoryColumn: Int, valueColumns: [Int]) {
            self.name = name
            self.title = title
            self.shape = shape
            self.sheet = sheet
            self.categoryColumn = categoryColumn
            self.valueColumns = valueColumns
        }
    }

    package init(properties: DocumentProperties, utcOffsetSeconds: Int32, sheets: [Sheet], charts: [Chart] = []) {
        self.properties = properties
        self.utcOffsetSeconds = utcOffsetSeconds
        self.sheets = sheets
        self.charts = charts
    }

    /// The file; call it from a worker thread. A caller with very many rows hands them to a `WorkbookWriter` one by one instead.
    package func xlsx() throws(DocumentError) -> [UInt8] {
        var writer = try WorkbookWriter(properties, utcOffsetSeconds: utcOffsetSeconds)
        for sheet in sheets {
            try writer.startSheet(sheet.name, columns: sheet.columns, totalLabel: sheet.totalLabel)
            for row in sheet.rows { try writer.row(row) }
        }
        for chart in charts { try writer.chart(chart) }
        return try writer.finish()
    }
}
