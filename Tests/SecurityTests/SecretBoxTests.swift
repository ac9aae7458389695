import Testing

@testable import Security

struct SecretBoxTests {
    private let key = SecureRandom.bytes(32)

    @Test(arguments: [0, 1, 57, 4_096])
    func `what was sealed opens again with the same key`(_ count: Int) {
        let bytes = SecureRandom.bytes(count)
        let box = SecretBox.seal(bytes, key: key)
        #expect(SecretBox.open(box, key: key) == bytes)
        #expect(box != SecretBox.seal(bytes, key: key))
    }

    @Test
    func `another key, a changed byte or a missing one opens nothing`() {
        let box = SecretBox.seal(Array("kimr".utf8), key: key)
        #expect(SecretBox.open(box, key: SecureRandom.bytes(32)) == nil)
        #expect(SecretBox.open(box, key: Array(key.dropLast())) == nil)
        for index in box.indices {
            var changed = box
            changed[index] ^= 1
            #expect(SecretBox.open(changed, key: key) == nil)
            #expect(SecretBox.open(Array(box.prefix(index)), key: key) == nil)
        }
    }

    @Test
    func `one-time passwords are seven groups of four and never the same`() {
        let passwords = (0..<1_000).map { _ in OneTimePassword.generate() }
        #expect(Set(passwords).count == passwords.count)
        for password in passwords {
            let groups = password.split(separator: "-", omittingEmptySubsequences: false)
            #expect(groups.map(\.count) == [4, 4, 4, 4, 4, 4, 4])
            #expect(password.utf8.allSatisfy { "0123456789abcdefghjkmnpqrstvwxyz-".utf8.contains($0) })
        }
    }
}
