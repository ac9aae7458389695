import CYAML
package import HTTP
import Resources

/// The API document: written as YAML, served as YAML, as JSON and as a page.
package struct APIDocument: Sendable {
    /// Why the document cannot be read.
    package struct Fault: Error {
        package let line: String
    }

    package let yaml: [UInt8]
    package let json: [UInt8]
    package let html: [UInt8]
    /// The document as a value.
    package let root: JSONObject

    /// Reads the document that the program carries.
    package init() throws(Fault) {
        // Safety: the resource is a constant of the program, as long as its count says.
        yaml = Array(UnsafeBufferPointer(start: sikimr_openapi.bytes, count: sikimr_openapi.count))
        let value = try YAMLReader.parse(yaml)
        guard case .object(let object) = value else { throw Fault(line: "The API document is no mapping.") }
        root = object
        var json = JSONWriter(capacity: yaml.count * 2)
        value.write(to: &json)
        self.json = json.finish()
        html = Array(Self.page(of: object).utf8)
    }

    /// A plain list of the operations, with links to the document.
    private static func page(of root: JSONObject) -> String {
        var rows = ""
        if case .object(let paths) = root["paths"] {
            for path in paths.members {
                guard case .object(let methods) = path.value else { continue }
                for method in methods.members {
                    guard case .object(let operation) = method.value else { continue }
                    let summary = operation.text("summary") ?? ""
                    let cells = [method.name.uppercased(), "<code>\(escaped(path.name))</code>", escaped(summary)]
                    rows += "<tr>\(cells.map { "<td>\($0)</td>" }.joined())</tr>\n"
                }
            }
        }
        return """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>SI-KIMR API</title><link rel="icon" href="data:,"></head>
            <body>
            <h1>SI-KIMR API</h1>
            <p>The whole document: <a href="/openapi.yaml">openapi.yaml</a>, <a href="/openapi.json">openapi.json</a>.
            The problem codes: <a href="/problems">/problems</a>.</p>
            <table>
            <thead><tr><th>Method</th><th>Path</th><th>What it does</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table>
            </body>
            </html>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "<" ? "&lt;" : $0 == "&" ? "&amp;" : $0 == ">" ? "&gt;" : String($0) }.joined()
    }
}

/// Reads YAML with libyaml into the values of JSON; scalars by the core schema of YAML 1.2.
struct YAMLReader: ~Copyable {
    private var parser = yaml_parser_t()
    private static let mostLevels = 64

    static func parse(_ bytes: [UInt8]) throws(APIDocument.Fault) -> JSONValue {
        var reader = YAMLReader()
        guard yaml_parser_initialize(&reader.parser) == 1 else { throw APIDocument.Fault(line: "No memory for the YAML parser.") }
        // Safety: the bytes outlive the parser's use of them, which ends inside this closure.
        let result: Result<JSONValue, APIDocument.Fault> = bytes.withUnsafeBufferPointer { buffer in
            yaml_parser_set_input_string(&reader.parser, buffer.baseAddress, buffer.count)
            do throws(APIDocument.Fault) {
                return .success(try reader.document())
            } catch {
                return .failure(error)
            }
        }
        yaml_parser_delete(&reader.parser)
        return try result.get()
    }

    private enum Token {
        case scalar(JSONValue)
        case sequence
        case mapping
        case end
        case other
    }

    private mutating func next() throws(APIDocument.Fault) -> Token {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else {
            throw APIDocument.Fault(line: "The API document is no YAML at line \(parser.problem_mark.line + 1).")
        }
        defer { yaml_event_delete(&event) }
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .scalar(scalar.style == YAML_PLAIN_SCALAR_STYLE ? Self.plain(text) : .string(text))
        case YAML_SEQUENCE_START_EVENT: return .sequence
        case YAML_MAPPING_START_EVENT: return .mapping
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT, YAML_STREAM_END_EVENT: return .end
        case YAML_ALIAS_EVENT: throw APIDocument.Fault(line: "The API document has an alias at line \(parser.mark.line + 1).")
        default: return .other
        }
    }

    private mutating func document() throws(APIDocument.Fault) -> JSONValue {
        while true {
            let token = try next()
            if case .other = token { continue }
            return try value(token, level: 0)
        }
    }

    private mutating func value(_ token: Token, level: Int) throws(APIDocument.Fault) -> JSONValue {
        guard level < Self.mostLevels else { throw APIDocument.Fault(line: "The API document is nested too deeply.") }
        switch token {
        case .scalar(let value): return value
        case .sequence:
            var elements: [JSONValue] = []
            while true {
                let token = try next()
                if case .end = token { return .array(elements) }
                elements.append(try value(token, level: level + 1))
            }
        case .mapping:
            var object = JSONObject()
            while true {
                guard case .scalar(let key) = try next() else { return .object(object) }
                let member = try value(try next(), level: level + 1)
                object.insert(Self.name(key), member, at: .max)
            }
        case .end, .other: throw APIDocument.Fault(line: "The API document is empty.")
        }
    }

    private static func name(_ key: JSONValue) -> String {
        switch key {
        case .string(let text): text
        case .integer(let number): String(number)
        default: ""
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            if let integer = Int64(text) { return .integer(integer) }
            if text.utf8.first.map({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) == true,
                let number = Double(text)
            {
                return .number(number)
            }
            return .string(text)
        }
    }
}

extension JSONObject {
    /// The text under a name; nil when there is none.
    func text(_ name: String) -> String? { if case .string(let text) = self[name] { text } else { nil } }
}
