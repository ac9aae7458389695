import Domain

extension Topology {
    /// The graph as a flowchart of Mermaid; no text of the topology can end its quotes or be taken for markup.
    var mermaid: String {
        var places: [String: Int] = [:]
        for (place, node) in nodes.enumerated() { places[node.id] = place }
        var lines = ["flowchart TB"]
        for (place, node) in nodes.enumerated() { lines.append("    n\(place)[\"\(Self.escaped(node.label))\"]") }
        for link in links {
            guard let from = places[link.from], let to = places[link.to] else { continue }
            let label = link.caption.map { "|\"\(Self.escaped($0))\"|" } ?? ""
            lines.append("    n\(from) ---\(label) n\(to)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Everything but letters, digits and a few harmless signs as an entity, which Mermaid writes `#35;`.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9", "A"..."Z", "a"..."z", " ", ".", ",", ":", "-", "_", "/", "+": escaped.unicodeScalars.append(scalar)
            case _ where !scalar.isASCII: escaped.unicodeScalars.append(scalar)
            default: escaped += "#\(scalar.value);"
            }
        }
        return escaped
    }
}

extension Topology.Link {
    /// What is written on a link: its label and its medium.
    var caption: String? {
        switch (label, medium) {
        case (let label?, let medium?): "\(label) (\(medium.rawValue))"
        case (let label?, nil): label
        case (nil, let medium?): medium.rawValue
        case (nil, nil): nil
        }
    }
}
