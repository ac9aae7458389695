import Domain
import Testing

@Suite struct WorkingCalendarIntervalTests {
    @Test func `a week around a holiday is told stretch by stretch`() throws {
        let calendar = try WorkingCalendar(
            timeZone: .jakarta,
            workingDaySeconds: 27_000,
            weeks: WorkingCalendar.standard.weeks,
            holidays: [.init(date: date("2026-12-25"), name: "Natal")]
        )
        let told = try calendar.intervals(from: moment("2026-12-24T11:00:00+07:00"), to: moment("2026-12-28T08:00:00+07:00"))
        let expected: [(String, WorkingCalendar.Rule)] = [
            ("2026-12-24T11:00:00+07:00", .working),
            ("2026-12-24T12:00:00+07:00", .rest),
            ("2026-12-24T13:00:00+07:00", .working),
            ("2026-12-24T16:00:00+07:00", .outsideHours),
            ("2026-12-25T00:00:00+07:00", .holiday(name: "Natal")),
            ("2026-12-26T00:00:00+07:00", .outsideHours),
            ("2026-12-28T07:30:00+07:00", .working),
        ]
        #expect(told.map(\.rule) == expected.map(\.1))
        #expect(try told.map(\.start) == expected.map { try moment($0.0) })
        #expect(try told.map(\.end) == expected.dropFirst().map { try moment($0.0) } + [moment("2026-12-28T08:00:00+07:00")])
    }

    @Test func `the limit cuts at the end and absurd spans come back at once`() throws {
        let calendar = WorkingCalendar.standard
        let cut = try calendar.intervals(from: moment("2026-11-16T00:00:00+07:00"), to: .latest, limit: 3)
        #expect(cut.map(\.rule) == [.outsideHours, .working, .rest])
        #expect(try cut.last?.end == moment("2026-11-16T13:00:00+07:00"))
        let all = calendar.intervals(from: Instant(milliseconds: .min), to: Instant(milliseconds: .max))
        #expect(all.count == 1_000)
        #expect(all.first?.rule == .uncovered)
        #expect(try all.first?.end == moment("1970-01-01T00:00:00+07:00"))
        #expect(calendar.intervals(from: .latest, to: .earliest).isEmpty)
        #expect(calendar.intervals(from: .earliest, to: .latest, limit: 0).isEmpty)
    }

    @Test func `stretches have no gaps and the working ones add up to the working time`() throws {
        for seed in UInt64(1)...500 {
            var random = SeededGenerator(seed: seed &* 104_729)
            let model = try CalendarModel(slotMinutes: 5, using: &random)
            for _ in 0..<20 {
                let start = model.moment(using: &random)
                let end = start.advanced(byMilliseconds: Int64(random.int(1...1_500_000_000)))
                let told = model.calendar.intervals(from: start, to: end)
                let joined = zip(told, told.dropFirst()).allSatisfy { $0.end == $1.start && ($0.rule != $1.rule || $0.week != $1.week) }
                #expect(joined && told.first?.start == start && told.last?.end == end, "seed \(seed): \(start) to \(end)")
                let worked = told.filter { $0.rule == .working }.reduce(0) { $0 + $1.end.milliseconds - $1.start.milliseconds }
                #expect(worked == model.count(from: start, to: end), "seed \(seed): \(start) to \(end)")
            }
        }
    }
}
