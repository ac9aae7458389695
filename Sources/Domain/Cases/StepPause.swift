/// A stretch of an attempt that is not counted: who stopped its clock, why, and who let it run again.
package struct StepPause: Sendable {
    package let startedAt: Instant
    /// Nil while it lasts.
    package let endedAt: Instant?
    package let ownerID: User.ID
    package let reason: String
    package let endedByID: User.ID?
    /// What was said when it ended.
    package let note: String?

    package init(startedAt: Instant, endedAt: Instant?, ownerID: User.ID, reason: String, endedByID: User.ID?, note: String?) {
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.ownerID = ownerID
        self.reason = reason
        self.endedByID = endedByID
        self.note = note
    }
}

/// The pauses of attempts in storage.
package protocol PauseRepository {
    func begin(_ pause: StepPause, of timing: StepTiming.ID) throws(DomainError)
    /// Ends the pause of an attempt that lasts.
    func end(of timing: StepTiming.ID, at now: Instant, by user: User.ID, note: String?) throws(DomainError)
    /// Stores the pause and the due time of a running attempt.
    func update(_ clock: StepClock) throws(DomainError)
    /// All pauses of an attempt, in their order.
    func list(of timing: StepTiming.ID) throws(DomainError) -> [StepPause]
}
