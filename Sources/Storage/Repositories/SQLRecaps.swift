import Domain

/// Recaps, their frozen totals and the rows of the cases that belong to them.
struct SQLRecaps: RecapRepository {
    let connection: any Connection

    // MARK: Rows

    private static let rowColumns: SQLFragment = """
        kind, case_id, number, title, status, unit_id, officer_id, topic, created_at_ms, closed_at_ms, steps, points
        """

    private static func decodeRow(_ columns: inout Columns, in period: CivilMonth) throws(DomainError) -> RecapRow {
        RecapRow(
            kind: try columns.choice(),
            period: period,
            caseID: columns.text(),
            number: columns.text(),
            title: columns.text(),
            status: columns.text(),
            unitID: columns.identifier(),
            officerID: columns.optionalIdentifier(),
            topic: columns.optionalText(),
            createdAt: columns.instant(),
            closedAt: columns.instant(),
            steps: try [StepTally](stored: columns.text()),
            points: columns.integer()
        )
    }

    func insert(_ row: RecapRow) throws(DomainError) {
        try connection.execute(
            """
            insert into recap_row (period, \(Self.rowColumns))
            values (
                \(row.period), \(row.kind), \(row.caseID), \(row.number), \(row.title), \(row.status), \(row.unitID), \(row.officerID),
                \(row.topic), \(row.createdAt), \(row.closedAt), \(row.steps.stored), \(row.points)
            )
            """
        )
    }

    func rows(_ kind: Recap.Kind, _ period: CivilMonth, after last: String?, limit: Int) throws(DomainError) -> [RecapRow] {
        try connection.all(
            """
            select \(Self.rowColumns)
            from recap_row
            where kind = \(kind)
            and period = \(period)
            and case_id > \(last ?? "")
            order by case_id
            limit \(limit)
            """
        ) { columns throws(DomainError) in try Self.decodeRow(&columns, in: period) }
    }

    func rows(of officer: User.ID, in period: CivilMonth, after last: String?, limit: Int) throws(DomainError) -> [RecapRow] {
        try connection.all(
            """
            select \(Self.rowColumns)
            from recap_row
            where officer_id = \(officer)
            and period = \(period)
            and case_id > \(last ?? "")
            order by case_id
            limit \(limit)
            """
        ) { columns throws(DomainError) in try Self.decodeRow(&columns, in: period) }
    }

    func isSealed(_ kind: Recap.Kind, _ period: CivilMonth) throws(DomainError) -> Bool {
        try connection.first(
            "select 1 from recap where kind = \(kind) and period = \(period) and sealed_at_ms is not null"
        ) { _ in true } ?? false
    }

    // MARK: Recaps

    private static let fixedColumns: SQLFragment = "id, kind, period, procedure_version, created_at_ms"
    private static let changingColumns: SQLFragment = """
        state, compiler_id, receiver_id, settler_id, updated_at_ms, sealed_at_ms, submitted_at_ms, received_at_ms, settled_at_ms, sha256, \
        institution, compiler_name, compiler_nip, version
        """
    private static var columns: SQL { "\(fixedColumns), \(changingColumns)" }

    private static func decode(_ columns: inout Columns) throws(DomainError) -> Recap {
        let id: Recap.ID = columns.identifier()
        let kind: Recap.Kind = try columns.choice()
        let period = try columns.month()
        let procedureVersion = columns.integer()
        let createdAt = columns.instant()
        let state: Recap.State = try columns.choice()
        let compilerID: User.ID = columns.identifier()
        let (receiverID, settlerID): (User.ID?, User.ID?) = (columns.optionalIdentifier(), columns.optionalIdentifier())
        let updatedAt = columns.instant()
        let (sealedAt, submittedAt) = (columns.optionalInstant(), columns.optionalInstant())
        let (receivedAt, settledAt) = (columns.optionalInstant(), columns.optionalInstant())
        let (sha256, institution, name, nip) = (columns.optionalText(), columns.text(), columns.text(), columns.optionalText())
        return Recap(
            id: id,
            kind: kind,
            period: period,
            state: state,
            procedureVersion: procedureVersion,
            compilerID: compilerID,
            receiverID: receiverID,
            settlerID: settlerID,
            createdAt: createdAt,
            updatedAt: updatedAt,
            sealedAt: sealedAt,
            submittedAt: submittedAt,
            receivedAt: receivedAt,
            settledAt: settledAt,
            frozen: sha256.map { Recap.Frozen(sha256: $0, institution: institution, compilerName: name, compilerNIP: nip) },
            version: columns.integer()
        )
    }

    private static func changingValues(_ recap: Recap) -> SQL {
        """
        \(recap.state), \(recap.compilerID), \(recap.receiverID), \(recap.settlerID), \(recap.updatedAt), \(recap.sealedAt), \
        \(recap.submittedAt), \(recap.receivedAt), \(recap.settledAt), \(recap.frozen?.sha256), \(recap.frozen?.institution), \
        \(recap.frozen?.compilerName), \(recap.frozen?.compilerNIP), \(recap.version)
        """
    }

    func insert(_ recap: Recap) throws(DomainError) {
        try connection.execute(
            """
            insert into recap (\(Self.columns))
            values (
                \(recap.id), \(recap.kind), \(recap.period), \(recap.procedureVersion), \(recap.createdAt), \(Self.changingValues(recap))
            )
            """,
            conflicts: ["recap.kind": "/period", "recap_period_unique": "/period"]
        )
    }

    func find(_ id: Recap.ID) throws(DomainError) -> Recap? {
        try connection.first("select \(Self.columns) from recap where id = \(id)", Self.decode)
    }

    func update(_ recap: Recap, from version: Int) throws(DomainError) {
        // Not the id: for that the whole ledger would be searched for what refers to it.
        try connection.execute(
            """
            update recap
            set (\(Self.changingColumns)) = (\(Self.changingValues(recap)))
            where id = \(recap.id)
            and version = \(version)
            """
        )
        guard connection.changes == 1 else { throw .stale }
    }

    func list(_ query: RecapQuery) throws(DomainError) -> Page<Recap> {
        try connection.page("select \(Self.columns) from recap where true\(Self.conditions(query))", limit: query.page.limit, Self.decode)
    }

    func count(_ query: RecapQuery, most: Int) throws(DomainError) -> Int {
        var query = query
        query.page = PageRequest(limit: most)
        return try connection.first("select count(*) from (select 1 from recap where true\(Self.conditions(query)))") { columns in
            columns.integer()
        } ?? 0
    }

    private static func conditions(_ query: RecapQuery) -> SQL {
        var statement: SQL = ""
        if let kind = query.kind { statement.append(" and kind = \(kind)") }
        if let period = query.period { statement.append(" and period = \(period)") }
        if !query.states.isEmpty {
            statement.append(" and (false")
            for state in query.states { statement.append(" or state = \(state)") }
            statement.append(")")
        }
        statement.appendPage(query.page, over: "id")
        return statement
    }

    // MARK: Totals

    func insert(_ totals: RecapTotals, of recap: Recap.ID) throws(DomainError) {
        for part in RecapTotals.Part.allCases {
            for (place, line) in totals[part].enumerated() {
                try connection.execute(
                    """
                    insert into recap_total (recap_id, part, place, key, name, count, on_time, late, points)
                    values (
                        \(recap), \(part), \(place), \(line.key), \(line.name), \(line.count), \(line.onTime), \(line.late), \(line.points)
                    )
                    """
                )
            }
        }
    }

    func totals(of recap: Recap.ID) throws(DomainError) -> RecapTotals {
        let lines = try connection.all(
            """
            select part, key, name, count, on_time, late, points
            from recap_total
            where recap_id = \(recap)
            """
        ) { columns throws(DomainError) in
            let part: RecapTotals.Part = try columns.choice()
            let (key, name) = (columns.text(), columns.text())
            let line = RecapTotals.Line(
                key: key,
                name: name,
                count: columns.integer(),
                onTime: columns.integer(),
                late: columns.integer(),
                points: columns.integer()
            )
            return (part: part, line: line)
        }
        return RecapTotals(lines)
    }
}

extension [StepTally] {
    /// As a row holds them: `2:1/0 5:0/2` is step 2 once on time, and step 5 twice late.
    fileprivate var stored: String { map { "\($0.step):\($0.onTime)/\($0.late)" }.joined(separator: " ") }

    fileprivate init(stored text: String) throws(DomainError) {
        self = []
        var numbers = [0, 0, 0]
        var place = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): numbers[place] = numbers[place] &* 10 &+ Int(byte - UInt8(ascii: "0"))
            case UInt8(ascii: ":") where place == 0, UInt8(ascii: "/") where place == 1: place += 1
            case UInt8(ascii: " ") where place == 2:
                append(StepTally(step: numbers[0], onTime: numbers[1], late: numbers[2]))
                (numbers, place) = ([0, 0, 0], 0)
            default: throw .fault("stored value \(text) is no list of steps")
            }
        }
        if place == 2 { append(StepTally(step: numbers[0], onTime: numbers[1], late: numbers[2])) }
    }
}
