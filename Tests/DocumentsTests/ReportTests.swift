import Testing

@testable import Documents

@Suite struct ReportTests {
    @Test func `a report prints all of its blocks with Indonesian numbers`() throws {
        let pdf = try ReadPDF(Report.monthly.pdf())
        #expect(pdf.info["Page size"] == "595.276 x 841.89 pts (A4)")
        #expect(pdf.info["Title"] == "Rekapitulasi Bulanan Konsultasi")
        for text in [
            "DIREKTORAT KEPATUHAN INTERN", "Oktober 2026", "94,7%", "Konsultasi diterima", "1. Ringkasan", "naik 12 persen", "Minggu III",
            "Dikembalikan", "341", "80%", "Rata-rata", "5.480", "5,7", "60,0%", "112.340", "79,5%", "Dr. Agus Wibowo, M.T.",
            "NIP. 19750101 200003 1 001",
        ] {
            #expect(pdf.words.contains(text), "\(text)")
        }
        #expect(pdf.pages.last?.contains("Halaman \(pdf.pages.count) dari \(pdf.pages.count)") == true)
        #expect(try Report.monthly.pdf() == Report.monthly.pdf())
    }

    @Test func `the wording of a report may be English`() throws {
        let rows: [[Report.Table.Cell]] = [[.integer(1_234_567), .number(-0.5)]]
        let table = Report.Table(
            columns: [Report.Table.Column("Count", .integer), Report.Table.Column("Change", .decimal(places: 2))],
            rows: rows
        )
        let empty = Report.Table(columns: [Report.Table.Column("Unit", .text)], rows: [])
        let pdf = try ReadPDF(Report.sample([.table(table), .table(empty)], wording: .english).pdf())
        for text in ["1,234,567 -0.50", "No data", "Page 1 of 1"] { #expect(pdf.words.contains(text), "\(text)") }
    }

    @Test func `a long table has its header on every page and every row once`() throws {
        let pdf = try ReadPDF(Report.sample([.table(Report.long(rows: 300))]).pdf())
        #expect(pdf.pages.count > 5)
        for page in pdf.pages { #expect(page.contains("Pokok")) }
        #expect(pdf.pages.last?.contains("Halaman \(pdf.pages.count) dari \(pdf.pages.count)") == true)
        let words = pdf.words.split(separator: " ").filter { $0.hasPrefix("KON-") }
        #expect(words == (0..<300).map { "KON-\($0)" })
    }

    @Test func `numbers end at the right edge of their column`() throws {
        let rows: [[Report.Table.Cell]] = [1, 22, 333, 44_444].map { [.text("x"), .integer($0)] }
        let table = Report.Table(columns: [Report.Table.Column("Nama", .text), Report.Table.Column("Jumlah", .integer)], rows: rows)
        let folder = try TemporaryFolder()
        let path = try folder.write(Report.sample([.table(table)]).pdf(), as: "table.pdf")
        let html = String(decoding: try Program.output("pdftotext", ["-bbox", path, "-"]), as: UTF8.self)
        let ends = html.split(separator: "\n").filter { line in
            ["Jumlah", "1", "22", "333", "44.444"].contains { line.contains(">\($0)</word>") }
        }
        .compactMap { line in line.split(separator: "xMax=\"").last?.prefix { $0 != "\"" }.prefix { $0 != "." }.description }
        // The page's width of 595 less the margin of 57 and the cell's of 4; the "1" of "1 dari 1" at the foot stands in the margin's column.
        #expect(ends.filter { $0 == "534" }.count == 5)
    }

    @Test func `a cell longer than a page goes on over the next ones`() throws {
        let words = (0..<6_000).map { "k\($0)" }
        let table = Report.Table(
            columns: [Report.Table.Column("Nomor", .text, weight: 1), Report.Table.Column("Uraian", .text, weight: 3)],
            rows: [[.text("A"), .text("awal")], [.text("B"), .text(words.joined(separator: " "))], [.text("C"), .text("akhir")]]
        )
        let pdf = try ReadPDF(Report.sample([.table(table)]).pdf())
        #expect(pdf.pages.count > 3)
        let found = pdf.words.split(separator: " ").map(String.init).filter { $0.hasPrefix("k") && Int($0.dropFirst()) != nil }
        #expect(found == words)
        #expect(pdf.pages.last?.contains("akhir") == true)
    }

    @Test func `a word longer than a page is printed whole`() throws {
        let pdf = try ReadPDF(Report.sample([.paragraph(String(repeating: "Q", count: 20_000))]).pdf())
        #expect(pdf.pages.count > 3)
        #expect(pdf.text.count { $0 == "Q" } == 20_000)
    }

    @Test func `a heading goes to the next page with the chart below it`() throws {
        let chart = Report.Chart(title: "Grafik", categories: ["a"], series: [Report.Chart.Series(name: "s", values: [1])])
        let filling = String(repeating: "baris\n", count: 36)
        let pdf = try ReadPDF(Report.sample([.paragraph(filling), .heading("Kepala"), .lineChart(chart)]).pdf())
        #expect(pdf.pages.count == 2)
        #expect(pdf.pages.last?.contains("Kepala") == true)
    }

    @Test(arguments: HardText.all)
    func `no text can stop any block`(_ hard: HardText) throws {
        let text = String(hard.text.prefix(400))
        let chart = Report.Chart(
            title: text,
            valueLabel: text,
            categories: [text, text],
            series: [Report.Chart.Series(name: text, values: [1, nil]), Report.Chart.Series(name: text, values: [nil, -2.5])]
        )
        let table = Report.Table(columns: [Report.Table.Column(text, .text)], rows: [[.text(hard.text)]], totals: [.text(text)])
        let pdf = try ReadPDF(
            Report.sample([
                .heading(text), .paragraph(hard.text), .figures([Report.Figure(value: text, label: text)]), .table(table), .barChart(chart),
                .lineChart(chart),
                .signatures(SignatureBlock(placeAndDate: text, people: [SignatureBlock.Person(role: text, name: text, nip: text)])),
            ]).pdf()
        )
        #expect(pdf.info["Pages"] == "\(pdf.pages.count)")
    }

    @Test(arguments: [
        ([0.0], [0.0, 1.0]), ([7], [0, 2, 4, 6, 8]), ([341, 12], [0, 100, 200, 300, 400]), ([-3, 4], [-4, -2, 0, 2, 4]),
        ([1e14], [0, 2e13, 4e13, 6e13, 8e13, 1e14]),
    ])
    func `the axis of a chart has round steps and holds every value`(_ values: [Double], _ ticks: [Double]) {
        let chart = Report.Chart(title: "", categories: values.map { "\($0)" }, series: [Report.Chart.Series(name: "", values: values)])
        #expect(ChartAxis(chart).ticks == ticks)
    }

    @Test func `an axis of shares has steps below one`() {
        let series = Report.Chart.Series(name: "", values: [0.97])
        let ticks = ChartAxis(Report.Chart(title: "", categories: ["a"], series: [series], kind: .percent(places: 0))).ticks
        #expect(ticks.map { Int(($0 * 100).rounded()) } == [0, 20, 40, 60, 80, 100])
    }

    @Test func `what has the wrong shape is refused with its place`() {
        let column = Report.Table.Column("a", .text)
        let one = Report.Chart.Series(name: "", values: [1])
        for (block, error) in [
            (
                Report.Block.table(Report.Table(columns: [column], rows: [[.empty], []])),
                DocumentError.cellCount(row: 1, expected: 1, found: 0)
            ),
            (.table(Report.Table(columns: [column], rows: [], totals: [.empty, .empty])), .cellCount(row: 0, expected: 1, found: 2)),
            (.table(Report.Table(columns: [], rows: [])), .columnCount(limit: 16)),
            (.barChart(Report.Chart(title: "", categories: ["a"], series: [])), .chartShape(maximumSeries: 4)),
            (.lineChart(Report.Chart(title: "", categories: ["a", "b"], series: [one])), .chartShape(maximumSeries: 4)),
            (.barChart(Report.Chart(title: "", categories: ["a"], series: Array(repeating: one, count: 5))), .chartShape(maximumSeries: 4)),
            (
                .barChart(Report.Chart(title: "", categories: ["a"], series: [.init(name: "", values: [.nan])])),
                .chartShape(maximumSeries: 4)
            ),
            (
                .barChart(Report.Chart(title: "", categories: ["a"], series: [.init(name: "", values: [.infinity])])),
                .chartShape(maximumSeries: 4)
            ),
        ] {
            #expect(throws: error) { _ = try Report.sample([block]).pdf() }
        }
    }

    @Test func `a report of too many pages is refused`() {
        let lines = String(repeating: "\n", count: 130_000)
        #expect(throws: DocumentError.tooManyPages(limit: 2_000)) { _ = try Report.sample([.paragraph(lines)]).pdf() }
    }

    @Test(arguments: [
        (0.0, 0, "0"), (1_234.5, 1, "1.234,5"), (-0.04, 1, "0,0"), (-12.345, 2, "-12,35"), (999_999.99, 1, "1.000.000,0"),
        (1e14, 0, "100.000.000.000.000"),
        (.nan, 1, "–"), (-.infinity, 1, "–"), (1e300, 1, "–"), (0.1, 99, "0,100000"),
    ])
    func `decimals are written with a comma and points`(_ number: Double, _ places: Int, _ text: String) {
        #expect(Wording.indonesian.decimal(number, places: places) == text)
    }

    @Test(arguments: [(Int64.min, "-9.223.372.036.854.775.808"), (-1_000, "-1.000"), (0, "0"), (999, "999"), (12_345, "12.345")])
    func `integers are grouped by three`(_ number: Int64, _ text: String) {
        #expect(Wording.indonesian.integer(number) == text)
    }
}
