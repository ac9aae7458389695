import Domain

/// The links between cases.
struct SQLLinks: LinkRepository {
    let connection: any Connection

    func insert(_ link: CaseLink) throws(DomainError) {
        try connection.execute(
            """
            insert into case_link (id, relation, source_kind, source_id, target_kind, target_id, creator_id, created_at_ms)
            values (
                \(link.id), \(link.relation), \(link.source.kind), \(link.source.id), \(link.target.kind), \(link.target.id),
                \(link.creatorID), \(link.createdAt)
            )
            """,
            conflicts: ["case_link.source_id": "/target", "case_link_related_once": "/target"]
        )
    }

    func find(_ id: CaseLink.ID) throws(DomainError) -> CaseLink? {
        try connection.first(
            """
            select id, relation, source_kind, source_id, target_kind, target_id, creator_id, created_at_ms
            from case_link
            where id = \(id)
            """
        ) { columns throws(DomainError) in
            CaseLink(
                id: columns.identifier(),
                relation: try columns.choice(),
                source: CaseLink.End(kind: try columns.choice(), id: columns.text()),
                target: CaseLink.End(kind: try columns.choice(), id: columns.text()),
                creatorID: columns.identifier(),
                createdAt: columns.instant()
            )
        }
    }

    func delete(_ id: CaseLink.ID) throws(DomainError) { try connection.execute("delete from case_link where id = \(id)") }

    func list(of end: CaseLink.End, in sight: Sight, page: PageRequest) throws(DomainError) -> Page<CaseLinkView> {
        var statement: SQL = """
            select p.id, p.relation, p.direction, p.kind, coalesce(c.id, w.id, t.id, s.id, r.id),
                coalesce(c.number, w.number, t.number, s.number, r.number),
                coalesce(c.state, w.state, t.state, s.state, r.state),
                coalesce(c.subject, w.title, t.problem, s.subject, r.title), p.creator_id, p.created_at_ms
            from (
            """
        statement.append(Self.page(of: end, in: sight, page))
        statement.append(
            """
            ) as p
            left join consultation as c on p.kind = 'consultation' and c.id = p.case_id
            left join workspace_item as w on p.kind = 'workspace_item' and w.id = p.case_id
            left join ticket as t on p.kind = 'ticket' and t.id = p.case_id
            left join service_complaint as s on p.kind = 'service_complaint' and s.id = p.case_id
            left join procedure_run as r on p.kind = 'procedure_run' and r.id = p.case_id
            order by p.id 
            """
        )
        statement.append(page.isAscending ? "asc" : "desc")
        return try connection.page(statement, limit: page.limit) { columns throws(DomainError) in
            CaseLinkView(
                id: columns.identifier(),
                relation: try columns.choice(),
                direction: try columns.choice(),
                other: CaseSummary(
                    kind: try columns.choice(),
                    id: columns.text(),
                    number: columns.text(),
                    status: columns.text(),
                    title: CaseSummary.title(of: columns.text())
                ),
                creatorID: columns.identifier(),
                createdAt: columns.instant()
            )
        }
    }

    func count(of end: CaseLink.End, in sight: Sight, most: Int) throws(DomainError) -> Int {
        let page = Self.page(of: end, in: sight, PageRequest(limit: most))
        return try connection.first("select count(*) from (\(page))") { columns in columns.integer() } ?? 0
    }

    /// Both directions, each along its index, and of each only what is in sight.
    private static func page(of end: CaseLink.End, in sight: Sight, _ page: PageRequest) -> SQL {
        var outgoing: SQL = """
            select l.id, l.relation, 'outgoing' as direction, l.target_kind as kind, l.target_id as case_id, l.creator_id, l.created_at_ms
            from case_link as l
            where l.source_id = \(end.id)
            """
        outgoing.append(condition("l.target_kind", "l.target_id", sight))
        outgoing.appendPage(page, over: "l.id")
        var incoming: SQL = """
            select l.id, l.relation, 'incoming' as direction, l.source_kind as kind, l.source_id as case_id, l.creator_id, l.created_at_ms
            from case_link as l
            where l.target_id = \(end.id)
            """
        incoming.append(condition("l.source_kind", "l.source_id", sight))
        incoming.appendPage(page, over: "l.id")
        var joined: SQL = "select * from (\(outgoing)) union all select * from (\(incoming)) order by id "
        joined.append(page.isAscending ? "asc" : "desc")
        joined.append(" limit \(page.limit + 1)")
        return joined
    }

    private static func condition(_ kind: SQLFragment, _ id: SQLFragment, _ sight: Sight) -> SQL {
        var condition: SQL = " and (false"
        for part in CaseKind.allCases where !sight[part].isEmpty {
            condition.append(" or \(kind) = \(part)")
            if sight[part].contains(.all) { continue }
            condition.append(" and exists (select 1 from \(part.table) as c where c.id = \(id) and (false")
            for visible in sight[part] { condition.append(visible.alternative) }
            condition.append("))")
        }
        condition.append(")")
        return condition
    }
}

extension CaseKind {
    /// The table of the cases of this kind.
    var table: SQLFragment {
        switch self {
        case .consultation: Consultation.table
        case .workspaceItem: WorkspaceItem.table
        case .ticket: Ticket.table
        case .serviceComplaint: ServiceComplaint.table
        case .procedureRun: ProcedureRun.table
        }
    }
}

extension StepTiming.SubjectKind {
    /// The table of the cases that have a clock of their own; nil for what has none.
    var table: SQLFragment? { CaseKind(rawValue: rawValue)?.table }
}

extension Visibility {
    /// What a case `c` of this part fulfils, as one more alternative.
    var alternative: SQL {
        switch self {
        case .all: " or true"
        case .unit(let id): " or c.unit_id = \(id)"
        case .requester(let id): " or c.requester_id = \(id)"
        case .officer(let id): " or c.officer_id = \(id)"
        case .member(let id): " or exists (select 1 from case_member as m where m.member_id = \(id) and m.case_id = c.id)"
        }
    }
}
