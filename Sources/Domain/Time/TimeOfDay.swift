/// A minute of the day on the wall clock, from 00:00 to 24:00, the end of the day.
package struct TimeOfDay: Sendable, Hashable, Comparable {
    /// Minutes since midnight, 0 to 1440.
    package let minutes: Int

    /// The time, or nil when a day does not have that many minutes.
    package init?(minutes: Int) {
        guard (0...1_440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    /// Reads `07:30`; nil for every other form.
    package init?(_ text: String) {
        guard text.utf8.count == 5 else { return nil }
        var scanner = DigitScanner(Array(text.utf8))
        guard
            let hour = scanner.number(digits: 2), scanner.skip(":"),
            let minute = scanner.number(digits: 2), minute < 60
        else { return nil }
        self.init(minutes: hour * 60 + minute)
    }

    /// The time, or the nearest one a day has.
    init(clampingMinutes minutes: Int) {
        self.minutes = min(max(minutes, 0), 1_440)
    }

    package static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        left.minutes < right.minutes
    }

    var milliseconds: Int64 { Int64(minutes) * 60_000 }
}

extension TimeOfDay: CustomStringConvertible {
    /// `07:30`.
    package var description: String {
        let hour = minutes / 60
        let minute = minutes % 60
        return "\(hour / 10)\(hour % 10):\(minute / 10)\(minute % 10)"
    }
}
