import Domain
import Testing

/// How a run goes on, by hand.
@Suite struct RunWorkTests {
    private static let (ann, ben, requester) = (User.ID(stored: "usr_ann"), User.ID(stored: "usr_ben"), User.ID(stored: "usr_req"))
    private static let ids = IdentifierSource()

    private static func moment(_ minutes: Int64) -> Moment {
        let start = Instant(milliseconds: 1_794_790_800_000)
        return Moment(now: start.advanced(byMilliseconds: minutes * 60_000), calendar: .standard, ids: ids)
    }

    private static func step(
        _ number: Int,
        _ role: String,
        _ scope: Procedure.Scope = .case,
        parallel: [String] = [],
        decision: Procedure.Decision? = nil
    ) -> Procedure.Step {
        let title = Text(id: "Langkah", en: "Step")
        return Procedure.Step(
            number: number,
            code: "s\(number)",
            title: title,
            role: role,
            parallel: parallel,
            scope: scope,
            decision: decision
        )
    }

    private static func participant(_ name: String, user: User.ID? = nil) -> RunParticipant {
        RunParticipant(id: RunParticipant.ID(stored: "par_\(name)"), name: name, userID: user, unitID: nil)
    }

    private static func run(
        _ steps: [Procedure.Step],
        _ assignments: [(String, User.ID)],
        _ participants: [RunParticipant] = []
    ) -> RunWork {
        var work = RunWork(
            graph: StepGraph(steps, takesImpliedDecisions: false),
            requesterID: requester,
            assignments: assignments.map { RunAssignment(role: $0.0, userID: $0.1) },
            participants: participants
        )
        work.begin(at: moment(0))
        return work
    }

    /// Completes the open task of a step, of a participant if named, in the part of its first waiting performer.
    private static func complete(
        _ work: inout RunWork,
        _ step: Int,
        _ participant: String? = nil,
        _ decision: Bool? = nil,
        minute: Int64 = 1
    ) throws {
        let place = try #require(
            work.tasks.indices.first { place in
                let task = work.tasks[place]
                return task.isOpen && task.step == step && (participant == nil || task.participantID?.text == "par_\(participant ?? "")")
            }
        )
        let performer = try #require(work.waiting(on: work.tasks[place]).first)
        let done = RunCompletion(
            performer: performer,
            userID: ann,
            isStandIn: false,
            finishedAt: moment(minute).now,
            work: StepWork(decision: decision)
        )
        work.complete(done, at: place, moment: moment(minute))
    }

    private static func open(_ work: RunWork) -> [String] {
        work.openTasks.map { "\($0.step)\($0.participantID.map { " \($0.text)" } ?? "") #\($0.clock.attempt)" }
    }

    @Test func `a no leads back to a new attempt, a yes to the end`() throws {
        var work = Self.run(
            [Self.step(1, "a"), Self.step(2, "b", decision: .init(yes: .end, no: .step(1)))],
            [("a", Self.ann), ("b", Self.ben)]
        )
        #expect(Self.open(work) == ["1 #1"])
        try Self.complete(&work, 1)
        #expect(Self.open(work) == ["2 #1"])
        try Self.complete(&work, 2, nil, false)
        #expect(Self.open(work) == ["1 #2"] && !work.isOver)
        try Self.complete(&work, 1)
        try Self.complete(&work, 2, nil, true)
        #expect(work.isOver)
        #expect(work.tasks.map(\.outcome) == [.done, .no, .done, .yes])
    }

    @Test func `a step of several performers ends with the last of them, and one no is enough`() throws {
        let steps = [Self.step(1, "a", parallel: ["b"], decision: .init(yes: .end, no: .step(1)))]
        var work = Self.run(steps, [("a", Self.ann), ("b", Self.ben)])
        #expect(work.waiting(on: work.tasks[0]) == [.user(Self.ann), .user(Self.ben)])
        try Self.complete(&work, 1, nil, false, minute: 5)
        #expect(work.waiting(on: work.tasks[0]) == [.user(Self.ben)] && work.tasks.count == 1)
        try Self.complete(&work, 1, nil, true, minute: 9)
        #expect(Self.open(work) == ["1 #2"])
        #expect(work.tasks[0].outcome == .no && work.tasks[0].clock.elapsed == 9 * 60_000)
    }

    @Test func `participants go each at his own pace and meet again`() throws {
        let steps = [Self.step(1, "lead"), Self.step(2, "guest", .participant), Self.step(3, "lead", .participant), Self.step(4, "lead")]
        var work = Self.run(steps, [("lead", Self.ann)], [Self.participant("x", user: Self.ben), Self.participant("y")])
        try Self.complete(&work, 1)
        #expect(Self.open(work) == ["2 par_x #1", "2 par_y #1"])
        #expect(work.openTasks.map { work.waiting(on: $0) } == [[.user(Self.ben)], [.user(Self.requester)]])
        try Self.complete(&work, 2, "y")
        try Self.complete(&work, 3, "y")
        #expect(Self.open(work) == ["2 par_x #1"])
        try Self.complete(&work, 2, "x")
        #expect(work.waiting(on: try #require(work.openTasks.first)) == [.user(Self.ann)])
        try Self.complete(&work, 3, "x")
        #expect(Self.open(work) == ["4 #1"])
        try Self.complete(&work, 4)
        #expect(work.isOver)
    }

    @Test func `who declines is left out of what follows, and with nobody left the run goes on behind`() throws {
        let steps = [
            Self.step(1, "guest", .participant), Self.step(2, "guest", .participant), Self.step(3, "lead"),
            Self.step(4, "lead", .participant), Self.step(5, "lead"),
        ]
        var work = Self.run(steps, [("lead", Self.ann)], [Self.participant("x"), Self.participant("y")])
        try Self.complete(&work, 1, "x", false)
        #expect(work.hasDeclined(RunParticipant.ID(stored: "par_x")) && Self.open(work) == ["1 par_y #1"])
        var other = work
        try Self.complete(&work, 1, "y")
        try Self.complete(&work, 2, "y")
        try Self.complete(&work, 3)
        #expect(Self.open(work) == ["4 par_y #1"])
        try Self.complete(&other, 1, "y", false)
        #expect(Self.open(other) == ["3 #1"])
        try Self.complete(&other, 3)
        #expect(Self.open(other) == ["5 #1"])
    }

    @Test func `calling off ends all that is open`() throws {
        var work = Self.run([Self.step(1, "guest", .participant)], [], [Self.participant("x"), Self.participant("y")])
        work.end(as: .cancelled, at: Self.moment(3))
        #expect(work.isOver && work.tasks.map(\.outcome) == [.cancelled, .cancelled])
    }

    @Test func `the clock of a run is that of the step due first`() {
        var first = Self.step(1, "guest", .participant)
        first = Procedure.Step(number: 1, code: "s1", title: first.title, role: "guest", scope: .participant, standard: 60_000)
        let work = Self.run([first], [], [Self.participant("x"), Self.participant("y")])
        #expect(work.clock?.timingID == work.tasks[0].clock.timingID)
    }
}
