import Domain
import API
import HTTP

/// Holds values against the JSON schemas of the document, as far as it uses them.
///
/// It is stricter than JSON Schema in one point: an object must have no member that its `properties` do not name.
struct SchemaValidator {
    let contract: Contract

    /// The keywords that say nothing about which values fit.
    private static let silent: Set<String> = ["description", "example", "default", "format", "title", "deprecated", "required"]

    /// What is wrong with a value, each with its place; empty when it fits.
    func faults(of value: JSONValue, against schema: JSONValue, at place: String = "") -> [String] {
        var faults: [String] = []
        if let reference = schema["$ref"] {
            let target = contract.follow(schema)
            if target == .null { return ["\(place): \(reference) names nothing"] }
            faults += self.faults(of: value, against: target, at: place)
        }
        for keyword in schema.members {
            if !isKept(keyword.name, keyword.value, by: value, in: schema, at: place, &faults) {
                faults.append("\(place): \(keyword.name) is not kept")
            }
        }
        for name in schema["required"]?.texts ?? [] {
            if case .object(let object) = value, object[name] == nil { faults.append("\(place)/\(name): is missing") }
        }
        return faults
    }

    private func isKept(
        _ keyword: String,
        _ rule: JSONValue,
        by value: JSONValue,
        in schema: JSONValue,
        at place: String,
        _ faults: inout [String]
    ) -> Bool {
        switch keyword {
        case "$ref": return true
        case "type": return (rule.text.map { [$0] } ?? rule.texts).contains { value.isOfType($0) }
        case "enum": return rule.elements.contains(value)
        case "const": return rule == value
        case "pattern": return value.text.map { Self.matches($0, rule.text ?? "") } ?? true
        case "minLength": return value.text.map { $0.unicodeScalars.count >= rule.number ?? 0 } ?? true
        case "maxLength": return value.text.map { $0.unicodeScalars.count <= rule.number ?? 0 } ?? true
        case "minimum": return value.number.map { $0 >= rule.number ?? 0 } ?? true
        case "maximum": return value.number.map { $0 <= rule.number ?? 0 } ?? true
        case "minItems": return !value.isOfType("array") || value.elements.count >= rule.number ?? 0
        case "maxItems": return !value.isOfType("array") || value.elements.count <= rule.number ?? 0
        case "uniqueItems":
            return value.elements.indices.allSatisfy { place in !value.elements[..<place].contains(value.elements[place]) }
        case "items":
            for (index, element) in value.elements.enumerated() {
                faults += self.faults(of: element, against: rule, at: "\(place)/\(index)")
            }
            return true
        case "properties":
            for member in value.members {
                guard let property = rule[member.name] else {
                    faults.append("\(place)/\(member.name): is not in the document")
                    continue
                }
                faults += self.faults(of: member.value, against: property, at: "\(place)/\(member.name)")
            }
            return true
        case "additionalProperties": return rule != .bool(false) || value.members.allSatisfy { schema["properties"]?[$0.name] != nil }
        case "allOf": return rule.elements.allSatisfy { self.faults(of: value, against: $0).isEmpty }
        case "anyOf": return rule.elements.contains { self.faults(of: value, against: $0).isEmpty }
        case "oneOf": return rule.elements.count { self.faults(of: value, against: $0).isEmpty } == 1
        // A text may have the form of a date and yet be none.
        case "format" where rule.text == "date": return value.text.map { CivilDate($0) != nil } ?? true
        default: return Self.silent.contains(keyword)
        }
    }

    /// Whether a text holds a match of a pattern, by Unicode scalars as JSON Schema has it.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return false }
        return text.firstMatch(of: expression) != nil
    }
}

extension JSONValue {
    fileprivate func isOfType(_ name: String) -> Bool {
        switch (self, name) {
        case (.null, "null"), (.bool, "boolean"), (.integer, "integer"), (.integer, "number"), (.number, "number"), (.string, "string"),
            (.array, "array"), (.object, "object"):
            true
        default: false
        }
    }
}
