extension WorkingCalendar {
    /// Why a stretch of time counts as working time or does not.
    package enum Rule: Sendable, Hashable {
        case working
        /// Between two windows of one day.
        case rest
        /// A day with a week pattern, before its first window or after its last.
        case outsideHours
        case holiday(name: String)
        /// A day that no week covers.
        case uncovered
    }

    /// A stretch of time under one rule; `end` no longer belongs to it.
    package struct Interval: Sendable, Hashable {
        package let start: Instant
        package let end: Instant
        package let rule: Rule
        /// The place of the week pattern in `weeks` that gave the rule, where one did.
        package let week: Int?
    }

    /// The stretches from `start` to `end` without gaps, neighbours of one rule and week merged.
    ///
    /// When there are more than `limit`, only the first ones: the last of them then ends before `end`.
    package func intervals(from start: Instant, to end: Instant, limit: Int = 1_000) -> [Interval] {
        let start = max(start, .earliest)
        let end = min(end, .latest)
        guard start < end, limit > 0 else { return [] }
        var stretches = Stretches(cursor: timeZone.localMilliseconds(of: start), end: timeZone.localMilliseconds(of: end), limit: limit)
        let names = Dictionary(holidays.map { ($0.date.daysSinceEpoch, $0.name) }) { first, _ in first }
        var index = timeline.lastSegment { Int64($0.firstDay) * 86_400_000 <= stretches.cursor }
        while stretches.isOpen {
            let next = (index ?? -1) + 1
            let until = next < timeline.segments.count ? Int64(timeline.segments[next].firstDay) * 86_400_000 : stretches.end
            if let index {
                add(timeline.segments[index], until: until, names: names, to: &stretches)
            } else {
                stretches.add(.uncovered, until: until)
            }
            index = next < timeline.segments.count ? next : index
        }
        return stretches.found.map { stretch in
            Interval(
                start: timeZone.instant(localMilliseconds: stretch.start),
                end: timeZone.instant(localMilliseconds: stretch.end),
                rule: stretch.rule,
                week: stretch.week
            )
        }
    }

    private func add(_ segment: WorkingTimeline.Segment, until: Int64, names: [Int: String], to stretches: inout Stretches) {
        switch segment.pattern {
        case WorkingTimeline.uncovered:
            stretches.add(.uncovered, until: until)
        case WorkingTimeline.holiday:
            stretches.add(.holiday(name: names[segment.firstDay] ?? ""), until: until)
        default:
            let pattern = timeline.patterns[segment.pattern]
            let week = segment.pattern - WorkingTimeline.firstWeek
            // Without work the whole segment is one stretch; with work each week ends at least one, so the limit ends the loop.
            while pattern.weekly > 0, stretches.isOpen, stretches.cursor < until {
                let day = stretches.cursor.flooredDays
                let midnight = day * 86_400_000
                var before = Rule.outsideHours
                for window in pattern.windows(on: Weekday.index(daysSinceEpoch: Int(day))) {
                    stretches.add(before, of: week, until: midnight + window.lowerBound)
                    stretches.add(.working, of: week, until: midnight + window.upperBound)
                    before = .rest
                }
                stretches.add(.outsideHours, of: week, until: midnight + 86_400_000)
            }
            stretches.add(.outsideHours, of: week, until: until)
        }
    }

    /// Stretches of local time, gathered from the left until the end or the limit.
    private struct Stretches {
        private(set) var found: [(start: Int64, end: Int64, rule: Rule, week: Int?)] = []
        private(set) var cursor: Int64
        private var isFull = false
        let end: Int64
        private let limit: Int

        init(cursor: Int64, end: Int64, limit: Int) {
            self.cursor = cursor
            self.end = end
            self.limit = limit
        }

        var isOpen: Bool { cursor < end && !isFull }

        /// Gives the rule to the time from the cursor to `time`, as far as it is asked for.
        mutating func add(_ rule: Rule, of week: Int? = nil, until time: Int64) {
            let time = min(time, end)
            guard cursor < time, !isFull else { return }
            if let last = found.last, last.rule == rule, last.week == week {
                found[found.count - 1].end = time
            } else if found.count < limit {
                found.append((cursor, time, rule, week))
            } else {
                isFull = true
                return
            }
            cursor = time
        }
    }
}
