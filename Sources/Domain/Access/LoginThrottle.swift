/// How failed sign-ins slow further ones down; its state is in storage and outlives a restart.
package struct LoginThrottle: Sendable {
    /// What becomes of a try.
    package enum Verdict: Sendable, Equatable {
        case allowed
        /// The try fails whatever the password; the answer does not tell.
        case barred
        /// The address has had too many; seconds until it may try again.
        case tooMany(seconds: Int)
    }

    private enum Limit {
        static let freeFailures = 5
        static let firstWait: Int64 = 30_000
        static let longestWait: Int64 = 3_600_000
        static let accountFailures = 20
        static let accountWindow: Int64 = 3_600_000
        static let accountConsecutive = 100
        static let addressFailures = 30
        static let addressWindow: Int64 = 600_000
        static let knownAddressLife: Int64 = 30 * 86_400_000
    }

    private let account: String
    private let address: String

    package init(account: String, address: String) {
        self.account = account
        self.address = address
    }

    private var pairKey: String { "both \(account) \(address)" }
    private var accountKey: String { "account \(account)" }
    private var addressKey: String { "address \(address)" }

    package func verdict(in logins: any LoginRepository, at now: Instant) throws(DomainError) -> Verdict {
        if let failures = try logins.failures(under: addressKey) {
            let left = failures.windowStart.milliseconds + Limit.addressWindow - now.milliseconds
            if failures.inWindow >= Limit.addressFailures, left > 0 { return .tooMany(seconds: Int(left / 1000) + 1) }
        }
        if let failures = try logins.failures(under: pairKey), failures.count >= Limit.freeFailures {
            let doublings = min(failures.count - Limit.freeFailures, 16)
            let wait = min(Limit.firstWait << Int64(doublings), Limit.longestWait)
            if now.milliseconds < failures.lastAt.milliseconds + wait { return .barred }
        }
        if let failures = try logins.failures(under: accountKey) {
            let isInWindow = now.milliseconds < failures.windowStart.milliseconds + Limit.accountWindow
            let isLocked = failures.count >= Limit.accountConsecutive || (failures.inWindow >= Limit.accountFailures && isInWindow)
            if isLocked, try !isKnown(in: logins, at: now) { return .barred }
        }
        return .allowed
    }

    private func isKnown(in logins: any LoginRepository, at now: Instant) throws(DomainError) -> Bool {
        guard let last = try logins.lastSuccess(of: account, from: address) else { return false }
        return now.milliseconds - last.milliseconds < Limit.knownAddressLife
    }

    package func noteFailure(in logins: any LoginRepository, at now: Instant) throws(DomainError) {
        try count(pairKey, Limit.longestWait, logins, now)
        try count(accountKey, Limit.accountWindow, logins, now)
        try count(addressKey, Limit.addressWindow, logins, now)
    }

    private func count(_ key: String, _ window: Int64, _ logins: any LoginRepository, _ now: Instant) throws(DomainError) {
        var failures = try logins.failures(under: key) ?? LoginFailures(count: 0, inWindow: 0, windowStart: now, lastAt: now)
        if now.milliseconds >= failures.windowStart.milliseconds + window {
            failures.inWindow = 0
            failures.windowStart = now
        }
        failures.count += 1
        failures.inWindow += 1
        failures.lastAt = now
        try logins.set(failures, under: key)
    }

    /// A success clears what the account and this address had against them together; the address's own count stays.
    package func noteSuccess(in logins: any LoginRepository, at now: Instant) throws(DomainError) {
        try logins.clear(pairKey)
        try logins.clear(accountKey)
        try logins.noteSuccess(of: account, from: address, at: now)
    }

    /// An administrator's reset clears whatever the account has against it, from every address; what addresses did stays.
    package static func forgive(_ account: String, in logins: any LoginRepository) throws(DomainError) {
        let throttle = LoginThrottle(account: account, address: "")
        try logins.clear(throttle.accountKey)
        try logins.clear(beginning: throttle.pairKey)
    }
}
