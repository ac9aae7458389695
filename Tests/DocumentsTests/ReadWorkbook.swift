/// A workbook as openpyxl reads it, told line by line.
struct ReadWorkbook {
    /// Lines like `cell Rekap!B2 n '#,##0' 12`, with Python's own writing of the value, and `sheet`, `chart` and `property` lines.
    let lines: Set<String>

    init(_ bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, as: "workbook.xlsx")
        let output = try Program.output("/usr/bin/python3", ["-c", Self.program, path])
        lines = Set(String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    private static let program = """
        import sys, openpyxl
        from openpyxl.chartsheet import Chartsheet
        formulas = openpyxl.load_workbook(sys.argv[1])
        values = openpyxl.load_workbook(sys.argv[1], data_only=True)
        p = formulas.properties
        print("property", p.title, "|", p.creator, "|", p.created.isoformat(), "|", p.modified.isoformat())
        for sheet in formulas.worksheets:
            print("sheet", sheet.title, sheet.dimensions, sheet.freeze_panes, sheet.auto_filter.ref)
            for column, dimension in sheet.column_dimensions.items():
                print("width", sheet.title, column, round(dimension.width))
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is None:
                        continue
                    name = f"{sheet.title}!{cell.coordinate}"
                    print("cell", name, cell.data_type, repr(cell.number_format), ascii(cell.value), "bold" if cell.font.b else "plain")
                    if cell.data_type == "f":
                        print("stored", name, values[sheet.title][cell.coordinate].value)
                    if cell.hyperlink is not None:
                        print("link", name)
        for sheet in formulas._sheets:
            if isinstance(sheet, Chartsheet):
                chart = sheet._charts[0]
                print("chart", sheet.title, type(chart).__name__)
                for series in chart.series:
                    print("series", sheet.title, series.tx.strRef.f, series.cat.numRef.f if series.cat.numRef else series.cat.strRef.f, series.val.numRef.f)
        """
}
