import CMicroHTTPD
import HTTP

/// The header fields of one request and what they say about its framing.
struct RequestHead {
    private(set) var headers = Headers()
    /// The size the client announced for the body.
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var expectsUnknown = false
    private var hosts = 0
    private var lengths = 0
    private var encodings = 0
    private var isMalformed = false

    /// Reads all fields that libmicrohttpd holds for the connection.
    init(_ connection: OpaquePointer) {
        headers.reserveCapacity(12)
        withUnsafeMutablePointer(to: &self) { head in
            _ = MHD_get_connection_values_n(
                connection,
                .HEADER_KIND,
                { context, _, name, nameSize, value, valueSize in
                    guard let head = context?.assumingMemoryBound(to: RequestHead.self) else { return .NO }
                    head.pointee.take(
                        name: UnsafeRawBufferPointer(start: name, count: nameSize),
                        value: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize)
                    )
                    return .YES
                },
                head
            )
        }
    }

    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// Whether the fields break RFC 9112, so that the connection cannot be trusted any further.
    func isMalformed(version11: Bool) -> Bool {
        if isMalformed || lengths > 1 || encodings > 1 || hosts > 1 { return true }
        if encodings > 0 && (!isChunked || lengths > 0 || !version11) { return true }
        return hosts == 0 && version11
    }

    private mutating func take(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        guard !name.isEmpty, name.allSatisfy(Self.isToken) else {
            isMalformed = true
            return
        }
        let value = Self.trimmed(value)
        // Fields above 0x7F are opaque (RFC 9110, section 5.5); decoding repairs what is not UTF-8.
        for byte in value where (byte < 0x20 && byte != 0x09) || byte == 0x7F {
            isMalformed = true
            return
        }
        let name = String(unsafeUninitializedCapacity: name.count) { buffer in
            for (index, byte) in name.enumerated() {
                buffer[index] = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            }
            return name.count
        }
        switch name {
        case "host":
            hosts += 1
            if value.isEmpty { isMalformed = true }
        case "content-length":
            lengths += 1
            contentLength = Self.decimal(value)
            if contentLength == nil { isMalformed = true }
        case "transfer-encoding":
            encodings += 1
            isChunked = Self.equals(value, "chunked")
        case "expect":
            if !Self.equals(value, "100-continue") { expectsUnknown = true }
        // Of two of these a proxy might have read the other one.
        case "authorization", "content-type", "content-encoding", "idempotency-key":
            if headers[name] != nil { isMalformed = true }
        default: break
        }
        var text = String(decoding: value, as: UTF8.self)
        if name == "if-match" || name == "if-none-match" { text = EntityTag.withoutCoding(text) }
        headers.append(name, text)
    }

    private static func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer.SubSequence {
        var value = value[...]
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        return value
    }

    private static func decimal(_ value: UnsafeRawBufferPointer.SubSequence) -> Int? {
        guard (1...18).contains(value.count) else { return nil }
        var number = 0
        for byte in value {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func equals(_ value: UnsafeRawBufferPointer.SubSequence, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            value.count == text.count && zip(value, text).allSatisfy { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 }
        }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

/// The spelling of entity tags under a content coding (RFC 9110, section 8.8.3.3).
enum EntityTag {
    /// The tag of the gzipped form of what `tag` names.
    static func gzipped(_ tag: String) -> String {
        tag.hasSuffix("\"") && tag.utf8.count > 1 ? tag.dropLast() + "-gzip\"" : tag
    }

    /// The list of tags as the handler gave them out.
    static func withoutCoding(_ list: String) -> String {
        guard list.utf8.count >= 7, list.contains("-gzip\"") else { return list }
        return list.split(separator: "-gzip\"", omittingEmptySubsequences: false).joined(separator: "\"")
    }
}
