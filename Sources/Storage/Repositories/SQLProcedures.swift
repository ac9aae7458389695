import Domain

/// The catalogue of procedures, version by version.
struct SQLProcedures: ProcedureRepository {
    let connection: any Connection
    let known: KnownSteps

    func insert(_ procedure: Procedure, at now: Instant) throws(DomainError) {
        known.uncertain.insert(KnownSteps.Version(code: procedure.code, number: procedure.version))
        try connection.execute(
            """
            insert into procedure_version (
                code, version, number, title_id, title_en, issuer, effective_date, takes_implied_decisions, roles, document, created_at_ms
            )
            values (
                \(procedure.code), \(procedure.version), \(procedure.number), \(procedure.title.id), \(procedure.title.en),
                \(procedure.issuer), \(procedure.effectiveDate), \(procedure.takesImpliedDecisions),
                \(procedure.roles.joined(separator: " ")), \(procedure.document), \(now)
            )
            """
        )
        for step in procedure.steps {
            try connection.execute(
                """
                insert into procedure_step (
                    code, version, no, step_code, role, scope, standard_ms, title_id, title_en, parallel_roles, checklist_count,
                    decision_yes, decision_no, implied_yes, implied_no, recurs_every, recurs_unit
                )
                values (
                    \(procedure.code), \(procedure.version), \(step.number), \(step.code), \(step.role), \(step.scope), \(step.standard),
                    \(step.title.id), \(step.title.en), \(step.parallel.joined(separator: " ")), \(step.checklist),
                    \(step.decision?.yes), \(step.decision?.no), \(step.impliedDecision?.yes), \(step.impliedDecision?.no),
                    \(step.recurrence?.every), \(step.recurrence?.unit)
                )
                """
            )
        }
    }

    func latestVersion(of code: String) throws(DomainError) -> Int {
        // The rows of the steps are small, those of the versions have a whole document each.
        let version = try connection.first("select max(version) from procedure_step where code = \(code)") { columns in
            columns.optionalInteger()
        }
        guard let version, let version else { throw .notFound("procedure") }
        return version
    }

    func roles(of code: String, version: Int) throws(DomainError) -> [String] {
        let roles = try connection.first("select roles from procedure_version where code = \(code) and version = \(version)") { columns in
            columns.text()
        }
        return roles?.split(separator: " ").map { String($0) } ?? []
    }

    func step(_ number: Int, of code: String, version: Int) throws(DomainError) -> Procedure.Step? {
        try graph(of: code, version: version)[number]
    }

    func graph(of code: String, version: Int) throws(DomainError) -> StepGraph {
        let key = KnownSteps.Version(code: code, number: version)
        if let graph = known.graphs[key] { return graph }
        let takesImpliedDecisions = try connection.first(
            "select takes_implied_decisions from procedure_version where code = \(code) and version = \(version)"
        ) { columns in columns.flag() }
        guard let takesImpliedDecisions else { throw .fault("there is no version \(version) of procedure \(code)") }
        let graph = StepGraph(try steps(of: key), takesImpliedDecisions: takesImpliedDecisions)
        if !known.uncertain.contains(key) { known.graphs[key] = graph }
        return graph
    }

    private func steps(of version: KnownSteps.Version) throws(DomainError) -> [Procedure.Step] {
        try connection.all(
            """
            select no, step_code, title_id, title_en, role, parallel_roles, scope, standard_ms, checklist_count, decision_yes, decision_no,
                implied_yes, implied_no, recurs_every, recurs_unit
            from procedure_step
            where code = \(version.code)
            and version = \(version.number)
            order by no
            """
        ) { columns throws(DomainError) in
            Procedure.Step(
                number: columns.integer(),
                code: columns.text(),
                title: Text(id: columns.text(), en: columns.text()),
                role: columns.text(),
                parallel: columns.text().split(separator: " ").map { String($0) },
                scope: try columns.choice(),
                standard: columns.optionalInteger().map { Int64($0) },
                checklist: columns.integer(),
                decision: Procedure.Decision(&columns),
                impliedDecision: Procedure.Decision(&columns),
                recurrence: try columns.recurrence()
            )
        }
    }

    func document(of code: String, version: Int?) throws(DomainError) -> (version: Int, json: String)? {
        var statement: SQL = "select version, document from procedure_version where code = \(code)"
        if let version { statement.append(" and version = \(version)") }
        statement.append(" order by version desc limit 1")
        return try connection.first(statement) { columns in (columns.integer(), columns.text()) }
    }

    func summaries() throws(DomainError) -> [ProcedureSummary] {
        try connection.all(
            """
            select p.code, p.version, p.number, p.title_id, p.title_en, p.issuer, p.effective_date,
                (select count(*) from procedure_step as s where s.code = p.code and s.version = p.version),
                (select count(s.standard_ms) from procedure_step as s where s.code = p.code and s.version = p.version)
            from procedure_version as p
            where p.version = (select max(version) from procedure_version as v where v.code = p.code)
            order by p.code
            """
        ) { columns in
            ProcedureSummary(
                code: columns.text(),
                version: columns.integer(),
                number: columns.optionalText(),
                title: Text(id: columns.text(), en: columns.text()),
                issuer: columns.text(),
                effectiveDate: columns.optionalText(),
                steps: columns.integer(),
                timedSteps: columns.integer()
            )
        }
    }
}

/// The steps that one connection has read: those of a version never change, so that they need not be read again.
final class KnownSteps {
    struct Version: Hashable {
        let code: String
        let number: Int
    }

    var graphs: [Version: StepGraph] = [:]
    /// The versions that this connection stored itself since it committed last. They may yet be undone and the number be given to another
    /// one, so that they are read each time; every other version that it sees is there for good.
    var uncertain: Set<Version> = []
}

extension Procedure.Target: SQLBindable {
    /// The number of the step, 0 for the end.
    package var sqlValue: SQLValue {
        switch self {
        case .step(let number): .integer(Int64(number))
        case .end: .integer(0)
        }
    }

    fileprivate init(stored number: Int) { self = number == 0 ? .end : .step(number) }
}

extension Procedure.Decision {
    /// Reads the two ways of a decision; nil when the step has none.
    fileprivate init?(_ columns: inout Columns) {
        let (yes, no) = (columns.optionalInteger(), columns.optionalInteger())
        guard let yes, let no else { return nil }
        self.init(yes: Procedure.Target(stored: yes), no: Procedure.Target(stored: no))
    }
}

/// The counters behind case numbers; a number taken in a transaction that is undone is given again.
struct SQLSequences: SequenceRepository {
    let connection: any Connection

    func next(_ kind: CaseKind, year: Int) throws(DomainError) -> Int {
        // In two statements: for `returning` SQLite makes a table, which costs more than both.
        try connection.execute(
            """
            insert into number_sequence (kind, year, last)
            values (\(kind), \(year), 1)
            on conflict (kind, year) do update set last = last + 1
            """
        )
        let next = try connection.first("select last from number_sequence where kind = \(kind) and year = \(year)") { columns in
            columns.integer()
        }
        guard let next else { throw .fault("number_sequence gave no number") }
        return next
    }
}
