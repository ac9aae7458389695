import Domain
import Testing

/// Cases worked out by hand; 2026-11-20 is a Friday, all wall times are Jakarta's unless said otherwise.
@Suite struct WorkingCalendarTests {
    static let day: Int64 = 27_000_000
    static let hour: Int64 = 3_600_000

    @Test(
        arguments: [
            // Friday 1.5 h, Monday 4.5 h before noon, 1.5 h after.
            ("2026-11-20T15:00:00+07:00", 1 * day, "2026-11-23T14:30:00+07:00"),
            ("2026-11-19T16:00:00+07:00", 1 * day, "2026-11-20T16:30:00+07:00"),
            ("2026-11-16T07:30:00+07:00", 5 * day, "2026-11-20T16:30:00+07:00"),
            ("2026-11-16T07:30:00+07:00", 5 * day + 1, "2026-11-23T07:30:00.001+07:00"),
            ("2026-11-16T07:30:00+07:00", 50 * day, "2027-01-22T16:30:00+07:00"),
            // The earliest moment: noon, not one o'clock.
            ("2026-11-16T07:30:00+07:00", 9 * hour / 2, "2026-11-16T12:00:00+07:00"),
            // Starts outside hours.
            ("2026-11-21T10:00:00+07:00", 1_000, "2026-11-23T07:30:01+07:00"),
            ("2026-11-16T12:30:00+07:00", hour / 2, "2026-11-16T13:30:00+07:00"),
            ("2026-11-16T03:00:00+07:00", hour, "2026-11-16T08:30:00+07:00"),
            ("2026-11-16T22:00:00+07:00", hour, "2026-11-17T08:30:00+07:00"),
            ("2026-11-20T12:00:00+07:00", hour, "2026-11-20T14:00:00+07:00"),
            // Nothing to do ends at once, even at night.
            ("2026-11-21T10:00:00+07:00", 0, "2026-11-21T10:00:00+07:00"),
            ("2026-11-21T10:00:00+07:00", -5, "2026-11-21T10:00:00+07:00"),
            // Before the first week there is no working time; 1970-01-01 is a Thursday.
            ("1950-01-01T00:00:00Z", hour, "1970-01-01T08:30:00+07:00"),
        ] as [(String, Int64, String)]
    )
    func `a standard duration ends where the hand count says`(_ start: String, _ duration: Int64, _ end: String) throws {
        let calendar = WorkingCalendar.standard
        let due = try calendar.instant(after: moment(start), working: duration)
        #expect(due == (try moment(end)))
        #expect(try calendar.workingMilliseconds(from: moment(start), to: due) == max(duration, 0))
    }

    @Test(
        arguments: [
            ("2026-11-16T00:00:00+07:00", "2026-11-23T00:00:00+07:00", 75 * hour / 2),
            ("2026-11-20T11:00:00+07:00", "2026-11-20T13:30:00+07:00", hour),
            ("2026-11-21T00:00:00+07:00", "2026-11-23T07:30:00+07:00", 0),
            ("2026-11-16T09:00:00+07:00", "2026-11-16T09:00:00.250+07:00", 250),
            ("2026-11-17T09:00:00+07:00", "2026-11-16T09:00:00+07:00", 0),
            ("1960-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0),
        ] as [(String, String, Int64)]
    )
    func `standard working time between two moments`(_ start: String, _ end: String, _ expected: Int64) throws {
        #expect(try WorkingCalendar.standard.workingMilliseconds(from: moment(start), to: moment(end)) == expected)
    }

    @Test func `holidays have no working time`() throws {
        let calendar = try WorkingCalendar(
            timeZone: .jakarta,
            workingDaySeconds: 27_000,
            weeks: WorkingCalendar.standard.weeks,
            holidays: [.init(date: date("2026-12-25"), name: "Natal"), .init(date: date("2026-12-26"), name: "Sabtu")]
        )
        // Thursday 1 h, then Monday 6.5 h.
        #expect(try calendar.instant(after: moment("2026-12-24T15:00:00+07:00"), working: Self.day) == moment("2026-12-28T15:00:00+07:00"))
        #expect(
            try calendar.workingMilliseconds(from: moment("2026-12-21T00:00:00+07:00"), to: moment("2026-12-28T00:00:00+07:00"))
                == 30 * Self.hour
        )
    }

    @Test func `Ramadan weeks win while they last and hold 32 and a half hours`() throws {
        let standard = WorkingCalendar.standard
        let ramadan = try WorkingCalendar.ramadanWeek(from: date("2026-02-18"), to: date("2026-03-19"))
        let calendar = try WorkingCalendar(
            timeZone: .jakarta,
            workingDaySeconds: 27_000,
            weeks: standard.weeks + [ramadan],
            holidays: []
        )
        func hours(_ from: String, _ to: String) throws -> Int64 {
            try calendar.workingMilliseconds(from: moment("\(from)T00:00:00+07:00"), to: moment("\(to)T00:00:00+07:00"))
        }
        #expect(try hours("2026-02-23", "2026-03-02") == 65 * Self.hour / 2)
        #expect(try hours("2026-02-16", "2026-02-18") == 15 * Self.hour)
        #expect(try hours("2026-03-19", "2026-03-20") == 13 * Self.hour / 2)
        #expect(try hours("2026-03-20", "2026-03-21") == 15 * Self.hour / 2)
        // Tuesday 1 h, then the first Ramadan day's 6.5 h.
        #expect(try calendar.instant(after: moment("2026-02-17T15:00:00+07:00"), working: Self.day) == moment("2026-02-18T15:00:00+07:00"))
        // A Ramadan Friday ends at 15:30.
        #expect(
            try calendar.instant(after: moment("2026-02-20T08:00:00+07:00"), working: 13 * Self.hour / 2)
                == moment("2026-02-20T15:30:00+07:00")
        )
    }

    @Test func `of two weeks that cover a day the later entry counts, whatever its dates`() throws {
        func week(_ from: String, _ to: String?, _ start: Int) throws -> WorkingCalendar.Week {
            let window = try WorkingCalendar.Window(
                start: #require(TimeOfDay(minutes: start * 60)),
                end: #require(TimeOfDay(minutes: start * 60 + 60))
            )
            return try .init(from: date(from), to: to.map { try date($0) }, days: [.mon: [window]])
        }
        let calendar = try WorkingCalendar(
            timeZone: .makassar,
            workingDaySeconds: 3_600,
            weeks: [week("2026-11-01", nil, 8), week("2026-11-10", "2026-11-30", 9), week("2026-11-23", "2026-11-23", 10)],
            holidays: []
        )
        for (monday, hour) in [
            ("2026-11-09", "09"), ("2026-11-16", "10"), ("2026-11-23", "11"), ("2026-11-30", "10"), ("2026-12-07", "09"),
        ] {
            #expect(
                try calendar.instant(after: moment("\(monday)T00:00:00+08:00"), working: Self.hour)
                    == moment("\(monday)T\(hour):00:00+08:00")
            )
        }
    }

    @Test func `a shift over midnight is one stretch`() throws {
        let night = try WorkingCalendar.Window(start: #require(TimeOfDay("18:00")), end: #require(TimeOfDay("24:00")))
        let morning = try WorkingCalendar.Window(start: #require(TimeOfDay("00:00")), end: #require(TimeOfDay("06:00")))
        let calendar = try WorkingCalendar(
            timeZone: .jayapura,
            workingDaySeconds: 43_200,
            weeks: [.init(from: date("2026-01-01"), days: [.sun: [night], .mon: [morning]])],
            holidays: []
        )
        let start = try moment("2026-11-22T23:00:00+09:00")
        #expect(try calendar.instant(after: start, working: 2 * Self.hour) == moment("2026-11-23T01:00:00+09:00"))
        #expect(try calendar.instant(after: start, working: Self.hour) == moment("2026-11-23T00:00:00+09:00"))
        #expect(try calendar.workingMilliseconds(from: start, to: moment("2026-11-24T00:00:00+09:00")) == 7 * Self.hour)
    }

    @Test func `absurd questions end at the end of 9999`() throws {
        let calendar = WorkingCalendar.standard
        let now = try moment("2026-11-20T15:00:00Z")
        let far = Instant(milliseconds: .max)
        #expect(calendar.instant(after: now, working: .max) == .latest)
        #expect(calendar.instant(after: .latest, working: 1) == .latest)
        #expect(calendar.instant(after: far, working: .max) == far)
        #expect(calendar.instant(after: Instant(milliseconds: .min), working: 1_000) == (try moment("1970-01-01T07:30:01+07:00")))
        #expect(calendar.workingMilliseconds(from: Instant(milliseconds: .min), to: far) > 0)
        #expect(
            calendar.workingMilliseconds(from: Instant(milliseconds: .min), to: far)
                == calendar.workingMilliseconds(from: Instant(milliseconds: 0), to: .latest)
        )
        #expect(calendar.localYear(of: far) == 9999)
    }

    @Test func `local dates and hours are the zone's`() throws {
        let calendar = WorkingCalendar.standard
        #expect(try calendar.localDate(of: moment("2026-12-31T17:00:00Z")) == date("2027-01-01"))
        #expect(try calendar.localYear(of: moment("2026-12-31T16:59:59.999Z")) == 2026)
        #expect(try calendar.instant(at: 27_000, on: date("2026-11-23")) == moment("2026-11-23T00:30:00Z"))
    }
}
