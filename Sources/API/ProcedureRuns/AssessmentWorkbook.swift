import Documents
import Domain

extension Schema.AssessmentResults {
    /// The results as a workbook: the ranking, every participant in every dimension, and what the dimensions weigh.
    func workbook(of run: ProcedureRun, utcOffsetSeconds: Int32) -> Workbook {
        Workbook(
            properties: DocumentProperties(
                title: run.title,
                author: "SI-KIMR",
                createdAtSeconds: run.head.updatedAt.milliseconds / 1000
            ),
            utcOffsetSeconds: utcOffsetSeconds,
            sheets: [ranking, scores, dimensions]
        )
    }

    private var ranking: Workbook.Sheet {
        Workbook.Sheet(
            name: "Peringkat",
            columns: [
                Workbook.Column("Peringkat / Rank", .integer),
                Workbook.Column("Peserta / Participant", .text, width: 40),
                Workbook.Column("ID", .text, width: 32),
                Workbook.Column("Nilai / Overall", .decimal(places: 2)),
                Workbook.Column("Selisih penilai / Spread", .decimal(places: 2), width: 24),
            ] + results.dimensions.map { Workbook.Column($0.title, .decimal(places: 2)) },
            rows: results.rows.map { row in
                [
                    row.rank.map { .integer(Int64($0)) } ?? .empty, .text(row.participant.name), .text(row.participant.id.text),
                    .number(row.overall), .number(row.spread),
                ] + results.dimensions.map { dimension in .number(row.dimensions.first { $0.code == dimension.code }?.mean) }
            }
        )
    }

    private var scores: Workbook.Sheet {
        Workbook.Sheet(
            name: "Per dimensi",
            columns: [
                Workbook.Column("Peserta / Participant", .text, width: 40),
                Workbook.Column("Dimensi / Dimension", .text, width: 32),
                Workbook.Column("Rata-rata / Mean", .decimal(places: 2)),
                Workbook.Column("Terendah / Lowest", .integer),
                Workbook.Column("Tertinggi / Highest", .integer),
                Workbook.Column("Selisih / Spread", .integer),
                Workbook.Column("Penilai / Assessors", .integer),
            ],
            rows: results.rows.flatMap { row in
                row.dimensions.map { dimension in
                    [
                        .text(row.participant.name), .text(dimension.code), .number(dimension.mean), .integer(Int64(dimension.lowest)),
                        .integer(Int64(dimension.highest)), .integer(Int64(dimension.spread)), .integer(Int64(dimension.assessors)),
                    ]
                }
            }
        )
    }

    private var dimensions: Workbook.Sheet {
        Workbook.Sheet(
            name: "Dimensi",
            columns: [
                Workbook.Column("Kode / Code", .text, width: 32),
                Workbook.Column("Dimensi / Dimension", .text, width: 40),
                Workbook.Column("Bobot / Weight", .integer),
                Workbook.Column("Nilai tertinggi / Maximum", .integer, width: 24),
            ],
            rows: results.dimensions.map { dimension in
                [.text(dimension.code), .text(dimension.title), .integer(Int64(dimension.weight)), .integer(Int64(dimension.maximum))]
            }
        )
    }
}

extension Workbook.Cell {
    fileprivate static func number(_ number: Hundredths?) -> Workbook.Cell {
        number.map { .number(Double($0.count) / 100) } ?? .empty
    }
}
