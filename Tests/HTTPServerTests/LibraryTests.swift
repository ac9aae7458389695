import HTTP
import Synchronization
import Testing

@testable import HTTPServer

/// What libmicrohttpd 0.9.75 answers or takes before the server sees it; the list is in the documentation of `HTTPServer`.
@Suite struct LibraryTests {
    /// Sends bytes and the end of them; the answer, or nil for a connection that was closed without one.
    private func answer(_ bytes: String) async throws -> RawAnswer? {
        let holder = Holder(Mutex(nil))
        try await withServer({ $0.deadlines.idle = 0.1 }) { server, _ in
            let client = try RawClient(port: server.port)
            client.send(bytes)
            client.finishSending()
            holder.set(client.answer())
            #expect(client.isClosed())
            let other = try RawClient(port: server.port)
            #expect(other.get("/method")?.status == 200)
        }
        return holder.get()
    }

    @Test func `explore`() async throws {
        let cases: [(String, String)] = [
            ("no host", "GET /method HTTP/1.1\r\n\r\n"),
            ("empty host", "GET /method HTTP/1.1\r\nHost:\r\n\r\n"),
            ("http/1.0", "GET /method HTTP/1.0\r\n\r\n"),
            ("http/2.0", "GET /method HTTP/2.0\r\nHost: a\r\n\r\n"),
            ("http/1.2", "GET /method HTTP/1.2\r\nHost: a\r\n\r\n"),
            ("http/0.9", "GET /method\r\n\r\n"),
            ("http/1.10", "GET /method HTTP/1.10\r\nHost: a\r\n\r\n"),
            ("xttp", "GET /method XTTP/1.1\r\nHost: a\r\n\r\n"),
            ("bad cl", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n"),
            ("signed cl", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc"),
            ("neg cl", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc"),
            ("listed cl", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc"),
            ("huge cl", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\nabc"),
            ("empty cl", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nabc"),
            ("folded", "GET /method HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
            ("bare lf", "GET /method HTTP/1.1\nHost: a\n\n"),
            ("nul value", "GET /method HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
            ("empty name", "GET /method HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
            ("no colon", "GET /method HTTP/1.1\r\nHost: a\r\nabc\r\n\r\n"),
            ("space colon", "GET /method HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n"),
            ("leading space", "GET /method HTTP/1.1\r\n Host: a\r\n\r\n"),
            ("bare cr", "GET /method HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n"),
            ("leading crlf", "\r\n\r\nGET /method HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("space target", "GET /me thod HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("two spaces", "GET  /method HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("tab", "GET\t/method HTTP/1.1\r\nHost: a\r\n\r\n"),
            (
                "head 40k",
                "GET /method HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: \(String(repeating: "a", count: 4000))\r\n", count: 12)
                    + "\r\n"
            ),
            (
                "head 25k",
                "GET /method HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: \(String(repeating: "a", count: 4000))\r\n", count: 6)
                    + "\r\n"
            ),
            ("target 20k", "GET /\(String(repeating: "a", count: 20000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("target 40k", "GET /\(String(repeating: "a", count: 40000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("fields 5000", "GET /method HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 3000) + "\r\n"),
            ("fields 600", "GET /method HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 600) + "\r\n"),
            ("fields 100", "GET /method HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 100) + "\r\n"),
            ("bad chunk size", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n"),
            ("signed chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n"),
            ("0x chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n"),
            ("lf chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n"),
            ("empty chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n"),
            ("huge chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
            ("chunk no crlf", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX0\r\n\r\n"),
            (
                "trailer",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nHost: b\r\nContent-Length: 5\r\n\r\n"
            ),
            ("cut body", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"),
            ("te 1.0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
            ("te xchunked", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
            ("te space", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
            ("absolute", "GET http://a/method HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("nul target", "GET /me\0thod HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("tls hello", "\u{16}\u{3}\u{1}\0\u{5}hello\r\n\r\n"),
            ("only method", "GET\r\n\r\n"),
        ]
        for (name, bytes) in cases {
            let result = try await answer(bytes)
            print("EXPLORE \(name): \(result?.status ?? 0) \(result?["content-type"] ?? "-") \(result?.text.prefix(20) ?? "")")
        }
    }
}

/// Carries an answer out of the server's closure.
private final class Holder: Sendable {
    private let answer: Mutex<RawAnswer?>
    init(_ answer: consuming Mutex<RawAnswer?>) { self.answer = answer }
    func set(_ new: sending RawAnswer?) { answer.withLock { $0 = new } }
    func get() -> RawAnswer? { answer.withLock { $0 } }
}
