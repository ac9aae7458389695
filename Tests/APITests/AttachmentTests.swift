import API
import Domain
import Files
import FoundationEssentials
import HTTP
import TestSupport
import Testing

/// Attachments over a real directory: what is taken, what is refused, and what is left on disk.
@Suite struct AttachmentTests {
    private static let pdf = "application/pdf"

    private func withCase(
        rateLimit: Int? = nil,
        limits: AttachmentLimits = AttachmentLimits(),
        _ body: (APIHouse, Cast, String) async throws -> Void
    ) async throws {
        try await APIHouse.with(rateLimit: rateLimit, limits: limits) { house throws in
            let cast = try await Cast(in: house)
            try await body(house, cast, "/v1/consultations/\(try await house.consultation(cast, upTo: .assigned))")
        }
    }

    @Test func `a file comes back as it was sent, to be saved and not shown`() async throws {
        try await withCase { house, cast, path throws in
            let made = try await house.attach("%PDF-1.7 isi", as: "surat tugas é.pdf", Self.pdf, to: path, by: cast.asker)
            let id = try #require(made.text("id"))
            #expect(made.status == 201 && made.headers["location"] == "/v1/attachments/\(id)")
            #expect(
                made.integer("size") == 12 && made.text("file_name") == "surat tugas é.pdf" && made.text("uploader_id") == cast.asker.id
            )
            let content = try await house.send(.get, try #require(made.text("href")), as: cast.officer)
            #expect(content.text == "%PDF-1.7 isi")
            #expect(content.headers["content-type"] == Self.pdf)
            #expect(content.headers["content-disposition"] == "attachment; filename*=UTF-8''surat%20tugas%20%C3%A9.pdf")
            #expect(content.headers["content-security-policy"]?.hasSuffix("sandbox") == true)
            #expect(content.headers["etag"] == made.text("sha256").map { "\"\($0)\"" })
            #expect(content.headers["accept-ranges"] == "bytes")
        }
    }

    @Test func `the digests are those of the bytes`() async throws {
        try await withCase { house, cast, path throws in
            let made = try await house.attach("abc", as: "a.txt", "text/plain", to: path, by: cast.asker)
            // FIPS 180-2, and the same in base 64.
            #expect(made.text("sha256") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            let content = try await house.send(.get, try #require(made.text("href")), as: cast.asker)
            #expect(content.headers["repr-digest"] == "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:")
        }
    }

    @Test(
        arguments: [
            ("a.pdf", "application/pdf", "MZ\u{90}"), ("a.exe", "application/octet-stream", "MZ"), ("a.exe", "application/pdf", "%PDF-1"),
            ("a.pdf", "image/png", "%PDF-1"), ("a.txt", "text/plain", "a\u{0}b"), ("a.html", "text/html", "<p>"),
            ("a.csv", "application/pdf", "%PDF-1"), ("a", "text/plain", "abc"), ("a.docx", "application/zip", "PK"),
            ("a.pdf", "", "%PDF-1"),
        ]
    )
    func `a file whose name, type and bytes do not agree is refused and leaves nothing`(_ name: String, _ type: String, _ bytes: String)
        async throws
    {
        try await withCase { house, cast, path throws in
            let answer = try await house.attach(bytes, as: name, type, to: path, by: cast.asker)
            #expect(answer.status == 415 && answer.code == "unsupported_media_type", "\(answer.text)")
            #expect(house.storedFiles == 0)
            #expect(try await house.send(.get, "\(path)/attachments", as: cast.asker).data.isEmpty)
        }
    }

    @Test func `the same bytes lie on the disk once, and go when the last attachment has gone`() async throws {
        try await withCase { house, cast, path throws in
            var ids: [String] = []
            for name in ["a.txt", "b.txt"] {
                let made = try await house.attach("abc", as: name, "text/plain", to: path, by: cast.asker)
                ids.append(try #require(made.text("id")))
            }
            #expect(house.storedFiles == 1)
            func sweep() async throws -> Int {
                try await house.environment.files.sweep(storedBefore: .max) { [store = house.store] in try store.holdsFile($0) }
            }
            for (id, left) in zip(ids, [1, 0]) {
                #expect(try await house.send(.delete, "/v1/attachments/\(id)", as: cast.asker).status == 204)
                #expect(try await sweep() == 1 - left)
                #expect(house.storedFiles == left)
            }
        }
    }

    @Test func `a dry run stores neither row nor file`() async throws {
        try await withCase { house, cast, path throws in
            let dry = try await house.attach("abc", as: "a.txt", "text/plain", to: path, by: cast.asker, query: "?dry_run=true")
            #expect(dry.status == 201 && dry.headers["dry-run"] == "true")
            #expect(house.storedFiles == 0)
            #expect(try await house.send(.get, "\(path)/attachments", as: cast.asker).data.isEmpty)
        }
    }

    @Test func `a key makes a repeat harmless, and another file, name or type another request`() async throws {
        try await withCase { house, cast, path throws in
            let key = ["idempotency-key": "k"]
            func send(_ content: String, _ name: String) async throws -> APIHouse.Answer {
                try await house.attach(content, as: name, "text/plain", to: path, by: cast.asker, headers: key)
            }
            let first = try await send("abc", "a.txt")
            let again = try await send("abc", "a.txt")
            #expect(first.status == 201 && again.status == 201 && again.headers["idempotency-replayed"] == "true")
            #expect(first.text("id") == again.text("id"))
            #expect(try await send("abd", "a.txt").code == "idempotency_reused")
            #expect(try await send("abc", "b.txt").code == "idempotency_reused")
            #expect(house.storedFiles == 1)
            #expect(try await house.send(.get, "\(path)/attachments", as: cast.asker).data.count == 1)
        }
    }

    @Test func `quotas of the file, the case and the user hold, and what they refuse leaves nothing`() async throws {
        var limits = AttachmentLimits()
        (limits.file, limits.perCase, limits.perUser, limits.filesPerUser) = (100, 150, 220, 3)
        try await withCase(limits: limits) { house, cast, path throws in
            func send(_ count: Int, to path: String) async throws -> APIHouse.Answer {
                let content = String(repeating: "x", count: count)
                return try await house.attach(content, as: "a.txt", "text/plain", to: path, by: cast.asker)
            }
            #expect(try await send(101, to: path).code == "too_large")
            #expect(try await send(100, to: path).status == 201)
            #expect(try await send(51, to: path).code == "quota_exceeded")
            #expect(try await send(50, to: path).status == 201)
            let second = "/v1/consultations/\(try await house.consultation(cast))"
            let refused = try await send(71, to: second)
            #expect(refused.status == 413 && refused.code == "quota_exceeded")
            #expect(try await send(69, to: second).status == 201)
            // The fourth file.
            #expect(try await send(1, to: second).code == "quota_exceeded")
            #expect(house.storedFiles == 3)
            let colleague = try await house.attach("x", as: "a.txt", "text/plain", to: second, by: cast.colleague)
            #expect(colleague.status == 201)
        }
    }

    @Test func `a closed case takes no files and keeps those it has, but takes comments`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .answered)
            let path = "/v1/consultations/\(id)"
            let made = try await house.attach("abc", as: "a.txt", "text/plain", to: path, by: cast.asker)
            #expect(try await house.send(.post, "\(path)/acknowledge", "{}", as: cast.asker).status == 200)
            let late = try await house.attach("abc", as: "b.txt", "text/plain", to: path, by: cast.asker)
            #expect(late.status == 409 && late.code == "transition_refused" && late.text("state") == "closed")
            let file = "/v1/attachments/\(try #require(made.text("id")))"
            #expect(try await house.send(.delete, file, as: cast.asker).code == "transition_refused")
            #expect(try await house.send(.post, "\(path)/comments", #"{"text":"Thanks"}"#, as: cast.asker).status == 201)
            #expect(try await house.send(.delete, file, as: cast.admin).status == 204)
        }
    }

    @Test func `whoever may not attach is refused by the head alone`() async throws {
        try await withCase { house, cast, path throws in
            let headers = ["content-type": "text/plain", "content-disposition": "attachment; filename=a.txt", "content-length": "3"]
            func status(_ target: String, _ person: APIHouse.Person?, _ more: [String: String] = [:]) throws -> Int {
                switch try house.reception(target, as: person, headers: headers.merging(more) { $1 }) {
                case .refused(let response): response.status
                case .streamed: 100
                case .collected: 0
                }
            }
            #expect(try status("\(path)/attachments", nil) == 401)
            #expect(try status("\(path)/attachments", cast.stranger) == 404)
            #expect(try status("\(path)/attachments", cast.director) == 403)
            #expect(try status("\(path)/attachments?x=1", cast.asker) == 400)
            #expect(try status("\(path)/attachments?dry_run=maybe", cast.asker) == 400)
            #expect(try status("\(path)/attachments", cast.asker, ["idempotency-key": "a b"]) == 400)
            #expect(try status("\(path)/attachments", cast.asker, ["content-length": "\(Int.max)"]) == 413)
            #expect(try status("\(path)/attachments", cast.asker) == 100)
            #expect(try status("\(path)/submit", cast.asker) == 0)
            let reader = try await house.token(for: cast.asker.user, scopes: [.read])
            #expect(try status("\(path)/attachments", reader) == 403)
            #expect(house.storedFiles == 0)
        }
    }

    @Test func `a body counts once against the limit of attachments, which is a tenth of the other`() async throws {
        try await withCase(rateLimit: 200) { house, cast, path throws in
            for count in 1...20 {
                let made = try await house.attach("x\(count)", as: "a.txt", "text/plain", to: path, by: cast.asker)
                #expect(made.status == 201)
                #expect(made.headers["ratelimit-policy"] == #""attachments";q=20;w=60"#)
                #expect(made.headers["ratelimit"]?.contains(";r=\(20 - count);") == true, "\(made.headers)")
            }
            let late = try await house.attach("y", as: "a.txt", "text/plain", to: path, by: cast.asker)
            #expect(late.status == 429 && late.headers["retry-after"] != nil)
            #expect(try await house.send(.get, "\(path)/attachments", as: cast.asker).status == 200)
        }
    }

    @Test func `each comment and each file coming or going is in the history, without its text`() async throws {
        try await withCase { house, cast, path throws in
            _ = try await house.send(.post, "\(path)/comments", #"{"text":"Secret words"}"#, as: cast.officer)
            let made = try await house.attach("abc", as: "secret.txt", "text/plain", to: path, by: cast.asker)
            _ = try await house.send(.delete, "/v1/attachments/\(try #require(made.text("id")))", as: cast.asker)
            let history = try await house.send(.get, "\(path)/history", as: cast.head)
            #expect(history.data.prefix(3).map { $0.text(at: "event") } == ["detach", "attach", "comment"])
            #expect(!history.text.lowercased().contains("secret"))
            #expect(history.data.first?.text(at: "actor.id") == cast.asker.id)
        }
    }

    @Test func `a token needs the permission of the case beside that of attachments`() async throws {
        try await withCase { house, cast, path throws in
            let made = try await house.attach("abc", as: "a.txt", "text/plain", to: path, by: cast.asker)
            let file = "/v1/attachments/\(try #require(made.text("id")))"
            let scopes: [(String, Int)] = [("attachments:read", 404), ("consultations:read", 403), ("read", 200)]
            for (name, status) in scopes {
                let token = try await house.token(for: cast.asker.user, scopes: [try #require(Scope(rawValue: name))])
                #expect(try await house.send(.get, file, as: token).status == status, "\(name)")
            }
        }
    }

    @Test func `a missing or shortened file is a fault, not an empty answer`() async throws {
        try await withCase { house, cast, path throws in
            let made = try await house.attach("abc", as: "a.txt", "text/plain", to: path, by: cast.asker)
            let (href, hash) = (try #require(made.text("href")), try #require(made.text("sha256")))
            let file = "\(house.directory)/attachments/\(hash.prefix(2))/\(hash)"
            #expect(FileManager.default.createFile(atPath: file, contents: Data("ab".utf8)))
            #expect(try await house.send(.get, href, as: cast.asker).status == 500)
            try FileManager.default.removeItem(atPath: file)
            #expect(try await house.send(.get, href, as: cast.asker).status == 500)
        }
    }

    @Test func `a form has one field, the file`() async throws {
        try await withCase { house, cast, path throws in
            func send(_ parts: [BodyPart]) async throws -> String {
                let headers = ["content-type": "multipart/form-data; boundary=x"]
                guard case .streamed(let receiver, _) = try house.reception("\(path)/attachments", as: cast.asker, headers: headers) else {
                    return "refused"
                }
                var fields = Headers()
                fields.append("authorization", "Bearer \(cast.asker.token)")
                var request = Request(
                    method: .post,
                    target: try Target(parsing: "\(path)/attachments".utf8),
                    headers: fields,
                    clientAddress: "192.0.2.1",
                    id: "form"
                )
                do throws(Problem) {
                    for part in parts {
                        try receiver.begin(part)
                        try receiver.receive(Array("abc".utf8).span.bytes)
                    }
                } catch {
                    guard case .pointer(let pointer)? = error.errors.first?.place else {
                        return "\(error.code.status)"
                    }
                    return "\(error.code.status) \(pointer)"
                }
                request.receiver = receiver
                return "\(await house.application.respond(to: request).status)"
            }
            let file = BodyPart(name: "file", fileName: "a.txt", contentType: "text/plain")
            #expect(try await send([file]) == "201")
            #expect(try await send([file, file]) == "422 /file")
            #expect(try await send([BodyPart(name: "note", fileName: nil, contentType: nil)]) == "422 /note")
            #expect(try await send([BodyPart(name: "file", fileName: nil, contentType: "text/plain")]) == "422 /file")
            #expect(try await send([BodyPart(name: "file", fileName: "a.txt", contentType: nil)]) == "415")
            #expect(try await send([]) == "422")
            #expect(house.storedFiles == 1)
        }
    }
}
