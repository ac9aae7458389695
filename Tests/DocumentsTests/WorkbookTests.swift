import Testing

@testable import Documents

extension Workbook {
    static let sampleProperties = DocumentProperties(
        title: "Rekap Oktober",
        author: "Direktorat Kepatuhan Intern",
        createdAtSeconds: 1_795_271_400
    )

    /// A workbook of one sheet, "A", with these rows.
    static func sheet(_ columns: [Column], _ rows: [[Cell]], totalLabel: String? = nil) -> Workbook {
        Workbook(
            properties: sampleProperties,
            utcOffsetSeconds: 0,
            sheets: [Sheet(name: "A", columns: columns, rows: rows, totalLabel: totalLabel)]
        )
    }

    static let monthly = Workbook(
        properties: sampleProperties,
        utcOffsetSeconds: 7 * 3_600,
        sheets: [
            Sheet(
                name: "Rekap 'Oktober' 2026",
                columns: [
                    Column("Unit kerja", .text, width: 40),
                    Column("Jumlah", .integer, total: .sum),
                    Column("Hari", .decimal(places: 1), total: .average),
                    Column("Tepat waktu", .percent(places: 1), total: .average),
                    Column("Diterima", .dateTime, width: 20),
                    Column("Lama", .duration, total: .sum),
                ],
                rows: [
                    [
                        .text("Balai A"), .integer(1_210), .number(2.5), .number(0.9), .dateTime(milliseconds: 1_795_271_400_000),
                        .duration(seconds: 90_000),
                    ],
                    [.text("Balai B"), .integer(34), .number(0.5), .integer(1), .dateTime(milliseconds: 0), .duration(seconds: 61)],
                    [.text("Balai C"), .empty, .empty, .empty, .empty, .empty],
                ],
                totalLabel: "Jumlah"
            ),
            Sheet(name: "Kosong", columns: [Column("Nama", .text)], rows: []),
        ],
        charts: [
            Chart(name: "Grafik", title: "=Jumlah", shape: .bars, sheet: "Rekap 'Oktober' 2026", categoryColumn: 0, valueColumns: [1]),
            Chart(
                name: "Garis",
                title: "Hari dan tepat waktu",
                shape: .lines,
                sheet: "Rekap 'Oktober' 2026",
                categoryColumn: 0,
                valueColumns: [2, 3]
            ),
        ]
    )
}

@Suite struct WorkbookTests {
    @Test func `another reader finds every value with its type, its format and its total`() throws {
        let bytes = try Workbook.monthly.xlsx()
        let lines = try ReadWorkbook(bytes).lines
        let sheet = "Rekap 'Oktober' 2026"
        for line in [
            "property Rekap Oktober | Direktorat Kepatuhan Intern | 2026-11-21T14:30:00 | 2026-11-21T14:30:00",
            "sheet \(sheet) A1:F5 A2 A1:F4",
            "sheet Kosong A1:A1 A2 A1",
            "width \(sheet) A 41",
            "cell \(sheet)!A1 s 'General' 'Unit kerja' bold",
            "cell \(sheet)!A2 s '@' 'Balai A' plain",
            "cell \(sheet)!B2 n '#,##0' 1210 plain",
            "cell \(sheet)!C2 n '#,##0.0' 2.5 plain",
            "cell \(sheet)!D2 n '0.0%' 0.9 plain",
            "cell \(sheet)!E2 d 'yyyy-mm-dd hh:mm:ss' datetime.datetime(2026, 11, 21, 21, 30) plain",
            "cell \(sheet)!E3 d 'yyyy-mm-dd hh:mm:ss' datetime.datetime(1970, 1, 1, 7, 0) plain",
            "cell \(sheet)!F2 d '[h]:mm:ss' datetime.timedelta(days=1, seconds=3600) plain",
            "cell \(sheet)!A5 s '@' 'Jumlah' bold",
            "cell \(sheet)!B5 f '#,##0' '=SUBTOTAL(9,B2:B4)' bold",
            "stored \(sheet)!B5 1244",
            "cell \(sheet)!C5 f '#,##0.0' '=SUBTOTAL(1,C2:C4)' bold",
            "stored \(sheet)!C5 1.5",
            "stored \(sheet)!D5 0.95",
            "stored \(sheet)!F5 1 day, 1:01:01",
            "chart Grafik BarChart",
            "chart Garis LineChart",
            "series Grafik 'Rekap ''Oktober'' 2026'!$B$1 'Rekap ''Oktober'' 2026'!$A$2:$A$4 'Rekap ''Oktober'' 2026'!$B$2:$B$4",
            "series Garis 'Rekap ''Oktober'' 2026'!$D$1 'Rekap ''Oktober'' 2026'!$A$2:$A$4 'Rekap ''Oktober'' 2026'!$D$2:$D$4",
        ] {
            #expect(lines.contains(line), "\(line)\n\(lines.sorted().joined(separator: "\n"))")
        }
        #expect(try Workbook.monthly.xlsx() == bytes)
    }

    @Test func `text stays text, whatever it looks like`() throws {
        let texts = [
            "=1+1", "+62811", "-5", "@SUM(A1)", "https://example.org", "mailto:a@example.org", "internal:A!A1", "007", "TRUE", "{=1}",
        ]
        let lines = try ReadWorkbook(Workbook.sheet([Workbook.Column("=2+2", .text)], texts.map { [.text($0)] }).xlsx()).lines
        #expect(lines.contains("cell A!A1 s 'General' '=2+2' bold"))
        for (index, text) in texts.enumerated() { #expect(lines.contains("cell A!A\(index + 2) s '@' '\(text)' plain")) }
        #expect(lines.filter { $0.hasPrefix("link") } == [])
    }

    @Test func `a run that Excel takes for a code is escaped`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Workbook.sheet([Workbook.Column("a", .text)], [[.text("_x0041_ _xyz_ _x00e9_")]]).xlsx(), as: "a.xlsx")
        let program = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml').decode())"
        let sheet = String(decoding: try Program.output("/usr/bin/python3", ["-c", program, path]), as: UTF8.self)
        #expect(sheet.contains(">_x005F_x0041_ _xyz_ _x005F_x00e9_<"))
    }

    @Test(arguments: HardText.all)
    func `no text can stop a workbook`(_ hard: HardText) throws {
        let text = String(String.UnicodeScalarView(hard.text.unicodeScalars.prefix(10_000)))
        var workbook = Workbook.sheet([Workbook.Column(text, .text)], [[.text(text)]], totalLabel: text)
        workbook.properties.title = text
        workbook.charts = [Workbook.Chart(name: "C", title: text, shape: .lines, sheet: "A", categoryColumn: 0, valueColumns: [0])]
        #expect(try ReadWorkbook(workbook.xlsx()).lines.contains("chart C LineChart"))
    }

    @Test(arguments: [
        "", String(repeating: "a", count: 32), "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "a/b", "[a", "a:b", "a*", "a?", "a\\b", "'a", "a'", "HISTORY", "a\nb",
        "\u{0}",
    ])
    func `a name that Excel does not open is refused`(_ name: String) {
        var workbook = Workbook.sheet([Workbook.Column("a", .text)], [])
        workbook.sheets[0].name = name
        #expect(throws: DocumentError.sheetName(name)) { _ = try workbook.xlsx() }
    }

    @Test func `two sheets of one name are refused`() {
        var workbook = Workbook.sheet([Workbook.Column("a", .text)], [])
        workbook.sheets.append(Workbook.Sheet(name: "a", columns: [Workbook.Column("a", .text)], rows: []))
        #expect(throws: DocumentError.sheetName("a")) { _ = try workbook.xlsx() }
    }

    @Test func `a value that its column cannot hold is refused with its place`() {
        for (kind, cell) in [
            (Workbook.Column.Kind.text, Workbook.Cell.integer(1)), (.integer, .text("1")), (.integer, .number(1.5)),
            (.decimal(places: 1), .number(.nan)),
            (.percent(places: 0), .number(.infinity)), (.duration, .duration(seconds: -.infinity)), (.dateTime, .integer(1)),
            (.dateTime, .dateTime(milliseconds: .min)), (.dateTime, .dateTime(milliseconds: 253_402_300_800_000)),
        ] {
            let workbook = Workbook.sheet([Workbook.Column("n", .text), Workbook.Column("v", kind)], [[.empty, .empty], [.empty, cell]])
            #expect(throws: DocumentError.cellValue(sheet: "A", row: 1, column: 1)) { _ = try workbook.xlsx() }
        }
    }

    @Test func `what has the wrong shape is refused`() {
        let column = Workbook.Column("a", .text)
        var charted = Workbook.sheet([column], [])
        charted.charts = [Workbook.Chart(name: "C", title: "", shape: .bars, sheet: "B", categoryColumn: 0, valueColumns: [0])]
        var beyond = charted
        beyond.charts = [Workbook.Chart(name: "C", title: "", shape: .bars, sheet: "A", categoryColumn: 0, valueColumns: [1])]
        for (workbook, error) in [
            (Workbook.sheet([column], [[.empty, .empty]]), DocumentError.cellCount(row: 0, expected: 1, found: 2)),
            (Workbook.sheet([], []), .columnCount(limit: 256)),
            (Workbook(properties: Workbook.sampleProperties, utcOffsetSeconds: 0, sheets: []), .noSuchSheet("")),
            (charted, .noSuchSheet("B")),
            (beyond, .noSuchSheet("A")),
            (
                Workbook.sheet([column], [[.text(String(repeating: "a", count: 32_768))]]),
                .cellTooLong(sheet: "A", row: 0, column: 0, limit: 32_767)
            ),
        ] {
            #expect(throws: error) { _ = try workbook.xlsx() }
        }
    }

    @Test func `a row beyond Excel's last is refused`() throws {
        var writer = try WorkbookWriter(Workbook.sampleProperties, utcOffsetSeconds: 0)
        try writer.startSheet("A", columns: [Workbook.Column("a", .text)], totalLabel: "t")
        for _ in 0..<1_048_574 { try writer.row([.empty]) }
        var refused: DocumentError?
        do { try writer.row([.empty]) } catch { refused = error }
        #expect(refused == .tooManyRows(sheet: "A", limit: 1_048_576))
    }

    @Test func `the longest cell is read back whole`() throws {
        let text = String(repeating: "a", count: 32_767)
        #expect(
            try ReadWorkbook(Workbook.sheet([Workbook.Column("a", .text)], [[.text(text)]]).xlsx()).lines.contains(
                "cell A!A2 s '@' '\(text)' plain"
            )
        )
    }

    @Test func `eight threads at once write what one writes`() async throws {
        let alone = try Workbook.monthly.xlsx()
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 { group.addTask { try Workbook.monthly.xlsx() } }
            for try await bytes in group { #expect(bytes == alone) }
        }
    }
}
