@testable import Domain
@testable import Storage
import StorageSQLite
import Testing

/// Links, inbox and search are served by indexes, whoever asks.
@Suite struct DeskPlanTests {
    private static func principal(_ roles: [Role]) -> Principal {
        let now = Instant(milliseconds: 1)
        let user = User(
            id: User.ID(stored: "usr_0000000000000000000000000a"),
            username: "a",
            name: "A",
            employeeNumber: nil,
            email: nil,
            unitID: Domain.Unit.ID(stored: "unt_0000000000000000000000000a"),
            roles: RoleSet(roles),
            isActive: true,
            mustChangePassword: false,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        return Principal(user)
    }

    private static let principals =
        Role.allCases.map { principal([$0]) } + [principal(Role.allCases), principal([.workUnit, .ictManager])]

    private func plans(
        for principal: Principal,
        _ body: @escaping @Sendable (SQLRepositories) throws(DomainError) -> Void
    ) async throws -> [Plan] {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.read { tx throws(DomainError) in try tx.plans(body) }
            }
        }
    }

    @Test(arguments: principals)
    func `an inbox walks one index for each way in which cases wait`(_ principal: Principal) async throws {
        let places = [nil, InboxPlace(due: 5, age: "a"), InboxPlace(due: InboxPlace.never, age: "a")]
        let plans = try await plans(for: principal) { repositories throws(DomainError) in
            for place in places { _ = try Inbox(repositories, of: principal).list(after: place, limit: 50) }
            _ = try Inbox(repositories, of: principal).counts(most: 1_000)
        }
        // Recaps, of which there are two a month, are looked through.
        for plan in plans where !plan.statement.contains("from recap as r") {
            // What is found of runs is read by its keys.
            let found = ["SEARCH r USING INDEX sqlite_autoindex_procedure_run_1 (id=?)", "SEARCH t USING PRIMARY KEY (id=?)"]
            let tables = plan.steps.filter {
                ($0.text.hasPrefix("SEARCH") && !found.contains($0.text)) || $0.text.hasPrefix("SCAN c") || $0.text == "SCAN w"
            }
            #expect(!tables.isEmpty)
            for step in tables { #expect(step.text.contains("_waiting"), "\(plan.statement)\n\(step.text)") }
            // The branches come in order; only what they give together is sorted.
            let sorted = Set(plan.steps.filter { $0.text == "USE TEMP B-TREE FOR ORDER BY" }.map(\.parent))
            for step in tables { #expect(!sorted.contains(step.parent), "\(plan.statement)") }
        }
        let walkedOn = plans.filter { $0.statement.contains("c.id > ") }.flatMap(\.steps).filter { $0.text.hasPrefix("SEARCH") }
        #expect(!walkedOn.isEmpty)
        #expect(walkedOn.allSatisfy { $0.text.hasSuffix("AND <expr>=? AND id>?)") || $0.text.hasSuffix("AND <expr>>?)") })
    }

    @Test(arguments: principals)
    func `links are found from both of their ends`(_ principal: Principal) async throws {
        let end = CaseLink.End(kind: .consultation, id: "con_a")
        let plans = try await plans(for: principal) { repositories throws(DomainError) in
            for isAscending in [true, false] {
                for after in [nil, "lnk_a"] {
                    let page = PageRequest(limit: 50, after: after, isAscending: isAscending)
                    _ = try repositories.links.list(of: end, in: Sight(of: principal), page: page)
                }
            }
            _ = try repositories.links.count(of: end, in: Sight(of: principal), most: 10_000)
        }
        #expect(plans.count == 5)
        for plan in plans {
            let whole = plan.steps.filter { $0.text.hasPrefix("SCAN") && !$0.text.hasPrefix("SCAN (") && $0.text != "SCAN p" }
            #expect(whole.isEmpty, "\(plan.statement)\n\(plan.steps.map(\.text))")
        }
    }

    @Test(arguments: principals)
    func `a search begins with the words and reads only what they find`(_ principal: Principal) async throws {
        let plans = try await plans(for: principal) { repositories throws(DomainError) in
            _ = try Search(repositories, by: principal).hits(of: "risiko \"rumah susun\"", among: CaseKind.allCases, limit: 20)
        }
        for plan in plans {
            let steps = plan.steps.map(\.text)
            #expect(steps.contains { $0.hasPrefix("SCAN f VIRTUAL TABLE INDEX") && $0.contains("M") }, "\(steps)")
            #expect(steps.allSatisfy { !$0.hasPrefix("SCAN c") }, "\(steps)")
        }
    }

    /// Lends a transaction of a database with a consultation of each subject.
    private func withTexts(_ subjects: [String], _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Void)
        async throws
    {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    let connection = try tx.connection
                    for (row, subject) in subjects.enumerated() {
                        try connection.execute(
                            """
                            insert into consultation_text (rowid, number, subject, detail, answer, sight)
                            values (\(row + 1), 'KON-2026-000001', \(subject), '', '', '')
                            """
                        )
                    }
                    try body(tx)
                }
            }
        }
    }

    @Test(arguments: [
        ("rumah susun", #"- sight : ("rumah" AND ("susun" OR "susunan"))"#), (#""rumah susun" ri"#, #"- sight : ("rumah susun" AND "ri")"#),
        (#"a "b c""#, #"- sight : ("a" AND "b c")"#), (#"open "quote here"#, #"- sight : ("open" AND "quote here")"#),
        ("KON-2026-0000", #"- sight : ("KON" AND "2026" AND ("000001"))"#), ("Susúna", #"- sight : ("Susúna"*)"#),
        (#"x" OR y NEAR(z) *"#, #"- sight : ("x" AND "OR y NEAR z")"#), ("tidak ada", nil),
    ])
    func `a search is words, phrases and the words that begin as the last word, and nothing else`(_ text: String, _ query: String?)
        async throws
    {
        try await withTexts(["Rumah susun", "Susunan rumah"]) { tx throws(DomainError) in
            #expect(try tx.connection.query(FullText(search: text)) == query)
        }
    }

    @Test func `a filter is the beginnings of its words`() async throws {
        try await withTexts(["Rumah susun"]) { tx throws(DomainError) in
            #expect(try tx.connection.query(FullText(filter: "RU sus")) == #"- sight : (("rumah") AND ("susun"))"#)
            #expect(try tx.connection.query(FullText(filter: "ru sun")) == nil)
        }
    }

    @Test func `a beginning of very many words is left to the index`() async throws {
        try await withTexts((0..<70).map { "kata\($0)" }) { tx throws(DomainError) in
            #expect(try tx.connection.query(FullText(search: "kata")) == #"- sight : ("kata"*)"#)
            let sixties = (["kata6"] + (60..<70).map { "kata\($0)" }).map { "\"\($0)\"" }.joined(separator: " OR ")
            #expect(try tx.connection.query(FullText(search: "kata6")) == "- sight : ((\(sixties)))")
        }
    }

    @Test(arguments: ["", " ", "\"\"", "-*-", "\" . \""])
    func `a search without a word finds nothing`(_ text: String) {
        #expect(FullText(search: text) == nil)
        #expect(FullText(filter: text) == nil)
    }

    @Test func `a snippet counts its matches in code points`() {
        let snippet = Snippet(marked: "é😀 \u{2}rumah\u{3} dan \u{2}air\u{3}…")
        #expect(snippet == Snippet(text: "é😀 rumah dan air…", matches: [3..<8, 13..<16]))
    }
}

extension Connection {
    /// The text as a query of the index of consultations, seen by all.
    fileprivate func query(_ text: FullText?) throws(DomainError) -> String? {
        try text?.query(of: Consultation.text.index, seenBy: [.all], self)
    }
}
