/// Week patterns laid out over local time, with sums that make every question a binary search.
struct WorkingTimeline: Sendable {
    /// A run of days under one pattern; it ends where the next one starts.
    struct Segment: Sendable {
        let firstDay: Int
        /// Weekday of `firstDay`, 0 for Monday.
        let phase: Int
        /// Index into `patterns`.
        let pattern: Int
        /// Working milliseconds before `firstDay`.
        let before: Int64
    }

    /// The working time of one week, in milliseconds.
    struct Pattern: Sendable {
        /// Windows of all seven days in order, as milliseconds of their day.
        private(set) var windows: [Range<Int64>] = []
        /// Where the windows of each weekday start in `windows`, and the end.
        private var firstWindow: [Int] = [0]
        /// Working time before each day of two weeks, and after them: any seven days lie inside.
        private var before: [Int64] = [0]

        init(_ days: [Weekday: [WorkingCalendar.Window]] = [:]) {
            for weekday in Weekday.allCases {
                windows += (days[weekday] ?? []).map { $0.start.milliseconds..<$0.end.milliseconds }
                firstWindow.append(windows.count)
            }
            var sum: Int64 = 0
            for day in 0..<14 {
                for window in windows(on: day % 7) { sum += window.upperBound - window.lowerBound }
                before.append(sum)
            }
        }

        var weekly: Int64 { before[7] }

        func windows(on weekday: Int) -> ArraySlice<Range<Int64>> {
            windows[firstWindow[weekday]..<firstWindow[weekday + 1]]
        }

        /// Working time of that many days (seven at most) from the weekday `phase`.
        func sum(from phase: Int, days: Int) -> Int64 {
            before[phase + days] - before[phase]
        }

        /// Working time of a weekday before that millisecond of it.
        func working(on weekday: Int, until time: Int64) -> Int64 {
            var sum: Int64 = 0
            for index in firstWindow[weekday]..<firstWindow[weekday + 1] {
                let window = windows[index]
                guard window.lowerBound < time else { break }
                sum += min(time, window.upperBound) - window.lowerBound
            }
            return sum
        }

        /// The earliest millisecond, from midnight of weekday `phase`, at which `goal` is worked; `goal` is 1 to `weekly`.
        func moment(reaching goal: Int64, from phase: Int) -> Int64 {
            var day = 0
            while day < 6, sum(from: phase, days: day + 1) < goal { day += 1 }
            var left = goal - sum(from: phase, days: day)
            let weekday = (phase + day) % 7
            var end: Int64 = 0
            for index in firstWindow[weekday]..<firstWindow[weekday + 1] {
                let window = windows[index]
                end = min(window.lowerBound + left, window.upperBound)
                left -= window.upperBound - window.lowerBound
                if left <= 0 { break }
            }
            return Int64(day) * 86_400_000 + end
        }
    }

    /// The pattern of days that no week covers.
    static let uncovered = 0
    /// The pattern of holidays.
    static let holiday = 1
    /// The pattern of `weeks[0]`.
    static let firstWeek = 2

    /// Ascending; the last one starts after the end of 9999 and has no work.
    let segments: [Segment]
    let patterns: [Pattern]

    /// Lays out weeks and holidays that the calendar has found valid.
    init(weeks: [WorkingCalendar.Week], holidays: [WorkingCalendar.Holiday]) {
        patterns = [Pattern(), Pattern()] + weeks.map { Pattern($0.days) }
        let end = CivilDate.last + 1
        let runs = Self.runs(of: weeks)
        let days = Set(holidays.map(\.date.daysSinceEpoch))
        let cuts = Set(runs.map(\.firstDay)).union(days).union(days.map { $0 + 1 }).union([end]).filter { $0 <= end }
        var segments: [Segment] = []
        segments.reserveCapacity(cuts.count)
        var worked: Int64 = 0
        var remaining = runs[...]
        var inForce = Self.uncovered
        for cut in cuts.sorted() {
            if let last = segments.last {
                worked += Self.working(days: cut - last.firstDay, phase: last.phase, patterns[last.pattern])
            }
            while let run = remaining.first, run.firstDay <= cut {
                inForce = run.pattern
                remaining = remaining.dropFirst()
            }
            let pattern = cut == end ? Self.uncovered : days.contains(cut) ? Self.holiday : inForce
            segments.append(
                Segment(firstDay: cut, phase: Weekday.index(daysSinceEpoch: cut), pattern: pattern, before: worked)
            )
        }
        self.segments = segments
    }

    /// The days on which the week in force may change, ascending, and the pattern from there on.
    private static func runs(of weeks: [WorkingCalendar.Week]) -> [(firstDay: Int, pattern: Int)] {
        let spans = weeks.map { week in (first: week.from.daysSinceEpoch, last: week.to?.daysSinceEpoch ?? CivilDate.last) }
        let cuts = Set(spans.map(\.first)).union(spans.map { $0.last + 1 })
        return cuts.sorted().map { cut in
            let week = spans.lastIndex { $0.first <= cut && cut <= $0.last }
            return (cut, week.map { $0 + firstWeek } ?? uncovered)
        }
    }

    private static func working(days: Int, phase: Int, _ pattern: Pattern) -> Int64 {
        Int64(days / 7) * pattern.weekly + pattern.sum(from: phase, days: days % 7)
    }
}

// MARK: - Questions

extension WorkingTimeline {
    /// Working milliseconds from the first day of the calendar until that local time.
    func working(until local: Int64) -> Int64 {
        let day = Int(local.flooredDays)
        guard let index = lastSegment(where: { $0.firstDay <= day }) else { return 0 }
        let segment = segments[index]
        let pattern = patterns[segment.pattern]
        let days = day - segment.firstDay
        let time = local - Int64(day) * 86_400_000
        return segment.before + Self.working(days: days, phase: segment.phase, pattern)
            + pattern.working(on: (segment.phase + days % 7) % 7, until: time)
    }

    /// The earliest local time with that much work (more than 0) since the first day, or nil when there is never so much.
    func moment(reaching goal: Int64) -> Int64? {
        guard
            let end = segments.last, goal <= end.before,
            let index = lastSegment(where: { $0.before < goal })
        else { return nil }
        let segment = segments[index]
        let pattern = patterns[segment.pattern]
        let left = goal - segment.before
        guard pattern.weekly > 0 else { return nil }
        let weeks = (left - 1) / pattern.weekly
        let rest = left - weeks * pattern.weekly
        let day = Int64(segment.firstDay) + weeks * 7
        return day * 86_400_000 + pattern.moment(reaching: rest, from: segment.phase)
    }

    /// The last segment for which the condition holds, when it holds for the first ones and then for no other.
    func lastSegment(where condition: (Segment) -> Bool) -> Int? {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if condition(segments[middle]) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low == 0 ? nil : low - 1
    }
}
