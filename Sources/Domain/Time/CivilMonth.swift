/// A month of the Gregorian calendar in years 1000 to 2999, without a time zone.
package struct CivilMonth: Sendable, Hashable, Comparable {
    package let first: CivilDate

    /// The month that `date` lies in, moved to the nearest year there is.
    package init(of date: CivilDate) {
        let day = CivilDate(daysSinceEpoch: date.daysSinceEpoch - (date.day - 1))
        first = min(max(day, Self.earliest), Self.latest)
    }

    private static let earliest = CivilDate(daysSinceEpoch: -354_285)
    private static let latest = CivilDate(daysSinceEpoch: 376_169)

    package static func < (left: CivilMonth, right: CivilMonth) -> Bool { left.first < right.first }

    /// The month after; the last there is has itself.
    package var next: CivilMonth { CivilMonth(of: CivilDate(daysSinceEpoch: first.daysSinceEpoch + 31)) }
}

extension CivilMonth: CustomStringConvertible {
    /// Reads `2026-11`; nil for every other form and for months that do not exist.
    package init?(_ text: String) {
        guard text.utf8.count == 7, let day = CivilDate(text + "-01"), (1000...2999).contains(day.year) else { return nil }
        first = day
    }

    /// `2026-11`.
    package var description: String { String(first.description.prefix(7)) }
}

extension WorkingCalendar {
    /// The month people see on the wall at that moment.
    package func month(of instant: Instant) -> CivilMonth { CivilMonth(of: localDate(of: instant)) }

    /// The first moment of a month.
    package func start(of month: CivilMonth) -> Instant { instant(at: 0, on: month.first) }

    /// When work begins on the first working day after a month.
    package func firstWork(after month: CivilMonth) -> Instant {
        // The first millisecond of work ends one millisecond after its beginning.
        instant(after: start(of: month.next), working: 1).advanced(byMilliseconds: -1)
    }
}
