/// A moment in UTC, to the millisecond.
package struct Instant: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// 0001-01-01T00:00:00.000Z, the first moment that can be written.
    package static let earliest = Instant(milliseconds: -62_135_596_800_000)
    /// 9999-12-31T23:59:59.999Z, the last moment that can be written.
    package static let latest = Instant(milliseconds: 253_402_300_799_999)

    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment that much later, or earlier when negative; stops at the ends of `Int64`.
    package func advanced(byMilliseconds distance: Int64) -> Instant {
        let (sum, overflow) = milliseconds.addingReportingOverflow(distance)
        guard overflow else { return Instant(milliseconds: sum) }
        return Instant(milliseconds: distance < 0 ? .min : .max)
    }
}

// MARK: - RFC 3339 out

extension Instant: CustomStringConvertible {
    package var description: String { rfc3339 }

    /// `2026-11-21T08:00:00.123Z`; moments outside years 1 to 9999 are written as the nearest one inside.
    package var rfc3339: String {
        let bytes = rfc3339Bytes
        return bytes.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of `rfc3339`.
    package var rfc3339Bytes: InlineArray<24, UInt8> {
        let shown = Swift.min(Swift.max(milliseconds, Self.earliest.milliseconds), Self.latest.milliseconds)
        // Counted from year 1, so that everything below is unsigned.
        let sinceYearOne = UInt64(shown &- Self.earliest.milliseconds)
        let day = sinceYearOne / 86_400_000
        let time = UInt32(truncatingIfNeeded: sinceYearOne % 86_400_000)
        let date = CivilDate(daysSinceEpoch: Int(day) - CivilDate.daysFromYearOneToEpoch)
        var text = InlineArray<24, UInt8>(repeating: 0)
        Self.put(UInt32(date.year / 100), at: 0, in: &text)
        Self.put(UInt32(date.year % 100), at: 2, in: &text)
        text[4] = UInt8(ascii: "-")
        Self.put(UInt32(date.month), at: 5, in: &text)
        text[7] = UInt8(ascii: "-")
        Self.put(UInt32(date.day), at: 8, in: &text)
        text[10] = UInt8(ascii: "T")
        Self.put(time / 3_600_000, at: 11, in: &text)
        text[13] = UInt8(ascii: ":")
        Self.put(time / 60_000 % 60, at: 14, in: &text)
        text[16] = UInt8(ascii: ":")
        Self.put(time / 1_000 % 60, at: 17, in: &text)
        text[19] = UInt8(ascii: ".")
        Self.put(time % 1_000 / 10, at: 20, in: &text)
        text[22] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: time % 10)
        text[23] = UInt8(ascii: "Z")
        return text
    }

    /// Writes a number below 100 as two digits.
    // Inlined, so that no index has to be checked.
    @inline(__always)
    private static func put(_ number: UInt32, at index: Int, in text: inout InlineArray<24, UInt8>) {
        text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        text[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }
}

// MARK: - RFC 3339 in

extension Instant {
    /// Reads an RFC 3339 date and time with any offset; digits below a millisecond are dropped; nil for everything else.
    package init?(rfc3339 text: String) {
        // The longest is nine fraction digits and a numeric offset: 35 bytes.
        guard (20...35).contains(text.utf8.count) else { return nil }
        var scanner = DigitScanner(Array(text.utf8))
        guard
            let year = scanner.number(digits: 4), scanner.skip("-"),
            let month = scanner.number(digits: 2), scanner.skip("-"),
            let day = scanner.number(digits: 2), scanner.skip("T") || scanner.skip("t"),
            let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"),
            let minute = scanner.number(digits: 2), minute < 60, scanner.skip(":"),
            let second = scanner.number(digits: 2), second < 60,
            let date = CivilDate(year: year, month: month, day: day),
            let fraction = Self.milliseconds(from: &scanner),
            let offset = Self.offsetMinutes(from: &scanner),
            scanner.isAtEnd
        else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + (minute - offset) * 60 + second
        let moment = Instant(milliseconds: Int64(seconds) * 1_000 + Int64(fraction))
        guard moment >= Self.earliest, moment <= Self.latest else { return nil }
        self = moment
    }

    /// Zero without a fraction; nil for an empty or an overlong one.
    private static func milliseconds(from scanner: inout DigitScanner) -> Int? {
        guard scanner.skip(".") else { return 0 }
        var count = 0
        var value = 0
        while let digit = scanner.number(digits: 1) {
            count += 1
            guard count <= 9 else { return nil }
            if count <= 3 { value = value * 10 + digit }
        }
        switch count {
        case 0: return nil
        case 1: return value * 100
        case 2: return value * 10
        default: return value
        }
    }

    private static func offsetMinutes(from scanner: inout DigitScanner) -> Int? {
        if scanner.skip("Z") || scanner.skip("z") { return 0 }
        let sign: Int
        if scanner.skip("+") {
            sign = 1
        } else if scanner.skip("-") {
            sign = -1
        } else {
            return nil
        }
        guard
            let hour = scanner.number(digits: 2), hour < 24, scanner.skip(":"),
            let minute = scanner.number(digits: 2), minute < 60
        else { return nil }
        return sign * (hour * 60 + minute)
    }
}
