import Domain

extension ServiceComplaint: StoredCase {
    static var table: SQLFragment { "service_complaint" }
    static var ownColumns: SQLFragment { "kind, subject, detail, meeting_date, meeting_place, result, minutes" }
    static let states = Choices<State>()
    private static let variants = Choices<Variant>()
    static var text: CaseText {
        CaseText(
            index: TextIndex(
                table: "service_complaint_text",
                source: "service_complaint_text_source",
                columns: "number, subject, detail, result, sight"
            ),
            columns: ["number", "subject", "detail", "result"],
            rank: "bm25(f.service_complaint_text, 10, 5, 1, 1, 0)",
            snippets: """
                snippet(f.service_complaint_text, 0, char(2), char(3), '…', 24), \
                snippet(f.service_complaint_text, 1, char(2), char(3), '…', 24), \
                snippet(f.service_complaint_text, 2, char(2), char(3), '…', 24), snippet(f.service_complaint_text, 3, char(2), char(3), '…', 24)
                """
        )
    }

    init(_ head: CaseHead<ServiceComplaint>, _ columns: inout Columns) throws(DomainError) {
        self.init(
            head,
            variant: try columns.choice(of: Self.variants),
            subject: columns.text(),
            detail: columns.text(),
            meetingDate: columns.optionalText().flatMap { CivilDate($0) },
            meetingPlace: columns.optionalText(),
            result: columns.optionalText(),
            minutes: columns.optionalText()
        )
    }

    var ownValues: SQL {
        "\(variant), \(subject), \(detail), \(meetingDate?.description), \(meetingPlace), \(result), \(minutes)"
    }

    func indexes(sameAs other: ServiceComplaint) -> Bool {
        subject == other.subject && detail == other.detail && result == other.result
    }

    static func conditions(_ filter: Filter) -> SQL {
        guard let variant = filter.variant else { return "" }
        return " and c.kind = \(variant)"
    }
}
