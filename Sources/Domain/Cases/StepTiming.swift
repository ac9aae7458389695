/// One attempt at one SOP step: when it ran and how it stands to its standard.
package struct StepTiming: Sendable, Identified {
    package typealias ID = Identifier<StepTiming>
    package static let idPrefix = "tim"

    /// How an attempt ended.
    package enum Outcome: String, Sendable, CaseIterable {
        case done
        case yes
        case no
        case reassigned
        case withdrawn
    }

    /// How an attempt stands to its standard. A missing standard is never late.
    package enum Verdict: String, Sendable, CaseIterable {
        case onTime = "on_time"
        case late
        case noStandard = "no_standard"
        case running
        case overdue
    }

    package let id: ID
    package let procedure: String
    package let procedureVersion: Int
    package let subjectKind: CaseKind
    package let subjectID: String
    package let unitID: Unit.ID
    package let stepNumber: Int
    package let stepCode: String
    package let role: String
    package let attempt: Int
    /// The one whose step it is while it runs, as far as known, and the one who ended it.
    package var performerID: User.ID?
    package let startedAt: Instant
    package var finishedAt: Instant?
    /// Working time, in milliseconds; nil while it runs.
    package var elapsed: Int64?
    /// Working time, in milliseconds; nil when the SOP states none.
    package let standard: Int64?
    package let dueAt: Instant?
    package var outcome: Outcome?

    package init(
        id: ID,
        procedure: String,
        procedureVersion: Int,
        subjectKind: CaseKind,
        subjectID: String,
        unitID: Unit.ID,
        stepNumber: Int,
        stepCode: String,
        role: String,
        attempt: Int,
        performerID: User.ID?,
        startedAt: Instant,
        finishedAt: Instant? = nil,
        elapsed: Int64? = nil,
        standard: Int64?,
        dueAt: Instant?,
        outcome: Outcome? = nil
    ) {
        self.id = id
        self.procedure = procedure
        self.procedureVersion = procedureVersion
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.unitID = unitID
        self.stepNumber = stepNumber
        self.stepCode = stepCode
        self.role = role
        self.attempt = attempt
        self.performerID = performerID
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.elapsed = elapsed
        self.standard = standard
        self.dueAt = dueAt
        self.outcome = outcome
    }

    /// The working time so far, in milliseconds: that of the whole attempt once it ended.
    package func elapsed(at now: Instant, by calendar: WorkingCalendar) -> Int64 {
        elapsed ?? calendar.workingMilliseconds(from: startedAt, to: now)
    }

    package func verdict(at now: Instant) -> Verdict {
        guard let standard, let dueAt else { return .noStandard }
        guard let elapsed else { return now > dueAt ? .overdue : .running }
        return elapsed <= standard ? .onTime : .late
    }

    /// Ends the attempt.
    mutating func finish(at now: Instant, by performer: User.ID, outcome: Outcome, calendar: WorkingCalendar) {
        finishedAt = now
        elapsed = calendar.workingMilliseconds(from: startedAt, to: now)
        performerID = performer
        self.outcome = outcome
    }
}
