/// One pass through a procedure of the catalogue, step by step.
package struct ProcedureRun: Case {
    package typealias ID = Identifier<ProcedureRun>
    package static let idPrefix = "run"
    package static let kind = CaseKind.procedureRun

    package enum State: String, Sendable, CaseIterable {
        case running
        case completed
        case cancelled
    }

    package enum Event: String, CaseEventName {
        case cancel

        package var required: [EventMember] { [.reason] }
        package var optional: [EventMember] { [] }
    }

    package struct Filter: CaseFilter {
        /// The code of a procedure.
        package var procedure: String?

        package init() {}
    }

    package var head: CaseHead<ProcedureRun>
    /// The code of the procedure; its version is `procedureVersion`.
    package let procedure: String
    package var title: String
    /// The step that opened by its schedule, which is all of the run; nil for a run of the whole procedure.
    package let onlyStep: Int?
    /// Who does what and how far it is; nil in lists, which do not read it.
    package var work: RunWork?

    package init(_ head: CaseHead<ProcedureRun>, procedure: String, title: String, onlyStep: Int? = nil, work: RunWork? = nil) {
        self.head = head
        self.procedure = procedure
        self.title = title
        self.onlyStep = onlyStep
        self.work = work
    }

    /// Every run has one; 0 is that of no procedure.
    package var procedureVersion: Int { head.procedureVersion ?? 0 }

    package var workflow: Workflow<State, Event> { Self.workflow(of: procedure) }

    /// None of its own: the ways of a run are those of its procedure.
    package static let workflows: [Workflow<State, Event>] = []

    /// What is the same for runs of all procedures: who may make and cancel one.
    package static func workflow(of procedure: String) -> Workflow<State, Event> {
        Workflow(
            "procedure-run",
            procedure: procedure,
            startsAt: .running,
            creators: RoleSet(Role.allCases.filter(\.isInternal)),
            creation: (stops: nil, starts: nil),
            edits: [(state: .running, editor: .requester)],
            officerRole: .superAdmin,
            transitions: [
                .init(from: .running, on: .cancel, by: .requester, to: .cancelled, outcome: .cancelled),
                .init(from: .running, on: .cancel, by: .superAdmin, to: .cancelled, outcome: .cancelled),
            ]
        )
    }

    package static func repository(in repositories: any Repositories) -> any CaseRepository<ProcedureRun> { repositories.runs }

    package static func visibility(for principal: Principal) -> [Visibility] { Visibility.runs(for: principal) }

    package func isVisible(to principal: Principal) -> Bool {
        Self.visibility(for: principal).contains { part in
            guard case .member(let id) = part else { return part.covers(unit: unitID, requester: requesterID, officer: officerID) }
            return work?.members.contains(id) ?? false
        }
    }

    package mutating func take(_ event: CaseEvent<Event>) -> [String] { [] }

    package mutating func begin(with engine: StepEngine) throws(DomainError) -> StepClock? {
        guard var work else { throw .fault("a run without its steps") }
        work.begin(at: engine.moment)
        try engine.store(work.tasks, before: [], of: self)
        self.work = work
        return work.clock
    }

    package mutating func turn(
        by transition: Transition<State, Event>,
        _ event: CaseEvent<Event>,
        from clock: StepClock?,
        with engine: StepEngine
    ) throws(DomainError) -> StepClock? {
        guard var work else { throw .fault("a run without its steps") }
        let before = work.tasks
        work.end(as: transition.outcome, at: engine.moment)
        try engine.store(work.tasks, before: before, of: self)
        self.work = work
        return work.clock
    }
}

extension ProcedureRun {
    /// For the super admin, who began the run, and at an open step those of the directorate who do it.
    package func mayPause(_ principal: Principal, at step: Int?) -> Bool {
        if coordinates(principal) { return true }
        return principal.roles.isInternal && work?.openTasks.contains { isPart(of: $0, at: step, for: principal) } == true
    }

    package func clocks(at step: Int?, standing: StepClock?, for principal: Principal) -> [StepClock] {
        (work?.openTasks ?? []).filter { isPart(of: $0, at: step, for: principal) }.map(\.clock)
    }

    package mutating func take(_ clocks: [StepClock]) -> (standing: StepClock?, changed: [String]) {
        for clock in clocks { work?.replace(clock) }
        let steps = Set(clocks.map(\.stepNumber)).sorted()
        return (work?.clock, steps.map { "steps/\($0)" })
    }

    private func coordinates(_ principal: Principal) -> Bool {
        principal.roles.contains(.superAdmin) || requesterID == principal.userID
    }

    /// Whether a task is at the step that is meant, and is for `principal` to stop.
    private func isPart(of task: RunTask, at step: Int?, for principal: Principal) -> Bool {
        (step ?? task.step) == task.step && (coordinates(principal) || work?.performers(of: task).contains { $0.admits(principal) } == true)
    }
}

extension StepEngine {
    /// Stores the timings of the tasks that began or ended.
    func store(_ tasks: [RunTask], before: [RunTask], of run: ProcedureRun) throws(DomainError) {
        for (place, task) in tasks.enumerated() {
            if !before.indices.contains(place) {
                try repositories.timings.insert(StepTiming(task, of: run))
            } else if before[place].isOpen, let outcome = task.outcome {
                if before[place].clock.pausedAt != nil { try endPause(of: task.clock) }
                try repositories.timings.finish(task.clock, of: .procedureRun, by: principal.userID, outcome: outcome)
            }
        }
    }
}

extension StepTiming {
    /// The timing of a task that begins.
    init(_ task: RunTask, of run: ProcedureRun) {
        self.init(
            procedure: run.procedure,
            procedureVersion: run.procedureVersion,
            subjectKind: .procedureRun,
            subjectID: run.id.text,
            participantID: task.participantID,
            unitID: run.unitID,
            role: run.work?.graph[task.step]?.role ?? "",
            performerID: run.work?.performers(of: task).onlyUser,
            clock: task.clock
        )
    }
}

extension [RunPerformer] {
    /// The one user who is to do it; nil when there are several, or a unit is.
    fileprivate var onlyUser: User.ID? {
        guard count == 1, case .user(let id) = first else { return nil }
        return id
    }
}
