import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct FileTests {
    @Test func `a file is sent whole, with its length and never packed`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            let answer = try #require(client.get("/file", "Accept-Encoding: gzip"))
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "200000")
            #expect(answer["content-encoding"] == nil)
            #expect(answer["vary"] == nil)
            #expect(answer["etag"] == "\"f\"")
            #expect(answer.body == TestResponder.fileBytes)
            #expect(eventually { responder.exchanges.withLock { $0.last?.bytesOut == 200_000 } })
            #expect(client.get("/method")?.text == "GET")
        }
    }

    @Test(arguments: [
        ("bytes=10-19", 206, "bytes 10-19/200000", 10..<20), ("bytes=199990-", 206, "bytes 199990-199999/200000", 199_990..<200_000),
        ("bytes=-5", 206, "bytes 199995-199999/200000", 199_995..<200_000), ("bytes=200000-", 416, "bytes */200000", 0..<0),
        ("bytes=1-2,4-5", 200, nil, 0..<200_000),
    ]) func `a range of a file is sent`(_ range: String, _ status: Int, _ contentRange: String?, _ bytes: Range<Int>) async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            let answer = try #require(client.get("/file", "Range: \(range)"))
            #expect(answer.status == status)
            #expect(answer["content-range"] == contentRange)
            #expect(answer["content-length"] == "\(bytes.count)")
            #expect(answer.body == Array(TestResponder.fileBytes[bytes]))
            #expect(client.get("/method")?.text == "GET")
        }
    }

    @Test func `HEAD of a file has its length, no bytes and no ranges`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send("HEAD /file HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\n\r\n")
            let answer = try #require(client.answer(toHead: true))
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "200000")
            #expect(eventually { responder.exchanges.withLock { $0.last?.bytesOut == 0 } })
            #expect(client.get("/method")?.text == "GET")
        }
    }

    @Test func `the descriptor of a file is closed when its answer is over`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            #expect(client.get("/file")?.status == 200)
            let before = Self.openDescriptors()
            for _ in 0..<50 { #expect(client.get("/file")?.status == 200) }
            #expect(eventually { Self.openDescriptors() <= before })
        }
    }

    private static func openDescriptors() -> Int {
        (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
    }
}
