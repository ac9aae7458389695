/// Header fields in the order they came; names are kept in lower case.
package struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [(name: String, value: String)] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The first value under `name`, which must be in lower case.
    package subscript(name: String) -> String? {
        for field in fields where field.name == name { return field.value }
        return nil
    }

    /// Adds a field; `name` must be in lower case.
    package mutating func append(_ name: String, _ value: String) {
        fields.append((name, value))
    }

    /// Puts `value` in the place of all fields under `name`.
    package mutating func set(_ name: String, _ value: String) {
        fields.removeAll { $0.name == name }
        fields.append((name, value))
    }

    /// Drops all fields under `name`, which must be in lower case.
    package mutating func remove(_ name: String) {
        fields.removeAll { $0.name == name }
    }

    package mutating func reserveCapacity(_ count: Int) { fields.reserveCapacity(count) }

    package static func == (left: Headers, right: Headers) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
}
