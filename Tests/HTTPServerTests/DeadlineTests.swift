import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct DeadlineTests {
    /// Deadlines of which one is short.
    private func only(
        _ deadline: WritableKeyPath<HTTPServer.Deadlines, Double>,
        _ seconds: Double = 0.1
    ) -> (inout HTTPServer.Configuration) -> Void {
        { $0.deadlines[keyPath: deadline] = seconds }
    }

    @Test func `a head that does not come is given up`() async throws {
        try await withServer(only(\.head)) { server, _ in
            let silent = try RawClient(port: server.port)
            let slow = try RawClient(port: server.port)
            slow.send("GET / HTTP/1.1\r\nHost: a\r\n")
            #expect(silent.rest() == "")
            try Self.expectTimeout(slow)
        }
    }

    @Test func `a next head that trickles in is given up long before the idle time`() async throws {
        try await withServer(only(\.head, 0.5)) { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/method")?.status == 200)
            let trickle = Task.detached { [descriptor = client.descriptor] in
                while send(descriptor, "G", 1, Int32(MSG_NOSIGNAL)) == 1 { usleep(20_000) }
            }
            #expect(client.isClosed())
            await trickle.value
        }
    }

    @Test func `a body that does not come is given up`() async throws {
        try await withServer({
            $0.deadlines.head = 0.1
            $0.deadlines.body = 0.1
        }) { server, _ in
            let client = try RawClient(port: server.port)
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            try Self.expectTimeout(client)
        }
    }

    /// That the client is told 408 as a problem, whole, and then nothing more.
    private static func expectTimeout(_ client: RawClient) throws {
        let answer = try #require(client.answer())
        #expect(answer.status == 408 && answer.isComplete && answer["connection"] == "close")
        #expect(answer["content-type"] == "application/problem+json; charset=utf-8" && answer["cache-control"] == "no-store")
        #expect(answer.text.contains("\"code\":\"request_timeout\""))
        #expect(answer.text.contains("\"request_id\":\"\(try #require(answer["x-request-id"]))\""))
        #expect(client.isClosed())
    }

    @Test func `a handler that takes too long is answered 503 and cancelled`() async throws {
        try await withServer(only(\.handler)) { server, responder in
            let client = try RawClient(port: server.port)
            let answer = try #require(client.get("/hold"))
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "1")
            #expect(answer.text.contains("\"code\":\"unavailable\""))
            #expect(client.get("/method")?.status == 200)
            #expect(eventually { responder.wasCancelled.load(ordering: .relaxed) })
            responder.release()
            for _ in 0..<20 { #expect(client.get("/method")?.text == "GET") }
        }
    }

    @Test func `an answer that nobody reads is given up`() async throws {
        try await withServer(only(\.stall)) { server, responder in
            let client = try RawClient(port: server.port, receiveBuffer: 4096)
            client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(eventually { responder.exchanges.withLock({ !$0.isEmpty }) })
            #expect(responder.exchanges.withLock { $0[0].status } == 200)
        }
    }

    @Test func `an idle connection is closed, a busy one is not`() async throws {
        try await withServer(only(\.idle, 1)) { server, _ in
            let client = try RawClient(port: server.port)
            for _ in 0..<10 { #expect(client.get("/method")?.status == 200) }
            #expect(client.isClosed())
        }
    }
}
