import Domain

/// Where each node of a topology stands: in rows by the number of links from the outermost node of its part.
///
/// Written by hand, as Graphviz would load plugins and keep global state for text from outside; this is linear in nodes and links.
struct TopologyLayout {
    /// How many nodes stand side by side.
    static let mostInRow = 8

    /// The places of the nodes, row by row from the top; the same for the same topology at any time.
    let rows: [[Int]]

    init(_ topology: Topology) {
        let nodes = topology.nodes
        var places: [String: Int] = [:]
        for (place, node) in nodes.enumerated() { places[node.id] = place }
        var neighbours = [[Int]](repeating: [], count: nodes.count)
        for link in topology.links {
            guard let from = places[link.from], let to = places[link.to] else { continue }
            neighbours[from].append(to)
            neighbours[to].append(from)
        }
        // The outermost first; of those the one with the most links.
        let order = nodes.indices.sorted { left, right in
            (Self.depth(nodes[left].kind), -neighbours[left].count, left) < (Self.depth(nodes[right].kind), -neighbours[right].count, right)
        }
        var rows: [[Int]] = []
        var alone: [Int] = []
        var isPlaced = [Bool](repeating: false, count: nodes.count)
        for root in order where !isPlaced[root] {
            isPlaced[root] = true
            if neighbours[root].isEmpty {
                alone.append(root)
                continue
            }
            var row = [root]
            while !row.isEmpty {
                rows += Self.folded(row)
                var next: [Int] = []
                for place in row {
                    for neighbour in neighbours[place] where !isPlaced[neighbour] {
                        isPlaced[neighbour] = true
                        next.append(neighbour)
                    }
                }
                row = next
            }
        }
        self.rows = rows + Self.folded(alone)
    }

    private static func depth(_ kind: Topology.Node.Kind) -> Int { Topology.Node.Kind.allCases.firstIndex(of: kind) ?? 0 }

    /// A row that is too long as several.
    private static func folded(_ row: [Int]) -> [[Int]] {
        stride(from: 0, to: row.count, by: mostInRow).map { Array(row[$0..<min($0 + mostInRow, row.count)]) }
    }
}
