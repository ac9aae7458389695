@testable import Documents

extension Report {
    static func sample(_ blocks: [Block], wording: Wording = .indonesian) -> Report {
        Report(
            properties: DocumentProperties(
                title: "Rekapitulasi Bulanan Konsultasi",
                author: "Direktorat Kepatuhan Intern",
                createdAtSeconds: 1_795_271_400
            ),
            institution: ["KEMENTERIAN PEKERJAAN UMUM", "DIREKTORAT KEPATUHAN INTERN"],
            subtitles: ["Oktober 2026"],
            wording: wording,
            blocks: blocks
        )
    }

    /// What a month's recap looks like.
    static let monthly = Report.sample([
        .figures(figures), .heading("1. Ringkasan"), .paragraph(summary), .barChart(weeks), .heading("2. Ketepatan waktu"),
        .lineChart(punctuality),
        .barChart(units), .heading("3. Daftar konsultasi"), .table(list), .signatures(signature),
    ])

    private static let figures: [Figure] = [
        Figure(value: "1.248", label: "Konsultasi diterima"),
        Figure(value: "1.190", label: "Selesai"),
        Figure(value: "58", label: "Masih berjalan"),
        Figure(value: "94,7%", label: "Tepat waktu menurut mutu baku"),
    ]

    private static let summary = """
        Selama Oktober 2026 jumlah konsultasi naik 12 persen dibandingkan bulan sebelumnya. Sebagian besar pertanyaan menyangkut \
        pengendalian gratifikasi dan penilaian risiko pada tahap pengadaan. Keterlambatan terutama terjadi pada langkah verifikasi.
        """

    private static let weeks = Chart(
        title: "Konsultasi menurut minggu",
        valueLabel: "Jumlah konsultasi",
        categories: ["Minggu I", "Minggu II", "Minggu III", "Minggu IV", "Minggu V"],
        series: [
            Chart.Series(name: "Diterima", values: [210, 302, 288, 341, 107]),
            Chart.Series(name: "Selesai", values: [180, 296, 301, 322, 91]),
            Chart.Series(name: "Dikembalikan", values: [12, 22, 9, 30, nil]),
        ]
    )

    private static let punctuality = Chart(
        title: "Bagian yang selesai tepat waktu",
        categories: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
        series: [
            Chart.Series(name: "Disposisi", values: [0.91, 0.93, 0.94, 0.9, 0.95, 0.96, 0.94, 0.97, 0.98, 0.97, nil, nil]),
            Chart.Series(name: "Verifikasi", values: [0.71, 0.78, 0.74, 0.7, 0.75, 0.81, nil, 0.84, 0.83, 0.88, nil, nil]),
            Chart.Series(name: "Jawaban", values: [0.5, 0.55, 0.6, 0.62, 0.58, 0.64, 0.69, 0.7, 0.72, 0.75, nil, nil]),
            Chart.Series(name: "Penutupan", values: [0.3, 0.35, 0.3, 0.42, 0.38, 0.44, 0.49, 0.4, 0.52, 0.55, nil, nil]),
        ],
        kind: .percent(places: 0)
    )

    private static let units = Chart(
        title: "Konsultasi menurut unit kerja",
        valueLabel: "Jumlah konsultasi",
        categories: [
            "Balai Besar Pelaksanaan Jalan Nasional Sumatera Utara", "Balai Besar Pelaksanaan Jalan Nasional Jawa Timur–Bali",
            "Balai Pelaksanaan Jalan Nasional Kalimantan Barat",
            "Satuan Kerja Perencanaan dan Pengawasan Jalan Nasional Provinsi Papua Barat", "Direktorat Pembangunan Jembatan",
        ],
        series: [Chart.Series(name: "Diterima", values: [1_210, 302, 288, 34, 7])]
    )

    private static let list = Table(
        columns: [
            Table.Column("No.", .integer, weight: 0.5),
            Table.Column("Unit kerja", .text, weight: 2.4),
            Table.Column("Pokok masalah", .text, weight: 3),
            Table.Column("Jumlah", .integer, weight: 0.9),
            Table.Column("Rata-rata (hari)", .decimal(places: 1), weight: 1),
            Table.Column("Tepat waktu", .percent(places: 1), weight: 1),
        ],
        rows: (1...40).map(listRow),
        totals: [.empty, .text("Jumlah"), .empty, .integer(112_340), .number(2.9), .number(0.795)]
    )

    private static func listRow(_ number: Int) -> [Table.Cell] {
        let isLong = number.isMultiple(of: 7)
        let topic = isLong ? "Penilaian risiko pada tahap pengadaan barang dan jasa serta pengendalian gratifikasi" : "Gratifikasi"
        let days = Double(number) / 7
        let share: Table.Cell = number == 5 ? .empty : .number(1 - Double(number) / 100)
        return [
            .integer(Int64(number)), .text("Balai Pelaksanaan Jalan Nasional \(number)"), .text(topic), .integer(Int64(number * 137)),
            .number(days), share,
        ]
    }

    private static let signature = SignatureBlock(
        placeAndDate: "Jakarta, 2 November 2026",
        people: [SignatureBlock.Person(role: "Kasubdit Pengendalian KIMR,", name: "Dr. Agus Wibowo, M.T.", nip: "19750101 200003 1 001")]
    )

    /// A table of so many rows with eight columns.
    static func long(rows: Int) -> Table {
        let columns: [Table.Column] = [
            Table.Column("No.", .integer, weight: 0.6), Table.Column("Nomor", .text, weight: 1.4), Table.Column("Unit", .text, weight: 2),
            Table.Column("Pokok", .text, weight: 2), Table.Column("Status", .text), Table.Column("Hari", .decimal(places: 1)),
            Table.Column("Poin", .integer), Table.Column("Tepat", .percent(places: 0)),
        ]
        return Table(columns: columns, rows: (0..<rows).map(longRow))
    }

    private static func longRow(_ row: Int) -> [Table.Cell] {
        let days = Double(row % 90) / 10
        let share = Double(row % 101) / 100
        return [
            .integer(Int64(row + 1)), .text("KON-\(row)"), .text("Balai Pelaksanaan Jalan \(row % 34)"),
            .text("Penilaian risiko proyek jalan"),
            .text("Selesai"), .number(days), .integer(Int64(row % 7)), .number(share),
        ]
    }
}
