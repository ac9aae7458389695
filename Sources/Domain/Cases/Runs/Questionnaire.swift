/// What an assessment asks and how it weighs the answers.
package struct Questionnaire: Sendable, Equatable {
    /// A field that is scored as a whole.
    package struct Dimension: Sendable, Equatable {
        package let code: String
        package let title: String
        package let weight: Int
        /// The highest score; the lowest is 0.
        package let maximum: Int
        package let indicators: [Indicator]

        package init(code: String, title: String, weight: Int = 1, maximum: Int = 100, indicators: [Indicator] = []) {
            self.code = code
            self.title = title
            self.weight = weight
            self.maximum = maximum
            self.indicators = indicators
        }
    }

    /// A question that each participant answers.
    package struct Indicator: Sendable, Equatable {
        package let code: String
        package let title: String

        package init(code: String, title: String) {
            self.code = code
            self.title = title
        }
    }

    package let dimensions: [Dimension]

    package init(dimensions: [Dimension]) { self.dimensions = dimensions }

    package var indicators: [Indicator] { dimensions.flatMap(\.indicators) }
}

/// The answer of a participant to one indicator.
package struct RunAnswer: Sendable, Equatable {
    package let indicator: String
    package let answer: String
    /// The ids of the attachments of the run that prove it.
    package let evidence: [String]

    package init(indicator: String, answer: String, evidence: [String]) {
        self.indicator = indicator
        self.answer = answer
        self.evidence = evidence
    }
}

/// What an assessor gives a participant in one dimension.
package struct RunScore: Sendable, Equatable {
    package let dimension: String
    package let score: Int

    package init(dimension: String, score: Int) {
        self.dimension = dimension
        self.score = score
    }
}

/// The steps of a procedure, by their codes, that make it an assessment.
package enum AssessmentStep {
    /// Where participants answer the questionnaire.
    package static let answers = "complete-questionnaire"
    /// Where assessors score each participant.
    package static let scores = "issue-scores"
    /// Whose end freezes the results.
    package static let report = "write-report"
}

extension RunWork {
    /// Everything that is wrong with answers and scores handed in for a step.
    func assessmentFaults(of work: StepWork, at step: Procedure.Step) -> [Issue] {
        answerFaults(of: work, at: step) + scoreFaults(of: work, at: step)
    }

    private func answerFaults(of work: StepWork, at step: Procedure.Step) -> [Issue] {
        guard step.code == AssessmentStep.answers else { return work.answers.isEmpty ? [] : [.notHere("/answers")] }
        // Who declines answers nothing.
        if work.decision == false { return [] }
        return Self.faults(of: work.answers.map(\.indicator), asked: questionnaire?.indicators.map(\.code) ?? [], "/answers", "indicator")
    }

    private func scoreFaults(of work: StepWork, at step: Procedure.Step) -> [Issue] {
        guard step.code == AssessmentStep.scores else { return work.scores.isEmpty ? [] : [.notHere("/scores")] }
        let given = work.scores.map(\.dimension)
        var issues = Self.faults(of: given, asked: questionnaire?.dimensions.map(\.code) ?? given, "/scores", "dimension")
        for (place, score) in work.scores.enumerated() {
            let maximum = dimension(score.dimension).maximum
            guard score.score > maximum else { continue }
            let detail = Text(id: "Paling tinggi \(maximum).", en: "It must be \(maximum) at most.")
            issues.append(Issue("/scores/\(place)/score", code: "out_of_range", detail: detail))
        }
        return issues
    }

    /// A dimension by its code; without a questionnaire each has the weight 1 and goes to 100.
    package func dimension(_ code: String) -> Questionnaire.Dimension {
        questionnaire?.dimensions.first { $0.code == code } ?? Questionnaire.Dimension(code: code, title: code)
    }

    /// What is wrong with a list that must name each of `asked` once.
    private static func faults(of given: [String], asked: [String], _ list: String, _ member: String) -> [Issue] {
        var issues: [Issue] = []
        for (place, code) in given.enumerated() {
            let pointer = "\(list)/\(place)/\(member)"
            if !asked.contains(code) {
                issues.append(.unknownReference(pointer))
            } else if given[..<place].contains(code) {
                issues.append(Issue(pointer, code: "duplicate", detail: Text(id: "Sudah disebut.", en: "It was named before.")))
            }
        }
        let missing = asked.filter { !given.contains($0) }
        if !missing.isEmpty {
            let names = missing.joined(separator: ", ")
            let detail = Text(id: "Belum ada: \(names).", en: "Missing: \(names).")
            issues.append(Issue(list, code: given.isEmpty ? "required" : "incomplete", detail: detail))
        }
        return issues
    }
}

extension Issue {
    /// The field belongs to another step.
    fileprivate static func notHere(_ pointer: String) -> Issue {
        Issue(pointer, code: "not_allowed", detail: Text(id: "Bukan untuk langkah ini.", en: "It does not belong to this step."))
    }
}
