import Domain

extension ProcedureRun: StoredCase {
    static var table: SQLFragment { "procedure_run" }
    static var ownColumns: SQLFragment { "procedure, title" }
    static var text: CaseText {
        CaseText(
            table: "procedure_run_text",
            insert: """
                insert into procedure_run_text (rowid, number, title)
                select row, number, title from procedure_run_text_source where id = 
                """,
            remove: """
                insert into procedure_run_text (procedure_run_text, rowid, number, title)
                select 'delete', row, number, title from procedure_run_text_source where id = 
                """,
            rebuild: "insert into procedure_run_text (procedure_run_text) values ('rebuild')"
        )
    }

    init(_ head: CaseHead<ProcedureRun>, _ columns: inout Columns) throws(DomainError) {
        self.init(head, procedure: columns.text(), title: columns.text())
    }

    var ownValues: SQL { "\(procedure), \(title)" }

    func indexes(sameAs other: ProcedureRun) -> Bool { title == other.title }

    static func conditions(_ filter: Filter) -> SQL {
        guard let procedure = filter.procedure else { return "" }
        return " and c.procedure = \(procedure)"
    }
}
