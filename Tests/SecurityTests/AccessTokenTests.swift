import Testing

@testable import Security

struct AccessTokenTests {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    @Test
    func `ten thousand tokens are read as they were written and no two are alike`() throws {
        var seen: Set<String> = []
        for count in 0..<10_000 {
            let kind = AccessToken.Kind.allCases[count % 3]
            let token = AccessToken.generate(kind)
            let read = try #require(AccessToken(parsing: token.text))
            #expect(read.kind == kind)
            #expect(read.text == token.text)
            #expect(read.hash == Digest.sha256(Array(token.text.utf8)))
            seen.insert(token.text)
        }
        #expect(seen.count == 10_000)
    }

    @Test
    func `a token has the published form`() throws {
        let published = try Regex(AccessToken.pattern)
        for kind in AccessToken.Kind.allCases {
            let token = AccessToken.generate(kind)
            #expect(token.text.utf8.count == 56)
            #expect(token.text.wholeMatch(of: published) != nil)
            #expect(token.text.hasPrefix("kimr_\(kind.rawValue)_"))
            #expect(token.text.hasSuffix(token.lastFour))
        }
    }

    // Written by hand from the form in the contract, with a CRC-32 and a base62 made by another program.
    @Test(arguments: [
        ("kimr_s_00000000000000000000000000000000000000000003SV4Y6", AccessToken.Kind.session),
        ("kimr_m_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp11QNwef", .machine),
    ])
    func `tokens made elsewhere by the same rule are read`(_ text: String, _ kind: AccessToken.Kind) {
        #expect(AccessToken(parsing: text)?.kind == kind)
    }

    @Test
    func `the digits of a secret are its number in base 62`() {
        let highest = Base62.encode([UInt32](repeating: .max, count: 8), width: 43)
        #expect(String(decoding: highest, as: UTF8.self) == "yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp1")
        #expect(String(decoding: Base62.encode([0, 62], width: 4), as: UTF8.self) == "0010")
        #expect(String(decoding: Base62.encode([1, 0], width: 7), as: UTF8.self) == "04gfFC4")
    }

    @Test
    func `a token with any one character changed, lost or added is refused`() {
        let token = AccessToken.generate(.personal)
        let bytes = Array(token.text.utf8)
        for index in bytes.indices {
            for byte in Self.alphabet + Array("_-. \u{0}".utf8) where byte != bytes[index] {
                var changed = bytes
                changed[index] = byte
                #expect(AccessToken(parsing: String(decoding: changed, as: UTF8.self)) == nil)
            }
            var shorter = bytes
            shorter.remove(at: index)
            #expect(AccessToken(parsing: String(decoding: shorter, as: UTF8.self)) == nil)
            var longer = bytes
            longer.insert(bytes[index], at: index)
            #expect(AccessToken(parsing: String(decoding: longer, as: UTF8.self)) == nil)
        }
    }

    @Test
    func `no input whatever stops the parser`() {
        for count in 0..<20_000 {
            let bytes = SecureRandom.bytes(count % 80)
            #expect(AccessToken(parsing: String(decoding: bytes, as: UTF8.self)) == nil)
            // The right start and length, so that the bytes reach the digits.
            let tail = SecureRandom.bytes(49).map { $0 & 0x7f }
            #expect(AccessToken(parsing: "kimr_s_" + String(decoding: tail, as: UTF8.self)) == nil)
        }
        #expect(AccessToken(parsing: String(repeating: "é", count: 28)) == nil)
        #expect(AccessToken(parsing: "kimr_s_" + String(repeating: "z", count: 49)) == nil)
        #expect(AccessToken(parsing: String(repeating: "k", count: 1_000_000)) == nil)
    }

    @Test
    func `the secret never shows in a description, a mirror or a dump`() {
        let token = AccessToken.generate(.session)
        let secret = token.text.dropFirst(7).dropLast(4)
        var dumped = ""
        dump(["token": token], to: &dumped)
        let holder: (name: String, token: AccessToken?) = ("a", token)
        for shown in [
            "\(token)", String(describing: token), String(reflecting: token), dumped, "\([token])", "\(holder)",
            "\(Mirror(reflecting: token))",
            token.masked, token.prefix,
        ] {
            #expect(!shown.contains(secret.prefix(8)))
            #expect(!shown.contains(secret.suffix(8)))
        }
        #expect(token.masked == "kimr_s_…\(token.lastFour)")
        #expect("\(token)" == "AccessToken")
    }
}
