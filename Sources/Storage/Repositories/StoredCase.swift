import Domain

/// What storage must know of a kind of case: its table, the columns only it has, and its full-text index.
protocol StoredCase: Case where State: SQLBindable {
    static var table: SQLFragment { get }
    /// The columns beside those of every case, in the order in which `init(_:_:)` reads and `ownValues` gives them.
    static var ownColumns: SQLFragment { get }
    static var states: Choices<State> { get }
    /// What the full-text index holds of a case.
    static var text: CaseText { get }
    /// The own columns whose change changes the index, and the states that do.
    func indexes(sameAs other: Self) -> Bool

    /// Reads the own columns.
    init(_ head: CaseHead<Self>, _ columns: inout Columns) throws(DomainError)
    /// The values of the own columns, with commas between.
    var ownValues: SQL { get }
    /// What a list asks of the own columns: ` and …` for each value of the filter.
    static func conditions(_ filter: Filter) -> SQL
    /// Whether the index that serves a filter is ordered by state first, so that only within each state it gives its rows in order.
    static func isOrderedByState(_ filter: Filter) -> Bool
}

extension StoredCase {
    static func isOrderedByState(_ filter: Filter) -> Bool { false }
}

/// What is asked of the full-text index of one kind of case.
struct CaseText {
    let index: TextIndex
    /// The names of the columns that hold texts, the number first; beside them `sight` holds who sees the case.
    let columns: [String]
    /// How well the row `f` matches, the best the least; a match in the number or the title weighs more.
    let rank: SQLFragment
    /// A piece of each of `columns` of the row `f`, what matched between U+0002 and U+0003: no text holds either.
    let snippets: SQLFragment
}

extension Consultation: StoredCase {
    static var table: SQLFragment { "consultation" }
    static var ownColumns: SQLFragment { "subject, detail, topic, plan, answer" }
    static let states = Choices<State>()
    private static let topics = Choices<Topic>()
    static var text: CaseText {
        CaseText(
            index: TextIndex(
                table: "consultation_text",
                source: "consultation_text_source",
                columns: "number, subject, detail, answer, sight"
            ),
            columns: ["number", "subject", "detail", "answer"],
            rank: "bm25(f.consultation_text, 10, 5, 1, 1, 0)",
            snippets: """
                snippet(f.consultation_text, 0, char(2), char(3), '…', 24), snippet(f.consultation_text, 1, char(2), char(3), '…', 24), \
                snippet(f.consultation_text, 2, char(2), char(3), '…', 24), snippet(f.consultation_text, 3, char(2), char(3), '…', 24)
                """
        )
    }

    init(_ head: CaseHead<Consultation>, _ columns: inout Columns) throws(DomainError) {
        self.init(
            head,
            subject: columns.text(),
            detail: columns.text(),
            topic: try columns.optionalChoice(of: Self.topics),
            plan: columns.optionalText(),
            answer: columns.optionalText()
        )
    }

    var ownValues: SQL { "\(subject), \(detail), \(topic), \(plan), \(answer)" }

    /// A delivered answer only is indexed.
    func indexes(sameAs other: Consultation) -> Bool {
        subject == other.subject && detail == other.detail && indexedAnswer == other.indexedAnswer
    }

    private var indexedAnswer: String? { state == .answered || state == .closed ? answer : nil }

    static func conditions(_ filter: Filter) -> SQL {
        guard let topic = filter.topic else { return "" }
        return " and c.topic = \(topic)"
    }
}

extension WorkspaceItem: StoredCase {
    static var table: SQLFragment { "workspace_item" }
    static var ownColumns: SQLFragment { "title, description, target_date, priority, percent, result" }
    static let states = Choices<State>()
    private static let priorities = Choices<Priority>()
    static var text: CaseText {
        CaseText(
            index: TextIndex(
                table: "workspace_item_text",
                source: "workspace_item_text_source",
                columns: "number, title, description, result, sight"
            ),
            columns: ["number", "title", "description", "result"],
            rank: "bm25(f.workspace_item_text, 10, 5, 1, 1, 0)",
            snippets: """
                snippet(f.workspace_item_text, 0, char(2), char(3), '…', 24), snippet(f.workspace_item_text, 1, char(2), char(3), '…', 24), \
                snippet(f.workspace_item_text, 2, char(2), char(3), '…', 24), snippet(f.workspace_item_text, 3, char(2), char(3), '…', 24)
                """
        )
    }

    init(_ head: CaseHead<WorkspaceItem>, _ columns: inout Columns) throws(DomainError) {
        self.init(
            head,
            title: columns.text(),
            description: columns.text(),
            targetDate: columns.optionalText().flatMap { CivilDate($0) },
            priority: try columns.choice(of: Self.priorities),
            percent: columns.integer(),
            result: columns.optionalText()
        )
    }

    var ownValues: SQL { "\(title), \(description), \(targetDate?.description), \(priority), \(percent), \(result)" }

    func indexes(sameAs other: WorkspaceItem) -> Bool {
        title == other.title && description == other.description && result == other.result
    }

    static func conditions(_ filter: Filter) -> SQL {
        var statement: SQL = ""
        if let priority = filter.priority { statement.append(" and c.priority = \(priority)") }
        if let from = filter.targetFrom { statement.append(" and c.target_date >= \(from.description)") }
        if let to = filter.targetTo { statement.append(" and c.target_date <= \(to.description)") }
        return statement
    }
}

extension Ticket: StoredCase {
    static var table: SQLFragment { "ticket" }
    static var ownColumns: SQLFragment {
        """
        kind, applicant_name, applicant_nip, problem, handling_so_far, equipment_id, plan, result, summary, instruction, findings, category, \
        urgency, priority, recommendation
        """
    }
    static let states = Choices<State>()
    private static let variants = Choices<Variant>()
    private static let categories = Choices<Category>()
    private static let urgencies = Choices<Urgency>()
    private static let priorities = Choices<Priority>()
    static var text: CaseText {
        CaseText(
            index: TextIndex(
                table: "ticket_text",
                source: "ticket_text_source",
                columns: "number, problem, handling_so_far, result, summary, sight"
            ),
            columns: ["number", "problem", "handling_so_far", "result", "summary"],
            rank: "bm25(f.ticket_text, 10, 2, 1, 1, 1, 0)",
            snippets: """
                snippet(f.ticket_text, 0, char(2), char(3), '…', 24), snippet(f.ticket_text, 1, char(2), char(3), '…', 24), \
                snippet(f.ticket_text, 2, char(2), char(3), '…', 24), snippet(f.ticket_text, 3, char(2), char(3), '…', 24), \
                snippet(f.ticket_text, 4, char(2), char(3), '…', 24)
                """
        )
    }

    init(_ head: CaseHead<Ticket>, _ columns: inout Columns) throws(DomainError) {
        self.init(
            head,
            variant: try columns.choice(of: Self.variants),
            applicantName: columns.text(),
            applicantNIP: columns.optionalText().flatMap { EmployeeNumber($0) },
            problem: columns.text(),
            handlingSoFar: columns.optionalText(),
            equipmentID: columns.optionalIdentifier(),
            plan: columns.optionalText(),
            result: columns.optionalText(),
            summary: columns.optionalText(),
            instruction: columns.optionalText(),
            findings: columns.optionalText(),
            category: try columns.optionalChoice(of: Self.categories),
            urgency: try columns.optionalChoice(of: Self.urgencies),
            priority: try columns.optionalChoice(of: Self.priorities),
            recommendation: columns.optionalText()
        )
    }

    var ownValues: SQL {
        """
        \(variant), \(applicantName), \(applicantNIP), \(problem), \(handlingSoFar), \(equipmentID), \(plan), \(result), \
        \(summary), \(instruction), \(findings), \(category), \(urgency), \(priority), \(recommendation)
        """
    }

    func indexes(sameAs other: Ticket) -> Bool {
        problem == other.problem && handlingSoFar == other.handlingSoFar && result == other.result && summary == other.summary
    }

    static func isOrderedByState(_ filter: Filter) -> Bool { filter.variant != nil }

    static func conditions(_ filter: Filter) -> SQL {
        var statement: SQL = ""
        if let variant = filter.variant { statement.append(" and c.kind = \(variant)") }
        if let category = filter.category { statement.append(" and c.category = \(category)") }
        if let urgency = filter.urgency { statement.append(" and c.urgency = \(urgency)") }
        if let id = filter.equipmentID { statement.append(" and c.equipment_id = \(id)") }
        if let priority = filter.priority { statement.append(" and c.priority = \(priority)") }
        return statement
    }
}
