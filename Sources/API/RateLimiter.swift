import HTTP
import Synchronization

/// Token buckets by caller: a minute's worth of requests, refilled evenly.
package final class RateLimiter: Sendable {
    /// What is left for a caller.
    package struct Allowance {
        package let isGranted: Bool
        let remaining: Int
        /// Seconds until the next request may pass, or until the bucket is full.
        let seconds: Int
    }

    private struct Bucket {
        var tokens: Double
        var nanoseconds: UInt64
    }

    /// The buckets in use, and those of the time before: together never more than 100 000.
    private struct Generations {
        var young: [String: Bucket] = [:]
        var old: [String: Bucket] = [:]
    }

    private static let mostPerGeneration = 50_000

    /// What the limit is called in `RateLimit-Policy`.
    private let name: String
    /// Requests a minute.
    let quota: Int
    private let now: @Sendable () -> UInt64
    private let generations = Mutex(Generations())

    /// `now` is a monotonic time in nanoseconds.
    package init(_ name: String, quota: Int, now: @escaping @Sendable () -> UInt64) {
        self.name = name
        self.quota = quota
        self.now = now
    }

    /// Counts a request, or with `cost` 0 only tells what is left.
    package func take(for caller: String, cost: Double = 1) -> Allowance {
        let now = now()
        let rate = Double(quota) / 60
        return generations.withLock { generations in
            var bucket = generations.young[caller] ?? generations.old[caller] ?? Bucket(tokens: Double(quota), nanoseconds: now)
            // Whoever read the clock first may come second to the lock: his time is before the bucket's.
            if now > bucket.nanoseconds {
                bucket.tokens = min(Double(quota), bucket.tokens + Double(now - bucket.nanoseconds) / 1_000_000_000 * rate)
                bucket.nanoseconds = now
            }
            let isGranted = bucket.tokens >= cost
            if isGranted { bucket.tokens -= cost }
            if generations.young.count >= Self.mostPerGeneration {
                generations.old = generations.young
                generations.young = [:]
            }
            generations.young[caller] = bucket
            let wait = isGranted ? (Double(quota) - bucket.tokens) / rate : (cost - bucket.tokens) / rate
            return Allowance(isGranted: isGranted, remaining: Int(bucket.tokens), seconds: max(1, Int(wait.rounded(.up))))
        }
    }

    func headers(for allowance: Allowance) -> [(String, String)] {
        [
            ("ratelimit-policy", "\"\(name)\";q=\(quota);w=60"),
            ("ratelimit", "\"\(name)\";r=\(allowance.remaining);t=\(allowance.seconds)"),
        ]
    }
}
