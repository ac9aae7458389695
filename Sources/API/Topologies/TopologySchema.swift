import Domain
import HTTP

extension Schema {
    struct Topology: JSONWritable {
        /// How many files stand with a topology.
        static let mostAttachments = 200

        let topology: Domain.Topology
        /// The newest of its files.
        let attachments: [Attachment]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", topology.id)
                json.member("name", topology.name)
                json.member("description", topology.description)
                json.name("nodes")
                json.array(topology.nodes) { json, node in
                    json.object { json in
                        json.member("id", node.id)
                        json.member("label", node.label)
                        json.member("kind", node.kind.rawValue)
                        json.member("equipment_id", node.equipmentID)
                    }
                }
                json.name("links")
                json.array(topology.links) { json, link in
                    json.object { json in
                        json.member("from", link.from)
                        json.member("to", link.to)
                        json.member("label", link.label)
                        json.member("medium", link.medium?.rawValue)
                    }
                }
                json.name("attachments")
                json.array(attachments) { json, file in AttachmentView(attachment: file).write(to: &json) }
                json.member("version", topology.version)
                json.member("changed_by", topology.changedBy)
                json.member("created_at", topology.createdAt)
                json.member("updated_at", topology.updatedAt)
            }
        }
    }

    struct TopologySummary: JSONWritable {
        let topology: Domain.TopologySummary

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", topology.id)
                json.member("name", topology.name)
                json.member("description", topology.description)
                json.member("version", topology.version)
                json.member("changed_by", topology.changedBy)
                json.member("created_at", topology.createdAt)
                json.member("updated_at", topology.updatedAt)
            }
        }

        static var columns: [Column<Domain.TopologySummary>] {
            [
                Column("id") { $0.id.text },
                Column("name") { $0.name },
                Column("description") { $0.description ?? "" },
                Column("version") { String($0.version) },
                Column("changed_by") { $0.changedBy.text },
                Column("created_at") { $0.createdAt.rfc3339 },
                Column("updated_at") { $0.updatedAt.rfc3339 },
            ]
        }
    }

    private enum TopologyRules {
        static let label = TextRule.line(1...200)
        static let node = (id: "id simpul: 1 sampai 64 dari A-Z a-z 0-9 . _ -", en: "the id of a node: 1 to 64 of A-Z a-z 0-9 . _ -")

        static func parseNode(_ text: String) -> String? { Domain.Topology.Node.isID(text) ? text : nil }
    }

    struct NewTopology: RequestBody {
        let name: String
        let description: String?
        let nodes: [Domain.Topology.Node]
        let links: [Domain.Topology.Link]

        init(_ fields: inout Fields) {
            name = fields.text("name", TopologyRules.label)
            description = fields.optionalText("description", Rules.note)
            nodes = fields.list("nodes", count: 0...Domain.Topology.mostNodes) { fields, _ in
                Domain.Topology.Node(
                    id: fields.parsed("id", or: "", TopologyRules.node, TopologyRules.parseNode),
                    label: fields.text("label", TopologyRules.label),
                    kind: fields.choice("kind", or: .other),
                    equipmentID: fields.optionalIdentifier("equipment_id")
                )
            }
            links = fields.list("links", count: 0...Domain.Topology.mostLinks) { fields, _ in
                Domain.Topology.Link(
                    from: fields.parsed("from", or: "", TopologyRules.node, TopologyRules.parseNode),
                    to: fields.parsed("to", or: "", TopologyRules.node, TopologyRules.parseNode),
                    label: fields.optionalText("label", TopologyRules.label),
                    medium: fields.optionalChoice("medium")
                )
            }
        }

        /// The version of a topology that this body makes.
        func topology(
            _ id: Domain.Topology.ID,
            version: Int,
            createdAt: Instant,
            by user: Domain.User.ID,
            at now: Instant
        ) -> Domain.Topology {
            Domain.Topology(
                id: id,
                name: name,
                description: description,
                nodes: nodes,
                links: links,
                version: version,
                changedBy: user,
                createdAt: createdAt,
                updatedAt: now
            )
        }
    }
}
