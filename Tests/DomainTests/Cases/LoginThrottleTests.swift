import Domain
import Testing

/// How failed sign-ins slow further ones down.
@Suite struct LoginThrottleTests {
    /// What storage keeps of sign-ins, kept here.
    private final class Records: LoginRepository {
        private var failed: [String: LoginFailures] = [:]
        private var succeeded: [String: Instant] = [:]

        func failures(under key: String) -> LoginFailures? { failed[key] }
        func set(_ failures: LoginFailures, under key: String) { failed[key] = failures }
        func clear(_ key: String) { failed[key] = nil }
        func clear(beginning prefix: String) { failed = failed.filter { !$0.key.hasPrefix(prefix) } }
        func lastSuccess(of account: String, from address: String) -> Instant? { succeeded["\(account) \(address)"] }
        func noteSuccess(of account: String, from address: String, at now: Instant) { succeeded["\(account) \(address)"] = now }
        func removeOld(before time: Instant) {}
    }

    private let start = Instant(milliseconds: 1_794_790_800_000)

    @Test(
        arguments: [
            (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 960), (11, 1920), (12, 3600), (13, 3600), (19, 3600),
        ] as [(Int, Int64)]
    )
    func `the wait begins at the fifth failure, doubles, and ends at an hour`(_ failures: Int, _ wait: Int64) throws {
        let records = Records()
        let throttle = LoginThrottle(account: "a", address: "1")
        for _ in 0..<failures { try throttle.noteFailure(in: records, at: start) }
        let last = start.advanced(byMilliseconds: wait * 1000 - 1)
        if wait > 0 { #expect(try throttle.verdict(in: records, at: last) == .barred) }
        #expect(try throttle.verdict(in: records, at: start.advanced(byMilliseconds: wait * 1000)) == .allowed)
        #expect(try LoginThrottle(account: "a", address: "2").verdict(in: records, at: start) == .allowed)
        #expect(try LoginThrottle(account: "b", address: "1").verdict(in: records, at: start) == .allowed)
    }

    @Test func `twenty failures of an account in an hour bar addresses it does not know, for that hour`() throws {
        let records = Records()
        let known = LoginThrottle(account: "a", address: "home")
        try known.noteSuccess(in: records, at: start)
        for number in 0..<20 { try LoginThrottle(account: "a", address: "\(number)").noteFailure(in: records, at: start) }
        let stranger = LoginThrottle(account: "a", address: "new")
        #expect(try stranger.verdict(in: records, at: start) == .barred)
        #expect(try known.verdict(in: records, at: start) == .allowed)
        #expect(try stranger.verdict(in: records, at: start.advanced(byMilliseconds: 3_599_999)) == .barred)
        #expect(try stranger.verdict(in: records, at: start.advanced(byMilliseconds: 3_600_000)) == .allowed)
    }

    @Test func `an address is known for thirty days`() throws {
        let records = Records()
        let known = LoginThrottle(account: "a", address: "home")
        try known.noteSuccess(in: records, at: start)
        let later = start.advanced(byMilliseconds: 30 * 86_400_000)
        for number in 0..<20 { try LoginThrottle(account: "a", address: "\(number)").noteFailure(in: records, at: later) }
        #expect(try known.verdict(in: records, at: later.advanced(byMilliseconds: -1)) == .allowed)
        #expect(try known.verdict(in: records, at: later) == .barred)
    }

    @Test func `a hundred failures in a row bar unknown addresses until a success`() throws {
        let records = Records()
        let known = LoginThrottle(account: "a", address: "home")
        try known.noteSuccess(in: records, at: start)
        for number in 0..<100 {
            try LoginThrottle(account: "a", address: "\(number)").noteFailure(
                in: records,
                at: start.advanced(byMilliseconds: Int64(number) * 600_000)
            )
        }
        let stranger = LoginThrottle(account: "a", address: "new")
        let later = start.advanced(byMilliseconds: 20 * 86_400_000)
        #expect(try stranger.verdict(in: records, at: later) == .barred)
        #expect(try known.verdict(in: records, at: later) == .allowed)
        try known.noteSuccess(in: records, at: later)
        #expect(try stranger.verdict(in: records, at: later) == .allowed)
    }

    @Test func `thirty failures from an address in ten minutes are too many, and the wait is told`() throws {
        let records = Records()
        for number in 0..<29 { try LoginThrottle(account: "\(number)", address: "1").noteFailure(in: records, at: start) }
        let next = LoginThrottle(account: "z", address: "1")
        #expect(try next.verdict(in: records, at: start) == .allowed)
        try next.noteFailure(in: records, at: start)
        #expect(try next.verdict(in: records, at: start.advanced(byMilliseconds: 590_000)) == .tooMany(seconds: 11))
        #expect(try LoginThrottle(account: "z", address: "2").verdict(in: records, at: start) == .allowed)
        #expect(try LoginThrottle(account: "y", address: "1").verdict(in: records, at: start.advanced(byMilliseconds: 600_000)) == .allowed)
        // A success of one does not wipe out what the address did.
        try LoginThrottle(account: "0", address: "1").noteSuccess(in: records, at: start)
        #expect(try next.verdict(in: records, at: start) != .allowed)
    }
}
