/// A JSON value as it was read; integers beyond ±(2^53−1) are refused while reading.
package indirect enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue: JSONWritable {
    package func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let flag): json.value(flag)
        case .integer(let number): json.value(number)
        case .number(let number): json.raw("\(number)")
        case .string(let text): json.value(text)
        case .array(let elements):
            json.array { json in
                for element in elements { element.write(to: &json) }
            }
        case .object(let object):
            json.object { json in
                for member in object.members {
                    json.name(dynamic: member.name)
                    member.value.write(to: &json)
                }
            }
        }
    }
}

/// The members of a JSON object in the order they came, no name twice.
package struct JSONObject: Sendable, Equatable {
    package internal(set) var members: [(name: String, value: JSONValue)] = []

    package init() {}

    package subscript(name: String) -> JSONValue? {
        for member in members where member.name == name { return member.value }
        return nil
    }

    /// Puts in a member at a place counted from 0, or at the end when there are fewer.
    package mutating func insert(_ name: String, _ value: JSONValue, at place: Int) {
        members.insert((name, value), at: min(place, members.count))
    }

    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// Reads JSON (RFC 8259) and refuses, while scanning, what is beyond the limits.
///
/// Foundation's decoder takes duplicate members and 512 levels, stops at the first fault, and would be a second pass.
package struct JSONReader {
    package static let mostLevels = 32
    package static let mostMembers = 256
    package static let mostElements = 10_000
    /// In bytes of UTF-8: the 20 000 code points of the longest text there is, at four bytes each.
    package static let longestString = 80_000

    /// Why a text was refused, in both languages, with the offset of the byte.
    package struct Fault: Error, Sendable, Equatable {
        package let offset: Int
        let id: String
        let en: String

        package func detail(in language: Language) -> String {
            language == .english ? "\(en) (byte \(offset))." : "\(id) (bita \(offset))."
        }
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Parses all of `body`.
    package static func parse(_ body: [UInt8]) throws(Fault) -> JSONValue {
        // Safety: the pointer lives only inside the closure, and the reader checks every index against its count.
        let result: Result<JSONValue, Fault> = body.withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes: bytes)
            do throws(Fault) {
                return .success(try reader.document())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func document() throws(Fault) -> JSONValue {
        skipSpace()
        let value = try value(level: 1)
        skipSpace()
        guard position == bytes.count else { throw fault("ada isi sesudah akhir JSON", "there is content after the end") }
        return value
    }

    private func fault(_ id: String, _ en: String) -> Fault { Fault(offset: position, id: id, en: en) }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ text: StaticString) throws(Fault) {
        let matches = text.withUTF8Buffer { word in
            position + word.count <= bytes.count && bytes[position..<(position + word.count)].elementsEqual(word)
        }
        guard matches else { throw fault("nilai tidak dikenal", "unknown literal") }
        position += text.utf8CodeUnitCount
    }

    private mutating func value(level: Int) throws(Fault) -> JSONValue {
        guard level <= Self.mostLevels else { throw fault("lebih dari 32 tingkat", "more than 32 levels") }
        guard let first = peek else { throw fault("JSON terpotong", "the text is cut off") }
        switch first {
        case UInt8(ascii: "{"): return .object(try object(level: level))
        case UInt8(ascii: "["): return .array(try array(level: level))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("tanda tidak terduga", "unexpected character")
        }
    }

    private mutating func object(level: Int) throws(Fault) -> JSONObject {
        position += 1
        var object = JSONObject()
        skipSpace()
        if peek == UInt8(ascii: "}") {
            position += 1
            return object
        }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw fault("nama anggota diharapkan", "a member name is expected") }
            let name = try string()
            guard object[name] == nil else { throw fault("nama anggota ganda", "a member name is repeated") }
            guard object.members.count < Self.mostMembers else { throw fault("lebih dari 256 anggota", "more than 256 members") }
            skipSpace()
            guard peek == UInt8(ascii: ":") else { throw fault("tanda ':' diharapkan", "':' is expected") }
            position += 1
            skipSpace()
            object.members.append((name, try value(level: level + 1)))
            skipSpace()
            switch peek {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return object
            case nil: throw fault("JSON terpotong", "the text is cut off")
            default: throw fault("tanda ',' atau '}' diharapkan", "',' or '}' is expected")
            }
        }
    }

    private mutating func array(level: Int) throws(Fault) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if peek == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            skipSpace()
            guard elements.count < Self.mostElements else { throw fault("lebih dari 10.000 unsur", "more than 10,000 elements") }
            elements.append(try value(level: level + 1))
            skipSpace()
            switch peek {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return elements
            case nil: throw fault("JSON terpotong", "the text is cut off")
            default: throw fault("tanda ',' atau ']' diharapkan", "',' or ']' is expected")
            }
        }
    }

    private mutating func string() throws(Fault) -> String {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        var decoded: [UInt8] = []
        if peek == UInt8(ascii: "\"") {
            let text = try text(bytes[start..<position])
            position += 1
            return text
        }
        decoded.append(contentsOf: bytes[start..<position])
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try text(decoded)
                position += 1
                return text
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case 0..<0x20: throw fault("tanda kendali dalam teks", "a control character in a string")
            default:
                decoded.append(byte)
                position += 1
            }
        }
        throw fault("JSON terpotong", "the text is cut off")
    }

    private func text(_ utf8: some Collection<UInt8>) throws(Fault) -> String {
        guard utf8.count <= Self.longestString else { throw fault("teks lebih dari 80.000 bita", "a string longer than 80,000 bytes") }
        guard let text = String(validating: utf8, as: UTF8.self) else { throw fault("bukan UTF-8", "not UTF-8") }
        return text
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(Fault) {
        position += 1
        guard let letter = peek else { throw fault("JSON terpotong", "the text is cut off") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): try unicode(into: &decoded)
        default: throw fault("escape tidak dikenal", "unknown escape")
        }
    }

    private mutating func unicode(into decoded: inout [UInt8]) throws(Fault) {
        var code = try fourDigits()
        if (0xD800..<0xDC00).contains(code) {
            try expect("\\u")
            let low = try fourDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw fault("surrogate tunggal", "a lone surrogate") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard code != 0 else { throw fault("tanda NUL", "a NUL character") }
        guard let scalar = Unicode.Scalar(code) else { throw fault("surrogate tunggal", "a lone surrogate") }
        decoded.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
    }

    private mutating func fourDigits() throws(Fault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Self.hexadecimal(byte) else { throw fault("escape \\u tidak sah", "a bad \\u escape") }
            code = code << 4 | digit
            position += 1
        }
        return code
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func number() throws(Fault) -> JSONValue {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let first = peek
        let whole = digits()
        guard whole > 0, whole == 1 || first != UInt8(ascii: "0") else { throw fault("bilangan tidak sah", "a bad number") }
        var isInteger = true
        if peek == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard digits() > 0 else { throw fault("bilangan tidak sah", "a bad number") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw fault("bilangan tidak sah", "a bad number") }
        }
        guard position - start <= 64 else { throw fault("bilangan terlalu panjang", "a number too long") }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger {
            guard let value = Int64(text), value.magnitude < 1 << 53 else {
                throw fault("bilangan di luar ±(2^53−1)", "an integer beyond ±(2^53−1)")
            }
            return .integer(value)
        }
        guard let value = Double(text), value.isFinite else { throw fault("bilangan di luar batas", "a number out of range") }
        if let integer = Int64(exactly: value), integer.magnitude < 1 << 53 { return .integer(integer) }
        return .number(value)
    }
}
