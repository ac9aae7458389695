import Domain

extension SQLCases {
    /// When a case is due: the greatest number while no clock with a standard runs. The indexes hold this very expression.
    private static var due: SQLFragment {
        "coalesce(case when c.step_finished_at_ms is null then c.step_due_at_ms end, 9223372036854775807)"
    }

    func waiting(
        _ waits: [Wait<Kind>],
        visible: [Visibility],
        after place: InboxPlace?,
        limit: Int
    ) throws(DomainError) -> [InboxEntry] {
        var branches: [SQL] = []
        for wait in waits {
            let conditions = Self.conditions(wait, visible)
            guard let place else {
                branches.append(Self.branch(conditions, order: "\(Self.due), c.id", limit))
                continue
            }
            // An index over an expression serves no row value: what is due at the same time and what is due later are walks of their own.
            let id = "\(Kind.idPrefix)_\(place.age)"
            branches.append(Self.branch("\(conditions) and \(Self.due) = \(place.due) and c.id > \(id)", order: "c.id", limit))
            branches.append(Self.branch("\(conditions) and \(Self.due) > \(place.due)", order: "\(Self.due), c.id", limit))
        }
        var statement: SQL = ""
        for (index, branch) in branches.enumerated() {
            if index > 0 { statement.append(" union ") }
            statement.append("select * from (\(branch))")
        }
        statement.append(" order by due, id limit \(limit)")
        return try connection.all(statement) { columns in
            let due = Int64(columns.integer())
            let id = columns.text()
            let place = InboxPlace(due: due, age: String(id.dropFirst(Kind.idPrefix.utf8.count + 1)))
            return InboxEntry(
                kind: Kind.kind.timingSubject,
                id: id,
                version: columns.integer(),
                place: place,
                unitID: columns.identifier(),
                standard: columns.optionalInteger().map { Int64($0) }
            )
        }
    }

    func countWaiting(
        _ waits: [Wait<Kind>],
        visible: [Visibility],
        most: Int
    ) throws(DomainError) -> [(state: Kind.State, count: Int)] {
        var statement: SQL = ""
        var isFirst = true
        for state in Kind.State.allCases {
            let branches = waits.filter { $0.state == state }.map { wait -> SQL in
                var branch: SQL = "select c.id from \(Kind.table) as c where c.closed_at_ms is null"
                branch.append(Self.conditions(wait, visible))
                branch.append(" limit \(most)")
                return branch
            }
            guard !branches.isEmpty else { continue }
            if isFirst { isFirst = false } else { statement.append(" union all ") }
            statement.append("select \(state), count(*) from (select id from (\(SQL.union(branches))) limit \(most))")
        }
        return try connection.all(statement) { columns throws(DomainError) in
            (state: try columns.choice(), count: columns.integer())
        }
    }

    private static func branch(_ conditions: SQL, order: SQL, _ limit: Int) -> SQL {
        """
        select \(due) as due, c.id, c.version, c.unit_id,
            case when c.step_paused_at_ms is null then c.step_standard_ms end as standard
        from \(Kind.table) as c
        where c.closed_at_ms is null\(conditions)
        order by \(order)
        limit \(limit)
        """
    }

    private static func conditions(_ wait: Wait<Kind>, _ visible: [Visibility]) -> SQL {
        var conditions: SQL = " and c.state = \(wait.state)"
        conditions.append(wait.part.condition)
        conditions.append(Kind.conditions(wait.filter))
        for bar in wait.bars { conditions.append(bar.exclusion) }
        // Who stands so to a case mostly sees it for that very reason; he may still have lost the role that shows it to him.
        if !visible.contains(.all), !visible.contains(wait.part) {
            conditions.append(" and (false")
            for part in visible { conditions.append(part.alternative) }
            conditions.append(")")
        }
        return conditions
    }
}

extension Visibility {
    /// What a case `c` of this part fulfils.
    var condition: SQL {
        switch self {
        case .all: ""
        case .unit(let id): " and c.unit_id = \(id)"
        case .requester(let id): " and c.requester_id = \(id)"
        case .officer(let id): " and c.officer_id = \(id)"
        case .member(let id): " and m.member_id = \(id) and c.id = m.case_id"
        }
    }

    /// What a case `c` outside this part fulfils.
    fileprivate var exclusion: SQL {
        switch self {
        case .all: " and false"
        case .unit(let id): " and c.unit_id <> \(id)"
        case .requester(let id): " and c.requester_id <> \(id)"
        case .officer(let id): " and c.officer_id is distinct from \(id)"
        case .member(let id): " and not exists (select 1 from case_member as m where m.member_id = \(id) and m.case_id = c.id)"
        }
    }
}
