import CMicroHTTPD
import Glibc
import HTTP

/// One request on its way in and what is known of its answer; it stays on the I/O thread.
struct Exchange {
    enum Stage {
        case head, body, handling, answered
    }

    let startedAt: UInt64
    var stage = Stage.head
    var status = 0
    var bytesOut = 0
    var route: String?
    var actor: String?
    private(set) var id = ""
    private(set) var headers = Headers()
    private(set) var contentLength: Int?
    private(set) var hasBody = false
    private(set) var isHead = false
    private let target: [UInt8]
    private var methodText = ""
    private var method = Method.get
    private var clientAddress = ""
    private var body: [UInt8] = []
    private var excess = 0

    init(target: [UInt8], startedAt: UInt64) {
        self.target = target
        self.startedAt = startedAt
    }

    var language: Language { Language(accepting: headers["accept-language"]) }

    /// Reads the head and says why it is refused, if it is.
    mutating func readHead(
        _ handle: OpaquePointer,
        method: UnsafePointer<CChar>,
        version: UnsafePointer<CChar>,
        _ limits: HTTPServer.Configuration,
        _ peer: Peer
    ) -> Problem? {
        stage = .body
        let head = RequestHead(handle)
        headers = head.headers
        contentLength = head.contentLength
        hasBody = head.hasBody
        methodText = String(cString: method)
        clientAddress = peer.client(headers, trusting: limits.trustedProxies)
        if let sent = headers["x-request-id"], Request.isRequestID(sent) { id = sent } else { id = limits.makeRequestID() }
        if target.count > limits.targetLimit { return Problem(.targetTooLong) }
        let headSize = sikimr_head_size(handle) - min(sikimr_head_size(handle), target.count)
        if headSize > limits.headerLimit || headers.fields.count > limits.mostHeaderFields { return Problem(.headersTooLarge) }
        let isVersion11 = strcmp(version, "HTTP/1.1") == 0
        if !isVersion11 && strcmp(version, "HTTP/1.0") != 0 { return Problem(.versionNotSupported) }
        let isVisible = target.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        if !isVisible || head.isMalformed(version11: isVersion11) { return Problem(.malformedRequest) }
        guard let known = Method(rawValue: methodText) else { return Problem(.methodNotImplemented) }
        isHead = known == .head
        self.method = isHead ? .get : known
        if head.expectsUnknown { return Problem(.expectationFailed) }
        if let size = contentLength {
            if size > limits.bodyLimit { return Problem(.tooLarge) }
            body.reserveCapacity(size)
        }
        return nil
    }

    /// Adds a part of the body; false when so much came that the connection is not worth draining any more.
    mutating func take(_ data: UnsafeRawBufferPointer, limit: Int) -> Bool {
        if excess == 0 && data.count <= limit - body.count {
            body.append(contentsOf: data)
            return true
        }
        // libmicrohttpd takes no answer in the middle of a body, so what is over the limit is read and dropped.
        body = []
        excess += data.count
        return excess <= limit
    }

    /// The request, whole and within its limits.
    mutating func request() -> Result<Request, Problem> {
        if excess > 0 { return .failure(Problem(.tooLarge)) }
        guard let target = try? Target(parsing: Self.originForm(target)) else { return .failure(Problem(.malformedRequest)) }
        defer { body = [] }
        return .success(Request(method: method, target: target, headers: headers, body: body, clientAddress: clientAddress, id: id))
    }

    /// What became of the exchange.
    func summary(endedAt now: UInt64) -> HTTP.Exchange {
        HTTP.Exchange(
            requestID: id,
            method: methodText,
            route: route,
            status: status,
            durationNanoseconds: now >= startedAt ? now - startedAt : 0,
            bytesOut: bytesOut,
            clientAddress: clientAddress,
            actor: actor,
            traceparent: headers["traceparent"].flatMap { Self.isTraceparent($0) ? $0 : nil }
        )
    }

    /// The target without scheme and authority, which a client may send (RFC 9112, section 3.2.2).
    private static func originForm(_ target: [UInt8]) -> ArraySlice<UInt8> {
        for scheme in ["http://", "https://"] where target.starts(with: scheme.utf8) {
            return target.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") }
        }
        return target[...]
    }

    /// Whether `text` is a `traceparent` of version 00 (W3C Trace Context).
    static func isTraceparent(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts[0].elementsEqual("00".utf8) else { return false }
        let isHexadecimal = parts.joined().allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
        return isHexadecimal && parts[1...2].allSatisfy { $0.contains { $0 != UInt8(ascii: "0") } }
    }
}
