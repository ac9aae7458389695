import Domain

/// A topology as a drawing in SVG, without script, style sheet or anything from elsewhere.
struct TopologyDrawing {
    let svg: String

    private static let (box, gap, margin) = ((width: 176, height: 56), (x: 40, y: 72), 24)
    /// How many characters fit into a line of a box.
    private static let lineLength = 26

    init(_ topology: Topology) {
        let rows = TopologyLayout(topology).rows
        let columns = max(1, rows.map(\.count).max() ?? 1)
        let width = 2 * Self.margin + columns * (Self.box.width + Self.gap.x) - Self.gap.x
        let height = 2 * Self.margin + max(1, rows.count) * (Self.box.height + Self.gap.y) - Self.gap.y
        var centres: [String: (x: Int, y: Int)] = [:]
        for (level, row) in rows.enumerated() {
            let left = (width - row.count * (Self.box.width + Self.gap.x) + Self.gap.x + Self.box.width) / 2
            let y = Self.margin + Self.box.height / 2 + level * (Self.box.height + Self.gap.y)
            for (column, place) in row.enumerated() {
                centres[topology.nodes[place].id] = (left + column * (Self.box.width + Self.gap.x), y)
            }
        }
        var lines: [String] = []
        var captions: [String] = []
        var parallels: [Set<String>: Int] = [:]
        for link in topology.links {
            guard let from = centres[link.from], let to = centres[link.to] else { continue }
            // Links between the same two nodes lie side by side.
            let shift = parallels[[link.from, link.to], default: 0] * 14
            parallels[[link.from, link.to], default: 0] += 1
            let ends = #"x1="\#(from.x + shift)" y1="\#(from.y)" x2="\#(to.x + shift)" y2="\#(to.y)""#
            lines.append("<line \(ends)\(Self.style(of: link.medium))/>")
            if let caption = link.caption {
                let text = Self.escaped(Self.lines(of: caption, atMost: 1).first ?? "")
                let place = Self.place(of: from, to)
                captions.append(#"<text x="\#(place.x + shift)" y="\#(place.y + shift)">\#(text)</text>"#)
            }
        }
        svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
            font-family="sans-serif" font-size="12" text-anchor="middle">
            <title>\(Self.escaped(topology.name))</title>
            <rect width="100%" height="100%" fill="#ffffff"/>
            <g stroke="#5b6770" stroke-width="1.5">\(lines.joined())</g>
            <g>\(topology.nodes.map { Self.node($0, at: centres[$0.id] ?? (0, 0)) }.joined())</g>
            <g fill="#ffffff" font-size="11" stroke="#ffffff" stroke-width="4">\(captions.joined())</g>
            <g fill="#37424a" font-size="11">\(captions.joined())</g>
            </svg>

            """
    }

    /// Where a link is written on: in the gap below the row of its upper end, so that no box is hidden.
    private static func place(of from: (x: Int, y: Int), _ to: (x: Int, y: Int)) -> (x: Int, y: Int) {
        let (upper, lower) = from.y <= to.y ? (from, to) : (to, from)
        guard lower.y > upper.y else { return ((from.x + to.x) / 2, from.y) }
        let down = (box.height + gap.y) / 2
        return (upper.x + (lower.x - upper.x) * down / (lower.y - upper.y), upper.y + down)
    }

    private static func node(_ node: Topology.Node, at centre: (x: Int, y: Int)) -> String {
        let (left, top) = (centre.x - box.width / 2, centre.y - box.height / 2)
        let label = lines(of: node.label, atMost: 2)
        var texts = ""
        for (number, line) in label.enumerated() {
            texts += #"<text x="\#(centre.x)" y="\#(top + (label.count == 1 ? 25 : 18) + number * 15)">\#(escaped(line))</text>"#
        }
        let kind = node.kind.rawValue.replacing("_", with: " ")
        return """
            <g><title>\(escaped(node.label))</title><rect x="\(left)" y="\(top)" width="\(box.width)" height="\(box.height)" rx="6" \
            fill="\(fill(of: node.kind))" stroke="#37424a"/>\(texts)\
            <text x="\(centre.x)" y="\(top + box.height - 7)" font-size="10" fill="#5b6770">\(kind)</text></g>
            """
    }

    private static func fill(of kind: Topology.Node.Kind) -> String {
        switch kind {
        case .internet: "#e3f0fb"
        case .firewall: "#fbe5e1"
        case .router, .switch, .accessPoint: "#e6f4e6"
        case .server, .storage: "#fdf3d8"
        case .computer, .printer, .other: "#f3f4f5"
        }
    }

    private static func style(of medium: Topology.Link.Medium?) -> String {
        switch medium {
        case .fibre: #" stroke-width="3""#
        case .wireless: #" stroke-dasharray="6 4""#
        case .vpn: #" stroke-dasharray="2 4""#
        case .copper, .other, nil: ""
        }
    }

    /// A text in lines of a box, broken between words; what does not fit ends in an ellipsis.
    private static func lines(of text: String, atMost count: Int) -> [String] {
        var lines: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            if rest.count <= lineLength { return lines + [String(rest)] }
            if lines.count == count - 1 { return lines + [String(rest.prefix(lineLength - 1)) + "…"] }
            let head = rest.prefix(lineLength + 1)
            let line = head.lastIndex(of: " ").map { head[..<$0] } ?? head.dropLast()
            lines.append(String(line))
            rest = rest.dropFirst(line.count).drop { $0 == " " }
        }
        return lines
    }

    /// Text for XML 1.0, which has no place for two scalars that are no characters; control characters are not in it.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\u{FFFE}", "\u{FFFF}": escaped.unicodeScalars.append("\u{FFFD}")
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
