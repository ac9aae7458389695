import CMicroHTTPD
import Glibc
import HTTP

/// The header fields that every answer carries unless the handler set its own.
final class ConstantHeaders: @unchecked Sendable {
    // Safety: immutable; the pointers are to literals, which live as long as the program.
    let fields: [(name: String, cName: UnsafePointer<CChar>, cValue: UnsafePointer<CChar>)]

    init(strictTransportSecurity: Bool) {
        var fields: [(name: StaticString, value: StaticString)] = [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ]
        if strictTransportSecurity { fields.append(("strict-transport-security", "max-age=31536000")) }
        self.fields = fields.map { ("\($0.name)", $0.name.cString, $0.value.cString) }
    }
}

extension StaticString {
    /// The text as C reads it; the compiler ends it with a NUL.
    var cString: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

/// Turns a `Response` into one of libmicrohttpd's.
struct Answer {
    let core: Core
    let requestHeaders: Headers
    let requestID: String
    let isHead: Bool
    let closes: Bool

    /// Queues `response` on the connection and tells how many bytes of body it has; nil when the connection must be closed.
    func queue(_ response: Response, on connection: Connection, _ handle: OpaquePointer) -> Int? {
        let coding = Coding(response, requestHeaders, threshold: core.configuration.gzipThreshold)
        guard let body = make(response.body, coding, connection, handle) else { return nil }
        defer { MHD_destroy_response(body.response) }
        addFields(of: response, coding: body.isPacked ? coding : coding.unpacked, to: body.response)
        guard MHD_queue_response(handle, UInt32(clamping: response.status), body.response) == .YES else { return nil }
        return body.count
    }

    private func make(
        _ body: Response.Body,
        _ coding: Coding,
        _ connection: Connection,
        _ handle: OpaquePointer
    ) -> (response: OpaquePointer, count: Int, isPacked: Bool)? {
        switch body {
        case .none:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT).map { ($0, 0, false) }
        case .bytes(let block):
            if coding.packs, let packed = core.gzip.pack(block) {
                let made = MHD_create_response_from_buffer(packed.count, packed.baseAddress, .RESPMEM_MUST_FREE)
                return made.map { ($0, packed.count, true) }
            }
            return make(block).map { ($0, block.count, false) }
        case .chunks(let next):
            let gzip = coding.packs ? GzipStream() : nil
            let source = ChunkSource(next, gzip: gzip, connection: connection)
            return make(source, blockSize: 16 << 10).map { ($0, 0, gzip != nil) }
        case .file(let file):
            return make(file).map { ($0, file.length, false) }
        case .feed(let feed):
            // A client of HTTP/1.0 keeps a block for as long as the feed lasts; HTTP/1.1 uses the connection's own memory.
            return make(FeedSource(feed, connection: connection, handle), blockSize: 1 << 10).map { ($0, 0, false) }
        }
    }

    private func make(_ block: ByteBlock) -> OpaquePointer? {
        let holder = Unmanaged.passRetained(block)
        let made = block.withBytes { bytes in
            // Safety: libmicrohttpd only reads the bytes, and holds the block until it reads them no more.
            MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                { holder in
                    if let holder { Unmanaged<ByteBlock>.fromOpaque(holder).release() }
                },
                holder.toOpaque()
            )
        }
        if made == nil { holder.release() }
        return made
    }

    private func make(_ source: BodySource, blockSize: Int) -> OpaquePointer? {
        let made = source.response(blockSize: blockSize)
        // libmicrohttpd would send the last chunk of the body that a HEAD does not have, in front of the next answer.
        if isHead, let made { sikimr_leave_unframed(made) }
        return made
    }

    private func make(_ file: FileBody) -> OpaquePointer? {
        guard let length = UInt64(exactly: file.length), let offset = UInt64(exactly: file.offset) else { return nil }
        // libmicrohttpd closes the descriptor it is given; both read at places of their own.
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        guard let made = MHD_create_response_from_fd_at_offset64(length, descriptor, offset) else {
            close(descriptor)
            return nil
        }
        return made
    }

    private func addFields(of response: Response, coding: Coding, to made: OpaquePointer) {
        var overridden: UInt64 = 0
        for field in response.headers.fields {
            switch field.name {
            case "content-length", "transfer-encoding", "connection", "date", "x-request-id": continue
            case "content-type": add("Content-Type", MediaType.exact(field.value), to: made)
            case "etag": add("ETag", coding.packs ? EntityTag.gzipped(field.value) : field.value, to: made)
            default:
                // Spelled out: passing a String to a C parameter would allocate a copy of it.
                field.name.withCString { name in field.value.withCString { _ = MHD_add_response_header(made, name, $0) } }
                for index in core.constants.fields.indices where core.constants.fields[index].name == field.name {
                    overridden |= 1 << UInt64(index)
                }
            }
        }
        for index in core.constants.fields.indices where overridden & (1 << UInt64(index)) == 0 {
            MHD_add_response_header(made, core.constants.fields[index].cName, core.constants.fields[index].cValue)
        }
        add("X-Request-Id", requestID, to: made)
        if coding.varies { add("Vary", "Accept-Encoding", to: made) }
        if coding.packs { add("Content-Encoding", "gzip", to: made) }
        if core.cors.isOn {
            for field in core.cors.fields(for: core.cors.origin(requestHeaders)) { add(field.name, field.value, to: made) }
        }
        if closes { add("Connection", "close", to: made) }
    }

    private func add(_ name: StaticString, _ value: String, to made: OpaquePointer) {
        value.withCString { _ = MHD_add_response_header(made, name.cString, $0) }
    }
}

/// Whether an answer depends on `Accept-Encoding`, and whether this one is packed.
struct Coding {
    private(set) var varies = false
    private(set) var packs = false

    init(_ response: Response, _ request: Headers, threshold: Int) {
        switch response.body {
        case .none, .file, .feed: return
        case .bytes(let block): guard block.count > threshold else { return }
        case .chunks: break
        }
        guard response.headers["content-encoding"] == nil, let type = response.headers["content-type"], MediaType.isText(type) else {
            return
        }
        varies = true
        packs = request["accept-encoding"].map(Self.acceptsGzip) ?? false
    }

    /// The same answer when packing failed.
    var unpacked: Coding {
        var coding = self
        coding.packs = false
        return coding
    }

    /// Whether gzip is wanted at least as much as the plain form (RFC 9110, section 12.5.3).
    static func acceptsGzip(_ header: String) -> Bool {
        var gzip: Double?
        var any: Double?
        // By its bytes: over the characters of a header it would take a tenth of a `GET`.
        for element in header.utf8.split(separator: UInt8(ascii: ",")) {
            let parts = element.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }.split(separator: UInt8(ascii: ";"))
                .map { String(decoding: $0, as: UTF8.self).lowercased() }
            guard let name = parts.first else { continue }
            var weight = 1.0
            for part in parts.dropFirst() where part.hasPrefix("q=") { weight = Double(part.dropFirst(2)) ?? 0 }
            switch name {
            case "gzip", "x-gzip": gzip = weight
            case "*": any = weight
            default: break
            }
        }
        return (gzip ?? any ?? 0) > 0
    }
}

/// What the server knows of media types.
enum MediaType {
    /// The type with its character encoding, where it has one.
    static func exact(_ type: String) -> String {
        if type == "application/json" { return "application/json; charset=utf-8" }
        guard !type.contains("charset="), type.hasPrefix("text/") || isJSON(type) else { return type }
        return type + "; charset=utf-8"
    }

    /// Whether gzip pays for the type; an event stream must not wait for a block to fill.
    static func isText(_ type: String) -> Bool {
        isJSON(type) || type.hasPrefix("text/") && !type.hasPrefix("text/event-stream")
    }

    private static func isJSON(_ type: String) -> Bool {
        // As nearly every answer has it: told without a walk over its characters.
        if type == "application/json" { return true }
        let name = type.prefix { $0 != ";" && $0 != " " }
        return name == "application/json" || (name.hasPrefix("application/") && name.hasSuffix("+json"))
    }
}
