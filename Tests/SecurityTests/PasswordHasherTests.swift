import Testing

@testable import Security

struct PasswordHasherTests {
    private static let cheap = 19 << 20

    @Test
    func `a password is known by its hash and another is not`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap)
        let hash = try await hasher.hash("sembilan kuda nil di sawah")
        #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(try await hasher.verify("sembilan kuda nil di sawah", against: hash))
        for wrong in ["Sembilan kuda nil di sawah", "sembilan kuda nil di sawah ", "sembilan kuda nil di sawah\u{0}", ""] {
            #expect(try await !hasher.verify(wrong, against: hash))
        }
        #expect(try await hasher.hash("sembilan kuda nil di sawah") != hash)
    }

    @Test
    func `nothing of a password is cut off, whatever its bytes`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap)
        for password in ["", "kata\u{0}sandi", String(repeating: "🦛", count: 128)] {
            let hash = try await hasher.hash(password)
            #expect(try await hasher.verify(password, against: hash))
            #expect(try await !hasher.verify(password + "x", against: hash))
        }
        let hash = try await hasher.hash("kata\u{0}sandi")
        #expect(try await !hasher.verify("kata\u{0}", against: hash))
    }

    // Made by libsodium's crypto_pwhash_str, 2 passes over 19 MiB.
    @Test
    func `a hash made elsewhere is known`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap)
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$5e9pNau7kP++yuGeR1PbMA$+/EaKP2+ITtK54bdMfm+DjtSMRtGLDkko9FPpa6cryw"
        #expect(try await hasher.verify("sembilan kuda nil", against: hash))
        #expect(try await !hasher.verify("sembilan kuda", against: hash))
        #expect(try await !hasher.verify("sembilan kuda nil", against: hash.dropLast() + "A"))
    }

    @Test
    func `a stored hash that is none refuses every password`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap)
        for hash in [
            "", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$$",
            "$argon2id$v=19$m=99999999999999999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$argon2id$v=19$m=-1,t=-1,p=1$$$",
            String(repeating: "$", count: 500),
        ] {
            #expect(try await !hasher.verify("", against: hash))
        }
    }

    @Test
    func `without a hash the answer is no at the same cost`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap, width: 1)
        let hash = try await hasher.hash("a")
        // The least of several: other work on the machine only ever adds to a time.
        var known = Duration.seconds(60)
        var unknown = Duration.seconds(60)
        let clock = ContinuousClock()
        for _ in 0..<8 {
            let start = clock.now
            #expect(try await !hasher.verify("b", against: hash))
            let middle = clock.now
            #expect(try await !hasher.verify("b", against: nil))
            known = min(known, middle - start)
            unknown = min(unknown, clock.now - middle)
        }
        #expect(unknown > known * 0.5 && unknown < known * 2)
    }

    @Test
    func `a cost below the floor is refused`() throws {
        #expect(throws: PasswordHasher.BelowFloor.self) { try PasswordHasher(passes: 1, memoryBytes: Self.cheap) }
        #expect(throws: PasswordHasher.BelowFloor.self) { try PasswordHasher(passes: 2, memoryBytes: Self.cheap - 1) }
        #expect(throws: PasswordHasher.BelowFloor.self) { try PasswordHasher(passes: 0, memoryBytes: -1) }
    }

    @Test
    func `a hash of a lower cost is to be replaced`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap)
        let hash = try await hasher.hash("a")
        #expect(!hasher.needsRehash(hash))
        #expect(try PasswordHasher(passes: 3, memoryBytes: Self.cheap).needsRehash(hash))
        #expect(try PasswordHasher(passes: 2, memoryBytes: 20 << 20).needsRehash(hash))
        #expect(hasher.needsRehash("no hash"))
        let dear = try await PasswordHasher(passes: 3, memoryBytes: 20 << 20).hash("a")
        #expect(!hasher.needsRehash(dear))
        #expect(try await hasher.verify("a", against: dear))
    }

    @Test
    func `a flood is refused, not queued, and the hasher serves again after it`() async throws {
        let hasher = try PasswordHasher(passes: 2, memoryBytes: Self.cheap, width: 1, queueLimit: 2)
        let outcomes = await withTaskGroup { group in
            for _ in 0..<64 {
                group.addTask {
                    do throws(PasswordHasher.Failure) {
                        _ = try await hasher.hash("a")
                        return nil as PasswordHasher.Failure?
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let refused = outcomes.compactMap(\.self)
        #expect(refused.count >= 1 && refused.count <= 61)
        #expect(refused.allSatisfy { $0 == .overloaded })
        let hash = try await hasher.hash("b")
        #expect(try await hasher.verify("b", against: hash))
    }
}
