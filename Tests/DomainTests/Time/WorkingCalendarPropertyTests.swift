import Domain
import Testing

/// Laws of the calendar on random calendars and moments; a failure prints the seed of its calendar.
@Suite struct WorkingCalendarPropertyTests {
    static let calendars = UInt64(1)...500
    static let casesPerCalendar = 20

    /// Runs the body on 10 000 cases of 500 random calendars.
    private func forAll(
        slotMinutes: Int,
        _ body: (CalendarModel, inout SeededGenerator, _ seed: UInt64) throws -> Void
    ) throws {
        for seed in Self.calendars {
            var random = SeededGenerator(seed: seed &* 7_919 &+ UInt64(slotMinutes))
            let model = try CalendarModel(slotMinutes: slotMinutes, using: &random)
            for _ in 0..<Self.casesPerCalendar { try body(model, &random, seed) }
        }
    }

    /// From nothing to some weeks of work, most of it short.
    private func duration(using random: inout SeededGenerator) -> Int64 {
        switch random.int(0...4) {
        case 0: Int64(random.int(0...3))
        case 1: Int64(random.int(0...90_000))
        case 2: Int64(random.int(0...1_000)) * 60_000
        default: Int64(random.int(0...600_000_000))
        }
    }

    @Test func `counting minute by minute gives the same working time`() throws {
        try forAll(slotMinutes: 1) { model, random, seed in
            let start = model.moment(using: &random)
            let end = start.advanced(byMilliseconds: Int64(random.int(0...200_000_000)))
            let fast = model.calendar.workingMilliseconds(from: start, to: end)
            #expect(fast == model.count(from: start, to: end), "seed \(seed): \(start) to \(end)")
        }
    }

    @Test func `counting quarter by quarter gives the same working time over months`() throws {
        try forAll(slotMinutes: 15) { model, random, seed in
            let one = model.moment(using: &random)
            let other = model.moment(using: &random)
            let (start, end) = (min(one, other), max(one, other))
            let fast = model.calendar.workingMilliseconds(from: start, to: end)
            #expect(fast == model.count(from: start, to: end), "seed \(seed): \(start) to \(end)")
        }
    }

    @Test func `looking slot by slot finds the same earliest moment`() throws {
        var found = 0
        for slotMinutes in [1, 15] {
            try forAll(slotMinutes: slotMinutes) { model, random, seed in
                let start = model.moment(using: &random)
                let work = slotMinutes == 1 ? Int64(random.int(1...40_000_000)) : duration(using: &random) + 1
                guard let slow = model.find(after: start, working: work) else { return }
                found += 1
                #expect(model.calendar.instant(after: start, working: work) == slow, "seed \(seed): \(start) + \(work) ms")
            }
        }
        #expect(found > 15_000)
    }

    @Test func `the two questions are inverse`() throws {
        try forAll(slotMinutes: 5) { model, random, seed in
            let calendar = model.calendar
            let start = model.moment(using: &random)
            let work = duration(using: &random)
            let due = calendar.instant(after: start, working: work)
            #expect(calendar.workingMilliseconds(from: start, to: due) == work, "seed \(seed): \(start) + \(work) ms")
            // The earliest: one millisecond before, the last one is still to do.
            let before = due.advanced(byMilliseconds: -1)
            #expect(work == 0 || calendar.workingMilliseconds(from: start, to: before) == work - 1, "seed \(seed): \(start) + \(work) ms")
        }
    }

    @Test func `the parts of an interval add up to the whole`() throws {
        try forAll(slotMinutes: 5) { model, random, seed in
            let calendar = model.calendar
            let moments = [model.moment(using: &random), model.moment(using: &random), model.moment(using: &random)].sorted()
            let whole = calendar.workingMilliseconds(from: moments[0], to: moments[2])
            let parts =
                calendar.workingMilliseconds(from: moments[0], to: moments[1])
                + calendar.workingMilliseconds(from: moments[1], to: moments[2])
            #expect(whole == parts, "seed \(seed): \(moments)")
            let (first, second) = (duration(using: &random), duration(using: &random))
            let stepped = calendar.instant(after: calendar.instant(after: moments[0], working: first), working: second)
            let atOnce = calendar.instant(after: moments[0], working: first + second)
            #expect(stepped == atOnce, "seed \(seed): \(moments[0]) + \(first) + \(second) ms")
        }
    }

    @Test func `a later start or a longer duration never ends earlier`() throws {
        try forAll(slotMinutes: 5) { model, random, seed in
            let calendar = model.calendar
            let one = model.moment(using: &random)
            let other = model.moment(using: &random)
            let (early, late) = (min(one, other), max(one, other))
            let (short, more) = (duration(using: &random), duration(using: &random))
            let due = calendar.instant(after: early, working: short)
            #expect(due >= early, "seed \(seed): \(early) + \(short) ms")
            #expect(due <= calendar.instant(after: late, working: short), "seed \(seed): \(early), \(late) + \(short) ms")
            #expect(due <= calendar.instant(after: early, working: short + more), "seed \(seed): \(early) + \(short) + \(more) ms")
            let worked = calendar.workingMilliseconds(from: early, to: late)
            #expect(worked >= 0 && worked <= late.milliseconds - early.milliseconds, "seed \(seed): \(early) to \(late)")
        }
    }
}
