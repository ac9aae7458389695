import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct LifeTests {
    @Test func `a client that vanishes while its handler runs does no harm`() async throws {
        try await withServer { server, responder in
            for round in 1...20 {
                let client = try RawClient(port: server.port)
                client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(responder.holds(1))
                if round.isMultiple(of: 2) { client.vanish() }
                responder.release()
                if !round.isMultiple(of: 2) { #expect(client.answer()?.text == "released") }
            }
            #expect(eventually { server.connections == 0 })
            #expect(try RawClient(port: server.port).get("/method")?.status == 200)
        }
    }

    @Test func `stopping lets a running request finish and takes no more`() async throws {
        try await withServer { server, responder in
            let idle = try RawClient(port: server.port)
            #expect(idle.get("/method")?.status == 200)
            let client = try RawClient(port: server.port)
            client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(responder.holds(1))
            async let stopped: Void = server.stop(within: 10)
            #expect(idle.isClosed())
            responder.release()
            let answer = try #require(client.answer())
            #expect(answer.text == "released")
            #expect(answer["connection"]?.lowercased() == "close")
            #expect(client.isClosed())
            await stopped
            #expect(!RawClient.canConnect(to: server.port))
        }
    }

    @Test func `stopping does not wait longer than it may`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(responder.holds(1))
            await server.stop(within: 0.05)
            #expect(client.answer()?.status == 503)
            #expect(client.isClosed())
            await server.stop(within: 0.05)
        }
    }

    @Test func `a server that nobody keeps stops by itself`() async throws {
        var server: HTTPServer? = try HTTPServer(.init { "id" }, responder: TestResponder())
        let port = try #require(server?.port)
        #expect(try RawClient(port: port).get("/method")?.status == 200)
        server = nil
        #expect(!RawClient.canConnect(to: port))
    }

    @Test func `a port that is taken is refused with its reason`() async throws {
        try await withServer { server, _ in
            var configuration = HTTPServer.Configuration { "id" }
            configuration.endpoint = .address("127.0.0.1", port: server.port)
            #expect(throws: HTTPServer.Failure.cannotListen(endpoint: "127.0.0.1:\(server.port)", error: EADDRINUSE)) {
                _ = try HTTPServer(configuration, responder: TestResponder())
            }
            configuration.endpoint = .address("nowhere", port: 0)
            #expect(throws: HTTPServer.Failure.badAddress("nowhere")) {
                _ = try HTTPServer(configuration, responder: TestResponder())
            }
        }
    }

    @Test func `it serves on a Unix socket and removes the file`() async throws {
        let path = "/tmp/sikimr-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).socket"
        try await withServer({ $0.endpoint = .unixSocket(path: path) }) { server, _ in
            let client = try RawClient(path: path)
            #expect(client.get("/address", "X-Forwarded-For: 203.0.113.9")?.text == "203.0.113.9")
        }
        #expect(access(path, F_OK) != 0)
    }

    @Test func `it serves on a socket it was given`() async throws {
        let given = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafeBytes(of: name) { bytes in
            bytes.baseAddress.map { bind(given, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) }
        }
        #expect(bound == 0)
        #expect(throws: HTTPServer.Failure.self) {
            _ = try HTTPServer(.init(endpoint: .inherited(descriptor: given)) { "id" }, responder: TestResponder())
        }
        let again = dup(given)
        listen(again, 10)
        try await withServer({ $0.endpoint = .inherited(descriptor: again) }) { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/method")?.status == 200)
        }
    }

    @Test func `random bytes never end the server`() async throws {
        try await withServer({
            $0.threads = 2
            $0.deadlines.idle = 0.2
            $0.deadlines.head = 0.5
        }) { server, _ in
            var random = SplitMix(state: 0x5EED)
            let seeds = [
                "GET /json?n=10 HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "GET /suspend HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0.5, *\r\nIf-Match: \"1-gzip\"\r\n\r\n",
            ].map { Array($0.utf8) }
            for round in 0..<2000 {
                var bytes =
                    round.isMultiple(of: 10)
                    ? (0..<Int.random(in: 1...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                    : seeds[round % 4]
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0...3, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.insert(contentsOf: [0x0D, 0x0A], at: place)
                    case 2: bytes.insert(UInt8("0123456789 :\t\n,;%".utf8.randomElement(using: &random) ?? 0), at: place)
                    default: if bytes.count > 1 { bytes.remove(at: place) }
                    }
                }
                let client = try RawClient(port: server.port)
                client.send(bytes)
                client.finishSending()
                if round.isMultiple(of: 7) { client.vanish() } else { #expect(client.isClosed()) }
            }
            #expect(try RawClient(port: server.port).get("/method")?.status == 200)
            #expect(eventually { server.connections <= 1 })
        }
    }
}
