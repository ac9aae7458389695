@testable import Domain
import Security
@testable import Storage
import StorageSQLite
import Testing

/// How the engine means to run a statement.
struct Plan: Sendable {
    struct Step: Sendable {
        let parent: Int64
        let text: String
    }

    let statement: String
    let steps: [Step]
}

/// A connection that asks for the plan of every `select` before it runs it.
final class ExplainingConnection: Connection {
    private let real: any Connection
    private(set) var plans: [Plan] = []

    init(_ real: any Connection) { self.real = real }

    var dialect: Dialect { real.dialect }

    var changes: Int { real.changes }

    var notes: TransactionNotes { real.notes }

    var contentVersion: Int64? { get throws(DomainError) { try real.contentVersion } }

    func run(_ statement: SQL, row: (any Row) throws(DomainError) -> Bool) throws(StorageError) {
        var steps: [Plan.Step] = []
        try real.run("explain query plan \(statement)") { row throws(DomainError) in
            steps.append(Plan.Step(parent: row.integer(1), text: row.text(3)))
            return true
        }
        plans.append(Plan(statement: statement.text, steps: steps))
        try real.run(statement, row: row)
    }
}

/// Opens a store with the schema of the service, lends it and closes it.
func withServiceStore<Value>(in directory: String, _ body: (SQLiteStore) async throws -> Value) async throws -> Value {
    let store = try SQLiteStore(path: directory + "/service.db", migrations: Schema.migrations) {
        SQLRepositories($0) { Digest.sha256($0) }
    }
    do {
        let value = try await body(store)
        await store.close()
        return value
    } catch {
        await store.close()
        throw error
    }
}

extension Transaction {
    /// The plans of all statements that `body` runs.
    func plans(
        _ body: (SQLRepositories) throws(DomainError) -> Void
    ) throws(DomainError) -> [Plan] {
        let connection = ExplainingConnection(try connection)
        try body(SQLRepositories(connection) { $0 })
        return connection.plans
    }
}

/// Every list is served by an index at any depth.
@Suite struct QueryPlanTests {
    static let unit = Domain.Unit.ID(stored: "unt_0000000000000000000000000a")
    private static let user = User.ID(stored: "usr_0000000000000000000000000a")

    static func pages(after key: String) -> [PageRequest] {
        [true, false].flatMap { isAscending in
            [String?.none, key].map { PageRequest(limit: 50, after: $0, isAscending: isAscending) }
        }
    }

    /// What a plan does that grows with the number of rows.
    ///
    /// Allowed are: a walk along an index, since it ends with the page; the sort of one page (`p`); the sort of what a union of branches
    /// gives, each of which ends with its page; the sort of the timings of one case or of the tokens of one user, which are few; and a walk
    /// over users, units or equipment to count them, where the order does not matter.
    private func faults(_ plan: Plan) -> [String] {
        plan.steps.filter { step in
            let siblings = plan.steps.filter { $0.parent == step.parent }.map(\.text)
            if step.text == "USE TEMP B-TREE FOR ORDER BY" {
                let tables = siblings.filter { ($0.hasPrefix("SCAN") || $0.hasPrefix("SEARCH")) && !$0.hasPrefix("SCAN (subquery") }
                if tables.isEmpty || tables.contains("SCAN p") { return false }
                return !tables.contains { $0.contains("(subject_id=?)") || $0.contains("token_by_user (user_id=?") }
            }
            guard step.text.hasPrefix("SCAN"), step.text != "SCAN p", !step.text.hasPrefix("SCAN (subquery") else { return false }
            // The rows of `step_timing` lie in the order of their ids: it has no other place for them.
            if step.text == "SCAN step_timing" || step.text.contains("VIRTUAL TABLE INDEX") { return false }
            if plan.statement.hasPrefix("select count(*)"), ["SCAN u", "SCAN unit", "SCAN equipment"].contains(step.text) { return false }
            return !step.text.contains("USING")
        }.map(\.text)
    }

    func check(_ plans: [Plan], _ what: String) {
        #expect(!plans.isEmpty, "\(what): no statement")
        for plan in plans {
            let faults = faults(plan)
            #expect(faults.isEmpty, "\(what)\n\(plan.statement)\n\(plan.steps.map(\.text).joined(separator: "\n"))")
        }
    }

    func inStore(_ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Void) async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.read { tx throws(DomainError) in try body(tx) }
            }
        }
    }

    private static let visibilities: [[Visibility]] = [
        [.all], [.unit(unit)], [.requester(user)], [.officer(user)], [.unit(unit), .officer(user)], [.requester(user), .officer(user)],
    ]

    /// Asks for the lists of one kind of case in every way.
    func checkCases<Kind: Case>(
        _ repository: @escaping @Sendable (SQLRepositories) -> any CaseRepository<Kind>,
        states: [[Kind.State]],
        sights: [[Visibility]] = Self.visibilities,
        filters: [@Sendable (inout CaseQuery<Kind>) -> Void]
    ) async throws {
        let common: [@Sendable (inout CaseQuery<Kind>) -> Void] = [
            { _ in },
            { $0.unitID = Self.unit },
            { $0.officerID = Self.user },
            { $0.requesterID = Self.user },
            { $0.created = TimeRange(from: Instant(milliseconds: 1), to: Instant(milliseconds: 1_900_000_000_000)) },
            { $0.words = "two words" },
            {
                $0.words = "two words"
                $0.unitID = Self.unit
                $0.created.from = Instant(milliseconds: 1)
            },
        ]
        try await inStore { tx throws(DomainError) in
            for visible in sights {
                for states in states {
                    for page in Self.pages(after: "\(Kind.idPrefix)_0000000000000000000000000a") {
                        for (number, filter) in (common + filters).enumerated() {
                            var query = CaseQuery<Kind>(page: page)
                            query.states = states
                            filter(&query)
                            let plans = try tx.plans { [query] repositories throws(DomainError) in
                                _ = try repository(repositories).list(query, visible: visible)
                                _ = try repository(repositories).count(query, visible: visible, most: 10_000)
                            }
                            check(plans, "\(Kind.kind) \(visible) \(states) filter \(number) \(page)")
                        }
                    }
                }
            }
        }
    }

    @Test func `consultations by sight, state and every filter`() async throws {
        try await checkCases(
            { $0.consultations },
            states: [[], [.draft], [.draft, .submitted, .assigned]],
            filters: [{ $0.filter.topic = .compliance }]
        )
    }

    @Test func `workspace items by sight, state and every filter`() async throws {
        try await checkCases(
            { $0.workspaceItems },
            states: [[], [.draft], [.assigned, .inProgress]],
            filters: [
                { $0.filter.priority = .high },
                { $0.filter.targetFrom = CivilDate("2026-11-01") },
                { $0.filter.targetTo = CivilDate("2026-11-30") },
            ]
        )
    }

    @Test func `tickets by sight, state and every filter`() async throws {
        try await checkCases(
            { $0.tickets },
            states: [[], [.submitted], [.assigned, .inProgress, .closed]],
            filters: [
                { $0.filter.variant = .serviceRequest },
                { $0.filter.category = .network },
                { $0.filter.urgency = .high },
                { $0.filter.priority = .critical },
            ]
        )
    }

    @Test func `procedure runs by sight, state and every filter`() async throws {
        let (own, unit) = (Visibility.member(Self.user.text), Visibility.member(Self.unit.text))
        try await checkCases(
            { $0.runs },
            states: [[], [.running], [.running, .completed]],
            sights: [[.all], [own], [own, unit]],
            filters: [{ $0.filter.procedure = "it-planning" }]
        )
    }

    @Test func `step timings by sight and every filter`() async throws {
        try await inStore { tx throws(DomainError) in
            for visible in Self.visibilities {
                for page in Self.pages(after: "tim_0000000000000000000000000a") {
                    for filter in 0..<13 {
                        var query = TimingQuery(now: Instant(milliseconds: 1_800_000_000_000), page: page)
                        switch filter {
                        case 1: query.procedure = "consultation"
                        case 2: query.subjectKind = .consultation
                        case 3: query.subjectID = "con_0000000000000000000000000a"
                        case 4: query.stepNumber = 4
                        case 5: query.stepCode = "draft-answer"
                        case 6: query.attempt = 2
                        case 7: query.performerID = Self.user
                        case 8: query.role = "work-unit"
                        case 9: query.outcome = .no
                        case 10: query.verdict = .late
                        case 11: query.verdict = .overdue
                        case 12: query.started = TimeRange(from: Instant(milliseconds: 1), to: Instant(milliseconds: 2))
                        default: break
                        }
                        let plans = try tx.plans { repositories throws(DomainError) in
                            _ = try repositories.timings.list(query, visible: visible)
                            _ = try repositories.timings.count(query, visible: visible, most: 10_000)
                        }
                        check(plans, "\(visible) filter \(filter) \(page)")
                    }
                }
            }
        }
    }

    @Test func `comments and attachments`() async throws {
        try await inStore { tx throws(DomainError) in
            let subject = "con_0000000000000000000000000a"
            for page in Self.pages(after: "cmt_0000000000000000000000000a") {
                let plans = try tx.plans { repositories throws(DomainError) in
                    for internally in [true, false] {
                        _ = try repositories.comments.list(of: subject, internally: internally, page: page)
                        _ = try repositories.comments.count(of: subject, internally: internally, most: 10_000)
                    }
                    _ = try repositories.attachments.list(of: subject, page: page)
                    _ = try repositories.attachments.count(of: subject, most: 10_000)
                    _ = try repositories.attachments.usage(of: subject)
                    _ = try repositories.attachments.usage(of: Self.user)
                    _ = try repositories.attachments.holds([1])
                    _ = try repositories.attachments.find(Attachment.ID(stored: "att_a"))
                    _ = try repositories.attachments.all(after: Attachment.ID(stored: "att_a"), limit: 500)
                }
                check(plans, "\(page)")
            }
        }
    }

    @Test func `history, users, units and tokens`() async throws {
        try await inStore { tx throws(DomainError) in
            for page in Self.pages(after: "1") {
                let plans = try tx.plans { repositories throws(DomainError) in
                    _ = try repositories.events.list(of: .consultation, "con_0000000000000000000000000a", page: page)
                    _ = try repositories.events.count(of: .consultation, "con_0000000000000000000000000a", most: 10_000)
                }
                check(plans, "history \(page)")
            }
            for page in Self.pages(after: "usr_0000000000000000000000000a") {
                for filter in 0..<5 {
                    var users = UserQuery(page: page)
                    var units = UnitQuery(page: page)
                    switch filter {
                    case 1: (users.unitID, units.kind) = (Self.unit, .satker)
                    case 2: (users.role, units.parentID) = (.director, Self.unit)
                    case 3: (users.isActive, units.kind, units.parentID) = (true, .satker, Self.unit)
                    case 4: users.beginning = "a"
                    default: break
                    }
                    let (userQuery, unitQuery) = (users, units)
                    let plans = try tx.plans { repositories throws(DomainError) in
                        _ = try repositories.users.list(userQuery)
                        _ = try repositories.users.count(userQuery, most: 10_000)
                        _ = try repositories.units.list(unitQuery)
                        _ = try repositories.units.count(unitQuery, most: 10_000)
                        for owner in [nil, Self.user] {
                            _ = try repositories.tokens.list(of: owner, page: page)
                            _ = try repositories.tokens.count(of: owner, most: 10_000)
                        }
                    }
                    check(plans, "people \(filter) \(page)")
                }
            }
        }
    }

    @Test func `what each request looks up is found by an index`() async throws {
        try await inStore { tx throws(DomainError) in
            let plans = try tx.plans { repositories throws(DomainError) in
                _ = try repositories.tokens.credentials(hash: [1])
                _ = try repositories.tokens.find(Token.ID(stored: "tok_a"))
                _ = try repositories.users.find(Self.user)
                _ = try repositories.users.find(username: "a")
                _ = try repositories.users.password(of: Self.user)
                _ = try repositories.units.find(Self.unit)
                _ = try repositories.units.find(code: "A")
                _ = try repositories.consultations.find(.number("KON-2026-000001"))
                _ = try repositories.consultations.find(.id(Consultation.ID(stored: "con_a")))
                _ = try repositories.timings.attempts(at: 4, of: "con_a")
                _ = try repositories.logins.failures(under: "a")
                _ = try repositories.logins.lastSuccess(of: "a", from: "b")
                let key = IdempotencyKey(userID: Self.user, route: "POST /", key: "k")
                _ = try repositories.idempotency.find(key, since: Instant(milliseconds: 0))
                _ = try repositories.procedures.document(of: "consultation", version: nil)
                _ = try repositories.runs.find(.number("RUN-2026-000001"))
            }
            #expect(plans.count == 15)
            for plan in plans {
                #expect(plan.steps.allSatisfy { $0.text.hasPrefix("SEARCH") }, "\(plan.statement)\n\(plan.steps)")
            }
        }
    }

    @Test func `a list without its index would be found out`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                let steps = try await store.write(discarding: true) { tx throws(DomainError) in
                    try tx.connection.execute("drop index event_by_subject")
                    return try tx.plans { repositories throws(DomainError) in
                        _ = try repositories.events.list(of: .consultation, "con_a", page: PageRequest(limit: 1, isAscending: true))
                    }.flatMap(\.steps).map(\.text)
                }
                #expect(steps.contains { $0 == "SCAN e" })
            }
        }
    }
}
