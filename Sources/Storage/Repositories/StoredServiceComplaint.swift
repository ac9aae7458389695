import Domain

extension ServiceComplaint: StoredCase {
    static var table: SQLFragment { "service_complaint" }
    static var ownColumns: SQLFragment { "kind, subject, detail, meeting_date, meeting_place, result, minutes" }
    static var text: CaseText {
        CaseText(
            table: "service_complaint_text",
            insert: """
                insert into service_complaint_text (rowid, number, subject, detail, result)
                select row, number, subject, detail, result from service_complaint_text_source where id = 
                """,
            remove: """
                insert into service_complaint_text (service_complaint_text, rowid, number, subject, detail, result)
                select 'delete', row, number, subject, detail, result from service_complaint_text_source where id = 
                """,
            rebuild: "insert into service_complaint_text (service_complaint_text) values ('rebuild')"
        )
    }

    init(_ head: CaseHead<ServiceComplaint>, _ columns: inout Columns) throws(DomainError) {
        self.init(
            head,
            variant: try columns.choice(),
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
