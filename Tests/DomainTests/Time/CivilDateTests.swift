import Domain
import Testing

@Suite struct CivilDateTests {
    @Test func `every day from year 1 to 9999 follows the one before`() throws {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var number = -719_162
        var faults = 0
        for year in 1...9999 {
            let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
            for month in 1...12 {
                for day in 1...(month == 2 && leap ? 29 : lengths[month - 1]) {
                    let date = CivilDate(daysSinceEpoch: number)
                    if date.year != year || date.month != month || date.day != day || date.daysSinceEpoch != number { faults += 1 }
                    number += 1
                }
            }
        }
        #expect(faults == 0)
        #expect(number == 2_932_897)
    }

    @Test func `days outside become the nearest inside`() throws {
        #expect(try CivilDate(daysSinceEpoch: .min) == date("0001-01-01"))
        #expect(try CivilDate(daysSinceEpoch: .max) == date("9999-12-31"))
    }

    @Test(arguments: [
        ("1970-01-01", 0, Weekday.thu), ("2026-11-21", 20_778, .sat), ("2000-02-29", 11_016, .tue), ("1969-12-31", -1, .wed),
        ("0001-01-01", -719_162, .mon), ("9999-12-31", 2_932_896, .fri),
    ])
    func `a date has its number, weekday and text`(_ text: String, _ number: Int, _ weekday: Weekday) throws {
        let read = try date(text)
        #expect(read.daysSinceEpoch == number)
        #expect(read.weekday == weekday)
        #expect(read.description == text)
    }

    @Test(arguments: [
        "", "2026-11-31", "2026-02-29", "2100-02-29", "0000-01-01", "2026-00-01", "2026-01-00", "2026-13-01", "2026-1-1", "20261121",
        "2026/11/21", "2026-11-21T", " 2026-11-21", "+026-11-21", "2026-11-2١",
    ])
    func `a day that does not exist is refused`(_ text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func `dates are ordered by year, then month, then day`() throws {
        let sorted = try ["2025-12-31", "2026-01-30", "2026-02-01", "2026-02-02"].map { try date($0) }
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test(arguments: [
        ("Asia/Jakarta", 7), ("Asia/Pontianak", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9),
    ])
    func `the Indonesian zones have their hours`(_ name: String, _ hours: Int) throws {
        let zone = try #require(IndonesianTimeZone(rawValue: name))
        #expect(zone.offsetSeconds == hours * 3_600)
        #expect(try zone.localDate(of: moment("2026-12-31T\(24 - hours):00:00Z")) == date("2027-01-01"))
        #expect(try zone.localDate(of: moment("2026-12-31T\(23 - hours):59:59.999Z")) == date("2026-12-31"))
        #expect(try zone.instant(at: 27_000, on: date("2026-11-21")) == moment("2026-11-21T07:30:00+0\(hours):00"))
        #expect(try zone.instant(at: .max, on: date("2026-11-21")).milliseconds == .max)
        #expect(zone.localDate(of: Instant(milliseconds: .max)).year == 9999)
        #expect(zone.localDate(of: Instant(milliseconds: .min)).year == 1)
    }

    @Test(arguments: ["", "UTC", "Asia/Singapore", "asia/jakarta", "Asia/Jakarta ", "+07:00"])
    func `other zones are refused`(_ name: String) {
        #expect(IndonesianTimeZone(rawValue: name) == nil)
        #expect(IndonesianTimeZone.allCases.count == 4)
    }

    @Test func `a time of day runs from 00 00 to 24 00`() {
        for (text, minutes) in [("00:00", 0), ("07:30", 450), ("23:59", 1_439), ("24:00", 1_440)] {
            #expect(TimeOfDay(text)?.minutes == minutes)
            #expect(TimeOfDay(text)?.description == text)
        }
        for text in ["", "7:30", "07.30", "24:01", "25:00", "07:60", "07:30:00", "-7:30", " 7:30", "0٧:0"] {
            #expect(TimeOfDay(text) == nil, "\(text)")
        }
        #expect(TimeOfDay(minutes: 1_441) == nil)
        #expect(TimeOfDay(minutes: -1) == nil)
    }
}
