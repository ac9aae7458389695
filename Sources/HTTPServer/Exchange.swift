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
    /// The most bytes of body that are taken.
    private(set) var bodyLimit = 0
    private(set) var hasBody = false
    private(set) var isHead = false
    private let target: [UInt8]
    private var methodText = ""
    private var clientAddress = ""
    /// The request, without its body until that is whole.
    private var request: Request?
    private var body: [UInt8] = []
    private var excess = 0
    private var intake: Intake?

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
        if head.expectsUnknown { return Problem(.expectationFailed) }
        let parsed: Target
        do { parsed = try Target(parsing: Self.originForm(target)) } catch {
            return Problem(.malformedRequest, detail: error.detail(in: language))
        }
        // Ranges are for GET alone (RFC 9110, section 14.2).
        if isHead { headers.remove("range") }
        request = Request(method: isHead ? .get : known, target: parsed, headers: headers, clientAddress: clientAddress, id: id)
        return nil
    }

    /// Asks where the body goes and makes ready for it; the answer if it is refused.
    mutating func admit(_ handle: OpaquePointer, _ core: Core) -> Response? {
        guard let request else { return nil }
        bodyLimit = core.configuration.bodyLimit
        if !request.method.isSafe {
            switch core.responder.reception(of: request) {
            case .collected: break
            case .refused(let response): return response
            case .streamed(let receiver, let limit):
                bodyLimit = limit
                if let problem = tooLarge { return problem.response(requestID: id, language: language) }
                let intake = Intake(receiver, limit: limit, contentType: headers["content-type"], handle)
                if let problem = intake.problem { return problem.response(requestID: id, language: language) }
                self.intake = intake
                return nil
            }
        }
        if let problem = tooLarge { return problem.response(requestID: id, language: language) }
        if let contentLength { body.reserveCapacity(contentLength) }
        return nil
    }

    private var tooLarge: Problem? {
        guard let contentLength, contentLength > bodyLimit else { return nil }
        return Problem(.tooLarge)
    }

    /// Adds a part of the body; false when so much came that the connection is not worth draining any more.
    mutating func take(_ data: UnsafeRawBufferPointer) -> Bool {
        if let intake { return intake.take(data) }
        let limit = bodyLimit
        if excess == 0 && data.count <= limit - body.count {
            body.append(contentsOf: data)
            return true
        }
        // libmicrohttpd takes no answer in the middle of a body, so what is over the limit is read and dropped.
        body = []
        excess += data.count
        return excess <= limit
    }

    /// The request, whole and within its limits; it is given away.
    mutating func wholeRequest() -> Result<Request, Problem> {
        if excess > 0 { return .failure(Problem(.tooLarge)) }
        guard var whole = request.take() else { return .failure(Problem(.internal)) }
        if let intake = intake.take() {
            switch intake.finish() {
            case .success(let receiver): whole.receiver = receiver
            case .failure(let problem): return .failure(problem)
            }
        } else {
            whole.body = body
            body = []
        }
        return .success(whole)
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
        guard target.first != UInt8(ascii: "/") else { return target[...] }
        for scheme in ["http://", "https://"] where target.starts(with: scheme.utf8, by: { (0x41...0x5A ~= $0 ? $0 | 0x20 : $0) == $1 }) {
            let rest = target.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            return rest.first == UInt8(ascii: "/") ? rest : [UInt8(ascii: "/")] + rest
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
