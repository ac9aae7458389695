/// Which steps of a procedure open by themselves, how often, and who does them.
package struct ProcedureSchedule: Sendable {
    package struct Step: Sendable, Equatable {
        package let number: Int
        package let recurrence: Recurrence
        /// The first day on which it may open.
        package var startsOn: CivilDate

        package init(number: Int, recurrence: Recurrence, startsOn: CivilDate) {
            self.number = number
            self.recurrence = recurrence
            self.startsOn = startsOn
        }
    }

    /// The code of the procedure.
    package let procedure: String
    package var isActive: Bool
    /// Whose calendar says when a period opens, and whose cases the runs are.
    package let unitID: Unit.ID
    /// For whom the runs open: he is their requester.
    package let ownerID: User.ID
    package let assignments: [RunAssignment]
    /// In the order of their numbers.
    package var steps: [Step]
    /// 0 for a procedure that was never scheduled.
    package let version: Int

    package init(
        procedure: String,
        isActive: Bool,
        unitID: Unit.ID,
        ownerID: User.ID,
        assignments: [RunAssignment],
        steps: [Step],
        version: Int
    ) {
        self.procedure = procedure
        self.isActive = isActive
        self.unitID = unitID
        self.ownerID = ownerID
        self.assignments = assignments
        self.steps = steps
        self.version = version
    }

    /// The period of a step that opens next after `last`, the last that has opened or was missed.
    package func next(
        of step: Step,
        after last: Recurrence.Period?,
        by calendar: WorkingCalendar
    ) -> (period: Recurrence.Period, at: Instant)? {
        let from = last.map { max(step.startsOn, CivilDate(daysSinceEpoch: $0.last.daysSinceEpoch + 1)) } ?? step.startsOn
        return calendar.opening(of: step.recurrence, from: from)
    }
}

/// One period of a scheduled step whose time has come.
package struct Occasion: Sendable {
    /// How a period stands.
    package enum Status: String, Sendable, CaseIterable {
        /// It can be done yet.
        case open
        case done
        /// Done after the period.
        case late
        /// The period ended and nothing was done.
        case missed
        case cancelled
    }

    package let step: Int
    package let period: Recurrence.Period
    /// When it was to open.
    package let dueAt: Instant
    /// When the period ends.
    package let closesAt: Instant
    /// The run that opened; nil where none did, because the service found the period over.
    package let runID: ProcedureRun.ID?
    package let openedAt: Instant?
    package let finishedAt: Instant?
    private let runState: ProcedureRun.State?

    package init(
        step: Int,
        period: Recurrence.Period,
        dueAt: Instant,
        closesAt: Instant,
        runID: ProcedureRun.ID? = nil,
        openedAt: Instant? = nil,
        finishedAt: Instant? = nil,
        runState: ProcedureRun.State? = nil
    ) {
        self.step = step
        self.period = period
        self.dueAt = dueAt
        self.closesAt = closesAt
        self.runID = runID
        self.openedAt = openedAt
        self.finishedAt = finishedAt
        self.runState = runState
    }

    package func status(at now: Instant) -> Status {
        switch runState {
        case nil: .missed
        case .running: now < closesAt ? .open : .missed
        case .completed: (finishedAt ?? closesAt) < closesAt ? .done : .late
        case .cancelled: .cancelled
        }
    }
}

/// Schedules in storage.
package protocol ScheduleRepository {
    func find(_ procedure: String) throws(DomainError) -> ProcedureSchedule?
    /// Stores a schedule in the place of the one before it, to be looked at when that is due.
    func store(_ schedule: ProcedureSchedule, at now: Instant) throws(DomainError)
    /// When a schedule is to be looked at next.
    func nextLook() throws(DomainError) -> Instant?
    /// The procedures whose schedules are to be looked at.
    func due(at now: Instant) throws(DomainError) -> [String]
    func lookAgain(at next: Instant?, at procedure: String) throws(DomainError)
    /// The last period of a step that has opened or was missed.
    func lastPeriod(of step: Int, in procedure: String) throws(DomainError) -> Recurrence.Period?
    /// Takes in a period whose time has come; false when it is there already, so that of several who find it due one goes on.
    func insert(_ occasion: Occasion, in procedure: String) throws(DomainError) -> Bool
    /// Names the run that a period opened.
    func attach(_ run: ProcedureRun.ID, to occasion: Occasion, in procedure: String) throws(DomainError)
    /// The newest `limit` periods of a step.
    func occasions(of step: Int, in procedure: String, limit: Int) throws(DomainError) -> [Occasion]
}
