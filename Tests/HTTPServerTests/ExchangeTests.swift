import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct ExchangeTests {
    @Test func `a request is answered with everything an answer carries`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let answer = try #require(client.get("/json?size=2"))
            #expect(answer.status == 200)
            #expect(answer.body.count == 2)
            #expect(answer["content-type"] == "application/json; charset=utf-8")
            #expect(answer["content-length"] == "2")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(answer["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
            #expect(answer["x-frame-options"] == "DENY")
            #expect(answer["referrer-policy"] == "no-referrer")
            #expect(answer["cross-origin-resource-policy"] == "same-origin")
            #expect(answer["x-request-id"] == "made-1")
            #expect(answer["date"] != nil)
            #expect(answer["server"] == nil)
            #expect(answer["strict-transport-security"] == nil)
        }
    }

    @Test func `a connection is kept and pipelined requests are answered in order`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let requests = (0..<50).map { "GET /suspend?n=\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
            client.send(requests.joined())
            for number in 0..<50 { #expect(client.answer()?.text == "suspended \(number)") }
            #expect(client.get("/method")?.text == "GET")
        }
    }

    @Test func `a body comes back whole, by length or in chunks`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let body = String(repeating: "0123456789", count: 30_000)
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(client.answer()?.text == body)
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")
            #expect(client.answer()?.text == "hello world")
            #expect(client.get("/method")?.text == "GET")
        }
    }

    @Test func `a handler that does not suspend runs on the I O thread`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let first = try #require(client.get("/thread")?.text)
            for _ in 0..<20 { #expect(client.get("/thread")?.text == first) }
        }
    }

    @Test func `suspending handlers answer correctly under load`() async throws {
        try await withServer({ $0.threads = 2 }) { server, responder in
            await withTaskGroup(of: Int.self) { group in
                for client in 0..<64 {
                    group.addTask {
                        guard let connection = try? RawClient(port: server.port) else { return 0 }
                        var right = 0
                        for round in 0..<10 {
                            let numbers = (0..<10).map { client * 1000 + round * 10 + $0 }
                            connection.send(numbers.map { "GET /suspend?n=\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
                            for number in numbers where connection.answer()?.text == "suspended \(number)" { right += 1 }
                        }
                        return right
                    }
                }
                #expect(await group.reduce(0, +) == 6400)
            }
            #expect(eventually { responder.exchanges.withLock({ $0.count }) >= 6400 })
        }
    }
}
