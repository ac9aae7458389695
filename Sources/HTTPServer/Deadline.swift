import Synchronization

/// What a connection is waited for, and until when; one atomic word, since the I/O thread writes it and the reaper reads it.
struct Deadline: Sendable {
    enum Phase: UInt64 {
        /// Connected, and no request line yet.
        case fresh
        /// Between two requests.
        case idle
        /// The request line is there, the header fields are not.
        case head
        case body
        case handler
        /// The answer is on its way.
        case answer
        /// The answer is a feed that has nothing just now, and may take any time.
        case rest
    }

    let phase: Phase
    /// Nanoseconds of the monotonic clock.
    let time: UInt64

    init(_ phase: Phase, at now: UInt64, after seconds: Double) {
        self.phase = phase
        time = now &+ UInt64(max(0, min(seconds, 1e9)) * 1e9)
    }

    init(word: UInt64) {
        phase = Phase(rawValue: word & 7) ?? .fresh
        time = word >> 3
    }

    // 61 bits of nanoseconds last 73 years of uptime.
    var word: UInt64 { time << 3 | phase.rawValue }
}
