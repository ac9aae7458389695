import Domain

/// The questionnaire of an assessment, its answers and its scores.
extension SQLRuns {
    func questionnaire(of run: ProcedureRun.ID) throws(DomainError) -> Questionnaire? {
        let dimensions = try connection.all(
            "select code, title, weight, maximum from run_dimension where run_id = \(run) order by place"
        ) { columns in
            (code: columns.text(), title: columns.text(), weight: columns.integer(), maximum: columns.integer())
        }
        guard !dimensions.isEmpty else { return nil }
        let indicators = try connection.all(
            "select dimension, code, title from run_indicator where run_id = \(run) order by place"
        ) { columns in
            (dimension: columns.text(), indicator: Questionnaire.Indicator(code: columns.text(), title: columns.text()))
        }
        return Questionnaire(
            dimensions: dimensions.map { dimension in
                Questionnaire.Dimension(
                    code: dimension.code,
                    title: dimension.title,
                    weight: dimension.weight,
                    maximum: dimension.maximum,
                    indicators: indicators.filter { $0.dimension == dimension.code }.map(\.indicator)
                )
            }
        )
    }

    func insert(_ dimensions: [Questionnaire.Dimension], of run: ProcedureRun.ID) throws(DomainError) {
        var place = 0
        for dimension in dimensions {
            place += 1
            try connection.execute(
                """
                insert into run_dimension (run_id, place, code, title, weight, maximum)
                values (\(run), \(place), \(dimension.code), \(dimension.title), \(dimension.weight), \(dimension.maximum))
                """
            )
            for indicator in dimension.indicators {
                place += 1
                try connection.execute(
                    """
                    insert into run_indicator (run_id, place, dimension, code, title)
                    values (\(run), \(place), \(dimension.code), \(indicator.code), \(indicator.title))
                    """
                )
            }
        }
    }

    func insert(
        _ answers: [RunAnswer],
        _ scores: [RunScore],
        of completion: RunCompletion,
        at task: RunTask,
        of run: ProcedureRun.ID
    ) throws(DomainError) {
        let (timing, performer) = (task.clock.timingID, completion.performer.text)
        for answer in answers {
            try connection.execute(
                """
                insert into run_answer (run_id, timing_id, performer_id, indicator, answer, evidence)
                values (\(run), \(timing), \(performer), \(answer.indicator), \(answer.answer), \(answer.evidence.joined(separator: " ")))
                """
            )
        }
        for score in scores {
            try connection.execute(
                """
                insert into run_score (run_id, timing_id, performer_id, dimension, score)
                values (\(run), \(timing), \(performer), \(score.dimension), \(score.score))
                """
            )
        }
    }

    /// Adds the answers and the scores to what was handed in.
    func readAssessment(of run: ProcedureRun.ID, into completions: inout [StoredCompletion]) throws(DomainError) {
        let answers = try connection.all(
            "select timing_id, performer_id, indicator, answer, evidence from run_answer where run_id = \(run)"
        ) { columns in
            let key = CompletionKey(&columns)
            let (indicator, answer, evidence) = (columns.text(), columns.text(), columns.text())
            let ids = evidence.split(separator: " ").map { String($0) }
            return (key: key, answer: RunAnswer(indicator: indicator, answer: answer, evidence: ids))
        }
        let scores = try connection.all(
            "select timing_id, performer_id, dimension, score from run_score where run_id = \(run)"
        ) { columns in
            (key: CompletionKey(&columns), score: RunScore(dimension: columns.text(), score: columns.integer()))
        }
        if answers.isEmpty, scores.isEmpty { return }
        let (answersOf, scoresOf) = (Dictionary(grouping: answers, by: \.key), Dictionary(grouping: scores, by: \.key))
        for place in completions.indices {
            let stored = completions[place]
            let key = CompletionKey(timingID: stored.timingID.text, performer: stored.completion.performer.text)
            completions[place].completion.work.answers = answersOf[key]?.map(\.answer) ?? []
            completions[place].completion.work.scores = scoresOf[key]?.map(\.score) ?? []
        }
    }
}

/// Whose part of which attempt.
private struct CompletionKey: Hashable {
    let timingID: String
    let performer: String

    init(timingID: String, performer: String) {
        self.timingID = timingID
        self.performer = performer
    }

    init(_ columns: inout Columns) { self.init(timingID: columns.text(), performer: columns.text()) }
}
