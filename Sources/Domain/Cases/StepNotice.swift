/// What a running step gives notice of, in this order, each once.
package enum StepNotice: Int, Sendable, CaseIterable {
    /// Three quarters of the standard are used.
    case dueSoon = 1
    /// The standard has passed.
    case overdue = 2

    /// As it is called in the log, behind `step.`, and in the inbox.
    package var name: String {
        switch self {
        case .dueSoon: "due_soon"
        case .overdue: "overdue"
        }
    }

    /// The notice that a step due then has come to; nil before the first.
    package static func reached(at now: Instant, dueAt: Instant, standard: Int64, by calendar: WorkingCalendar) -> StepNotice? {
        if now > dueAt { return .overdue }
        return calendar.workingMilliseconds(from: now, to: dueAt) <= standard / 4 ? .dueSoon : nil
    }
}

extension StepClock {
    /// The notice that the step has come to; nil before the first, once it has ended, and while it pauses.
    package func notice(at now: Instant, by calendar: WorkingCalendar) -> StepNotice? {
        guard finishedAt == nil, pausedAt == nil, let standard, let dueAt else { return nil }
        return StepNotice.reached(at: now, dueAt: dueAt, standard: standard, by: calendar)
    }

    /// When the step comes to the notice after `given`; nil after the last, without a standard, and while it pauses.
    ///
    /// All of it follows from when the step is due now: whoever moves that moves the notices that are still to come.
    package func nextNotice(after given: StepNotice?, by calendar: WorkingCalendar) -> Instant? {
        guard finishedAt == nil, pausedAt == nil, let standard, let dueAt else { return nil }
        switch given {
        case nil:
            let before = calendar.workingMilliseconds(from: startedAt, to: dueAt) - standard / 4
            return calendar.instant(after: startedAt, working: max(0, before))
        case .dueSoon: return dueAt.advanced(byMilliseconds: 1)
        case .overdue: return nil
        }
    }
}

/// Writes the notices of running steps into the log.
package struct StepNotices: DueWork {
    private static let batch = 100

    package init() {}

    package func next(in tx: borrowing Transaction) throws(DomainError) -> Instant? { try tx.timings.nextNotice() }

    package func perform(at now: Instant, ids: IdentifierSource, in tx: borrowing Transaction) throws(DomainError) -> Int {
        let pending = try tx.timings.pendingNotices(at: now, limit: Self.batch)
        let calendars = try tx.calendars
        for (timing, given) in pending {
            let calendar = calendars[timing.unitID]
            let reached = timing.clock.notice(at: now, by: calendar)
            let new = StepNotice.allCases.filter { $0.rawValue > (given?.rawValue ?? 0) && $0.rawValue <= (reached?.rawValue ?? 0) }
            let last = new.last ?? given
            // Of several who come to it at once, the one who finds it as it was gives the notice.
            guard try tx.timings.note(last, after: given, next: timing.clock.nextNotice(after: last, by: calendar), on: timing.id) else {
                continue
            }
            for notice in new { try tx.events.append(Event(notice, of: timing, id: ids.make(at: now), time: now)) }
        }
        return pending.count
    }
}

extension Event {
    /// The notice of a step; it is about the case, and its note is the code of the step.
    fileprivate init(_ notice: StepNotice, of timing: StepTiming, id: ID, time: Instant) {
        self.init(
            id: id,
            sequence: 0,
            time: time,
            type: "step.\(notice.name)",
            subject: timing.subjectKind.eventSubject,
            subjectID: timing.subjectID,
            unitID: timing.unitID,
            actorID: nil,
            tokenID: nil,
            requestID: nil,
            from: nil,
            to: nil,
            reason: nil,
            note: timing.clock.stepCode,
            changed: []
        )
    }
}
