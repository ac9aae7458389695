import Testing

@testable import Security

struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 agrees with the vectors of FIPS 180`(_ text: String, _ expected: String) {
        #expect(Digest.hex(Digest.sha256(utf8: text)) == expected)
        #expect(Digest.hex(Digest.sha256(Array(text.utf8))) == expected)
    }

    @Test
    func `SHA-256 piece by piece equals SHA-256 at once`() {
        let bytes = SecureRandom.bytes(1_000)
        for size in [1, 7, 63, 64, 65, 1_000] {
            var hasher = SHA256Hasher()
            for start in stride(from: 0, to: bytes.count, by: size) {
                hasher.update(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(hasher.finish() == Digest.sha256(bytes))
        }
        let untouched = SHA256Hasher()
        #expect(untouched.finish() == Digest.sha256([]))
    }

    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC agrees with the vectors of RFC 4231`(_ key: [UInt8], _ message: [UInt8], _ expected: String) {
        #expect(Digest.hex(Digest.hmacSHA256(message, key: key)) == expected)
    }

    @Test
    func `CRC-32 agrees with its check value`() {
        let digits = Array("123456789".utf8)
        let check = CRC32.checksum(digits.span)
        #expect(check == 0xcbf4_3926)
    }

    @Test
    func `comparison sees every difference`() {
        let bytes = SecureRandom.bytes(32)
        #expect(Digest.isEqual(bytes, bytes))
        #expect(Digest.isEqual([], []))
        #expect(!Digest.isEqual(bytes, Array(bytes.dropLast())))
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(!Digest.isEqual(bytes, other))
        }
    }

    @Test
    func `every purpose has a key of its own`() {
        let secret = SecureRandom.bytes(32)
        #expect(Digest.deriveKey(from: secret, context: "answer").count == SecretBox.keyByteCount)
        #expect(Digest.deriveKey(from: secret, context: "answer") == Digest.deriveKey(from: secret, context: "answer"))
        #expect(Digest.deriveKey(from: secret, context: "answer") != Digest.deriveKey(from: secret, context: "cursor"))
    }

    @Test
    func `random bytes have the length asked for and do not repeat`() {
        #expect(SecureRandom.bytes(-1).isEmpty)
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(Set((0..<1_000).map { _ in SecureRandom.bytes(16) }).count == 1_000)
    }

    @Test
    func `libsodium may be started again and again`() throws {
        try Sodium.start()
        try Sodium.start()
    }
}
