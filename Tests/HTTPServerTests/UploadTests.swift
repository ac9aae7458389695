import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct UploadTests {
    /// Bytes without a pattern that a shifted or repeated block would keep.
    private static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    private static func head(_ fields: String..., path: String = "/upload") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    }

    private static func form(_ body: String, boundary: String = "xyz") -> String {
        head("Content-Type: multipart/form-data; boundary=\(boundary)", "Content-Length: \(body.utf8.count)") + body
    }

    @Test func `a body of several megabytes arrives unchanged, by length or in chunks`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            let bytes = Self.bytes(5_000_000)
            client.send(Self.head("Content-Type: image/png", "Content-Length: \(bytes.count)"))
            client.send(bytes)
            #expect(client.answer()?.text == "1 parts, 0 collected")
            let expected = [TestReceiver.Received(part: BodyPart(contentType: "image/png"), bytes: bytes)]
            #expect(responder.uploads.only == expected)
            client.send(Self.head("Content-Type: image/png", "Transfer-Encoding: chunked"))
            for start in stride(from: 0, to: bytes.count, by: 70_001) {
                let chunk = bytes[start..<min(bytes.count, start + 70_001)]
                client.send(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8))
            }
            client.send("0\r\n\r\n")
            #expect(client.answer()?.status == 200)
            #expect(responder.uploads.received.withLock { $0.last } == expected)
            #expect(eventually { responder.uploads.open == 0 })
        }
    }

    @Test func `a request behind a streamed body is answered`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            let upload = Self.head("Content-Length: 5") + "hello"
            client.send(upload + "GET /method HTTP/1.1\r\nHost: a\r\n\r\n" + upload)
            #expect(client.answer()?.text == "1 parts, 0 collected")
            #expect(client.answer()?.text == "GET")
            #expect(client.answer()?.status == 200)
            #expect(responder.uploads.received.withLock { $0.map { $0.map(\.bytes) } } == [[Array("hello".utf8)], [Array("hello".utf8)]])
        }
    }

    @Test func `an empty body is one part without bytes`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send(Self.head("Content-Length: 0"))
            #expect(client.answer()?.text == "1 parts, 0 collected")
            #expect(responder.uploads.only == [TestReceiver.Received(part: BodyPart())])
        }
    }

    @Test func `methods that change nothing are not asked`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            #expect(client.get("/upload", "Content-Length: 0")?.text == "0 parts, 0 collected")
            #expect(responder.uploads.count == 0)
        }
    }

    @Test func `a form is taken apart into its parts`() async throws {
        try await withServer { server, responder in
            let file = Self.bytes(3_000_000)
            let start =
                "--xyz\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nSurat Izin\r\n"
                + "--xyz\r\nContent-Disposition: form-data; name=\"nothing\"\r\n\r\n\r\n"
                + "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
            let end = "\r\n--xyz\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nline\r\n--xy\r\nend\r\n--xyz--\r\n"
            let size = start.utf8.count + file.count + end.utf8.count
            let client = try RawClient(port: server.port)
            client.send(Self.head("Content-Type: multipart/form-data; boundary=xyz", "Content-Length: \(size)") + start)
            client.send(file)
            client.send(end)
            #expect(client.answer()?.text == "4 parts, 0 collected")
            let parts = responder.uploads.only
            try #require(parts.count == 4)
            #expect(parts[0] == .init(part: BodyPart(name: "title"), bytes: Array("Surat Izin".utf8)))
            #expect(parts[1] == .init(part: BodyPart(name: "nothing")))
            #expect(parts[2].part == BodyPart(name: "file", fileName: "a b.pdf", contentType: "application/pdf"))
            #expect(parts[2].bytes == file)
            #expect(parts[3] == .init(part: BodyPart(name: "note"), bytes: Array("line\r\n--xy\r\nend".utf8)))
        }
    }

    @Test func `a form that comes byte by byte is taken apart the same`() async throws {
        try await withServer { server, responder in
            let body =
                "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                + "\r\n--xyz\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n22222222\r\n--xyz--\r\n"
            let client = try RawClient(port: server.port)
            client.send(Self.head("Content-Type: multipart/form-data; boundary=\"xyz\"", "Transfer-Encoding: chunked"))
            for byte in body.utf8 {
                client.send([0x31, 0x0D, 0x0A, byte, 0x0D, 0x0A])
                usleep(100)
            }
            client.send("0\r\n\r\n")
            #expect(client.answer()?.status == 200)
            let parts = responder.uploads.only
            #expect(parts.map(\.part.name) == ["a", "a", "b"])
            #expect(parts.map { String(decoding: $0.bytes, as: UTF8.self) } == ["1", "", "22222222"])
        }
    }

    private static let field = "Content-Disposition: form-data; name=\"a\"\r\n"

    @Test(arguments: [
        ("--xyz\r\n\(field)\r\nhello", "xyz", 400), ("--xyz\r\n\(field)\r\nhello\r\n--xyz", "xyz", 400),
        ("--xyz--\r\nmore", "xyz", 400), ("--xyz\r\n\(field)\r\n1\r\n--xyz--\r\n", "\"", 400),
        ("--xyz\r\n\(field)\r\n1\r\n--xyz--\r\n", "", 400), (String(repeating: "-", count: 100_000), "xyz", 400),
        ("--xyz\r\n" + String(repeating: "a\n", count: 50_000), "xyz", 400),
        (String(repeating: "--xyz\r\n\(field)\r\n1\r\n", count: 101) + "--xyz--\r\n", "xyz", 400),
        ("--xyz\r\n\(field)Content-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--xyz--\r\n", "xyz", 415),
        ("--xyz\r\n\(field)Content-Type: application/x-forbidden\r\n\r\n1\r\n--xyz--\r\n", "xyz", 415),
    ]) func `a form that breaks the rules is refused and its receiver freed`(_ body: String, _ boundary: String, _ status: Int) async throws
    {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send(Self.form(body, boundary: boundary))
            #expect(client.answer()?.status == status)
            #expect(client.isClosed())
            #expect(responder.uploads.count == 1)
            #expect(eventually { responder.uploads.open == 0 })
            #expect(responder.uploads.received.withLock { $0.isEmpty })
            #expect(try RawClient(port: server.port).get("/method")?.status == 200)
        }
    }

    @Test func `an upload that breaks off frees its receiver`() async throws {
        try await withServer { server, responder in
            for type in ["image/png", "multipart/form-data; boundary=xyz"] {
                for vanishes in [true, false] {
                    let before = responder.uploads.count
                    let client = try RawClient(port: server.port)
                    client.send(Self.head("Content-Type: \(type)", "Content-Length: 1000") + "--xyz\r\n\(Self.field)\r\nhello")
                    #expect(eventually { responder.uploads.count == before + 1 })
                    #expect(responder.uploads.open == 1)
                    if vanishes { client.vanish() } else { client.finishSending() }
                    #expect(eventually { responder.uploads.open == 0 })
                }
            }
            #expect(responder.uploads.received.withLock { $0.isEmpty })
        }
    }

    @Test func `an upload that stands still is given up`() async throws {
        try await withServer({
            $0.deadlines.head = 0.1
            $0.deadlines.body = 0.1
        }) { server, responder in
            let client = try RawClient(port: server.port)
            client.send(Self.head("Content-Length: 1000") + "hello")
            #expect(client.isClosed())
            #expect(eventually { responder.uploads.open == 0 && responder.uploads.count == 1 })
        }
    }

    @Test func `the time for a chunked upload grows with its own limit`() async throws {
        // 0.2 s for the body and 0.8 s for 8 000 000 bytes; the server's own limit alone would give 0.1 s more.
        try await withServer({
            $0.deadlines.head = 0.1
            $0.deadlines.body = 0.1
            $0.deadlines.slowestBody = 1e7
        }) { server, responder in
            let client = try RawClient(port: server.port)
            client.send(Self.head("Transfer-Encoding: chunked") + "5\r\nhello\r\n")
            usleep(600_000)
            client.send("0\r\n\r\n")
            #expect(client.answer()?.status == 200)
        }
    }

    @Test func `a client that waits for 100 gets it, or the refusal in its place`() async throws {
        try await withServer { server, responder in
            let client = try RawClient(port: server.port)
            client.send(Self.head("Content-Length: 5", "Expect: 100-continue"))
            #expect(client.answer()?.status == 100)
            client.send("hello")
            #expect(client.answer()?.status == 200)
            client.send(Self.head("Content-Length: 5", "Expect: 100-continue", path: "/refused"))
            let refused = try #require(client.answer())
            #expect(refused.status == 403)
            #expect(refused.text == "not you")
            #expect(refused["connection"]?.lowercased() == "close")
            #expect(client.isClosed())
            #expect(eventually { responder.exchanges.withLock { $0.last?.status == 403 && $0.last?.route == "/refused" } })
        }
    }

    @Test func `a refusal does not wait for the body`() async throws {
        try await withServer { server, _ in
            let client = try RawClient(port: server.port)
            client.send(Self.head("Content-Length: 1000", path: "/refused"))
            #expect(client.answer()?.status == 403)
            #expect(client.isClosed())
        }
    }

    @Test func `a body beyond its own limit is 413`() async throws {
        try await withServer { server, responder in
            for expectation in ["Expect: 100-continue", "X-A: b"] {
                let client = try RawClient(port: server.port)
                client.send(Self.head("Content-Length: 1001", expectation, path: "/upload?limit=1000"))
                let answer = try #require(client.answer())
                #expect(answer.status == 413)
                #expect(answer.text.contains("\"code\":\"too_large\""))
                #expect(client.isClosed())
            }
            let chunk = "258\r\n\(String(repeating: "a", count: 600))\r\n"
            let chunked = try RawClient(port: server.port)
            chunked.send(Self.head("Transfer-Encoding: chunked", path: "/upload?limit=1000") + chunk + chunk + "0\r\n\r\n")
            #expect(chunked.answer()?.status == 413)
            #expect(chunked.isClosed())
            let endless = try RawClient(port: server.port)
            endless.send(Self.head("Transfer-Encoding: chunked", path: "/upload?limit=1000") + String(repeating: chunk, count: 20))
            #expect(endless.isClosed())
            #expect(eventually { responder.uploads.open == 0 })
            let exact = try RawClient(port: server.port)
            exact.send(Self.head("Content-Length: 1000", path: "/upload?limit=1000") + String(repeating: "a", count: 1000))
            #expect(exact.answer()?.status == 200)
        }
    }

    @Test func `mutated forms never end the server and free all receivers`() async throws {
        try await withServer({
            $0.threads = 2
            $0.deadlines.head = 0.5
            $0.deadlines.body = 0.5
        }) { server, responder in
            var random = SplitMix(state: 0xF0)
            let seed = Array(
                ("--xyz\r\n\(Self.field)\r\n1\r\n--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n"
                    + "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\n2\r\n--in--\r\n--xyz--\r\n").utf8
            )
            for round in 0..<1000 {
                var body = seed
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let place = Int.random(in: 0..<body.count, using: &random)
                    switch Int.random(in: 0...3, using: &random) {
                    case 0: body[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: body.insert(contentsOf: [0x0D, 0x0A, 0x2D, 0x2D], at: place)
                    case 2: body.insert(UInt8("\0\r\n-\":;=".utf8.randomElement(using: &random) ?? 0), at: place)
                    default: body.removeSubrange(place..<min(body.count, place + 5))
                    }
                    if body.isEmpty { body = seed }
                }
                let boundary = ["xyz", "\"xyz\"", "\"", "x\"", "xyz; a=b"][round % 5]
                let client = try RawClient(port: server.port)
                client.send(Self.head("Content-Type: multipart/form-data; boundary=\(boundary)", "Content-Length: \(body.count)"))
                client.send(body)
                let status = client.answer()?.status
                #expect(status == 200 || status == 400 || status == 415)
            }
            #expect(responder.uploads.count == 1000)
            #expect(eventually { responder.uploads.open == 0 })
        }
    }
}
