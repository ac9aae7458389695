import Domain
import Testing

/// The periods of what is done again and again.
@Suite struct RecurrenceTests {
    @Test(arguments: [
        (1, Recurrence.Unit.day, "2026-11-18", "2026-11-18", "2026-11-18"), (1, .week, "2026-11-18", "2026-11-16", "2026-11-22"),
        (1, .week, "2027-01-01", "2026-12-28", "2027-01-03"), (1, .month, "2028-02-10", "2028-02-01", "2028-02-29"),
        (3, .month, "2026-11-18", "2026-10-01", "2026-12-31"), (1, .year, "2026-11-18", "2026-01-01", "2026-12-31"),
        (2, .year, "2027-11-18", "2026-01-01", "2027-12-31"), (1, .month, "9999-12-31", "9999-12-01", "9999-12-31"),
    ])
    func `a day lies in one period`(_ every: Int, _ unit: Recurrence.Unit, _ day: String, _ first: String, _ last: String) throws {
        let period = Recurrence(every: every, unit: unit).period(of: try #require(CivilDate(day)))
        #expect(period.first.description == first && period.last.description == last)
    }

    @Test func `periods lie side by side, and each day of one leads to the same`() {
        var generator = SeededGenerator(seed: 20_261_121)
        for _ in 0..<10_000 {
            let unit = Recurrence.Unit.allCases.randomElement(using: &generator) ?? .day
            let recurrence = Recurrence(every: Int.random(in: 1...12, using: &generator), unit: unit)
            let day = CivilDate(daysSinceEpoch: Int.random(in: -200_000...200_000, using: &generator))
            let period = recurrence.period(of: day)
            #expect(period.first <= day && day <= period.last)
            #expect(recurrence.period(of: period.first) == period && recurrence.period(of: period.last) == period)
            let next = recurrence.period(of: CivilDate(daysSinceEpoch: period.last.daysSinceEpoch + 1))
            #expect(next.first.daysSinceEpoch == period.last.daysSinceEpoch + 1)
            if unit == .week { #expect(period.first.weekday == .mon) }
            if unit == .month || unit == .year { #expect(period.first.day == 1) }
        }
    }

    @Test func `a period opens at the first working millisecond that is left of it`() throws {
        for seed in 0..<500 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let calendar = try CalendarModel(slotMinutes: 30, using: &generator).calendar
            let unit = Recurrence.Unit.allCases.randomElement(using: &generator) ?? .day
            let recurrence = Recurrence(every: Int.random(in: 1...3, using: &generator), unit: unit)
            let from = CivilDate(daysSinceEpoch: 20_400 + Int.random(in: 0...800, using: &generator))
            guard let found = calendar.opening(of: recurrence, from: from) else { continue }
            #expect(calendar.workingMilliseconds(from: calendar.instant(at: 0, on: from), to: found.at) == 0, "seed \(seed)")
            #expect(calendar.workingMilliseconds(from: found.at, to: found.at.advanced(byMilliseconds: 1)) == 1, "seed \(seed)")
            #expect(recurrence.period(of: calendar.localDate(of: found.at)) == found.period && found.at < calendar.end(of: found.period))
        }
    }
}
