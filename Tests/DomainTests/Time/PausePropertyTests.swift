@testable import Domain
import Testing

/// Clocks with pauses on random calendars, against a count of each minute.
@Suite struct PausePropertyTests {
    @Test func `pauses are not counted and move what is due by their working time`() throws {
        for seed in UInt64(1)...500 {
            var random = SeededGenerator(seed: seed &* 15_485_863)
            let model = try CalendarModel(slotMinutes: 1, using: &random)
            for _ in 0..<20 {
                let standard = Int64(random.int(1...30_000_000))
                let start = model.moment(using: &random)
                var clock = StepClock(
                    timingID: StepTiming.ID(stored: "tim_a"),
                    stepNumber: 1,
                    stepCode: "a",
                    attempt: 1,
                    startedAt: start,
                    standard: standard,
                    dueAt: model.calendar.instant(after: start, working: standard)
                )
                var (now, counted, uncounted) = (start, Int64(0), Int64(0))
                for _ in 0..<random.int(0...3) {
                    let pause = now.advanced(byMilliseconds: Int64(random.int(0...40_000_000)))
                    let end = pause.advanced(byMilliseconds: Int64(random.int(0...40_000_000)))
                    counted += model.count(from: now, to: pause)
                    uncounted += model.count(from: pause, to: end)
                    clock.pause(at: pause)
                    #expect(clock.elapsed(at: end, by: model.calendar) == counted, "seed \(seed)")
                    clock.resume(at: end, by: model.calendar)
                    now = end
                }
                #expect(clock.elapsed(at: now, by: model.calendar) == counted, "seed \(seed)")
                let due = try #require(clock.dueAt)
                #expect(model.count(from: start, to: due) == standard + uncounted, "seed \(seed)")
                #expect(model.count(from: start, to: due.advanced(byMilliseconds: -1)) == standard + uncounted - 1, "seed \(seed)")

                let last = now.advanced(byMilliseconds: Int64(random.int(0...40_000_000)))
                counted += model.count(from: now, to: last)
                clock.finish(at: last, by: model.calendar)
                #expect(clock.elapsed == counted, "seed \(seed)")
                #expect(clock.verdict(at: last) == (counted <= standard ? .onTime : .late), "seed \(seed)")
                #expect(last > due || counted <= standard, "seed \(seed)")
            }
        }
    }
}
