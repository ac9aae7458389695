/// A time zone of Indonesia; none has summer time, so each is one fixed offset.
package enum IndonesianTimeZone: String, Sendable, Hashable, CaseIterable {
    case jakarta = "Asia/Jakarta"
    case pontianak = "Asia/Pontianak"
    case makassar = "Asia/Makassar"
    case jayapura = "Asia/Jayapura"

    /// Seconds that local time is ahead of UTC.
    package var offsetSeconds: Int {
        switch self {
        case .jakarta, .pontianak: 7 * 3_600
        case .makassar: 8 * 3_600
        case .jayapura: 9 * 3_600
        }
    }

    /// The day people there see on the wall at that moment, kept within years 1 to 9999.
    package func localDate(of instant: Instant) -> CivilDate {
        CivilDate(daysSinceEpoch: Int(localMilliseconds(of: instant).flooredDays))
    }

    /// The moment when that many seconds of the day have passed there since midnight.
    package func instant(at secondsOfDay: Int, on date: CivilDate) -> Instant {
        let midnight = (Int64(date.daysSinceEpoch) * 86_400 - Int64(offsetSeconds)) * 1_000
        let (elapsed, overflow) = Int64(secondsOfDay).multipliedReportingOverflow(by: 1_000)
        let distance = overflow ? (secondsOfDay < 0 ? Int64.min : Int64.max) : elapsed
        return Instant(milliseconds: midnight).advanced(byMilliseconds: distance)
    }

    /// Milliseconds of local time since 1970-01-01T00:00 there.
    func localMilliseconds(of instant: Instant) -> Int64 {
        instant.advanced(byMilliseconds: Int64(offsetSeconds) * 1_000).milliseconds
    }

    /// The moment of a local time, the inverse of `localMilliseconds(of:)`.
    func instant(localMilliseconds: Int64) -> Instant {
        Instant(milliseconds: localMilliseconds).advanced(byMilliseconds: -Int64(offsetSeconds) * 1_000)
    }
}

extension Int64 {
    /// Whole days in this many milliseconds, rounded down.
    var flooredDays: Int64 {
        let quotient = self / 86_400_000
        return self % 86_400_000 < 0 ? quotient - 1 : quotient
    }
}
