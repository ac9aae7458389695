/// One version of a drawing of the network: what stands in it and how it is joined.
package struct Topology: Sendable, Identified {
    package typealias ID = Identifier<Topology>
    package static let idPrefix = "top"
    package static let mostNodes = 500
    package static let mostLinks = 2000

    package struct Node: Sendable, Equatable {
        /// What stands there, from the outside of the network inwards.
        package enum Kind: String, Sendable, CaseIterable {
            case internet
            case firewall
            case router
            case `switch`
            case accessPoint = "access_point"
            case server
            case storage
            case computer
            case printer
            case other
        }

        /// What links call it by, within one version.
        package let id: String
        package let label: String
        package let kind: Kind
        package let equipmentID: Equipment.ID?

        package init(id: String, label: String, kind: Kind, equipmentID: Equipment.ID?) {
            self.id = id
            self.label = label
            self.kind = kind
            self.equipmentID = equipmentID
        }

        /// Whether a text can be the id of a node: 1 to 64 of `A-Z a-z 0-9 . _ -`.
        package static func isID(_ text: String) -> Bool {
            (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "a")...UInt8(ascii: "z"):
                        true
                    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                    default: false
                    }
                }
        }
    }

    package struct Link: Sendable, Equatable {
        package enum Medium: String, Sendable, CaseIterable {
            case copper
            case fibre
            case wireless
            case vpn
            case other
        }

        /// The id of the node at one end.
        package let from: String
        /// The id of the node at the other.
        package let to: String
        package let label: String?
        package let medium: Medium?

        package init(from: String, to: String, label: String?, medium: Medium?) {
            self.from = from
            self.to = to
            self.label = label
            self.medium = medium
        }
    }

    package let id: ID
    package let name: String
    package let description: String?
    package let nodes: [Node]
    package let links: [Link]
    /// Counts up by one with every change; all versions stay readable.
    package let version: Int
    /// The one who made this version.
    package let changedBy: User.ID
    /// When the first version was made.
    package let createdAt: Instant
    /// When this version was made.
    package let updatedAt: Instant

    package init(
        id: ID,
        name: String,
        description: String?,
        nodes: [Node],
        links: [Link],
        version: Int,
        changedBy: User.ID,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.nodes = nodes
        self.links = links
        self.version = version
        self.changedBy = changedBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// What is wrong with the graph: ids that are used twice, and links that join nothing or a node with itself.
    package var issues: [Issue] {
        var issues: [Issue] = []
        var known: Set<String> = []
        for (place, node) in nodes.enumerated() where !known.insert(node.id).inserted {
            let detail = Text(id: "Simpul lain sudah memakai id ini.", en: "Another node has this id.")
            issues.append(Issue("/nodes/\(place)/id", code: "duplicate", detail: detail))
        }
        for (place, link) in links.enumerated() {
            if !known.contains(link.from) { issues.append(.unknownReference("/links/\(place)/from")) }
            if !known.contains(link.to) { issues.append(.unknownReference("/links/\(place)/to")) }
            if link.from == link.to {
                let detail = Text(id: "Ujung tautan harus simpul lain.", en: "A link must lead to another node.")
                issues.append(Issue("/links/\(place)/to", code: "loop", detail: detail))
            }
        }
        return issues
    }

    /// The names of the fields that differ from those of `other`.
    func changes(since other: Topology) -> [String] {
        var names: [String] = []
        if name != other.name { names.append("name") }
        if description != other.description { names.append("description") }
        if nodes != other.nodes { names.append("nodes") }
        if links != other.links { names.append("links") }
        return names
    }
}

/// A version of a topology without its graph, as lists show it.
package struct TopologySummary: Sendable {
    package let id: Topology.ID
    package let name: String
    package let description: String?
    package let version: Int
    package let changedBy: User.ID
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: Topology.ID,
        name: String,
        description: String?,
        version: Int,
        changedBy: User.ID,
        createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.version = version
        self.changedBy = changedBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

package protocol TopologyRepository {
    /// One version of a topology, the latest for nil.
    func find(_ id: Topology.ID, version: Int?) throws(DomainError) -> Topology?
    func insert(_ topology: Topology) throws(DomainError)
    /// Stores the next version; throws `stale` if the latest is not the one before it.
    func append(_ topology: Topology) throws(DomainError)
    /// The latest version of each topology.
    func list(_ page: PageRequest) throws(DomainError) -> Page<TopologySummary>
    func count(most: Int) throws(DomainError) -> Int
    func versions(of id: Topology.ID, page: PageRequest) throws(DomainError) -> Page<TopologySummary>
    func countVersions(of id: Topology.ID, most: Int) throws(DomainError) -> Int
}

extension Transaction {
    /// One version of a topology, the latest for nil; throws `notFound` when there is none.
    package func topology(_ id: Topology.ID, version: Int? = nil) throws(DomainError) -> Topology {
        guard let found = try topologies.find(id, version: version) else { throw .notFound("topology") }
        return found
    }

    package func create(_ new: Topology, by principal: Principal, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        try check(new)
        try topologies.insert(new)
        try note("create", of: .topology, new.id.text, in: principal.unitID, by: principal, at: now, ids: ids)
    }

    /// Makes the next version of a topology out of the latest by `edit`.
    package func replace(
        _ id: Topology.ID,
        expecting expected: ExpectedVersion,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        _ edit: (Topology) -> Topology
    ) throws(DomainError) -> Topology {
        let before = try topology(id)
        try expected.check(before.version)
        let after = edit(before)
        try check(after)
        try topologies.append(after)
        let changed = after.changes(since: before)
        try note("edit", of: .topology, id.text, in: principal.unitID, by: principal, at: now, ids: ids, changed: changed)
        return after
    }

    private func check(_ topology: Topology) throws(DomainError) {
        var issues = topology.issues
        for (place, node) in topology.nodes.enumerated() {
            if let id = node.equipmentID, try equipment.find(id) == nil { issues.append(.unknownReference("/nodes/\(place)/equipment_id")) }
        }
        if !issues.isEmpty { throw .invalid(issues) }
    }
}
