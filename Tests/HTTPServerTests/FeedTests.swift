import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct FeedTests {
    /// A client whose feed has begun.
    private func listener(_ server: HTTPServer, version: String = "1.1", receiveBuffer: Int32? = nil) throws -> RawClient {
        let client = try RawClient(port: server.port, receiveBuffer: receiveBuffer)
        client.send("GET /feed HTTP/\(version)\r\nHost: a\r\n\r\n")
        #expect(client.head()?.hasPrefix("HTTP/1.1 200") == true)
        #expect(client.piece(chunked: version == "1.1") == ": welcome\n")
        return client
    }

    @Test(arguments: ["1.1", "1.0"]) func `a feed gives its bytes when they come`(_ version: String) async throws {
        try await withServer { server, responder in
            let client = try listener(server, version: version)
            let feed = try #require(responder.feeds.all.first)
            for number in 1...20 {
                if number.isMultiple(of: 4) { usleep(20_000) }
                feed.put("data: \(number)\n")
                #expect(client.piece(chunked: version == "1.1") == "data: \(number)\n")
            }
            feed.put(.end)
            if version == "1.1" {
                #expect(client.piece() == "")
                #expect(client.get("/method")?.text == "GET")
            } else {
                #expect(client.isClosed())
            }
            #expect(eventually { feed.isClosed })
            #expect(eventually { responder.exchanges.withLock { $0.contains { $0.route == nil && $0.bytesOut == 181 } } })
        }
    }

    @Test func `a feed is never packed and its head comes at once`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send("GET /feed?quiet HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
            let before = HTTPServer.Configuration.monotonicClock()
            let head = try #require(client.head())
            #expect(HTTPServer.Configuration.monotonicClock() - before < 100_000_000)
            #expect(!head.lowercased().contains("content-encoding"))
            #expect(head.lowercased().contains("transfer-encoding: chunked"))
            responder.feeds.all.first?.put("late\n")
            #expect(client.piece() == "late\n")
        }
    }

    @Test(arguments: ["/feed", "/chunks"]) func `HEAD of a body of unknown length has no body and closes`(_ path: String) async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try #require(client.answer(toHead: true))
            #expect(answer.status == 200)
            #expect(answer["connection"]?.lowercased() == "close")
            #expect(client.rest() == "")
            #expect(responder.feeds.all.allSatisfy { $0.isClosed })
        }
    }

    @Test func `large pieces arrive whole and in order`() async throws {
        try await withServer { server, responder in
            let client = try listener(server)
            let feed = try #require(responder.feeds.all.first)
            let large = (0..<40).map { String(repeating: "\($0 % 10)", count: 50_000) }
            for text in large { feed.put(text) }
            feed.put(.end)
            var text = ""
            while let piece = client.piece(), !piece.isEmpty { text += piece }
            #expect(text == large.joined())
        }
    }

    @Test func `wake-ups from many threads lose nothing`() async throws {
        try await withServer({ $0.threads = 2 }) { server, responder in
            let clients = try (0..<8).map { _ in try listener(server) }
            let feeds = responder.feeds.all
            try #require(feeds.count == 8)
            await withTaskGroup(of: Void.self) { group in
                for feed in feeds {
                    for _ in 0..<4 {
                        group.addTask {
                            for number in 0..<500 {
                                feed.put(".")
                                if number.isMultiple(of: 50) { usleep(500) }
                            }
                        }
                    }
                }
            }
            for client in clients {
                var count = 0
                while count < 2000, let piece = client.piece() { count += piece.utf8.count }
                #expect(count == 2000)
            }
        }
    }

    @Test func `a client that leaves frees its feed`() async throws {
        try await withServer { server, responder in
            for vanishes in [true, false] {
                let gone = responder.feeds.gone
                do {
                    let client = try listener(server)
                    responder.feeds.forget()
                    if vanishes { client.vanish() }
                }
                #expect(eventually { responder.feeds.gone == gone + 1 })
            }
            #expect(eventually { server.connections == 0 })
            #expect(responder.exchanges.withLock { $0.count } == 2)
        }
    }

    @Test func `a client that leaves a Unix socket frees its feed`() async throws {
        let path = "/tmp/sikimr-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).socket"
        try await withServer({ $0.endpoint = .unixSocket(path: path) }) { server, responder in
            do {
                let client = try RawClient(path: path)
                client.send("GET /feed HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(client.head() != nil)
                #expect(client.piece() == ": welcome\n")
                responder.feeds.forget()
            }
            #expect(eventually { responder.feeds.gone == 1 })
        }
    }

    @Test func `feeds that come, go and wake at once do no harm`() async throws {
        try await withServer({ $0.threads = 2 }) { server, responder in
            let isOver = Flag()
            let waking = Task.detached {
                while !isOver.isSet {
                    for feed in responder.feeds.all.suffix(20) { feed.put(Int.random(in: 0..<20) == 0 ? .end : .bytes([0x2E])) }
                    usleep(100)
                }
            }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for round in 0..<40 {
                            guard let client = try? RawClient(port: server.port) else { continue }
                            client.send("GET /feed HTTP/1.1\r\nHost: a\r\n\r\nGET /suspend HTTP/1.1\r\nHost: a\r\n\r\n")
                            if client.head() != nil { _ = client.piece() }
                            if round.isMultiple(of: 2) { client.vanish() }
                        }
                    }
                }
            }
            isOver.set()
            await waking.value
            let other = try RawClient(port: server.port)
            #expect(other.get("/method")?.text == "GET")
            #expect(eventually { server.connections <= 1 })
            responder.feeds.forget()
            #expect(eventually { responder.feeds.gone == 320 })
        }
    }

    @Test func `a feed at rest outlives every deadline`() async throws {
        try await withServer({
            $0.deadlines.head = 0.1
            $0.deadlines.body = 0.1
            $0.deadlines.handler = 0.1
            $0.deadlines.stall = 0.1
            $0.deadlines.idle = 0.1
        }) { server, responder in
            let client = try listener(server)
            usleep(600_000)
            responder.feeds.all.first?.put("still here")
            #expect(client.piece() == "still here")
        }
    }

    @Test func `a client that does not read its feed is given up`() async throws {
        try await withServer({ $0.deadlines.stall = 0.2 }) { server, responder in
            // What fits the kernel's memory leaves the feed at rest; what does not holds the answer up.
            for size in [20_000, 8_000_000] {
                let client = try listener(server, receiveBuffer: 4096)
                let feed = try #require(responder.feeds.all.last)
                feed.put(.bytes([UInt8](repeating: 0x78, count: size)))
                #expect(eventually { feed.isClosed })
                #expect(client.isClosed())
            }
        }
    }

    @Test func `stopping ends the feeds and does not wait for them`() async throws {
        try await withServer { server, responder in
            let clients = try (0..<20).map { _ in try listener(server) }
            let clock = HTTPServer.Configuration.monotonicClock
            let before = clock()
            await server.stop(within: 30)
            #expect(clock() - before < 2_000_000_000)
            for client in clients {
                #expect(client.piece() == "")
                #expect(client.isClosed())
            }
            #expect(responder.feeds.all.allSatisfy { $0.isClosed })
        }
    }

    @Test func `a feed that begins while the server stops ends at once`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send("GET /hold?feed HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(responder.holds(1))
            async let stopped: Void = server.stop(within: 10)
            #expect(eventually { !RawClient.canConnect(to: server.port) })
            responder.release()
            let answer = try #require(client.answer())
            #expect(answer.text == ": welcome\n")
            #expect(answer.isComplete)
            await stopped
        }
    }

    @Test func `a server that is dropped with feeds open ends them`() async throws {
        let responder = TestResponder()
        var server: HTTPServer? = try HTTPServer(.init { "id" }, responder: responder)
        let clients = try (0..<5).map { _ in try listener(#require(server)) }
        server = nil
        for client in clients { #expect(client.isClosed()) }
        responder.feeds.forget()
        #expect(eventually { responder.feeds.gone == 5 })
    }

    @Test func `a thousand feeds woken at once have their bytes within a second`() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 4096))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try await withServer({ $0.threads = 2 }) { server, responder in
            let clients = try (0..<1000).map { _ in try listener(server) }
            let before = HTTPServer.Configuration.monotonicClock()
            for feed in responder.feeds.all { feed.put("now") }
            var right = 0
            for client in clients where client.piece() == "now" { right += 1 }
            #expect(right == 1000)
            #expect(HTTPServer.Configuration.monotonicClock() - before < 1_000_000_000)
        }
    }
}

/// Tells a task to end.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}
