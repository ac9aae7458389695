import HTTP
import Synchronization
import Testing

@testable import HTTPServer

/// What libmicrohttpd 0.9.75 answers or takes before the server sees it; the list is in the documentation of `HTTPServer`.
@Suite struct LibraryTests {
    /// Sends bytes and the end of them; the answer, or nil for a connection that was closed without one.
    private func answer(_ bytes: String) async throws -> RawAnswer? {
        let holder = Holder(Mutex(nil))
        try await withServer({
            $0.deadlines.idle = 1
            $0.deadlines.head = 5
        }) { server, _ in
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

    private static let post = "POST /echo HTTP/1.1\r\nHost: a\r\n"
    private static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"
    private static let get = "GET /method HTTP/1.1\r\nHost: a\r\n"

    @Test(arguments: [
        (post + "Content-Length: abc\r\n\r\n", 400), (post + "Content-Length: +3\r\n\r\nabc", 400),
        (post + "Content-Length: -3\r\n\r\nabc", 400), (post + "Content-Length: 3, 3\r\n\r\nabc", 400),
        (post + "Content-Length:\r\n\r\nabc", 400), (post + "Content-Length: 99999999999999999999999\r\n\r\nabc", 413),
        ("GET /method\r\n\r\n", 400), ("GET /method HTTP/1.10\r\nHost: a\r\n\r\n", 400),
        ("GET /method XTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET\t/method HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /method HTTP/2.0\r\nHost: a\r\n\r\n", 505), (get + "abc\r\n\r\n", 400),
        (chunked + "zz\r\nabc\r\n0\r\n\r\n", 400), (chunked + "+3\r\nabc\r\n0\r\n\r\n", 400),
        (chunked + "0x3\r\nabc\r\n0\r\n\r\n", 400), (chunked + "\r\nabc\r\n0\r\n\r\n", 400),
        (chunked + "3\r\nabcX0\r\n\r\n", 400), (chunked + "fffffffffffffffff\r\nabc\r\n0\r\n\r\n", 413),
        (get + String(repeating: "X: \(String(repeating: "a", count: 4000))\r\n", count: 12) + "\r\n", 431),
        (get + String(repeating: "X: y\r\n", count: 3000) + "\r\n", 431),
    ]) func `the library refuses and closes`(_ bytes: String, _ status: Int) async throws {
        let answer = try #require(try await answer(bytes))
        #expect(answer.status == status)
        #expect(answer["connection"]?.lowercased() == "close")
        #expect(answer["content-type"] == nil)
    }

    @Test func `a target beyond the library's memory is refused or cut off`() async throws {
        let answer = try await answer("GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
        // Closing while bytes are unread resets the connection, which may overtake the answer.
        #expect(answer == nil || answer?.status == 414)
    }

    @Test(arguments: [
        post + "Content-Length: 10\r\n\r\nabc", get, "GET\r\n\r\n", "\u{16}\u{3}\u{1}\0\u{5}hello\r\n\r\n", "", "\r\n",
    ]) func `the library closes without an answer`(_ bytes: String) async throws {
        #expect(try await answer(bytes) == nil)
    }

    @Test(arguments: [
        (get + "X: a\r\n b\r\n\r\n", "GET"), ("GET /method HTTP/1.1\nHost: a\n\n", "GET"), (get + "X: a\0b\r\n\r\n", "GET"),
        (get + ": b\r\n\r\n", "GET"), ("\r\n\r\n" + get + "\r\n", "GET"), ("GET  /method HTTP/1.1\r\nHost: a\r\n\r\n", "GET"),
        ("GET /method\0/x HTTP/1.1\r\nHost: a\r\n\r\n", "GET"), (chunked + "3\nabc\n0\n\n", "abc"),
        (chunked + "3\r\nabc\r\n0\r\nHost: b\r\nContent-Length: 5\r\n\r\n", "abc"),
    ]) func `the library takes what a strict server would refuse`(_ bytes: String, _ text: String) async throws {
        #expect(try await answer(bytes)?.text == text)
    }

    @Test func `the older version and the absolute target are taken as the standard says`() async throws {
        #expect(try await answer("GET /method HTTP/1.0\r\n\r\n")?.text == "GET")
        #expect(try await answer("GET http://a/method HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "GET")
        #expect(try await answer("GET HTTPS://a/method HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "GET")
        #expect(try await answer("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n")?.status == 404)
        #expect(try await answer("GET http://a?b=c HTTP/1.1\r\nHost: a\r\n\r\n")?.status == 404)
    }
}

/// Carries an answer out of the server's closure.
private final class Holder: Sendable {
    private let answer: Mutex<RawAnswer?>
    init(_ answer: consuming Mutex<RawAnswer?>) { self.answer = answer }
    func set(_ new: sending RawAnswer?) { answer.withLock { $0 = new } }
    func get() -> RawAnswer? { answer.withLock { $0 } }
}
