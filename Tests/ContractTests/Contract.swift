import API
import HTTP

extension JSONValue {
    /// The member of an object.
    subscript(name: String) -> JSONValue? { if case .object(let object) = self { object[name] } else { nil } }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    var number: Int? { if case .integer(let number) = self { Int(number) } else { nil } }

    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

    var members: [(name: String, value: JSONValue)] { if case .object(let object) = self { object.members } else { [] } }

    /// The texts of an array.
    var texts: [String] { elements.compactMap(\.text) }
}

/// The API document as the tests judge by it.
struct Contract: Sendable {
    /// One operation of the document, with its references followed.
    struct Operation: Sendable, CustomStringConvertible {
        let id: String
        let method: HTTP.Method
        let path: String
        /// The permission it needs; nil when it is open to anyone.
        let needs: String?
        let parameters: [JSONValue]
        /// The schemas of the body by media type; empty when it takes none.
        let bodies: [(type: String, schema: JSONValue)]
        let requiresBody: Bool
        let responses: [(status: Int, value: JSONValue)]

        var description: String { id }

        func names(in place: String) -> Set<String> {
            Set(parameters.filter { $0["in"]?.text == place }.compactMap { $0["name"]?.text })
        }

        /// Whether it is refused without `If-Match`.
        var needsVersion: Bool { response(428) != nil }

        func response(_ status: Int) -> JSONValue? { responses.first { $0.status == status }?.value }

        /// The answer that says that all went well.
        var success: (status: Int, value: JSONValue)? { responses.first { (200...299).contains($0.status) } }
    }

    let root: JSONValue
    let operations: [Operation]

    /// The document that the program carries.
    static let current: Contract? = (try? APIDocument()).map { Contract(.object($0.root)) }

    private init(_ root: JSONValue) {
        self.root = root
        var operations: [Operation] = []
        for path in root["paths"]?.members ?? [] {
            for entry in path.value.members {
                guard let method = HTTP.Method(rawValue: entry.name.uppercased()) else { continue }
                operations.append(Self.operation(entry.value, method, path.name, in: root))
            }
        }
        self.operations = operations
    }

    private static func operation(_ value: JSONValue, _ method: HTTP.Method, _ path: String, in root: JSONValue) -> Operation {
        let body = value["requestBody"]
        return Operation(
            id: value["operationId"]?.text ?? "",
            method: method,
            path: path,
            needs: value["security"]?.elements.first?["bearer"]?.texts.joined(separator: " "),
            parameters: (value["parameters"]?.elements ?? []).map { follow($0, in: root) },
            bodies: (body?["content"]?.members ?? []).map { ($0.name, $0.value["schema"] ?? .null) },
            requiresBody: body?["required"] == .bool(true),
            responses: (value["responses"]?.members ?? []).map { (Int($0.name) ?? 0, follow($0.value, in: root)) }
        )
    }

    /// What a `$ref` names, or the value itself.
    static func follow(_ value: JSONValue, in root: JSONValue) -> JSONValue {
        var value = value
        while let reference = value["$ref"]?.text {
            value = reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] ?? .null }
        }
        return value
    }

    func follow(_ value: JSONValue) -> JSONValue { Self.follow(value, in: root) }

    func schema(_ name: String) -> JSONValue { root["components"]?["schemas"]?[name] ?? .null }

    func operation(_ id: String) -> Operation? { operations.first { $0.id == id } }
}
