/// Finds what a path and a method lead to: a tree of path segments, `{…}` matching any one.
package struct Router<Destination: Sendable>: Sendable {
    /// What the search found.
    package enum Match {
        case found(Destination, parameters: [String])
        /// The path exists with other methods.
        case otherMethods([Method])
        case none
    }

    private struct Node {
        var children: [String: Int] = [:]
        var wildcard: Int?
        var destinations: [Method: Destination] = [:]
    }

    private var nodes = [Node()]

    package init() {}

    /// Adds a destination under a template such as `/v1/units/{id}`. Returns false if there is one already.
    @discardableResult
    package mutating func add(_ method: Method, _ template: String, _ destination: Destination) -> Bool {
        var node = 0
        for segment in template.split(separator: "/") {
            let next = segment.hasPrefix("{") ? nodes[node].wildcard : nodes[node].children[String(segment)]
            if let next {
                node = next
                continue
            }
            nodes.append(Node())
            let made = nodes.count - 1
            if segment.hasPrefix("{") { nodes[node].wildcard = made } else { nodes[node].children[String(segment)] = made }
            node = made
        }
        guard nodes[node].destinations[method] == nil else { return false }
        nodes[node].destinations[method] = destination
        return true
    }

    /// The destination of a request; HEAD is served where GET is, and a fixed segment goes before a `{…}`.
    package func find(_ method: Method, _ segments: [String]) -> Match {
        var node = 0
        var parameters: [String] = []
        for segment in segments {
            if let next = nodes[node].children[segment] {
                node = next
            } else if let next = nodes[node].wildcard, !segment.isEmpty {
                parameters.append(segment)
                node = next
            } else {
                return .none
            }
        }
        let destinations = nodes[node].destinations
        if destinations.isEmpty { return .none }
        if let destination = destinations[method == .head ? .get : method] { return .found(destination, parameters: parameters) }
        var allowed = destinations.keys.map { $0 }
        if destinations[.get] != nil { allowed.append(.head) }
        allowed.append(.options)
        return .otherMethods(allowed.sorted { $0.rawValue < $1.rawValue })
    }
}
