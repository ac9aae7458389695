/// The `Content-Disposition` header field (RFC 6266).
package enum ContentDisposition {
    /// The file name that a field gives, `filename*` before `filename`; nil when it gives none.
    package static func fileName(in field: String) -> String? {
        let parameters = parameters(of: Array(field.utf8))
        if let extended = parameters.first(where: { $0.name == "filename*" })?.value, let name = decoded(extended) { return name }
        return parameters.first { $0.name == "filename" }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// The field of an answer that is to be saved under `fileName`, in the encoding of RFC 8187.
    package static func attachment(_ fileName: String) -> String {
        var field = Array("attachment; filename*=UTF-8''".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in fileName.utf8 {
            if isPlain(byte) { field.append(byte) } else { field += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: field, as: UTF8.self)
    }

    /// Whether a byte stands for itself (`attr-char`).
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$&+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func parameters(of field: [UInt8]) -> [(name: String, value: [UInt8])] {
        var parameters: [(name: String, value: [UInt8])] = []
        var rest = field.drop { $0 != UInt8(ascii: ";") }
        while rest.popFirst() != nil {
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
            rest = rest.dropFirst(name.count)
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest = rest.dropFirst().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let value = rest.first == UInt8(ascii: "\"") ? quoted(&rest) : bare(&rest)
            parameters.append((String(decoding: name, as: UTF8.self).filter { $0 != " " && $0 != "\t" }.lowercased(), value))
            rest = rest.drop { $0 != UInt8(ascii: ";") }
        }
        return parameters
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            // Some browsers send a path with bare backslashes; only what must be escaped is taken for escaped.
            if byte == UInt8(ascii: "\\"), let next = rest.first, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                rest = rest.dropFirst()
                value.append(next)
            } else {
                value.append(byte)
            }
        }
        return value
    }

    private static func bare(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let value = rest.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        rest = rest.dropFirst(value.count)
        return Array(value)
    }

    /// The text of an extended value such as `UTF-8''na%C3%AFf`; nil for another encoding.
    private static func decoded(_ value: [UInt8]) -> String? {
        let parts = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, String(decoding: parts[0], as: UTF8.self).lowercased() == "utf-8" else { return nil }
        var bytes: [UInt8] = []
        var rest = parts[2]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let number = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else { return nil }
            bytes.append(number)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
