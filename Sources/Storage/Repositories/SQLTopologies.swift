import Domain

/// Topologies in all their versions; what is stored once never changes.
struct SQLTopologies: TopologyRepository {
    let connection: any Connection

    private static let columns: SQLFragment =
        "v.topology_id, v.name, v.description, v.version, v.changed_by, t.created_at_ms, v.created_at_ms"

    private static func decode(_ columns: inout Columns) throws(DomainError) -> TopologySummary {
        TopologySummary(
            id: columns.identifier(),
            name: columns.text(),
            description: columns.optionalText(),
            version: columns.integer(),
            changedBy: columns.identifier(),
            createdAt: columns.instant(),
            updatedAt: columns.instant()
        )
    }

    func find(_ id: Topology.ID, version: Int?) throws(DomainError) -> Topology? {
        var statement: SQL = """
            select \(Self.columns)
            from topology as t
            cross join topology_version as v
            where t.id = \(id)
            and v.topology_id = t.id
            """
        if let version { statement.append(" and v.version = \(version)") } else { statement.append(" and v.version = t.version") }
        guard let head = try connection.first(statement, Self.decode) else { return nil }
        return Topology(
            id: head.id,
            name: head.name,
            description: head.description,
            nodes: try nodes(of: id, version: head.version),
            links: try links(of: id, version: head.version),
            version: head.version,
            changedBy: head.changedBy,
            createdAt: head.createdAt,
            updatedAt: head.updatedAt
        )
    }

    private func nodes(of id: Topology.ID, version: Int) throws(DomainError) -> [Topology.Node] {
        try connection.all(
            """
            select node_id, label, kind, equipment_id
            from topology_node
            where topology_id = \(id)
            and version = \(version)
            order by place
            """
        ) { columns throws(DomainError) in
            Topology.Node(
                id: columns.text(),
                label: columns.text(),
                kind: try columns.choice(),
                equipmentID: columns.optionalIdentifier()
            )
        }
    }

    private func links(of id: Topology.ID, version: Int) throws(DomainError) -> [Topology.Link] {
        try connection.all(
            """
            select from_id, to_id, label, medium
            from topology_link
            where topology_id = \(id)
            and version = \(version)
            order by place
            """
        ) { columns throws(DomainError) in
            Topology.Link(
                from: columns.text(),
                to: columns.text(),
                label: columns.optionalText(),
                medium: try columns.optionalChoice()
            )
        }
    }

    func insert(_ topology: Topology) throws(DomainError) {
        try connection.execute(
            "insert into topology (id, version, created_at_ms) values (\(topology.id), \(topology.version), \(topology.createdAt))"
        )
        try insertVersion(topology)
    }

    func append(_ topology: Topology) throws(DomainError) {
        try connection.execute(
            """
            update topology
            set version = \(topology.version)
            where id = \(topology.id)
            and version = \(topology.version - 1)
            """
        )
        guard connection.changes == 1 else { throw .stale }
        try insertVersion(topology)
    }

    private func insertVersion(_ topology: Topology) throws(DomainError) {
        let (id, version) = (topology.id, topology.version)
        try connection.execute(
            """
            insert into topology_version (topology_id, version, name, description, changed_by, created_at_ms)
            values (\(id), \(version), \(topology.name), \(topology.description), \(topology.changedBy), \(topology.updatedAt))
            """
        )
        for (place, node) in topology.nodes.enumerated() {
            try connection.execute(
                """
                insert into topology_node (topology_id, version, place, node_id, label, kind, equipment_id)
                values (\(id), \(version), \(place), \(node.id), \(node.label), \(node.kind), \(node.equipmentID))
                """
            )
        }
        for (place, link) in topology.links.enumerated() {
            try connection.execute(
                """
                insert into topology_link (topology_id, version, place, from_id, to_id, label, medium)
                values (\(id), \(version), \(place), \(link.from), \(link.to), \(link.label), \(link.medium))
                """
            )
        }
    }

    func list(_ page: PageRequest) throws(DomainError) -> Page<TopologySummary> {
        var statement: SQL = """
            select \(Self.columns)
            from topology as t
            cross join topology_version as v
            where v.topology_id = t.id
            and v.version = t.version
            """
        statement.appendPage(page, over: "t.id")
        return try connection.page(statement, limit: page.limit, Self.decode)
    }

    func count(most: Int) throws(DomainError) -> Int {
        try connection.first("select count(*) from (select 1 from topology limit \(most + 1))") { $0.integer() } ?? 0
    }

    func versions(of id: Topology.ID, page: PageRequest) throws(DomainError) -> Page<TopologySummary> {
        var statement: SQL = """
            select \(Self.columns)
            from topology as t
            cross join topology_version as v
            where t.id = \(id)
            and v.topology_id = \(id)
            """
        if let after = page.after.flatMap({ Int($0) }) {
            if page.isAscending { statement.append(" and v.version > \(after)") } else { statement.append(" and v.version < \(after)") }
        }
        statement.append(page.isAscending ? " order by v.version asc" : " order by v.version desc")
        statement.append(" limit \(page.limit + 1)")
        return try connection.page(statement, limit: page.limit, Self.decode)
    }

    func countVersions(of id: Topology.ID, most: Int) throws(DomainError) -> Int {
        try connection.first(
            "select count(*) from (select 1 from topology_version where topology_id = \(id) limit \(most + 1))"
        ) { $0.integer() } ?? 0
    }
}
