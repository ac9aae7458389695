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
    package let dueAt: Instant?

    package init(
        timingID: StepTiming.ID,
        stepNumber: Int,
        stepCode: String,
        attempt: Int,
        startedAt: Instant,
        finishedAt: Instant? = nil,
        elapsed: Int64? = nil,
        standard: Int64?,
        dueAt: Instant?
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
    }

    /// The working time so far, in milliseconds: that of the whole attempt once it ended.
    package func elapsed(at now: Instant, by calendar: WorkingCalendar) -> Int64 {
        elapsed ?? calendar.workingMilliseconds(from: startedAt, to: now)
    }

    package func verdict(at now: Instant) -> StepTiming.Verdict {
        guard let standard, let dueAt else { return .noStandard }
        guard let elapsed else { return now > dueAt ? .overdue : .running }
        return elapsed <= standard ? .onTime : .late
    }

    /// Stops the clock.
    mutating func finish(at now: Instant, by calendar: WorkingCalendar) {
        finishedAt = now
        elapsed = calendar.workingMilliseconds(from: startedAt, to: now)
    }
}
