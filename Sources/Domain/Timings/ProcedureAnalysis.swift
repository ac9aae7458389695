/// Where the time of a procedure goes: over the attempts at its steps that began in a period. All times are in milliseconds.
package struct ProcedureAnalysis: Sendable {
    /// An attempt, as far as the analysis asks.
    package struct Attempt: Sendable {
        package let subjectKind: StepTiming.SubjectKind
        package let subjectID: String
        /// Whose attempt it is, where each participant of a run does the step.
        package let participantID: RunParticipant.ID?
        package let stepNumber: Int
        package let stepCode: String
        package let startedAt: Instant
        package let finishedAt: Instant?
        package let elapsed: Int64?
        /// Working time within pauses.
        package let paused: Int64
        package let standard: Int64?

        package init(
            subjectKind: StepTiming.SubjectKind,
            subjectID: String,
            participantID: RunParticipant.ID? = nil,
            stepNumber: Int,
            stepCode: String,
            startedAt: Instant,
            finishedAt: Instant?,
            elapsed: Int64?,
            paused: Int64,
            standard: Int64?
        ) {
            self.subjectKind = subjectKind
            self.subjectID = subjectID
            self.participantID = participantID
            self.stepNumber = stepNumber
            self.stepCode = stepCode
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.elapsed = elapsed
            self.paused = paused
            self.standard = standard
        }
    }

    /// One step over all runs.
    package struct Step: Sendable {
        package let number: Int
        package let code: String
        package let summary: TimingSummary
        /// How many runs came to the step.
        package fileprivate(set) var runs = 0
        package fileprivate(set) var working: Int64 = 0
        /// Nights, weekends, holidays and breaks, while the step was open.
        package fileprivate(set) var waiting: Int64 = 0
        package fileprivate(set) var paused: Int64 = 0
        /// How many runs came to the step more than once, and what the attempts after the first took.
        package fileprivate(set) var repeatedRuns = 0
        package fileprivate(set) var repeatedAttempts = 0
        package fileprivate(set) var repeatedWorking: Int64 = 0
    }

    /// One run over all its steps.
    package struct Run: Sendable {
        package let subjectKind: StepTiming.SubjectKind
        package let subjectID: String
        package fileprivate(set) var attempts = 0
        package fileprivate(set) var working: Int64 = 0
        package fileprivate(set) var waiting: Int64 = 0
        package fileprivate(set) var paused: Int64 = 0
        /// Working time at the steps whose standards make the stated total.
        fileprivate var underStandard: Int64 = 0
        fileprivate var isOpen = false
    }

    /// How the runs that have no open step compare with the sum of the standards.
    package struct Comparison: Sendable {
        /// The sum of the standards of the steps that a run goes through once; nil when none has one.
        package let stated: Int64?
        package let runs: Int
        package let mean: Int64
        package let median: Int64
        package let ninetieth: Int64
        package let longest: Int64
        /// How many kept within the stated total.
        package let within: Int
    }

    package let runs: Int
    package let attempts: Int
    package let steps: [Step]
    /// The ten runs with the most working time, the slowest first.
    package let slowest: [Run]
    package let total: Comparison

    private static let mostSlow = 10

    /// `attempts` in the order of their starts; `steps` are those of the procedure as it is.
    package init(of attempts: [Attempt], steps: [Procedure.Step]) {
        var runs: [String: Run] = [:]
        var ofSteps: [Int: [Attempt]] = [:]
        let once = steps.filter { $0.scope == .case }
        let counted = Set(once.map(\.number))
        for attempt in attempts {
            var run = runs[attempt.subjectID] ?? Run(subjectKind: attempt.subjectKind, subjectID: attempt.subjectID)
            run.attempts += 1
            if let elapsed = attempt.elapsed {
                run.working += elapsed
                run.waiting += attempt.waiting
                run.paused += attempt.paused
                if attempt.standard != nil, counted.contains(attempt.stepNumber) { run.underStandard += elapsed }
                ofSteps[attempt.stepNumber, default: []].append(attempt)
            } else {
                run.isOpen = true
            }
            runs[attempt.subjectID] = run
        }
        self.runs = runs.count
        self.attempts = attempts.count
        self.steps = ofSteps.values.compactMap { Self.step($0) }.sorted { $0.number < $1.number }
        let ordered = runs.values.sorted { ($1.working, $0.subjectID) < ($0.working, $1.subjectID) }
        slowest = Array(ordered.prefix(Self.mostSlow))
        let standards = once.compactMap(\.standard)
        total = Self.comparison(of: ordered.filter { !$0.isOpen }, with: standards.isEmpty ? nil : standards.reduce(0, +))
    }

    private static func step(_ attempts: [Attempt]) -> Step? {
        guard let first = attempts.first else { return nil }
        var tally = TimingTally()
        for attempt in attempts {
            tally.add(elapsed: attempt.elapsed ?? 0, standard: attempt.standard, isReturn: false)
        }
        guard let summary = tally.summary(of: TimingSummary.Key()) else { return nil }
        var step = Step(number: first.stepNumber, code: first.stepCode, summary: summary)
        // Participants of a run who each come to the step for the first time make no loop.
        var seen: [String: [RunParticipant.ID?: Int]] = [:]
        var repeated: Set<String> = []
        for attempt in attempts {
            let count = (seen[attempt.subjectID]?[attempt.participantID] ?? 0) + 1
            seen[attempt.subjectID, default: [:]][attempt.participantID] = count
            step.working += attempt.elapsed ?? 0
            step.waiting += attempt.waiting
            step.paused += attempt.paused
            if count > 1 {
                repeated.insert(attempt.subjectID)
                step.repeatedAttempts += 1
                step.repeatedWorking += attempt.elapsed ?? 0
            }
        }
        (step.runs, step.repeatedRuns) = (seen.count, repeated.count)
        return step
    }

    private static func comparison(of runs: [Run], with stated: Int64?) -> Comparison {
        let times = runs.map(\.underStandard).sorted()
        return Comparison(
            stated: stated,
            runs: times.count,
            mean: times.isEmpty ? 0 : times.reduce(0, +) / Int64(times.count),
            median: TimingTally.percentile(50, of: times),
            ninetieth: TimingTally.percentile(90, of: times),
            longest: times.last ?? 0,
            within: stated.map { stated in times.count { $0 <= stated } } ?? 0
        )
    }
}

extension ProcedureAnalysis.Attempt {
    /// The time between start and end that neither counts nor was paused.
    fileprivate var waiting: Int64 {
        guard let finishedAt, let elapsed else { return 0 }
        return max(0, finishedAt.milliseconds - startedAt.milliseconds - elapsed - paused)
    }
}
