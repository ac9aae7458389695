/// How the working time of an attempt comes about: every stretch from its start to its end, counted or not, with the rule behind it.
package struct TimingExplanation: Sendable {
    /// A stretch under one rule.
    package struct Stretch: Sendable {
        package let start: Instant
        package let end: Instant
        package let rule: WorkingCalendar.Rule
        /// The week pattern that gave the rule, where one did.
        package let week: WorkingCalendar.Week?
        /// The pause that keeps it from counting.
        package let pause: StepPause?

        package var isCounted: Bool { rule == .working && pause == nil }
    }

    package let stretches: [Stretch]
    /// Whether there are more stretches than are told.
    package let isTruncated: Bool

    private static let most = 1_000

    package init(from start: Instant, to end: Instant, by calendar: WorkingCalendar, pauses: [StepPause]) {
        let intervals = calendar.intervals(from: start, to: end, limit: Self.most)
        var stretches: [Stretch] = []
        for interval in intervals {
            let week = interval.week.flatMap { calendar.weeks.indices.contains($0) ? calendar.weeks[$0] : nil }
            var cursor = interval.start
            func add(until time: Instant, _ pause: StepPause?) {
                guard cursor < time else { return }
                stretches.append(Stretch(start: cursor, end: time, rule: interval.rule, week: week, pause: pause))
                cursor = time
            }
            for pause in pauses where pause.startedAt < interval.end && (pause.endedAt ?? end) > interval.start {
                add(until: min(pause.startedAt, interval.end), nil)
                add(until: min(pause.endedAt ?? end, interval.end), pause)
            }
            add(until: interval.end, nil)
        }
        self.stretches = Array(stretches.prefix(Self.most))
        isTruncated = stretches.count > Self.most || (intervals.last.map { $0.end < end } ?? false)
    }
}

extension StepTiming {
    /// Whether `principal` may see this timing, by the rule of the list.
    package func isVisible(to principal: Principal) -> Bool {
        Visibility.stepTimings(for: principal).contains { part in
            switch part {
            case .all: true
            case .unit(let id): id == unitID && subjectKind == .consultation
            case .requester(let id), .officer(let id): id == performerID
            case .member: false
            }
        }
    }
}

extension Transaction {
    /// How the working time of an attempt comes about, by the calendar it was timed by, up to `now` while it runs.
    ///
    /// Throws `notFound` when `principal` may not see it.
    package func explain(
        _ id: StepTiming.ID,
        for principal: Principal,
        at now: Instant
    ) throws(DomainError) -> (timing: StepTiming, calendar: WorkingCalendar, explanation: TimingExplanation) {
        guard let timing = try timings.find(id), timing.isVisible(to: principal) else { throw .notFound("step_timing") }
        let clock = timing.clock
        let end = clock.finishedAt ?? now
        // What ended was counted by the calendar of its last day, and stays so.
        let calendar = if clock.finishedAt == nil { try calendars[timing.unitID] } else { try calendar(of: timing.unitID, at: end) }
        let pauses = clock.paused == nil ? [] : try self.pauses.list(of: id)
        return (timing, calendar, TimingExplanation(from: clock.startedAt, to: end, by: calendar, pauses: pauses))
    }
}
