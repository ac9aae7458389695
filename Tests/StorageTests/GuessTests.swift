import Domain
import HTTP
import StorageSQLite
import TestSupport
import Testing

/// Guesses of a password that overlap in time.
@Suite struct GuessTests {
    private static let password = "a long and quiet sentence 7"

    private static func signIn(_ house: APIHouse, from address: String) async throws -> Int {
        let body = #"{"username":"asker","password":"\#(password)"}"#
        return try await house.send(.post, "/v1/sessions", body, from: address).status
    }

    @Test func `a right guess is barred by those that fail while it is checked`() async throws {
        try await APIHouse.with { house throws in
            _ = try await house.person("asker", [.workUnit], in: try await house.unit("A"), password: Self.password)
            let store = try #require(house.store as? SQLiteStore)
            let (running, gate, now) = (Told(), Bell(), APIHouse.monday)
            async let failures: Void = store.write { tx throws(DomainError) in
                running.add("writing")
                gate.wait()
                let throttle = LoginThrottle(account: "asker", address: "192.0.2.1")
                for _ in 0..<5 { try throttle.noteFailure(in: tx.logins, at: now) }
            }
            while running.all.isEmpty { await Task.yield() }
            async let right = Self.signIn(house, from: "192.0.2.1")
            // It has read that nothing bars it, and waits to be written.
            while store.metrics.queueDepth == 0 { await Task.yield() }
            gate.ring()
            try await failures
            let status = try await right
            #expect(status == 401)
            #expect(try await Self.signIn(house, from: "192.0.2.2") == 201)
        }
    }
}
