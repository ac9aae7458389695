/// A case as it ended, in the recap it belongs to: written in the transaction that ended it and never changed.
package struct RecapRow: Sendable {
    package let kind: Recap.Kind
    package let period: CivilMonth
    package let caseID: String
    package let number: String
    package let title: String
    package let status: String
    package let unitID: Unit.ID
    package let officerID: User.ID?
    /// What it was about: the topic of a consultation, the priority of a work item.
    package let topic: String?
    package let createdAt: Instant
    package let closedAt: Instant
    package let steps: [StepTally]
    /// What it earned, pending.
    package let points: Int

    package init(
        kind: Recap.Kind,
        period: CivilMonth,
        caseID: String,
        number: String,
        title: String,
        status: String,
        unitID: Unit.ID,
        officerID: User.ID?,
        topic: String?,
        createdAt: Instant,
        closedAt: Instant,
        steps: [StepTally],
        points: Int
    ) {
        self.kind = kind
        self.period = period
        self.caseID = caseID
        self.number = number
        self.title = title
        self.status = status
        self.unitID = unitID
        self.officerID = officerID
        self.topic = topic
        self.createdAt = createdAt
        self.closedAt = closedAt
        self.steps = steps
        self.points = points
    }

    package var onTimeSteps: Int { steps.reduce(0) { $0 + $1.onTime } }
    package var lateSteps: Int { steps.reduce(0) { $0 + $1.late } }
    /// Whether every timed step was on time; nil where none was timed.
    package var isOnTime: Bool? { steps.isEmpty ? nil : lateSteps == 0 }
}

/// How many attempts at one step of a case kept its standard, and how many did not.
package struct StepTally: Sendable, Equatable {
    package let step: Int
    package let onTime: Int
    package let late: Int

    package init(step: Int, onTime: Int, late: Int) {
        self.step = step
        self.onTime = onTime
        self.late = late
    }
}

extension [StepTally] {
    /// Whether every timed step was on time, and there was one.
    package var areOnTime: Bool { !isEmpty && allSatisfy { $0.late == 0 } }
}

/// What a kind of case brings into the recaps.
package struct RecapMatter: Sendable {
    package let kind: Recap.Kind
    package let topic: String?
    /// Whether the end that the case came to earns its officer points.
    package let earns: Bool

    package init(kind: Recap.Kind, topic: String?, earns: Bool) {
        self.kind = kind
        self.topic = topic
        self.earns = earns
    }
}

extension Recaps {
    /// Takes in a case that has just ended: it belongs to the recap of this month, or of the next whose rows are not sealed yet.
    ///
    /// Closing and sealing are writes, and writes come one after the other: a case is in one recap, and none is lost.
    func take<Kind: Case>(_ subject: Kind, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        guard let matter = subject.recapMatter else { return }
        let steps = try repositories.timings.tallies(of: subject.id.text)
        var period = try repositories.calendars.current().service.calendar.month(of: now)
        while try repositories.recaps.isSealed(matter.kind, period), period < period.next { period = period.next }
        var points = 0
        if matter.earns, let officer = subject.officerID {
            points = try Ledger(repositories).accrue(
                matter.kind.rule,
                to: officer,
                for: (Kind.kind, subject.id.text),
                isOnTime: steps.areOnTime,
                in: period,
                at: now,
                ids: ids
            )
        }
        try repositories.recaps.insert(
            RecapRow(
                kind: matter.kind,
                period: period,
                caseID: subject.id.text,
                number: subject.number,
                title: subject.title,
                status: subject.state.rawValue,
                unitID: subject.unitID,
                officerID: subject.officerID,
                topic: matter.topic,
                createdAt: subject.head.createdAt,
                closedAt: now,
                steps: steps,
                points: points
            )
        )
    }
}
