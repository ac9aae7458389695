import Domain

extension ProcedureRun: StoredCase {
    static var table: SQLFragment { "procedure_run" }
    static var ownColumns: SQLFragment { "procedure, title, only_step" }
    static let states = Choices<State>()
    static var text: CaseText {
        CaseText(
            index: TextIndex(table: "procedure_run_text", source: "procedure_run_text_source", columns: "number, title, sight"),
            columns: ["number", "title"],
            rank: "bm25(f.procedure_run_text, 10, 5, 0)",
            snippets: """
                snippet(f.procedure_run_text, 0, char(2), char(3), '…', 24), snippet(f.procedure_run_text, 1, char(2), char(3), '…', 24)
                """
        )
    }

    init(_ head: CaseHead<ProcedureRun>, _ columns: inout Columns) throws(DomainError) {
        self.init(head, procedure: columns.text(), title: columns.text(), onlyStep: columns.optionalInteger())
    }

    var ownValues: SQL { "\(procedure), \(title), \(onlyStep)" }

    func indexes(sameAs other: ProcedureRun) -> Bool { title == other.title }

    static func conditions(_ filter: Filter) -> SQL {
        guard let procedure = filter.procedure else { return "" }
        return " and c.procedure = \(procedure)"
    }
}
