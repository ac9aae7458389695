import HTTP
import Testing

@Suite struct TargetTests {
    private func target(_ text: String) throws -> Target { try Target(parsing: text.utf8) }

    @Test(arguments: [
        ("/", []),
        ("/v1", ["v1"]),
        ("/v1/consultations/con_1/submit", ["v1", "consultations", "con_1", "submit"]),
        ("/v1/", ["v1", ""]),
        ("//v1", ["", "v1"]),
        ("/a%20b", ["a b"]),
        ("/a+b", ["a+b"]),
        ("/caf%C3%A9", ["café"]),
        ("/%e2%82%ac", ["€"]),
        ("/...", ["..."]),
    ])
    func `a path becomes its decoded segments`(_ raw: String, _ segments: [String]) throws {
        #expect(try target(raw).segments == segments)
    }

    @Test func `a segment is decoded once`() throws {
        #expect(try target("/%2541").segments == ["%41"])
        #expect(try target("/%252F").segments == ["%2F"])
        #expect(try target("/?a=%252e").query.first?.value == "%2e")
    }

    @Test func `the path is kept as it was sent`() throws {
        #expect(try target("/a%20b?x=1").path == "/a%20b")
    }

    @Test(arguments: [
        "/%", "/%4", "/%zz", "/%4g", "/a%", "/%C3", "/%FF", "/%C0%AF", "/%ED%A0%80", "/?a=%", "/?%=1", "/?a=%FF", "/?a=%00", "/?%00=a",
    ])
    func `a bad escape is refused`(_ raw: String) {
        #expect(throws: Target.Fault.badEscape) { try target(raw) }
    }

    @Test(arguments: [
        "/%00", "/a%00b", "/%2F", "/%2f", "/%5C", "/a\\b", "/.", "/..", "/%2e", "/%2E%2e", "/a/../b", "/%0a", "/%7F", "/a%0D%0Ab", "/\u{1}",
    ])
    func `a segment that means another path is refused`(_ raw: String) {
        #expect(throws: Target.Fault.badSegment) { try target(raw) }
    }

    @Test(arguments: ["", "v1", "http://host/v1", "*", "?a=1"])
    func `anything but the origin form is refused`(_ raw: String) {
        #expect(throws: Target.Fault.notOriginForm) { try target(raw) }
    }

    @Test(arguments: [
        ("/?", []),
        ("/?a=1", ["a=1"]),
        ("/?a=1&a=2", ["a=1", "a=2"]),
        ("/?a", ["a="]),
        ("/?a=", ["a="]),
        ("/?=b", ["=b"]),
        ("/?a=b=c", ["a=b=c"]),
        ("/?&&a=1&", ["a=1"]),
        ("/?a+b=c+d", ["a b=c d"]),
        ("/?a=%2B%26%3D", ["a=+&="]),
        ("/?a=?", ["a=?"]),
        ("/?a=../x", ["a=../x"]),
    ])
    func `a query becomes its items in order`(_ raw: String, _ items: [String]) throws {
        #expect(try target(raw).query.map { "\($0.name)=\($0.value)" } == items)
    }

    @Test func `a query has 64 items at most`() throws {
        let items = (1...64).map { "a\($0)=1" }.joined(separator: "&")
        #expect(try target("/?\(items)").query.count == 64)
        #expect(throws: Target.Fault.tooManyQueryItems) { try target("/?\(items)&b=1") }
    }

    @Test func `two targets are equal by path and items`() throws {
        #expect(try target("/a?x=1") == target("/a?x=1"))
        #expect(try target("/a?x=1") != target("/a?x=2"))
        #expect(try target("/a?x=1") != target("/b?x=1"))
    }

    @Test func `no bytes whatever trap`() {
        var random = SeededGenerator(seed: 7)
        let alphabet = Array("/%?&=+.\\aF20".utf8) + [0, 0xC3, 0xA9, 0xFF]
        for _ in 0..<20_000 {
            let bytes =
                [UInt8(ascii: "/")]
                + (0..<Int.random(in: 0...24, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) }
            guard let target = try? Target(parsing: bytes) else { continue }
            for segment in target.segments {
                #expect(segment != "." && segment != ".." && !segment.utf8.contains(0) && !segment.utf8.contains(UInt8(ascii: "/")))
            }
        }
    }

    @Test func `a value survives its percent-encoding`() throws {
        let value = "a b&c=d+é/%00\"\\"
        #expect(try target("/?q=\(percentEncoded(value))").query.first?.value == value)
    }
}
