import Domain
import Testing

/// A random calendar and a slow reading of it, slot by slot, that shares nothing with the one under test.
struct CalendarModel {
    let calendar: WorkingCalendar
    let slotMinutes: Int
    let offsetMilliseconds: Int64
    /// Day numbers, both ends included, and for each weekday from Monday whether each slot is work.
    private let weeks: [(first: Int, last: Int, slots: [[Bool]])]
    private let holidays: Set<Int>
    let firstDay: Int
    let lastDay: Int

    /// Draws a calendar around 2026 whose windows begin and end on whole slots.
    init(slotMinutes: Int, using random: inout SeededGenerator) throws {
        let slotsPerDay = 1_440 / slotMinutes
        let base = 20_454 + random.int(0...365)
        var weeks: [(first: Int, last: Int, slots: [[Bool]])] = []
        var entries: [WorkingCalendar.Week] = []
        for index in 0...random.int(0...5) {
            let first = index == 0 ? base : base + random.int(-10...90)
            // The first entry has no end and always has work on one weekday.
            let last = index == 0 ? Int.max : first + random.int(0...40)
            var slots = Array(repeating: Array(repeating: false, count: slotsPerDay), count: 7)
            var days: [Weekday: [WorkingCalendar.Window]] = [:]
            for (number, weekday) in Weekday.allCases.enumerated() where number == 0 || random.int(0...2) > 0 {
                let cuts = Set((0..<random.int(2...9)).map { _ in random.int(0...slotsPerDay) }.shuffled(using: &random)).sorted()
                var windows: [WorkingCalendar.Window] = []
                for pair in stride(from: 0, to: cuts.count - 1, by: random.int(1...2)) {
                    windows.append(
                        .init(
                            start: try #require(TimeOfDay(minutes: cuts[pair] * slotMinutes)),
                            end: try #require(TimeOfDay(minutes: cuts[pair + 1] * slotMinutes))
                        )
                    )
                    for slot in cuts[pair]..<cuts[pair + 1] { slots[number][slot] = true }
                }
                if windows.isEmpty, number == 0 {
                    windows = [.init(start: try #require(TimeOfDay(minutes: 0)), end: try #require(TimeOfDay(minutes: slotMinutes)))]
                    slots[0][0] = true
                }
                days[weekday] = windows
            }
            weeks.append((first, last, slots))
            entries.append(
                .init(from: CivilDate(daysSinceEpoch: first), to: index == 0 ? nil : CivilDate(daysSinceEpoch: last), days: days)
            )
        }
        let holidays = Set((0..<random.int(0...12)).map { _ in base + random.int(-5...80) })
        let zones: [(IndonesianTimeZone, Int64)] = [(.jakarta, 7), (.pontianak, 7), (.makassar, 8), (.jayapura, 9)]
        let (zone, hours) = zones[random.int(0...3)]
        calendar = try WorkingCalendar(
            timeZone: zone,
            workingDaySeconds: 27_000,
            weeks: entries,
            holidays: holidays.shuffled(using: &random).map { .init(date: CivilDate(daysSinceEpoch: $0), name: "Libur") }
        )
        self.weeks = weeks
        self.holidays = holidays
        self.slotMinutes = slotMinutes
        offsetMilliseconds = hours * 3_600_000
        firstDay = base - 15
        lastDay = base + 100
    }

    /// A moment on the days where the rules change, often right on a window's edge.
    func moment(using random: inout SeededGenerator) -> Instant {
        let day = Int64(random.int(firstDay...lastDay))
        let slot = Int64(random.int(0...1_440 / slotMinutes))
        let inSlot = random.int(0...2) == 0 ? 0 : Int64(random.int(-70_000...70_000))
        return Instant(milliseconds: day * 86_400_000 + slot * slotMilliseconds + inSlot - offsetMilliseconds)
    }

    /// Working milliseconds between two moments, counted slot by slot.
    func count(from start: Instant, to end: Instant) -> Int64 {
        var sum: Int64 = 0
        walk(from: start) { slotStart, slotEnd, isWork in
            if isWork { sum += max(0, min(slotEnd, end.milliseconds) - slotStart) }
            return slotEnd < end.milliseconds
        }
        return sum
    }

    /// The earliest moment with that much work, looked for slot by slot in the next 400 days.
    func find(after start: Instant, working duration: Int64) -> Instant? {
        var left = duration
        var found: Instant?
        let limit = start.milliseconds + 400 * 86_400_000
        walk(from: start) { slotStart, slotEnd, isWork in
            guard isWork else { return slotEnd < limit }
            if slotEnd - slotStart >= left { found = Instant(milliseconds: slotStart + left) }
            left -= slotEnd - slotStart
            return found == nil && slotEnd < limit
        }
        return found
    }

    private var slotMilliseconds: Int64 { Int64(slotMinutes) * 60_000 }

    /// Calls `body` with each slot from `start` on, the first one cut at `start`, until it answers false.
    private func walk(from start: Instant, _ body: (Int64, Int64, Bool) -> Bool) {
        var slot = (start.milliseconds + offsetMilliseconds) / slotMilliseconds
        let slotsPerDay = 86_400_000 / slotMilliseconds
        while true {
            var slots: [Bool]?
            let day = Int(slot / slotsPerDay)
            if !holidays.contains(day), let week = weeks.last(where: { $0.first <= day && day <= $0.last }) {
                // Day 4 was Monday 1970-01-05.
                slots = week.slots[(day - 4) % 7]
            }
            repeat {
                let slotStart = slot * slotMilliseconds - offsetMilliseconds
                let isWork = slots?[Int(slot % slotsPerDay)] ?? false
                guard body(max(slotStart, start.milliseconds), slotStart + slotMilliseconds, isWork) else { return }
                slot += 1
            } while slot % slotsPerDay != 0
        }
    }
}
