/// A day of the Gregorian calendar in years 1 to 9999, without a time zone.
package struct CivilDate: Sendable, Hashable, Comparable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// The day, or nil when the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year) else {
            return nil
        }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that many days after 1970-01-01; days outside years 1 to 9999 become the nearest one inside.
    package init(daysSinceEpoch days: Int) {
        let inside = Swift.min(Swift.max(days, Self.first), Self.last)
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin on 1 March of year 0.
        let shifted = UInt32(truncatingIfNeeded: inside + Self.daysFromMarchOfYearZeroToEpoch)
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = Int(era * 400 + yearOfEra) + (shiftedMonth < 10 ? 0 : 1)
    }

    /// Days since 1970-01-01, negative before it.
    package var daysSinceEpoch: Int {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear / 400
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - Self.daysFromMarchOfYearZeroToEpoch
    }

    package var weekday: Weekday { Weekday(daysSinceEpoch: daysSinceEpoch) }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    static let daysFromYearOneToEpoch = 719_162
    private static let daysFromMarchOfYearZeroToEpoch = 719_468
    /// 0001-01-01 and 9999-12-31.
    static let first = -719_162
    static let last = 2_932_896

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// Reads `2026-11-21`; nil for every other form and for days that do not exist.
    package init?(_ text: String) {
        guard text.utf8.count == 10 else { return nil }
        var scanner = DigitScanner(Array(text.utf8))
        guard
            let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `2026-11-21`.
    package var description: String {
        let digits = [year / 1_000, year / 100 % 10, year / 10 % 10, year % 10, month / 10, month % 10, day / 10, day % 10]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10)
        for (index, digit) in digits.enumerated() {
            if index == 4 || index == 6 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A day of the week, spelled as on the wire.
package enum Weekday: String, Sendable, Hashable, CaseIterable {
    case mon, tue, wed, thu, fri, sat, sun

    /// The weekday of that many days after 1970-01-01.
    package init(daysSinceEpoch days: Int) {
        switch Self.index(daysSinceEpoch: days) {
        case 0: self = .mon
        case 1: self = .tue
        case 2: self = .wed
        case 3: self = .thu
        case 4: self = .fri
        case 5: self = .sat
        default: self = .sun
        }
    }

    /// 0 for Monday to 6 for Sunday.
    static func index(daysSinceEpoch days: Int) -> Int {
        // 1970-01-01 was a Thursday.
        let rest = (days % 7 + 3) % 7
        return rest < 0 ? rest + 7 : rest
    }
}
