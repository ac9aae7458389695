import Domain
import Testing

/// Results of an assessment, against sums done by hand.
@Suite struct AssessmentTests {
    private static let moment = Moment(now: Instant(milliseconds: 1_794_790_800_000), calendar: .standard, ids: IdentifierSource())
    private static let governance = Questionnaire.Dimension(code: "governance", title: "Governance", weight: 3, maximum: 50)
    private static let services = Questionnaire.Dimension(code: "services", title: "Services", weight: 1, maximum: 10)

    private static func step(_ number: Int, _ code: String, _ scope: Procedure.Scope, _ role: String) -> Procedure.Step {
        Procedure.Step(number: number, code: code, title: Text(id: "Langkah", en: "Step"), role: role, scope: scope)
    }

    /// Participants answer, two assessors score each, the division reports.
    private static func run(_ names: [String], _ questionnaire: Questionnaire?) -> RunWork {
        let steps = [
            step(1, "complete-questionnaire", .participant, "guest"), step(2, "issue-scores", .participant, "assessor"),
            step(3, "write-report", .case, "division"),
        ]
        var work = RunWork(
            graph: StepGraph(steps, takesImpliedDecisions: false),
            requesterID: User.ID(stored: "usr_lead"),
            assignments: ["usr_a", "usr_b"].map { RunAssignment(role: "assessor", userID: User.ID(stored: $0)) }
                + [RunAssignment(role: "division", userID: User.ID(stored: "usr_lead"))],
            participants: names.map { RunParticipant(id: RunParticipant.ID(stored: "par_\($0)"), name: $0, userID: nil, unitID: nil) },
            questionnaire: questionnaire
        )
        work.begin(at: moment)
        return work
    }

    private static func complete(_ work: inout RunWork, _ step: Int, _ participant: String?, by user: String, _ done: StepWork = StepWork())
    {
        let place = work.tasks.indices.first {
            work.tasks[$0].isOpen && work.tasks[$0].step == step && work.tasks[$0].participantID?.text == participant.map { "par_\($0)" }
        }
        guard let place else {
            Issue.record("step \(step) of \(participant ?? "all") is not open")
            return
        }
        let id = User.ID(stored: user)
        let completion = RunCompletion(performer: .user(id), userID: id, isStandIn: false, finishedAt: moment.now, work: done)
        work.complete(completion, at: place, moment: moment)
    }

    private static func score(_ work: inout RunWork, _ participant: String, by user: String, _ governance: Int, _ services: Int) {
        let scores = [RunScore(dimension: "governance", score: governance), RunScore(dimension: "services", score: services)]
        complete(&work, 2, participant, by: user, StepWork(scores: scores))
    }

    @Test func `means, weights, ranks and spreads are those done by hand, and the report freezes them`() {
        var work = Self.run(["x", "y", "z", "w"], Questionnaire(dimensions: [Self.governance, Self.services]))
        for name in ["x", "y", "z"] { Self.complete(&work, 1, name, by: "usr_lead") }
        Self.complete(&work, 1, "w", by: "usr_lead", StepWork(decision: false))
        // x: governance 45 of 50, services 5 of 10: (3 × 0.9 + 1 × 0.5) / 4 = 80.
        Self.score(&work, "x", by: "usr_a", 40, 6)
        Self.score(&work, "x", by: "usr_b", 50, 4)
        // y: the same by both, 80 too: (3 × 0.9 + 1 × 0.5) / 4.
        Self.score(&work, "y", by: "usr_a", 45, 5)
        Self.score(&work, "y", by: "usr_b", 45, 5)
        // z: governance 16.5 of 50, services 10 of 10: (3 × 0.33 + 1) / 4 = 49.75.
        Self.score(&work, "z", by: "usr_a", 16, 10)
        #expect(work.results.frozenAt == nil)
        Self.score(&work, "z", by: "usr_b", 17, 10)
        Self.complete(&work, 3, nil, by: "usr_lead")

        let results = work.results
        #expect(results.frozenAt == Self.moment.now)
        #expect(results.rows.map(\.participant.name) == ["x", "y", "z", "w"])
        #expect(results.rows.map(\.rank) == [1, 1, 3, nil])
        #expect(results.rows.map { $0.overall?.description } == ["80.00", "80.00", "49.75", nil])
        // x by a: (3 × 0.8 + 0.6) / 4 = 75, by b: (3 × 1 + 0.4) / 4 = 85. z by a: 49, by b: 50.5.
        #expect(results.rows.map { $0.spread?.description } == ["10.00", "0.00", "1.50", nil])
        let told = results.rows[0].dimensions.map { "\($0.code) \($0.mean) \($0.lowest) \($0.highest) \($0.assessors)" }
        #expect(told == ["governance 45.00 40 50 2", "services 5.00 4 6 2"])
        #expect(results.rows[0].dimensions.map(\.spread) == [10, 2])
        #expect(results.rows[2].dimensions.map(\.mean.description) == ["16.50", "10.00"])
        #expect(results.rows[3].dimensions.isEmpty)
    }

    @Test func `without a questionnaire any dimension is scored up to a hundred with the same weight`() {
        var work = Self.run(["x"], nil)
        Self.complete(&work, 1, "x", by: "usr_lead")
        Self.score(&work, "x", by: "usr_a", 100, 25)
        #expect(work.results.rows.first?.overall?.description == "62.50")
        #expect(work.results.dimensions.map(\.code) == ["governance", "services"])
    }

    @Test func `every dimension is scored once and no higher than it goes, every indicator answered`() throws {
        let asked = Questionnaire.Dimension(
            code: "governance",
            title: "Governance",
            maximum: 50,
            indicators: [.init(code: "policy", title: "Policy"), .init(code: "plan", title: "Plan")]
        )
        let work = Self.run(["x"], Questionnaire(dimensions: [asked, Self.services]))
        func faults(_ step: Int, _ done: StepWork) throws -> [String] {
            work.faults(of: done, at: try #require(work.graph[step])).map { "\($0.pointer) \($0.code)" }
        }
        let score = { (dimension: String, score: Int) in RunScore(dimension: dimension, score: score) }
        #expect(try faults(2, StepWork()) == ["/scores required"])
        #expect(try faults(2, StepWork(scores: [score("governance", 50), score("services", 10)])) == [])
        #expect(
            try faults(2, StepWork(scores: [score("governance", 51), score("governance", 1), score("other", 1)])) == [
                "/scores/1/dimension duplicate", "/scores/2/dimension unknown_reference", "/scores incomplete",
                "/scores/0/score out_of_range",
            ]
        )
        #expect(try faults(3, StepWork(scores: [score("services", 1)])) == ["/scores not_allowed"])
        let answer = { (indicator: String) in RunAnswer(indicator: indicator, answer: "Yes", evidence: []) }
        #expect(try faults(1, StepWork(answers: [answer("plan")])) == ["/answers incomplete"])
        #expect(try faults(1, StepWork(answers: [answer("plan"), answer("policy")])) == [])
        #expect(try faults(1, StepWork(decision: false)) == [])
        #expect(try faults(2, StepWork(answers: [answer("plan")])) == ["/answers not_allowed", "/scores required"])
    }
}
