import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct AnswerTests {
    /// What `gzip` makes of the bytes.
    private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        var path = Array("/tmp/sikimr-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        defer { unlink(path) }
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        let name = path.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let pipe = try #require(popen("gzip -dc < \(name)", "r"))
        var output = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&output, 1, output.count, pipe)
        #expect(pclose(pipe) == 0)
        return Array(output.prefix(count))
    }

    @Test func `HEAD has the head of GET and no body`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send("HEAD /json?n=300 HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(client.answer(toHead: true))
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "300")
            #expect(answer["etag"] == "\"7\"")
            #expect(client.get("/method")?.text == "GET")
            #expect(eventually { responder.exchanges.withLock({ $0.count }) >= 2 })
            #expect(responder.exchanges.withLock { $0[0].method } == "HEAD")
            #expect(responder.exchanges.withLock { $0[0].bytesOut } == 0)
        }
    }

    @Test func `an answer's own header wins`() async throws {
        try await withServer { server, _ in
            let answer = try #require(try RawClient(port: server.port).get("/own"))
            #expect(answer.all("cache-control") == ["max-age=60"])
            #expect(answer.all("content-security-policy") == ["default-src 'self'"])
            #expect(answer["x-frame-options"] == "DENY")
        }
    }

    @Test func `TLS in front is announced when configured`() async throws {
        try await withServer({ $0.strictTransportSecurity = true }) { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/own")?["strict-transport-security"] == "max-age=31536000")
        }
    }

    @Test func `a large answer is packed for those who accept it`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let plain = try #require(client.get("/json?n=5000"))
            #expect(plain["content-encoding"] == nil)
            #expect(plain["vary"] == "Accept-Encoding")
            #expect(plain["etag"] == "\"7\"")
            let packed = try #require(client.get("/json?n=5000", "Accept-Encoding: br, gzip;q=0.5"))
            #expect(packed["content-encoding"] == "gzip")
            #expect(packed["vary"] == "Accept-Encoding")
            #expect(packed["etag"] == "\"7-gzip\"")
            #expect(packed.body.count < 100)
            #expect(try unpacked(packed.body) == plain.body)
            #expect(client.get("/json?n=5000", "Accept-Encoding: gzip;q=0, *")?["content-encoding"] == nil)
            #expect(client.get("/json?n=5000", "Accept-Encoding: identity")?["content-encoding"] == nil)
            #expect(client.get("/json?n=1024", "Accept-Encoding: gzip")?["content-encoding"] == nil)
            #expect(client.get("/json?n=1025", "Accept-Encoding: gzip")?["content-encoding"] == "gzip")
        }
    }

    @Test func `a body is held until it has gone out or its client has, and no longer`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port, receiveBuffer: 65_536)
            for _ in 0..<2 {
                client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(eventually { responder.holdsLargeBody })
                let answer = try #require(client.answer())
                #expect(answer.isComplete && answer.body == TestResponder.largeBytes)
                #expect(eventually { !responder.holdsLargeBody })
            }
            do {
                let brief = try RawClient(port: server.port, receiveBuffer: 65_536)
                brief.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(eventually { responder.holdsLargeBody })
                // The connection is reset when the client is gone from memory.
                brief.vanish()
            }
            #expect(eventually { !responder.holdsLargeBody })
        }
    }

    @Test func `the tag of a packed answer is taken back`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/etag", "If-None-Match: \"7-gzip\", \"8\"", "If-Match: W/\"9-gzip\"")?.text == "\"7\", \"8\" W/\"9\"")
            #expect(client.get("/etag", "If-None-Match: \"7-gzi\"")?.text == "\"7-gzi\" -")
        }
    }

    @Test func `chunks are streamed, packed or plain`() async throws {
        let whole = "edcba".utf8.flatMap { [UInt8](repeating: $0, count: 4000) }
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            let plain = try #require(client.get("/chunks"))
            #expect(plain["transfer-encoding"] == "chunked")
            #expect(plain.isComplete)
            #expect(plain.body == whole)
            let packed = try #require(client.get("/chunks", "Accept-Encoding: gzip"))
            #expect(packed["content-encoding"] == "gzip")
            #expect(try unpacked(packed.body) == whole)
            #expect(client.get("/chunks?type=text/event-stream", "Accept-Encoding: gzip")?["content-encoding"] == nil)
            #expect(eventually { responder.exchanges.withLock({ $0.count }) >= 3 })
            #expect(responder.exchanges.withLock { $0[0].bytesOut } == 20_000)
        }
    }

    @Test func `a body that fails on the way is cut, not ended`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let answer = try #require(client.get("/broken"))
            #expect(answer.status == 200)
            #expect(!answer.isComplete)
            #expect(client.isClosed())
            #expect(try RawClient(port: server.port).get("/method")?.status == 200)
        }
    }

    @Test func `100-continue is said before the body is taken`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
            #expect(client.answer()?.status == 100)
            client.send("abc")
            #expect(client.answer()?.text == "abc")
        }
    }

    @Test func `the request id of the client is taken if it is well formed`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let taken = try #require(client.get("/id", "X-Request-Id: a.B-9_"))
            #expect(taken.text == "a.B-9_")
            #expect(taken["x-request-id"] == "a.B-9_")
            #expect(client.get("/id", "X-Request-Id: a b")?.text == "made-1")
            #expect(client.get("/id", "X-Request-Id: \(String(repeating: "a", count: 129))")?.text == "made-2")
        }
    }

    @Test func `origins are answered only when configured, and exactly`() async throws {
        try await withServer({ $0.corsOrigins = ["https://app.example"] }) { server, _ in
            let client = try RawClient(port: server.port)
            let allowed = try #require(client.get("/method", "Origin: https://app.example"))
            #expect(allowed["access-control-allow-origin"] == "https://app.example")
            for name in ["ETag", "Link", "Location", "Content-Disposition", "Content-Range", "Repr-Digest", "Retry-After"] {
                #expect(allowed["access-control-expose-headers"]?.contains(name) == true, "\(name)")
            }
            #expect(allowed["access-control-allow-credentials"] == nil)
            #expect(allowed.all("vary").contains("Origin"))
            let other = try #require(client.get("/method", "Origin: https://app.example.evil"))
            #expect(other["access-control-allow-origin"] == nil)
            #expect(other.all("vary").contains("Origin"))
            client.send(
                "OPTIONS /x HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n"
            )
            let preflight = try #require(client.answer())
            #expect(preflight.status == 204)
            #expect(preflight["access-control-max-age"] == "600")
            #expect(preflight["access-control-allow-origin"] == "https://app.example")
            for name in ["Authorization", "Idempotency-Key", "If-Match", "Content-Disposition", "Last-Event-ID", "Range"] {
                #expect(preflight["access-control-allow-headers"]?.contains(name) == true, "\(name)")
            }
            client.send("OPTIONS /method HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.answer()?.text == "OPTIONS")
        }
        try await withServer { server, _ in
            let answer = try #require(try RawClient(port: server.port).get("/method", "Origin: https://app.example"))
            #expect(answer["access-control-allow-origin"] == nil)
            #expect(answer["vary"] == nil)
        }
    }

    @Test func `the address of the client comes from trusted proxies only`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/address", "X-Forwarded-For: 203.0.113.9")?.text == "127.0.0.1")
        }
        let ranges = ["127.0.0.0/8", "10.0.0.0/8", "fd00::/8"].compactMap { CIDR($0) }
        try await withServer({ $0.trustedProxies = ranges }) { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/address")?.text == "127.0.0.1")
            #expect(client.get("/address", "X-Forwarded-For: 203.0.113.9")?.text == "203.0.113.9")
            #expect(client.get("/address", "X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.1.2.3")?.text == "203.0.113.9")
            #expect(client.get("/address", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 10.1.2.3")?.text == "1.1.1.1")
            #expect(client.get("/address", "X-Forwarded-For: 1.1.1.1, nonsense, 10.1.2.3")?.text == "10.1.2.3")
            let forwarded = "Forwarded: for=1.1.1.1, for=\"[2001:db8::1]:4711\";proto=https, for=\"[fd00::1]\""
            #expect(client.get("/address", forwarded)?.text == "2001:db8::1")
        }
    }

    @Test func `what became of a request is told`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            #expect(client.get("/json?n=300", "traceparent: \(parent)")?.status == 200)
            #expect(client.get("/json?n=300", "traceparent: ff-\(parent.dropFirst(3))")?.status == 200)
            #expect(eventually { responder.exchanges.withLock({ $0.count }) >= 2 })
            let exchanges = responder.exchanges.withLock { $0 }
            #expect(exchanges[0].requestID == "made-1")
            #expect(exchanges[0].status == 200)
            #expect(exchanges[0].bytesOut == 300)
            #expect(exchanges[0].clientAddress == "127.0.0.1")
            #expect(exchanges[0].traceparent == parent)
            #expect(exchanges[0].durationNanoseconds > 0)
            #expect(exchanges[1].traceparent == nil)
        }
    }
}
