import Documents
import Domain
import HTTP

/// A recap on paper and as a workbook: made of what was frozen and nothing else, so that it is the same bytes each time.
struct RecapPaper: Sendable {
    let recap: Recap
    let totals: RecapTotals
    let frozen: Recap.Frozen
    /// The steps of its cases, by the version of the procedure that it was begun with.
    let steps: [Procedure.Step]
    let calendar: WorkingCalendar
    let words: RecapWords

    /// How many cases the printed list names; all are in the workbook.
    static let mostCases = 500

    private var title: String { "\(words.title(recap.kind)) \(words.month(recap.period))" }

    /// When what it says was settled: at the submission, or for a draft at its last change.
    private var time: Instant { recap.submittedAt ?? recap.updatedAt }

    private var properties: DocumentProperties {
        DocumentProperties(title: title, author: frozen.institution, createdAtSeconds: time.milliseconds / 1000)
    }

    private func stepTitle(_ key: String) -> String {
        steps.first { String($0.number) == key }.map { "\($0.number). \(words($0.title))" } ?? key
    }

    private func partTitle(_ part: RecapTotals.Part) -> String {
        switch part {
        case .all: ""
        case .status: words.status
        case .unit: words.unit
        case .officer: words.officer
        case .topic: words.topicTitle(recap.kind)
        case .step: words.step
        case .day: words.day
        }
    }

    // MARK: PDF

    /// The recap as PDF; call it from a worker thread.
    func pdf(_ reader: RecapReader) throws -> [UInt8] {
        var reader = reader
        let rows = try reader.next() ?? []
        var blocks: [Report.Block] = [.figures(figures)]
        for part in [RecapTotals.Part.status, .topic, .step, .officer, .unit] {
            blocks.append(.heading(heading(part)))
            blocks.append(.table(table(part)))
        }
        blocks += charts
        blocks.append(.heading(words("Daftar kasus", "List of cases")))
        if rows.count > Self.mostCases {
            let (shown, all) = (words.wording.grouped(Self.mostCases), words.wording.grouped(totals.all.count))
            blocks.append(
                .paragraph(
                    words(
                        "\(shown) dari \(all) kasus dicetak di sini; semuanya ada dalam berkas XLSX dan CSV.",
                        "\(shown) of \(all) cases are printed here; the XLSX and CSV files hold all of them."
                    )
                )
            )
        }
        blocks.append(.table(cases(rows.prefix(Self.mostCases))))
        if recap.frozen != nil { blocks.append(.paragraph("SHA-256: \(frozen.sha256)")) }
        blocks.append(.signatures(signatures))
        return try Report(
            properties: properties,
            institution: [frozen.institution],
            subtitles: [state],
            wording: words.wording,
            blocks: blocks
        ).pdf()
    }

    private var state: String {
        guard let submittedAt = recap.submittedAt else { return words("Konsep, belum diserahkan", "Draft, not submitted") }
        let date = words.date(calendar.localDate(of: submittedAt))
        return words("Diserahkan \(date)", "Submitted on \(date)")
    }

    private var figures: [Report.Figure] {
        let all = totals.all
        let wording = words.wording
        return [
            Report.Figure(value: wording.grouped(all.count), label: words("kasus berakhir", "cases ended")),
            Report.Figure(value: wording.grouped(all.onTime), label: words("kasus tepat waktu", "cases on time")),
            Report.Figure(value: wording.grouped(all.late), label: words("kasus terlambat", "late cases")),
            Report.Figure(value: wording.share(all.onTimeRate), label: words("ketepatan waktu", "on-time rate")),
            Report.Figure(value: wording.grouped(all.points), label: words("poin kinerja", "performance points")),
        ]
    }

    private func heading(_ part: RecapTotals.Part) -> String {
        let title = partTitle(part).lowercased()
        return part == .step
            ? words("Ketepatan waktu per langkah", "On-time rate of each step") : words("Menurut \(title)", "By \(title)")
    }

    private func table(_ part: RecapTotals.Part) -> Report.Table {
        let isStep = part == .step
        var columns = [
            Report.Table.Column(partTitle(part), .text, weight: 4),
            Report.Table.Column(isStep ? words.attempts : words.cases, .integer, weight: 1.2),
            Report.Table.Column(words.onTime, .integer, weight: 1.2),
            Report.Table.Column(words.late, .integer, weight: 1.2),
            Report.Table.Column(words.rate, .percent(places: 1), weight: 1.3),
        ]
        if !isStep { columns.append(Report.Table.Column(words.points, .integer, weight: 1)) }
        func cells(_ label: String, _ line: RecapTotals.Line) -> [Report.Table.Cell] {
            [
                .text(label), .integer(Int64(line.count)), .integer(Int64(line.onTime)), .integer(Int64(line.late)),
                line.onTimeRate.map { .number($0) } ?? .empty,
            ] + (isStep ? [] : [.integer(Int64(line.points))])
        }
        let lines = totals[part]
        return Report.Table(
            columns: columns,
            rows: lines.map { cells(isStep ? stepTitle($0.key) : words.label(part, $0), $0) },
            totals: isStep || lines.count < 2 ? [] : cells(words.total, lines.total)
        )
    }

    /// How many cases ended each day, and how many of them were on time.
    private var charts: [Report.Block] {
        let days = totals[.day]
        guard !days.isEmpty else { return [] }
        let names = days.map { CivilDate($0.key).map { String($0.day) } ?? $0.key }
        return [
            .heading(words("Volume dan ketepatan waktu", "Volume and on-time rate")),
            .barChart(
                Report.Chart(
                    title: words("Kasus berakhir per hari", "Cases ended each day"),
                    categories: names,
                    series: [.init(name: words.cases, values: days.map { Double($0.count) })]
                )
            ),
            .lineChart(
                Report.Chart(
                    title: words("Ketepatan waktu per hari", "On-time rate of each day"),
                    categories: names,
                    series: [.init(name: words.rate, values: days.map(\.onTimeRate))],
                    kind: .percent(places: 0)
                )
            ),
        ]
    }

    private func cases(_ rows: ArraySlice<NamedRow>) -> Report.Table {
        Report.Table(
            columns: [
                Report.Table.Column(words.number, .text, weight: 18.5),
                Report.Table.Column(words.caseTitle, .text, weight: 25),
                Report.Table.Column(words.unit, .text, weight: 16.5),
                Report.Table.Column(words.officer, .text, weight: 13),
                Report.Table.Column(words.closed, .text, weight: 12.5),
                Report.Table.Column(words.onTime, .text, weight: 8),
                Report.Table.Column(words.points, .integer, weight: 9),
            ],
            rows: rows.map { named in
                [
                    .text(named.row.number), .text(named.row.title), .text(named.unit), .text(named.officer),
                    .text(calendar.localDate(of: named.row.closedAt).description),
                    .text(words.answer(named.row.isOnTime)), .integer(Int64(named.row.points)),
                ]
            }
        )
    }

    private var signatures: SignatureBlock {
        SignatureBlock(
            placeAndDate: words.date(calendar.localDate(of: time)),
            people: [
                .init(role: words("Penerima: Direktur", "Received by: Director"), name: "", nip: ""),
                .init(role: words("Penyusun", "Compiled by"), name: frozen.compilerName, nip: frozen.compilerNIP ?? ""),
            ]
        )
    }

    // MARK: XLSX

    /// The recap as a workbook; call it from a worker thread.
    func xlsx(_ reader: RecapReader) throws -> [UInt8] {
        var reader = reader
        var writer = try WorkbookWriter(properties, utcOffsetSeconds: Int32(clamping: calendar.timeZone.offsetSeconds))
        try writeSummary(to: &writer)
        for part in [RecapTotals.Part.status, .topic, .step, .officer, .unit, .day] { try writeSheet(part, to: &writer) }
        try writer.startSheet(words.cases, columns: caseColumns, totalLabel: words.total)
        while let rows = try reader.next() {
            for named in rows { try writer.row(cells(named)) }
        }
        try writer.chart(
            Workbook.Chart(
                name: words("Grafik volume", "Volume chart"),
                title: words("Kasus berakhir per hari", "Cases ended each day"),
                shape: .bars,
                sheet: words.day,
                categoryColumn: 0,
                valueColumns: [1]
            )
        )
        try writer.chart(
            Workbook.Chart(
                name: words("Grafik ketepatan", "On-time chart"),
                title: words("Ketepatan waktu per hari", "On-time rate of each day"),
                shape: .lines,
                sheet: words.day,
                categoryColumn: 0,
                valueColumns: [4]
            )
        )
        return try writer.finish()
    }

    private func writeSummary(to writer: inout WorkbookWriter) throws(DocumentError) {
        try writer.startSheet(
            words("Ringkasan", "Summary"),
            columns: [
                Workbook.Column(title, .text, width: 40), Workbook.Column(state, .decimal(places: 0), width: 34),
                Workbook.Column(words.rate, .percent(places: 1), width: 14),
            ]
        )
        let all = totals.all
        for (label, value) in [(words.cases, all.count), (words.onTime, all.onTime), (words.late, all.late), (words.points, all.points)] {
            try writer.row([.text(label), .integer(Int64(value)), .empty])
        }
        try writer.row([.text(words.rate), .empty, all.onTimeRate.map { .number($0) } ?? .empty])
        if recap.frozen != nil { try writer.row([.text("SHA-256: \(frozen.sha256)"), .empty, .empty]) }
    }

    private func writeSheet(_ part: RecapTotals.Part, to writer: inout WorkbookWriter) throws(DocumentError) {
        let isStep = part == .step
        var columns = [
            Workbook.Column(partTitle(part), .text, width: part == .unit || isStep ? 48 : 26),
            Workbook.Column(isStep ? words.attempts : words.cases, .integer, width: 13, total: .sum),
            Workbook.Column(words.onTime, .integer, width: 13, total: .sum),
            Workbook.Column(words.late, .integer, width: 13, total: .sum),
            Workbook.Column(words.rate, .percent(places: 1), width: 14),
        ]
        if !isStep { columns.append(Workbook.Column(words.points, .integer, width: 10, total: .sum)) }
        try writer.startSheet(partTitle(part), columns: columns, totalLabel: words.total)
        for line in totals[part] {
            let label = isStep ? stepTitle(line.key) : part == .day ? line.key : words.label(part, line)
            let cells: [Workbook.Cell] = [
                .text(label), .integer(Int64(line.count)), .integer(Int64(line.onTime)), .integer(Int64(line.late)),
                line.onTimeRate.map { .number($0) } ?? .empty,
            ]
            try writer.row(cells + (isStep ? [] : [.integer(Int64(line.points))]))
        }
    }

    private var caseColumns: [Workbook.Column] {
        [
            Workbook.Column(words.number, .text, width: 18), Workbook.Column(words.status, .text, width: 14),
            Workbook.Column(words.caseTitle, .text, width: 50), Workbook.Column(words.unit, .text, width: 40),
            Workbook.Column(words.officer, .text, width: 24), Workbook.Column(words.topicTitle(recap.kind), .text, width: 18),
            Workbook.Column(words.created, .dateTime, width: 20), Workbook.Column(words.closed, .dateTime, width: 20),
            Workbook.Column(words("Langkah tepat waktu", "Steps on time"), .integer, width: 13, total: .sum),
            Workbook.Column(words("Langkah terlambat", "Late steps"), .integer, width: 13, total: .sum),
            Workbook.Column(words.points, .integer, width: 10, total: .sum),
        ]
    }

    private func cells(_ named: NamedRow) -> [Workbook.Cell] {
        let row = named.row
        return [
            .text(row.number), .text(words.status(row.status)), .text(row.title), .text(named.unit), .text(named.officer),
            .text(words.topic(row.topic ?? "")), .dateTime(milliseconds: row.createdAt.milliseconds),
            .dateTime(milliseconds: row.closedAt.milliseconds), .integer(Int64(row.onTimeSteps)), .integer(Int64(row.lateSteps)),
            .integer(Int64(row.points)),
        ]
    }
}

extension [RecapTotals.Line] {
    /// The lines as one.
    var total: RecapTotals.Line {
        reduce(into: RecapTotals.Line(key: "")) { sum, line in
            sum.count += line.count
            sum.onTime += line.onTime
            sum.late += line.late
            sum.points += line.points
        }
    }
}

extension Wording {
    func grouped(_ number: Int) -> String { integer(Int64(number)) }

    /// A share as percent, a dash where there is none.
    func share(_ share: Double?) -> String { share.map { percent($0, places: 1) } ?? "–" }
}
