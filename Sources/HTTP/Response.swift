/// One answer: the server adds what every answer carries (security headers, `Date`, framing).
package struct Response: Sendable {
    /// What follows the head.
    package enum Body: Sendable {
        case none
        case bytes(ByteBlock)
        /// Chunks drawn one by one, the next when the last has gone out; nil ends the body. It runs on the I/O thread and must not block.
        case chunks(@Sendable () throws -> [UInt8]?)
        /// Part of an open file, never packed.
        case file(FileBody)
        /// Bytes as they come about, never packed; it costs no thread while it rests.
        case feed(any BodyFeed)

        package static func bytes(_ bytes: [UInt8]) -> Body { .bytes(ByteBlock(bytes)) }
    }

    package var status: Int
    package var headers: Headers
    package var body: Body
    /// The template of the route that answered, for logs and metrics.
    package var route: String?
    /// The user who asked, for the log.
    package var actor: String?

    package init(status: Int, headers: Headers = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Anything that answers requests: the application towards the server.
package protocol Responder: Sendable {
    /// Says where the body of the request with this head goes; asked on the I/O thread for methods that may change something.
    func reception(of head: Request) -> Reception
    /// Answers `request`; it never throws, since a fault too has its answer.
    func respond(to request: Request) async -> Response
    /// Is told of every answer that was sent, or given up, for logs and metrics.
    func finished(_ exchange: Exchange)
}

extension Responder {
    package func reception(of head: Request) -> Reception { .collected }
}

/// What became of one request, for the log and the metrics.
package struct Exchange: Sendable {
    package let requestID: String
    package let method: String
    /// The template of the route, such as `/v1/consultations/{id}`; nil when no route was reached.
    package let route: String?
    package let status: Int
    /// From the first byte of the request to the end of the answer, in nanoseconds.
    package let durationNanoseconds: UInt64
    package let bytesOut: Int
    package let clientAddress: String
    /// The caller's user id, once known.
    package let actor: String?
    package let traceparent: String?

    package init(
        requestID: String,
        method: String,
        route: String?,
        status: Int,
        durationNanoseconds: UInt64,
        bytesOut: Int,
        clientAddress: String,
        actor: String?,
        traceparent: String?
    ) {
        self.requestID = requestID
        self.method = method
        self.route = route
        self.status = status
        self.durationNanoseconds = durationNanoseconds
        self.bytesOut = bytesOut
        self.clientAddress = clientAddress
        self.actor = actor
        self.traceparent = traceparent
    }
}
