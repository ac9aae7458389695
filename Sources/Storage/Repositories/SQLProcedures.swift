import Domain

/// The catalogue of procedures, version by version.
struct SQLProcedures: ProcedureRepository {
    let connection: any Connection
    let known: KnownSteps

    func insert(_ procedure: Procedure, at now: Instant) throws(DomainError) {
        try connection.execute(
            """
            insert into procedure_version (code, version, number, title_id, title_en, issuer, effective_date, document, created_at_ms)
            values (
                \(procedure.code), \(procedure.version), \(procedure.number), \(procedure.title.id), \(procedure.title.en),
                \(procedure.issuer), \(procedure.effectiveDate), \(procedure.document), \(now)
            )
            """
        )
        for step in procedure.steps {
            try connection.execute(
                """
                insert into procedure_step (code, version, no, step_code, role, scope, standard_ms)
                values (
                    \(procedure.code), \(procedure.version), \(step.number), \(step.code), \(step.role), \(step.scope), \(step.standard)
                )
                """
            )
        }
    }

    func latestVersion(of code: String) throws(DomainError) -> Int {
        let version = try connection.first("select max(version) from procedure_version where code = \(code)") { columns in
            columns.optionalInteger()
        }
        guard let version, let version else { throw .notFound("procedure") }
        return version
    }

    func step(_ number: Int, of code: String, version: Int) throws(DomainError) -> Procedure.Step? {
        let key = KnownSteps.Key(code: code, version: version, number: number)
        if let step = known.steps[key] { return step }
        let step = try connection.first(
            """
            select no, step_code, role, scope, standard_ms
            from procedure_step
            where code = \(code)
            and version = \(version)
            and no = \(number)
            """,
            Self.decode
        )
        known.steps[key] = step
        return step
    }

    func steps(of code: String, version: Int) throws(DomainError) -> [Procedure.Step] {
        try connection.all(
            """
            select no, step_code, role, scope, standard_ms
            from procedure_step
            where code = \(code)
            and version = \(version)
            order by no
            """,
            Self.decode
        )
    }

    private static func decode(_ columns: inout Columns) -> Procedure.Step {
        Procedure.Step(
            number: columns.integer(),
            code: columns.text(),
            role: columns.text(),
            scope: columns.text(),
            standard: columns.optionalInteger().map { Int64($0) }
        )
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

/// Steps that one connection has read: those of a version never change, so that they need not be read again.
final class KnownSteps {
    struct Key: Hashable {
        let code: String
        let version: Int
        let number: Int
    }

    var steps: [Key: Procedure.Step] = [:]
}

/// The counters behind case numbers; a number taken in a transaction that is undone is given again.
struct SQLSequences: SequenceRepository {
    let connection: any Connection

    func next(_ kind: CaseKind, year: Int) throws(DomainError) -> Int {
        let next = try connection.first(
            """
            insert into number_sequence (kind, year, last)
            values (\(kind), \(year), 1)
            on conflict (kind, year) do update set last = last + 1
            returning last
            """
        ) { columns in columns.integer() }
        guard let next else { throw .fault("number_sequence gave no number") }
        return next
    }
}
