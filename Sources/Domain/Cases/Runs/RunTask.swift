/// One attempt at a step of a run, by one participant where the step is done by each; its clock is the step timing.
package struct RunTask: Sendable {
    package let participantID: RunParticipant.ID?
    package internal(set) var clock: StepClock
    package internal(set) var outcome: StepTiming.Outcome?
    /// What each of its performers left, in the order of their coming.
    package internal(set) var completions: [RunCompletion]

    package init(
        participantID: RunParticipant.ID?,
        clock: StepClock,
        outcome: StepTiming.Outcome? = nil,
        completions: [RunCompletion] = []
    ) {
        self.participantID = participantID
        self.clock = clock
        self.outcome = outcome
        self.completions = completions
    }

    package var step: Int { clock.stepNumber }

    package var isOpen: Bool { clock.finishedAt == nil }
}

/// What one performer left of a step.
package struct RunCompletion: Sendable {
    /// Whose part it was.
    package let performer: RunPerformer
    /// Who did it.
    package let userID: User.ID
    /// Whether the super admin did it in the place of the performer.
    package let isStandIn: Bool
    package let finishedAt: Instant
    package var work: StepWork

    package init(performer: RunPerformer, userID: User.ID, isStandIn: Bool, finishedAt: Instant, work: StepWork) {
        self.performer = performer
        self.userID = userID
        self.isStandIn = isStandIn
        self.finishedAt = finishedAt
        self.work = work
    }
}

/// What is handed in with a step.
package struct StepWork: Sendable, Equatable {
    /// The answer at a gate; at a participant's own step `false` declines.
    package var decision: Bool?
    package var note: String?
    /// What the step gave, each on one line.
    package var outputs: [String]
    /// The items of the checklist that are ticked, counted from 0.
    package var checklist: [Int]
    /// A participant's answers to the questionnaire.
    package var answers: [RunAnswer]
    /// What an assessor gives.
    package var scores: [RunScore]

    package init(
        decision: Bool? = nil,
        note: String? = nil,
        outputs: [String] = [],
        checklist: [Int] = [],
        answers: [RunAnswer] = [],
        scores: [RunScore] = []
    ) {
        self.decision = decision
        self.note = note
        self.outputs = outputs
        self.checklist = checklist
        self.answers = answers
        self.scores = scores
    }
}
