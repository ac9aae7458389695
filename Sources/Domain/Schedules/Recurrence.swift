/// How often a step is done: once in every so many days, weeks, months or years.
package struct Recurrence: Sendable, Hashable {
    package enum Unit: String, Sendable, CaseIterable {
        case day, week, month, year
    }

    package let every: Int
    package let unit: Unit

    package init(every: Int, unit: Unit) {
        self.every = max(1, every)
        self.unit = unit
    }

    /// A stretch of whole days, the last included.
    package struct Period: Sendable, Hashable {
        package let first: CivilDate
        package let last: CivilDate

        package init(first: CivilDate, last: CivilDate) {
            self.first = first
            self.last = last
        }
    }

    /// The period in which a day lies. Weeks begin on Monday; of several weeks or months that go together the first ones are fixed for
    /// ever, those of months with January, so that it does not matter when somebody asked.
    package func period(of date: CivilDate) -> Period {
        switch unit {
        case .day: days(from: date.daysSinceEpoch.floored(to: every), every)
        // 1970-01-05 was the first Monday.
        case .week: days(from: (date.daysSinceEpoch - 4).floored(to: 7 * every) + 4, 7 * every)
        case .month: months(from: (date.year * 12 + date.month - 1).floored(to: every), every)
        case .year: months(from: date.year.floored(to: every) * 12, every * 12)
        }
    }

    private func days(from first: Int, _ count: Int) -> Period {
        Period(first: CivilDate(daysSinceEpoch: first), last: CivilDate(daysSinceEpoch: first + count - 1))
    }

    private func months(from first: Int, _ count: Int) -> Period {
        // Beyond the years of the calendar a period is cut off.
        Period(
            first: Self.day(ofMonth: first) ?? CivilDate(daysSinceEpoch: CivilDate.first),
            last: CivilDate(daysSinceEpoch: Self.day(ofMonth: first + count).map { $0.daysSinceEpoch - 1 } ?? CivilDate.last)
        )
    }

    /// The first day of a month counted from the year 0.
    private static func day(ofMonth month: Int) -> CivilDate? { CivilDate(year: month / 12, month: month % 12 + 1, day: 1) }
}

extension Int {
    /// The greatest multiple of `step` that is not above.
    fileprivate func floored(to step: Int) -> Int {
        let rest = self % step
        return self - (rest < 0 ? rest + step : rest)
    }
}

extension WorkingCalendar {
    /// When the next period in which anyone works opens, on `date` or later, and which one it is: its first working moment from then on.
    ///
    /// Nil when nobody ever works again.
    package func opening(of recurrence: Recurrence, from date: CivilDate) -> (period: Recurrence.Period, at: Instant)? {
        let reached = instant(after: instant(at: 0, on: date), working: 1)
        guard reached < .latest else { return nil }
        let at = reached.advanced(byMilliseconds: -1)
        return (recurrence.period(of: localDate(of: at)), at)
    }

    /// The moment when a period is over.
    package func end(of period: Recurrence.Period) -> Instant { instant(at: 86_400, on: period.last) }
}
