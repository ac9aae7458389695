import Domain
import Testing

@Suite struct ProcedureAnalysisTests {
    private static let hour: Int64 = 3_600_000

    /// An attempt that begins so many hours after the first, lasts so many on the wall, and counts so many.
    private func attempt(
        _ subject: String,
        step: Int,
        at start: Int64,
        lasting wall: Int64?,
        counting elapsed: Int64?,
        paused: Int64 = 0,
        standard: Int64? = nil,
        by participant: String? = nil
    ) -> ProcedureAnalysis.Attempt {
        let startedAt = Instant(milliseconds: 1_790_000_000_000 + start * Self.hour)
        return ProcedureAnalysis.Attempt(
            subjectKind: .consultation,
            subjectID: subject,
            participantID: participant.map { RunParticipant.ID(stored: $0) },
            stepNumber: step,
            stepCode: "step-\(step)",
            startedAt: startedAt,
            finishedAt: wall.map { startedAt.advanced(byMilliseconds: $0 * Self.hour) },
            elapsed: elapsed.map { $0 * Self.hour },
            paused: paused * Self.hour,
            standard: standard.map { $0 * Self.hour }
        )
    }

    private func step(_ number: Int, _ scope: Procedure.Scope, _ standard: Int64?) -> Procedure.Step {
        Procedure.Step(
            number: number,
            code: "step-\(number)",
            title: Text(id: "x", en: "x"),
            role: "x",
            scope: scope,
            standard: standard.map { $0 * Self.hour }
        )
    }

    @Test func `waiting, work, pauses, loops and slow runs are told apart`() throws {
        let analysis = ProcedureAnalysis(
            of: [
                attempt("a", step: 2, at: 0, lasting: 24, counting: 6, paused: 1, standard: 7),
                attempt("a", step: 4, at: 24, lasting: 3, counting: 3),
                attempt("b", step: 2, at: 25, lasting: 8, counting: 8, standard: 7),
                attempt("a", step: 5, at: 27, lasting: 1, counting: 1, standard: 7),
                attempt("a", step: 4, at: 28, lasting: 20, counting: 5),
                attempt("a", step: 4, at: 48, lasting: 2, counting: 2),
                attempt("c", step: 2, at: 50, lasting: nil, counting: nil, standard: 7),
            ],
            steps: [step(2, .case, 7), step(4, .case, nil), step(5, .case, 7), step(8, .period, 7)]
        )
        #expect(analysis.runs == 3 && analysis.attempts == 7)
        #expect(analysis.steps.map(\.number) == [2, 4, 5])
        let first = try #require(analysis.steps.first)
        #expect(first.runs == 2 && first.working == 14 * Self.hour && first.waiting == 17 * Self.hour && first.paused == Self.hour)
        #expect(first.summary.onTime == 1 && first.summary.late == 1 && first.repeatedRuns == 0)
        let loop = analysis.steps[1]
        #expect(loop.runs == 1 && loop.repeatedRuns == 1 && loop.repeatedAttempts == 2 && loop.repeatedWorking == 7 * Self.hour)
        #expect(loop.waiting == 15 * Self.hour && loop.summary.standard == nil)
        #expect(analysis.slowest.map(\.subjectID) == ["a", "b", "c"])
        #expect(analysis.slowest.map(\.working) == [17 * Self.hour, 8 * Self.hour, 0])
        // The month's step is not the case's, and the open run is not compared.
        #expect(analysis.total.stated == 14 * Self.hour && analysis.total.runs == 2 && analysis.total.within == 2)
        #expect(analysis.total.median == 7 * Self.hour && analysis.total.longest == 8 * Self.hour)
    }

    @Test func `participants who each do a step once make no loop, and their time is not the case's`() throws {
        let analysis = ProcedureAnalysis(
            of: [
                attempt("a", step: 1, at: 0, lasting: 1, counting: 1, standard: 7),
                attempt("a", step: 2, at: 1, lasting: 4, counting: 4, standard: 7, by: "par_a"),
                attempt("a", step: 2, at: 1, lasting: 5, counting: 5, standard: 7, by: "par_b"),
                attempt("a", step: 2, at: 7, lasting: 2, counting: 2, standard: 7, by: "par_b"),
            ],
            steps: [step(1, .case, 7), step(2, .participant, 7)]
        )
        let each = try #require(analysis.steps.last)
        #expect(each.runs == 1 && each.repeatedRuns == 1 && each.repeatedAttempts == 1 && each.repeatedWorking == 2 * Self.hour)
        #expect(analysis.total.stated == 7 * Self.hour && analysis.total.longest == Self.hour)
    }

    @Test func `without attempts and without standards there is nothing to compare`() {
        let none = ProcedureAnalysis(of: [], steps: [step(1, .case, nil)])
        #expect(none.runs == 0 && none.steps.isEmpty && none.slowest.isEmpty && none.total.stated == nil && none.total.median == 0)
        let many = (0..<30).map { attempt("run-\($0)", step: 1, at: Int64($0), lasting: 40, counting: Int64($0)) }
        #expect(ProcedureAnalysis(of: many, steps: []).slowest.map(\.working) == (20..<30).reversed().map { Int64($0) * Self.hour })
    }
}
