extension Report {
    /// A table that repeats its header on every page; numbers stand at the right of their column.
    package struct Table: Equatable, Sendable {
        package struct Column: Equatable, Sendable {
            package enum Kind: Equatable, Sendable {
                case text
                case integer
                /// With so many digits behind the separator, 0 to 6.
                case decimal(places: Int)
                /// A share, 1 for the whole, shown as percent.
                case percent(places: Int)

                var isNumber: Bool { self != .text }
            }

            package var title: String
            package var kind: Kind
            /// The column's part of the table's width, in proportion to the other columns'; at least 0.1.
            package var weight: Double

            package init(_ title: String, _ kind: Kind, weight: Double = 1) {
                self.title = title
                self.kind = kind
                self.weight = weight
            }
        }

        /// The value of one cell; a number is shown as its column says.
        package enum Cell: Equatable, Sendable {
            case empty
            case text(String)
            case integer(Int64)
            case number(Double)
        }

        package var columns: [Column]
        package var rows: [[Cell]]
        /// A last row in bold, empty for none.
        package var totals: [Cell]

        package init(columns: [Column], rows: [[Cell]], totals: [Cell] = []) {
            self.columns = columns
            self.rows = rows
            self.totals = totals
        }

        static let maximumColumns = 16

        func check() throws(DocumentError) {
            guard (1...Self.maximumColumns).contains(columns.count) else { throw DocumentError.columnCount(limit: Self.maximumColumns) }
            for (index, row) in rows.enumerated() where row.count != columns.count {
                throw DocumentError.cellCount(row: index, expected: columns.count, found: row.count)
            }
            guard totals.isEmpty || totals.count == columns.count else {
                throw DocumentError.cellCount(row: rows.count, expected: columns.count, found: totals.count)
            }
        }
    }
}

extension Report.Table.Cell {
    /// What is printed in a column of this kind.
    func text(_ kind: Report.Table.Column.Kind, _ wording: Wording) -> String {
        switch self {
        case .empty: ""
        case .text(let text): text
        case .integer(let number):
            switch kind {
            case .text, .integer: wording.integer(number)
            case .decimal(let places): wording.decimal(Double(number), places: places)
            case .percent(let places): wording.percent(Double(number), places: places)
            }
        case .number(let number):
            switch kind {
            case .integer: wording.decimal(number, places: 0)
            case .text: wording.decimal(number, places: 2)
            case .decimal(let places): wording.decimal(number, places: places)
            case .percent(let places): wording.percent(number, places: places)
            }
        }
    }
}

/// The places and the layouts of a table's columns; the layouts are set anew for each row.
private struct TableColumns {
    struct Column {
        var x: Double
        var width: Double
        var kind: Report.Table.Column.Kind
        var header: TextLayout
        var cell: TextLayout
        var total: TextLayout
    }

    static let padding = 4.0
    var columns: [Column] = []
    var headerHeight = 0.0

    init(_ table: Report.Table, fonts: Fonts) throws(DocumentError) {
        let weights = table.columns.map { $0.weight.isFinite ? min(max($0.weight, 0.1), 100) : 1 }
        let unit = Pages.textWidth / weights.reduce(0, +)
        let size = table.columns.count > 7 ? 8.0 : 9.0
        var x = Pages.left
        for (column, weight) in zip(table.columns, weights) {
            let side: TextStyle.Side = column.kind.isNumber ? .right : .left
            let width = unit * weight
            let header = try TextLayout(TextStyle(size: size, isBold: true, side: side, maximumLines: 4), fonts: fonts)
            try header.set(column.title, width: width - 2 * Self.padding)
            columns.append(
                Column(
                    x: x,
                    width: width,
                    kind: column.kind,
                    header: header,
                    cell: try TextLayout(TextStyle(size: size, side: side), fonts: fonts),
                    total: try TextLayout(TextStyle(size: size, isBold: true, side: side), fonts: fonts)
                )
            )
            headerHeight = max(headerHeight, header.height + 2 * Self.padding)
            x += width
        }
    }
}

extension Pages {
    mutating func draw(_ table: Report.Table, wording: Wording) throws(DocumentError) {
        let columns = try TableColumns(table, fonts: fonts)
        let rowHeight = 20.0
        try keep(columns.headerHeight + 2 * rowHeight)
        drawHeader(columns)
        if table.rows.isEmpty {
            let nothing = try text(wording.nothing, TextStyle(size: 9, gray: 0.3, side: .center), width: Self.textWidth)
            draw(nothing, x: Self.left, y: y + TableColumns.padding)
            y += nothing.height + 2 * TableColumns.padding
            rule(from: Self.left, to: Self.right, y: y, thickness: 0.4, gray: 0.6)
        }
        for row in table.rows { try drawRow(row, columns, \.cell, wording: wording) }
        if !table.totals.isEmpty {
            rule(from: Self.left, to: Self.right, y: y, thickness: 0.9)
            try drawRow(table.totals, columns, \.total, wording: wording)
        }
        rule(from: Self.left, to: Self.right, y: y, thickness: 0.9)
        y += 12
    }

    private mutating func drawHeader(_ columns: TableColumns) {
        box(x: Self.left, y: y, width: Self.textWidth, height: columns.headerHeight, fill: 0.88)
        for column in columns.columns {
            draw(
                column.header,
                x: column.x + TableColumns.padding,
                y: y + columns.headerHeight - TableColumns.padding - column.header.height
            )
        }
        rule(from: Self.left, to: Self.right, y: y, thickness: 0.9)
        y += columns.headerHeight
        rule(from: Self.left, to: Self.right, y: y, thickness: 0.9)
    }

    /// Draws one row; one that is higher than the rest of the page goes to the next, and parts there only when it is higher than a page.
    private mutating func drawRow(
        _ cells: [Report.Table.Cell],
        _ columns: TableColumns,
        _ layout: KeyPath<TableColumns.Column, TextLayout>,
        wording: Wording
    ) throws(DocumentError) {
        let padding = TableColumns.padding
        var height = 0.0
        for (column, cell) in zip(columns.columns, cells) {
            let text = cell.text(column.kind, wording)
            let width = column.width - 2 * padding
            if isCounting {
                height = max(height, try column[keyPath: layout].height(of: text, width: width))
            } else {
                try column[keyPath: layout].set(text, width: width)
                height = max(height, column[keyPath: layout].height)
            }
        }
        // A row of moderate height stays whole on the next page; a higher one uses what is left of this one.
        if height + 2 * padding > space, height < 120 { try startTablePage(columns) }
        if height + 2 * padding <= space {
            for column in columns.columns { draw(column[keyPath: layout], x: column.x + padding, y: y + padding) }
            return endRow(height: height)
        }
        for (column, cell) in zip(columns.columns, cells) {
            try column[keyPath: layout].set(cell.text(column.kind, wording), width: column.width - 2 * padding)
        }
        var next = [Int](repeating: 0, count: columns.columns.count)
        while true {
            let room = max(space - 2 * padding, 0)
            var part = 0.0
            var isDone = true
            for (index, column) in columns.columns.enumerated() {
                let text = column[keyPath: layout]
                guard next[index] < text.lines.count else { continue }
                let count = text.lineCount(from: next[index], in: room)
                if count > 0 {
                    draw(text, lines: next[index]..<next[index] + count, x: column.x + padding, y: y + padding)
                    part = max(part, text.lines[next[index] + count - 1].bottom - text.lines[next[index]].top)
                    next[index] += count
                }
                if next[index] < text.lines.count { isDone = false }
            }
            if part > 0 { endRow(height: part) }
            if isDone { return }
            try startTablePage(columns)
        }
    }

    private mutating func endRow(height: Double) {
        y += height + 2 * TableColumns.padding
        rule(from: Self.left, to: Self.right, y: y, thickness: 0.4, gray: 0.6)
    }

    private mutating func startTablePage(_ columns: TableColumns) throws(DocumentError) {
        rule(from: Self.left, to: Self.right, y: y, thickness: 0.9)
        try startPage()
        drawHeader(columns)
    }
}
