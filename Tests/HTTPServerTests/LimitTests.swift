import HTTP
import Testing

@testable import HTTPServer

@Suite struct LimitTests {
    /// Sends a request that must be refused with this status as a problem, and sees the connection closed.
    private func refused(_ bytes: String, _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            client.send(bytes)
            let answer = try #require(client.answer(), sourceLocation: sourceLocation)
            #expect(answer.status == status, sourceLocation: sourceLocation)
            #expect(answer["content-type"] == "application/problem+json; charset=utf-8", sourceLocation: sourceLocation)
            #expect(answer.text.contains("\"code\":\"\(code)\""), sourceLocation: sourceLocation)
            #expect(answer["connection"]?.lowercased() == "close", sourceLocation: sourceLocation)
            #expect(answer["x-content-type-options"] == "nosniff", sourceLocation: sourceLocation)
            #expect(client.isClosed(), sourceLocation: sourceLocation)
            let other = try RawClient(port: server.port)
            #expect(other.get("/method")?.status == 200, sourceLocation: sourceLocation)
        }
    }

    @Test func `a target beyond 8 KiB is 414`() async throws {
        try await refused("GET /\(String(repeating: "a", count: 8200)) HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target_too_long")
    }

    @Test func `header fields beyond 16 KiB are 431`() async throws {
        let field = "X-A: \(String(repeating: "a", count: 4000))\r\n"
        try await refused("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: field, count: 5))\r\n", 431, "headers_too_large")
    }

    @Test func `more than 64 header fields are 431`() async throws {
        try await refused("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 64))\r\n", 431, "headers_too_large")
    }

    @Test func `a body announced beyond the limit is 413 before it is sent`() async throws {
        try await refused("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n", 413, "too_large")
        try await refused("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413, "too_large")
    }

    @Test func `a chunked body beyond the limit is 413`() async throws {
        try await withServer({ $0.bodyLimit = 1000 }) { server, _ in
            let client = try RawClient(port: server.port)
            let chunk = "258\r\n\(String(repeating: "a", count: 600))\r\n"
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)0\r\n\r\n")
            #expect(client.answer()?.status == 413)
            #expect(client.isClosed())
            let endless = try RawClient(port: server.port)
            endless.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 20))
            #expect(endless.isClosed())
        }
    }

    @Test func `a body of just the limit is taken`() async throws {
        try await withServer({ $0.bodyLimit = 1000 }) { server, _ in
            let client = try RawClient(port: server.port)
            let body = String(repeating: "b", count: 1000)
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n\(body)")
            #expect(client.answer()?.text == body)
        }
    }

    @Test(arguments: [
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "X Y: 1", "X: a\u{1}b", "X: a\u{7F}b", "X(: y", "Host: b",
        "Authorization: Bearer a\r\nAuthorization: Bearer b", "Content-Type: text/plain\r\nContent-Type: application/json",
        "Idempotency-Key: a\r\nidempotency-key: a",
    ]) func `malformed fields are 400`(_ field: String) async throws {
        try await refused("POST /echo HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n", 400, "malformed_request")
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ]) func `malformed requests are 400`(_ bytes: String) async throws {
        try await refused(bytes, 400, "malformed_request")
    }

    @Test func `another minor version is 505`() async throws {
        try await refused("GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "version_not_supported")
    }

    @Test func `an empty body of a GET is no body`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/method", "Content-Length: 0")?.status == 200)
        }
    }

    @Test func `unknown methods are 501`() async throws {
        try await refused("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_implemented")
        try await refused("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_implemented")
        try await refused("CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_implemented")
    }

    @Test func `another expectation is 417`() async throws {
        try await refused("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n", 417, "expectation_failed")
    }

    @Test(arguments: ["/a%2Fb", "/../x", "/%00", "/%zz", "*", "/a\\b"]) func `a bad target is 400`(_ target: String) async throws {
        try await refused("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed_request")
    }

    @Test func `a bad target is told what is wrong with it`() async throws {
        let many = (0..<65).map { "a\($0)=1" }.joined(separator: "&")
        for (target, detail) in [
            ("/?\(many)", "There may be 64 parameters at most."), ("/%zz", "The address has a bad % or is not UTF-8."),
            ("/a/../b", "The address has a segment that is not allowed."), ("a", "The address must begin with /."),
        ] {
            try await withServer { server, _ in
                let client = try RawClient(port: server.port)
                client.send("GET \(target) HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\n\r\n")
                let answer = try #require(client.answer())
                #expect(answer.status == 400 && answer.text.contains("\"detail\":\"\(detail)\""), "\(answer.text)")
            }
        }
    }

    @Test func `problems speak the language of the request`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            client.send("BREW / HTTP/1.1\r\nHost: a\r\nAccept-Language: en\r\n\r\n")
            #expect(client.answer()?.text.contains("Method not implemented") == true)
            let other = try RawClient(port: server.port)
            other.send("BREW / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(other.answer()?.text.contains("Metode tidak dikenal") == true)
        }
    }

    @Test func `a connection serves its requests and then closes`() async throws {
        try await withServer({ $0.mostRequestsPerConnection = 1000 }) { server, _ in
            let client = try RawClient(port: server.port)
            for number in 1...1000 {
                let answer = try #require(client.get("/method"))
                #expect(answer["connection"]?.lowercased() == (number == 1000 ? "close" : nil))
            }
            #expect(client.isClosed())
        }
    }

    @Test(arguments: [(1024, 768), (8192, 6144), (20_000, 8192), (UInt64.max, 8192), (0, 0)] as [(UInt64, Int)])
    func `connections leave a quarter of the descriptors to files`(_ descriptors: UInt64, _ connections: Int) {
        #expect(HTTPServer.Configuration.share(ofDescriptors: descriptors) == connections)
    }

    @Test func `connections beyond the limit are not served, and later ones are`() async throws {
        try await withServer({ $0.mostConnections = 4 }) { server, _ in
            do {
                let clients = try (0..<4).map { _ in try RawClient(port: server.port) }
                for client in clients { #expect(client.get("/method")?.status == 200) }
                #expect(server.connections == 4)
            }
            #expect(eventually { server.connections == 0 })
            let client = try RawClient(port: server.port)
            #expect(client.get("/method")?.status == 200)
        }
    }
}
