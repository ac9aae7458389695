/// An attempt that runs, as far as its due time depends on the calendar.
package struct RunningAttempt: Sendable {
    /// A stretch of time that is not counted.
    package struct Pause: Sendable {
        package let start: Instant
        package let end: Instant

        package init(start: Instant, end: Instant) {
            self.start = start
            self.end = end
        }
    }

    package let id: StepTiming.ID
    package let subjectKind: StepTiming.SubjectKind
    package let subjectID: String
    package let unitID: Unit.ID
    package let startedAt: Instant
    /// Working time, in milliseconds; nil when the SOP states none.
    package let standard: Int64?
    package private(set) var dueAt: Instant?
    /// The working time of all pauses that ended, in milliseconds; nil when there were none.
    package private(set) var paused: Int64?
    /// The pauses that ended.
    package let pauses: [Pause]

    package init(
        id: StepTiming.ID,
        subjectKind: StepTiming.SubjectKind,
        subjectID: String,
        unitID: Unit.ID,
        startedAt: Instant,
        standard: Int64?,
        dueAt: Instant?,
        paused: Int64?,
        pauses: [Pause]
    ) {
        self.id = id
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.unitID = unitID
        self.startedAt = startedAt
        self.standard = standard
        self.dueAt = dueAt
        self.paused = paused
        self.pauses = pauses
    }

    /// The attempt with the due time that `calendar` gives it; nil when that changes nothing.
    func rescheduled(by calendar: WorkingCalendar) -> RunningAttempt? {
        var moved = self
        if paused != nil {
            moved.paused = pauses.reduce(0) { $0 + calendar.workingMilliseconds(from: $1.start, to: $1.end) }
        }
        moved.dueAt = standard.map { calendar.instant(after: startedAt, working: $0 + (moved.paused ?? 0)) }
        return moved.dueAt == dueAt && moved.paused == paused ? nil : moved
    }
}
