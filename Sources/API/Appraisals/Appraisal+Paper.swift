import Documents
import Domain
import HTTP

extension Appraisal {
    /// How many cases the printed list names.
    private static let mostPrinted = 500

    private func title(_ words: RecapWords) -> String {
        "\(words("Bahan Penilaian Kinerja", "Performance Appraisal")) \(words.month(period))"
    }

    /// The time of its end: what it says of a month that is over stays the same.
    private func properties(_ words: RecapWords) -> DocumentProperties {
        let end = calendar.start(of: period.next)
        return DocumentProperties(title: title(words), author: unit, createdAtSeconds: end.milliseconds / 1000)
    }

    /// The number and the title of a step, as its procedure now has it.
    private func label(of step: StepPerformance, _ words: RecapWords) -> String {
        "\(step.step). \(titles["\(step.procedure) \(step.step)"].map { words($0) } ?? step.stepCode)"
    }

    /// What its procedure is called.
    private func procedure(of step: StepPerformance, _ words: RecapWords) -> String {
        titles[step.procedure].map { words($0) } ?? step.procedure
    }

    private func hours(_ milliseconds: Int64?) -> Double? { milliseconds.map { Double($0) / 3_600_000 } }

    /// The appraisal as PDF; call it from a worker thread.
    func pdf(_ words: RecapWords) throws -> [UInt8] {
        let wording = words.wording
        var blocks: [Report.Block] = [
            .figures([
                .init(value: wording.grouped(balance.posted), label: words("poin dibukukan", "points posted")),
                .init(value: wording.grouped(balance.pending), label: words("poin tertunda", "points pending")),
                .init(value: wording.grouped(totals.count), label: words("kasus berakhir", "cases ended")),
                .init(value: wording.share(totals.onTimeRate), label: words("ketepatan waktu", "on-time rate")),
            ]),
            .heading(words("Waktu per langkah (jam kerja)", "Time of each step (working hours)")),
            .table(stepTable(words)),
            .heading(words("Daftar kasus", "List of cases")),
        ]
        if cases.count > Self.mostPrinted {
            let (shown, all) = (wording.grouped(Self.mostPrinted), wording.grouped(totals.count))
            let rest =
                isCapped
                ? inRecaps(words) : words("semuanya ada dalam berkas XLSX", "the XLSX file holds all of them")
            blocks.append(
                .paragraph(
                    words("\(shown) dari \(all) kasus dicetak di sini; \(rest).", "\(shown) of \(all) cases are printed here; \(rest).")
                )
            )
        }
        blocks.append(.table(caseTable(words)))
        let signers: [SignatureBlock.Person] = [
            .init(role: words("Pegawai yang dinilai", "Appraised employee"), name: user.name, nip: user.employeeNumber?.text ?? ""),
            .init(role: words("Pejabat penilai", "Appraiser"), name: "", nip: ""),
        ]
        blocks.append(.signatures(SignatureBlock(placeAndDate: "", people: signers)))
        return try Report(
            properties: properties(words),
            institution: [unit],
            subtitles: [user.name, user.employeeNumber.map { "NIP. \($0.text)" } ?? ""],
            wording: wording,
            blocks: blocks
        ).pdf()
    }

    private func inRecaps(_ words: RecapWords) -> String {
        words("semuanya ada dalam rekapitulasi bulan ini", "the recaps of the month hold all of them")
    }

    private func stepTable(_ words: RecapWords) -> Report.Table {
        Report.Table(
            columns: [
                .init(words("Prosedur", "Procedure"), .text, weight: 2), .init(words.step, .text, weight: 3.2),
                .init(words.attempts, .integer, weight: 1.6), .init(words.onTime, .integer, weight: 1.2),
                .init(words.late, .integer, weight: 1.4), .init(words.rate, .percent(places: 1), weight: 1.5),
                .init(words("Rata-rata", "Mean"), .decimal(places: 2), weight: 1.3),
                .init(words("Terlama", "Longest"), .decimal(places: 2), weight: 1.3),
            ],
            rows: steps.map { step in
                [
                    .text(procedure(of: step, words)), .text(label(of: step, words)), .integer(Int64(step.count)),
                    .integer(Int64(step.onTime)), .integer(Int64(step.late)), step.onTimeRate.map { .number($0) } ?? .empty,
                    hours(step.elapsed?.mean).map { .number($0) } ?? .empty, hours(step.elapsed?.longest).map { .number($0) } ?? .empty,
                ]
            }
        )
    }

    private func caseTable(_ words: RecapWords) -> Report.Table {
        Report.Table(
            columns: [
                .init(words.number, .text, weight: 18.5), .init(words.caseTitle, .text, weight: 31), .init(words.unit, .text, weight: 21.5),
                .init(words.closed, .text, weight: 12.5), .init(words.onTime, .text, weight: 8), .init(words.points, .integer, weight: 9),
            ],
            rows: cases.prefix(Self.mostPrinted).map { named in
                [
                    .text(named.row.number), .text(named.row.title), .text(named.unit),
                    .text(calendar.localDate(of: named.row.closedAt).description),
                    .text(words.answer(named.row.isOnTime)), .integer(Int64(named.row.points)),
                ]
            }
        )
    }

    /// The appraisal as a workbook; call it from a worker thread.
    func xlsx(_ words: RecapWords) throws -> [UInt8] {
        var writer = try WorkbookWriter(properties(words), utcOffsetSeconds: Int32(clamping: calendar.timeZone.offsetSeconds))
        try writer.startSheet(
            words("Ringkasan", "Summary"),
            columns: [.init(title(words), .text, width: 40), .init(user.name, .integer, width: 28), .init(words.rate, .percent(places: 1))]
        )
        let lines = [
            (words("Poin dibukukan", "Points posted"), balance.posted), (words("Poin tertunda", "Points pending"), balance.pending),
            (words.cases, totals.count), (words.onTime, totals.onTime), (words.late, totals.late),
        ]
        for (label, value) in lines { try writer.row([.text(label), .integer(Int64(value)), .empty]) }
        try writer.row([.text(words.rate), .empty, totals.onTimeRate.map { .number($0) } ?? .empty])
        if isCapped {
            let listed = words("Kasus yang terdaftar di sini", "Cases listed here")
            try writer.row([.text("\(listed); \(inRecaps(words))"), .integer(Int64(cases.count)), .empty])
        }
        try writer.startSheet(
            words.step,
            columns: [
                .init(words("Prosedur", "Procedure"), .text, width: 24), .init(words.step, .text, width: 34),
                .init(words.attempts, .integer, total: .sum), .init(words.onTime, .integer, total: .sum),
                .init(words.late, .integer, total: .sum), .init(words.rate, .percent(places: 1)),
                .init(words("Rata-rata", "Mean"), .duration), .init(words("Terlama", "Longest"), .duration),
            ],
            totalLabel: words.total
        )
        for step in steps {
            try writer.row([
                .text(procedure(of: step, words)), .text(label(of: step, words)), .integer(Int64(step.count)), .integer(Int64(step.onTime)),
                .integer(Int64(step.late)), step.onTimeRate.map { .number($0) } ?? .empty,
                step.elapsed.map { .duration(seconds: Double($0.mean / 1000)) } ?? .empty,
                step.elapsed.map { .duration(seconds: Double($0.longest / 1000)) } ?? .empty,
            ])
        }
        try writer.startSheet(
            words.cases,
            columns: [
                .init(words.number, .text, width: 18), .init(words.status, .text, width: 14), .init(words.caseTitle, .text, width: 50),
                .init(words.unit, .text, width: 40), .init(words.closed, .dateTime, width: 20),
                .init(words("Langkah tepat waktu", "Steps on time"), .integer, total: .sum),
                .init(words("Langkah terlambat", "Late steps"), .integer, total: .sum), .init(words.points, .integer, total: .sum),
            ],
            totalLabel: words.total
        )
        for named in cases {
            let row = named.row
            try writer.row([
                .text(row.number), .text(words.status(row.status)), .text(row.title), .text(named.unit),
                .dateTime(milliseconds: row.closedAt.milliseconds), .integer(Int64(row.onTimeSteps)), .integer(Int64(row.lateSteps)),
                .integer(Int64(row.points)),
            ])
        }
        try writer.chart(
            Workbook.Chart(
                name: words("Grafik langkah", "Step chart"),
                title: words("Pelaksanaan langkah", "Attempts at each step"),
                shape: .bars,
                sheet: words.step,
                categoryColumn: 1,
                valueColumns: [3, 4]
            )
        )
        return try writer.finish()
    }
}
