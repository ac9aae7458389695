/// The dated rules of when people work: week patterns, holidays and one time zone.
package struct WorkingCalendar: Sendable {
    package let timeZone: IndonesianTimeZone
    /// The working time that "one day" of a procedure stands for.
    package let workingDaySeconds: Int
    /// On a day that several entries cover, the last of them in this order counts; a day that none covers has no working time.
    package let weeks: [Week]
    package let holidays: [Holiday]
    let timeline: WorkingTimeline

    /// The calendar, or `.invalid` with every bad field, by pointers into the body of `PUT /v1/calendar`.
    package init(
        timeZone: IndonesianTimeZone,
        workingDaySeconds: Int,
        weeks: [Week],
        holidays: [Holiday]
    ) throws(DomainError) {
        let issues = Self.issues(workingDaySeconds: workingDaySeconds, weeks: weeks, holidays: holidays)
        guard issues.isEmpty else { throw .invalid(issues) }
        self.init(valid: timeZone, workingDaySeconds: workingDaySeconds, weeks: weeks, holidays: holidays)
    }

    private init(valid timeZone: IndonesianTimeZone, workingDaySeconds: Int, weeks: [Week], holidays: [Holiday]) {
        self.timeZone = timeZone
        self.workingDaySeconds = workingDaySeconds
        self.weeks = weeks
        self.holidays = holidays
        timeline = WorkingTimeline(weeks: weeks, holidays: holidays)
    }

    private init(_ other: WorkingCalendar, in timeZone: IndonesianTimeZone) {
        self.timeZone = timeZone
        workingDaySeconds = other.workingDaySeconds
        weeks = other.weeks
        holidays = other.holidays
        timeline = other.timeline
    }

    /// The same rules on the clocks of another zone.
    package func moved(to timeZone: IndonesianTimeZone) -> WorkingCalendar { WorkingCalendar(self, in: timeZone) }
}

extension WorkingCalendar: Equatable {
    package static func == (left: WorkingCalendar, right: WorkingCalendar) -> Bool {
        // The timeline follows from these four.
        left.timeZone == right.timeZone && left.workingDaySeconds == right.workingDaySeconds
            && left.weeks == right.weeks && left.holidays == right.holidays
    }
}

// MARK: - Parts

extension WorkingCalendar {
    /// One stretch of working time within a day.
    package struct Window: Sendable, Hashable {
        package let start: TimeOfDay
        /// The first minute that no longer counts.
        package let end: TimeOfDay

        package init(start: TimeOfDay, end: TimeOfDay) {
            self.start = start
            self.end = end
        }
    }

    /// A week pattern and the days it is in force, both ends included; without `to` it has no end.
    package struct Week: Sendable, Hashable {
        package let from: CivilDate
        package let to: CivilDate?
        package let days: [Weekday: [Window]]

        package init(from: CivilDate, to: CivilDate? = nil, days: [Weekday: [Window]]) {
            self.from = from
            self.to = to
            self.days = days
        }
    }

    /// A day without working time.
    package struct Holiday: Sendable, Hashable {
        package let date: CivilDate
        package let name: String

        package init(date: CivilDate, name: String) {
            self.date = date
            self.name = name
        }
    }

    /// 37.5 hours a week in Jakarta since 1970, without holidays (Perpres 21/2023).
    package static let standard = WorkingCalendar(
        valid: .jakarta,
        workingDaySeconds: 27_000,
        weeks: [
            Week(
                from: CivilDate(daysSinceEpoch: 0),
                days: days(
                    mondayToThursday: [(7 * 60 + 30, 12 * 60), (13 * 60, 16 * 60)],
                    friday: [(7 * 60 + 30, 11 * 60 + 30), (13 * 60, 16 * 60 + 30)]
                )
            )
        ],
        holidays: []
    )

    /// 32.5 hours a week for those days, both included: from 08:00, breaks of 30 minutes and 60 on Friday (Perpres 21/2023).
    package static func ramadanWeek(from: CivilDate, to: CivilDate) -> Week {
        Week(
            from: from,
            to: to,
            days: days(
                mondayToThursday: [(8 * 60, 12 * 60), (12 * 60 + 30, 15 * 60)],
                friday: [(8 * 60, 11 * 60 + 30), (12 * 60 + 30, 15 * 60 + 30)]
            )
        )
    }

    /// The calendar with the Ramadan week on those days, in the place of every Ramadan week that covers one of them.
    package func addingRamadan(from: CivilDate, to: CivilDate) throws(DomainError) -> WorkingCalendar {
        let week = Self.ramadanWeek(from: from, to: to)
        let others = weeks.filter { $0.days != week.days || $0.from > to || $0.to.map { $0 < from } ?? true }
        return try WorkingCalendar(timeZone: timeZone, workingDaySeconds: workingDaySeconds, weeks: others + [week], holidays: holidays)
    }

    /// The calendar with more holidays: a date that is one already takes the new name; all others of `year` go.
    package func taking(_ added: [Holiday], replacingYear year: Int?) throws(DomainError) -> WorkingCalendar {
        var named: [CivilDate: Holiday] = [:]
        for holiday in holidays where holiday.date.year != year { named[holiday.date] = holiday }
        var taken: Set<CivilDate> = []
        for holiday in added {
            // Two feasts on one day are one holiday with both names.
            let other = taken.insert(holiday.date).inserted ? nil : named[holiday.date]?.name
            let name = other.map { $0 == holiday.name ? $0 : "\($0) / \(holiday.name)" } ?? holiday.name
            named[holiday.date] = Holiday(date: holiday.date, name: name)
        }
        let all = named.values.sorted { $0.date < $1.date }
        return try WorkingCalendar(timeZone: timeZone, workingDaySeconds: workingDaySeconds, weeks: weeks, holidays: all)
    }

    private static func days(mondayToThursday: [(Int, Int)], friday: [(Int, Int)]) -> [Weekday: [Window]] {
        func windows(_ minutes: [(Int, Int)]) -> [Window] {
            minutes.map { start, end in Window(start: TimeOfDay(clampingMinutes: start), end: TimeOfDay(clampingMinutes: end)) }
        }
        let usual = windows(mondayToThursday)
        return [.mon: usual, .tue: usual, .wed: usual, .thu: usual, .fri: windows(friday)]
    }
}

// MARK: - Questions

extension WorkingCalendar {
    /// The earliest moment with that many milliseconds of working time since `start`; `start` itself for none.
    ///
    /// When the years up to 9999 hold too little it is the end of 9999, or `start` if that is later.
    package func instant(after start: Instant, working duration: Int64) -> Instant {
        guard duration > 0 else { return start }
        let worked = timeline.working(until: timeZone.localMilliseconds(of: start))
        let (goal, overflow) = worked.addingReportingOverflow(duration)
        guard !overflow, let local = timeline.moment(reaching: goal) else { return max(start, .latest) }
        return max(start, min(timeZone.instant(localMilliseconds: local), .latest))
    }

    /// The working time between two moments; 0 when `end` is not after `start`.
    package func workingMilliseconds(from start: Instant, to end: Instant) -> Int64 {
        guard start < end else { return 0 }
        return timeline.working(until: timeZone.localMilliseconds(of: end))
            - timeline.working(until: timeZone.localMilliseconds(of: start))
    }

    /// The day people see on the wall at that moment.
    package func localDate(of instant: Instant) -> CivilDate {
        timeZone.localDate(of: instant)
    }

    /// The year people see on the wall at that moment.
    package func localYear(of instant: Instant) -> Int {
        localDate(of: instant).year
    }

    /// The moment when that many seconds of the day have passed since local midnight.
    package func instant(at secondsOfDay: Int, on date: CivilDate) -> Instant {
        timeZone.instant(at: secondsOfDay, on: date)
    }
}
