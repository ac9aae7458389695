import Glibc
import HTTP
import Synchronization

@testable import HTTPServer

/// A small application that shows what the server does with each kind of answer.
final class TestResponder: Responder {
    struct Broken: Error {}

    /// The body of an answer for as long as anybody else holds it.
    struct Held { weak var block: ByteBlock? }

    let exchanges = Mutex<[HTTP.Exchange]>([])
    let held = Mutex<[CheckedContinuation<Void, Never>]>([])
    let wasCancelled = Atomic(false)
    let uploads = Uploads()
    let feeds = Feeds()
    let largeBody = Mutex(Held())
    static let fileBytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
    /// More than the system takes from a server whose client does not read.
    static let largeBytes = (0..<64).flatMap { _ in fileBytes }

    func reception(of head: Request) -> Reception {
        switch head.target.path {
        case "/upload":
            let limit = head.target.query.first.flatMap { Int($0.value) } ?? 8_000_000
            return .streamed(uploads.receiver(), limit: limit)
        case "/refused":
            var refusal = Response(status: 403, body: .bytes(Array("not you".utf8)))
            refusal.route = "/refused"
            return .refused(refusal)
        default: return .collected
        }
    }

    func respond(to request: Request) async -> Response {
        switch request.target.path {
        case "/thread": return .text("\(pthread_self())")
        case "/suspend":
            await Task.yield()
            return .text("suspended \(request.target.query.first?.value ?? "")")
        case "/hold":
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in held.withLock { $0.append(continuation) } }
            } onCancel: {
                wasCancelled.store(true, ordering: .relaxed)
            }
            return request.target.query.first?.name == "feed" ? feed(request) : .text("released")
        case "/feed": return feed(request)
        case "/echo": return Response(status: 200, headers: ["content-type": "application/octet-stream"], body: .bytes(request.body))
        case "/upload":
            let parts = (request.receiver as? TestReceiver)?.received.withLock { $0 }
            if let parts { uploads.received.withLock { $0.append(parts) } }
            return .text("\(parts?.count ?? 0) parts, \(request.body.count) collected")
        case "/file": return file(request)
        case "/json":
            let size = request.target.query.first.flatMap { Int($0.value) } ?? 2
            return Response(
                status: 200,
                headers: ["content-type": "application/json", "etag": "\"7\""],
                body: .bytes(.init(repeating: 0x31, count: size))
            )
        case "/large":
            let block = ByteBlock(Self.largeBytes)
            largeBody.withLock { $0.block = block }
            return Response(status: 200, body: .bytes(block))
        case "/etag": return .text("\(request.headers["if-none-match"] ?? "-") \(request.headers["if-match"] ?? "-")")
        case "/chunks":
            let left = Mutex(5)
            let type = request.target.query.first?.value ?? "text/csv"
            return Response(status: 200, headers: ["content-type": type], body: .chunks { left.chunk() })
        case "/broken":
            let left = Mutex(5)
            return Response(status: 200, body: .chunks { if let chunk = left.chunk() { return chunk } else { throw Broken() } })
        case "/endless":
            return Response(status: 200, body: .chunks { [UInt8](repeating: 0x78, count: 16_384) })
        case "/own":
            return Response(status: 200, headers: ["cache-control": "max-age=60", "content-security-policy": "default-src 'self'"])
        case "/address": return .text(request.clientAddress)
        case "/nothing": return Response(status: 204)
        case "/method": return .text(request.method.rawValue)
        case "/id": return .text(request.id)
        default: return Response(status: 404)
        }
    }

    func finished(_ exchange: HTTP.Exchange) { exchanges.withLock { $0.append(exchange) } }

    /// A feed that greets, unless it is asked to be quiet.
    private func feed(_ request: Request) -> Response {
        let feed = feeds.begin(isQuiet: request.target.query.first?.name == "quiet")
        return Response(status: 200, headers: ["content-type": "text/event-stream"], body: .feed(feed))
    }

    /// A temporary file, or the range of it that is asked for.
    private func file(_ request: Request) -> Response {
        var path = Array("/tmp/sikimr-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        unlink(path)
        guard descriptor >= 0, write(descriptor, Self.fileBytes, Self.fileBytes.count) == Self.fileBytes.count else {
            return Response(status: 500)
        }
        let size = Self.fileBytes.count
        let selection = ByteRange.select(request.headers, size: size, entityTag: "\"f\"")
        var headers: Headers = ["content-type": "text/plain", "etag": "\"f\""]
        if let range = selection.contentRange(of: size) { headers.append("content-range", range) }
        switch selection {
        case .full: return Response(status: 200, headers: headers, body: .file(FileBody(owning: descriptor, length: size)))
        case .partial(let range):
            let body = FileBody(owning: descriptor, offset: range.first, length: range.count)
            return Response(status: 206, headers: headers, body: .file(body))
        case .unsatisfiable:
            close(descriptor)
            return Response(status: 416, headers: headers)
        }
    }

    /// Lets all held handlers end.
    func release() {
        for continuation in held.withLock({ held in
            defer { held = [] }; return held
        }) { continuation.resume() }
    }

    /// Whether the server holds the large body.
    var holdsLargeBody: Bool { largeBody.withLock { $0.block != nil } }

    /// Whether `count` handlers come to be held.
    func holds(_ count: Int) -> Bool { eventually { held.withLock { $0.count } >= count } }
}

extension Mutex where Value == Int {
    /// One of five chunks of 4 000 bytes, then nil.
    fileprivate borrowing func chunk() -> [UInt8]? {
        withLock { left in
            guard left > 0 else { return nil }
            left -= 1
            return [UInt8](repeating: UInt8(ascii: "a") + UInt8(left), count: 4000)
        }
    }
}

extension Response {
    static func text(_ text: String) -> Response {
        Response(status: 200, headers: ["content-type": "text/plain"], body: .bytes(Array(text.utf8)))
    }
}

/// Runs `body` against a server on a free port, and stops it.
func withServer(
    _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
    _ body: @escaping @Sendable (HTTPServer, TestResponder) async throws -> Void
) async throws {
    let responder = TestResponder()
    let made = Atomic(0)
    let counter = Counter(made)
    var configuration = HTTPServer.Configuration { "made-\(counter.next())" }
    change(&configuration)
    let server = try HTTPServer(configuration, responder: responder)
    let outcome: Result<Void, any Error>
    do {
        try await Task(executorPreference: OwnThreads()) { try await body(server, responder) }.value
        outcome = .success(())
    } catch {
        outcome = .failure(error)
    }
    responder.release()
    await server.stop(within: 1)
    responder.release()
    try outcome.get()
}

/// Counts up.
final class Counter: Sendable {
    private let value: Atomic<Int>
    init(_ value: consuming Atomic<Int>) { self.value = value }
    func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
}
