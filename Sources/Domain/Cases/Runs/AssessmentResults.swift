/// What an assessment gave: each participant by dimension and over all, in order, and how far the assessors are apart.
package struct AssessmentResults: Sendable {
    /// One participant in one dimension.
    package struct Dimension: Sendable, Equatable {
        package let code: String
        /// The mean over the assessors.
        package let mean: Hundredths
        package let lowest: Int
        package let highest: Int
        package let assessors: Int

        /// The highest score less the lowest.
        package var spread: Int { highest - lowest }
    }

    /// One participant.
    package struct Row: Sendable {
        package let participant: RunParticipant
        /// 1 for the best; equal results share a rank, and the next one counts them all. Nil without scores.
        package internal(set) var rank: Int?
        /// The weighted mean over the dimensions, as parts of a hundred of what can be reached; nil without scores.
        package let overall: Hundredths?
        /// The same of the assessor who gives most, less that of the one who gives least.
        package let spread: Hundredths?
        package let dimensions: [Dimension]
    }

    /// In the order of their ranks; at the end those without scores.
    package let rows: [Row]
    package let dimensions: [Questionnaire.Dimension]
    /// When the report was done, after which nothing changes; nil before.
    package let frozenAt: Instant?

    /// The same with some of the participants, who keep their ranks among all.
    package func only(_ isIncluded: (RunParticipant) -> Bool) -> AssessmentResults {
        AssessmentResults(rows: rows.filter { isIncluded($0.participant) }, dimensions: dimensions, frozenAt: frozenAt)
    }
}

/// A number with two decimals, counted in hundredths.
package struct Hundredths: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let count: Int

    package init(count: Int) { self.count = count }

    /// The nearest one; halves go up.
    init(_ value: Double) { count = Int((value * 100).rounded(.toNearestOrAwayFromZero)) }

    package static func < (left: Hundredths, right: Hundredths) -> Bool { left.count < right.count }

    package var description: String {
        let rest = count % 100
        return "\(count / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension RunWork {
    /// Whether the procedure has a step at which assessors score.
    package var isAssessment: Bool { graph.steps.contains { $0.code == AssessmentStep.scores } }

    /// The results as they stand.
    package var results: AssessmentResults {
        let scored = participants.map { ($0, scores(of: $0.id)) }
        var dimensions = questionnaire?.dimensions ?? []
        for score in scored.flatMap(\.1).flatMap({ $0 }) where !dimensions.contains(where: { $0.code == score.dimension }) {
            dimensions.append(dimension(score.dimension))
        }
        var rows = scored.map { participant, scores in row(of: participant, scores, in: dimensions) }
        rows.sort { ($0.overall?.count ?? -1, $1.participant.id.text) > ($1.overall?.count ?? -1, $0.participant.id.text) }
        for place in rows.indices where rows[place].overall != nil {
            let isTie = place > 0 && rows[place - 1].overall == rows[place].overall
            rows[place].rank = isTie ? rows[place - 1].rank : place + 1
        }
        let report = tasks.last { $0.clock.stepCode == AssessmentStep.report && !$0.isOpen && $0.outcome != .cancelled }
        return AssessmentResults(rows: rows, dimensions: dimensions, frozenAt: report?.clock.finishedAt)
    }

    /// What each assessor gave a participant at the last attempt.
    private func scores(of participant: RunParticipant.ID) -> [[RunScore]] {
        let task = tasks.last { $0.clock.stepCode == AssessmentStep.scores && $0.participantID == participant }
        return (task?.completions ?? []).map(\.work.scores).filter { !$0.isEmpty }
    }

    private func row(
        of participant: RunParticipant,
        _ scores: [[RunScore]],
        in dimensions: [Questionnaire.Dimension]
    ) -> AssessmentResults.Row {
        let results = dimensions.compactMap { dimension -> AssessmentResults.Dimension? in
            let given = scores.flatMap { $0 }.filter { $0.dimension == dimension.code }.map(\.score)
            guard let lowest = given.min(), let highest = given.max() else { return nil }
            return AssessmentResults.Dimension(
                code: dimension.code,
                mean: Hundredths(Double(given.reduce(0, +)) / Double(given.count)),
                lowest: lowest,
                highest: highest,
                assessors: given.count
            )
        }
        let each = scores.compactMap { overall(of: [$0]) }
        return AssessmentResults.Row(
            participant: participant,
            rank: nil,
            overall: overall(of: scores).map { Hundredths($0) },
            spread: each.max().flatMap { most in each.min().map { Hundredths(most - $0) } },
            dimensions: results
        )
    }

    /// The weighted mean of what some assessors gave, as parts of a hundred; nil when they gave nothing.
    private func overall(of scores: [[RunScore]]) -> Double? {
        let given = Dictionary(grouping: scores.flatMap { $0 }, by: \.dimension)
        var (sum, weights) = (0.0, 0)
        // In a fixed order, so that equal scores give equal sums.
        for (code, scores) in given.sorted(by: { $0.key < $1.key }) {
            let dimension = dimension(code)
            let mean = Double(scores.reduce(0) { $0 + $1.score }) / Double(scores.count)
            sum += Double(dimension.weight) * mean / Double(dimension.maximum)
            weights += dimension.weight
        }
        return weights == 0 ? nil : sum / Double(weights) * 100
    }
}
