import Domain
import Testing

@Suite struct WorkingCalendarValidationTests {
    typealias Window = WorkingCalendar.Window
    typealias Week = WorkingCalendar.Week

    private func windows(_ texts: [(String, String)]) throws -> [Window] {
        try texts.map { start, end in Window(start: try #require(TimeOfDay(start)), end: try #require(TimeOfDay(end))) }
    }

    /// The code of each issue by its pointer.
    private func issues(
        workingDaySeconds: Int = 27_000,
        weeks: [Week] = WorkingCalendar.standard.weeks,
        holidays: [WorkingCalendar.Holiday] = []
    ) -> [String: String] {
        do {
            _ = try WorkingCalendar(timeZone: .jakarta, workingDaySeconds: workingDaySeconds, weeks: weeks, holidays: holidays)
            return [:]
        } catch .invalid(let issues) {
            #expect(issues.allSatisfy { !$0.detail.id.isEmpty && !$0.detail.en.isEmpty && $0.detail.id != $0.detail.en })
            return Dictionary(issues.map { ($0.pointer, $0.code) }) { $0 + "," + $1 }
        } catch {
            return ["": "\(error)"]
        }
    }

    @Test func `every bad field is named at once`() throws {
        let found = try issues(
            workingDaySeconds: 3_599,
            weeks: [
                Week(
                    from: date("2026-01-01"),
                    days: [
                        .mon: windows([("07:30", "12:00"), ("11:59", "16:00")]),
                        .tue: windows([("13:00", "16:00"), ("07:30", "12:00")]),
                        .wed: windows([("12:00", "12:00"), ("16:00", "13:00"), ("13:00", "14:00")]),
                        .thu: windows([("08:00", "16:00"), ("09:00", "10:00"), ("12:00", "13:00")]),
                        .fri: windows([("00:00", "08:00"), ("08:00", "24:00")]),
                    ]
                ),
                Week(from: date("2026-03-02"), to: date("2026-03-01"), days: [:]),
            ],
            holidays: [
                .init(date: date("2026-12-25"), name: "Natal"), .init(date: date("2026-01-01"), name: "  "),
                .init(date: date("2026-12-25"), name: "Natal"), .init(date: date("2026-12-26"), name: String(repeating: "a", count: 201)),
            ]
        )
        #expect(
            found == [
                "/working_day_s": "out_of_range",
                "/weeks/0/days/mon/1": "overlap",
                "/weeks/0/days/tue/1": "unsorted",
                "/weeks/0/days/wed/0": "end_not_after_start",
                "/weeks/0/days/wed/1": "end_not_after_start",
                "/weeks/0/days/thu/1": "overlap",
                "/weeks/0/days/thu/2": "overlap",
                "/weeks/1/to": "before_from",
                "/holidays/1/name": "required",
                "/holidays/2/date": "duplicate",
                "/holidays/3/name": "too_long",
            ]
        )
    }

    @Test func `working time must never run out`() throws {
        let standard = WorkingCalendar.standard.weeks
        let closed = try WorkingCalendar.ramadanWeek(from: date("2026-02-18"), to: date("2026-03-19"))
        #expect(issues(weeks: []) == ["/weeks": "open_end_required"])
        #expect(issues(weeks: [closed]) == ["/weeks": "open_end_required"])
        #expect(issues(weeks: standard + [closed]) == [:])
        let empty = try Week(from: date("2027-01-01"), days: [.mon: []])
        #expect(issues(weeks: standard + [empty]) == ["/weeks/1/days": "no_working_time"])
        #expect(issues(weeks: [empty] + standard) == [:])
    }

    @Test func `limits hold and their edges are taken`() throws {
        #expect(issues(workingDaySeconds: 3_600) == [:])
        #expect(issues(workingDaySeconds: 86_400) == [:])
        #expect(issues(workingDaySeconds: 86_401) == ["/working_day_s": "out_of_range"])
        let standard = WorkingCalendar.standard.weeks
        #expect(issues(weeks: Array(repeating: standard[0], count: 200)) == [:])
        #expect(issues(weeks: Array(repeating: standard[0], count: 201)) == ["/weeks": "too_many"])
        func holidays(_ count: Int) -> [WorkingCalendar.Holiday] {
            (0..<count).map { .init(date: CivilDate(daysSinceEpoch: $0), name: "Libur") }
        }
        #expect(issues(holidays: holidays(5_000)) == [:])
        #expect(issues(holidays: holidays(5_001)) == ["/holidays": "too_many"])
        func week(_ count: Int) throws -> [Week] {
            let windows = try (0..<count).map { hour in
                Window(start: try #require(TimeOfDay(minutes: hour * 60)), end: try #require(TimeOfDay(minutes: hour * 60 + 30)))
            }
            return [Week(from: CivilDate(daysSinceEpoch: 0), days: [.sun: windows])]
        }
        #expect(try issues(weeks: week(12)) == [:])
        #expect(try issues(weeks: week(13)) == ["/weeks/0/days/sun": "too_many"])
    }

    @Test func `calendars are equal when their rules are`() throws {
        let standard = WorkingCalendar.standard
        let same = try WorkingCalendar(timeZone: .jakarta, workingDaySeconds: 27_000, weeks: standard.weeks, holidays: [])
        let other = try WorkingCalendar(timeZone: .pontianak, workingDaySeconds: 27_000, weeks: standard.weeks, holidays: [])
        #expect(same == standard)
        #expect(other != standard)
    }
}
