/// The clock of one attempt at an SOP step.
package struct StepClock: Sendable {
    package let timingID: StepTiming.ID
    package let stepNumber: Int
    package let stepCode: String
    package let attempt: Int
    package let startedAt: Instant
    package private(set) var finishedAt: Instant?
    /// Working time, in milliseconds; nil while it runs.
    package private(set) var elapsed: Int64?
    /// Working time, in milliseconds; nil when the SOP states none.
    package let standard: Int64?
    package private(set) var dueAt: Instant?
    /// The working time of all pauses that ended, in milliseconds; nil before the first one.
    package private(set) var paused: Int64?
    /// Since when it pauses; nil while it runs.
    package private(set) var pausedAt: Instant?

    package init(
        timingID: StepTiming.ID,
        stepNumber: Int,
        stepCode: String,
        attempt: Int,
        startedAt: Instant,
        finishedAt: Instant? = nil,
        elapsed: Int64? = nil,
        standard: Int64?,
        dueAt: Instant?,
        paused: Int64? = nil,
        pausedAt: Instant? = nil
    ) {
        self.timingID = timingID
        self.stepNumber = stepNumber
        self.stepCode = stepCode
        self.attempt = attempt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.elapsed = elapsed
        self.standard = standard
        self.dueAt = dueAt
        self.paused = paused
        self.pausedAt = pausedAt
    }

    /// The working time so far, in milliseconds: that of the whole attempt once it ended, when `calendar` is not asked for.
    package func elapsed(at now: Instant, by calendar: @autoclosure () -> WorkingCalendar) -> Int64 {
        elapsed ?? max(0, calendar().workingMilliseconds(from: startedAt, to: pausedAt ?? now) - (paused ?? 0))
    }

    package func verdict(at now: Instant) -> StepTiming.Verdict {
        if let elapsed { return StepTiming.Verdict(elapsed: elapsed, standard: standard) }
        guard let dueAt else { return .noStandard }
        return (pausedAt ?? now) > dueAt ? .overdue : .running
    }

    /// Stops the clock for good; a pause that lasts ends with it.
    mutating func finish(at now: Instant, by calendar: WorkingCalendar) {
        elapsed = elapsed(at: now, by: calendar)
        finishedAt = now
        if let since = pausedAt { paused = (paused ?? 0) + calendar.workingMilliseconds(from: since, to: now) }
        pausedAt = nil
    }

    /// Stops the clock for a while.
    mutating func pause(at now: Instant) {
        pausedAt = now
        paused = paused ?? 0
    }

    /// Lets the clock run again; what is due is later by the working time since `pause`.
    mutating func resume(at now: Instant, by calendar: WorkingCalendar) {
        guard let since = pausedAt else { return }
        let pause = calendar.workingMilliseconds(from: since, to: now)
        paused = (paused ?? 0) + pause
        // By the whole time since the start, as after a change of the calendar: from the due time on it would be the same.
        if let standard { dueAt = calendar.instant(after: startedAt, working: standard + (paused ?? 0)) }
        pausedAt = nil
    }
}
