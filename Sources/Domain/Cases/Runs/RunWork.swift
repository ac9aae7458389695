/// How far a run is: its people, and every attempt at every step. It knows the ways of the procedure, but no storage.
package struct RunWork: Sendable {
    package let graph: StepGraph
    /// The one step that the run is about; nil when it goes through them all.
    package let onlyStep: Int?
    package let requesterID: User.ID
    package let assignments: [RunAssignment]
    package let participants: [RunParticipant]
    /// What participants are asked, where the run is an assessment with a questionnaire.
    package let questionnaire: Questionnaire?
    /// In the order in which they began.
    package private(set) var tasks: [RunTask]

    package init(
        graph: StepGraph,
        onlyStep: Int? = nil,
        requesterID: User.ID,
        assignments: [RunAssignment],
        participants: [RunParticipant],
        questionnaire: Questionnaire? = nil,
        tasks: [RunTask] = []
    ) {
        self.graph = graph
        self.onlyStep = onlyStep
        self.requesterID = requesterID
        self.assignments = assignments
        self.participants = participants
        self.questionnaire = questionnaire
        self.tasks = tasks
    }

    /// The steps that the run goes through.
    package var steps: [Procedure.Step] { graph.steps.filter { onlyStep == nil || $0.number == onlyStep } }

    package var openTasks: [RunTask] { tasks.filter(\.isOpen) }

    /// Whether all is done.
    package var isOver: Bool { !tasks.contains(where: \.isOpen) }

    /// The clock that stands for the run: of the open steps the one due first, of several the lowest; one that pauses only where all do.
    ///
    /// At the end it is the last one.
    package var clock: StepClock? {
        func place(_ task: RunTask) -> (Int, Int64, Int) {
            (task.clock.pausedAt == nil ? 0 : 1, task.clock.dueAt?.milliseconds ?? .max, task.step)
        }
        return (tasks.filter(\.isOpen).min { place($0) < place($1) } ?? tasks.last)?.clock
    }

    /// Puts a clock in the place of what it was before.
    mutating func replace(_ clock: StepClock) {
        guard let place = tasks.firstIndex(where: { $0.clock.timingID == clock.timingID }) else { return }
        tasks[place].clock = clock
    }

    /// The ids of the users and units that have a part in the run.
    package var members: Set<String> {
        var members: Set = [requesterID.text]
        for assignment in assignments { members.insert(assignment.userID.text) }
        for participant in participants {
            if let id = participant.userID?.text ?? participant.unitID?.text { members.insert(id) }
        }
        return members
    }

    // MARK: Who

    /// The role that participants have: that of the first step which each of them does.
    package var participantRole: String? { graph.steps.first { $0.scope == .participant }?.role }

    /// Whether a step is done by the participants themselves, and not for each of them by others.
    package func isParticipants(_ step: Procedure.Step) -> Bool { step.scope == .participant && step.role == participantRole }

    /// The roles that must have a user before a run of these steps can go to its end.
    package static func neededRoles(of graph: StepGraph) -> [String] {
        let own = graph.steps.first { $0.scope == .participant }?.role
        var roles: [String] = []
        for step in graph.steps {
            for role in [step.role] + step.parallel where !roles.contains(role) && !(step.scope == .participant && role == own) {
                roles.append(role)
            }
        }
        return roles
    }

    /// Those who are to do a task, each his part.
    package func performers(of task: RunTask) -> [RunPerformer] {
        guard let step = graph[task.step] else { return [] }
        var performers: [RunPerformer] = []
        if isParticipants(step) {
            performers.append(performer(for: participants.first { $0.id == task.participantID }, role: step.role))
        } else {
            performers += assignments.filter { $0.role == step.role }.map { .user($0.userID) }
        }
        for role in step.parallel {
            for assignment in assignments where assignment.role == role && !performers.contains(.user(assignment.userID)) {
                performers.append(.user(assignment.userID))
            }
        }
        return performers
    }

    /// Who acts for a participant: his user, his unit, who holds his role in the run, or the one who began the run.
    private func performer(for participant: RunParticipant?, role: String) -> RunPerformer {
        if let id = participant?.userID { return .user(id) }
        if let id = participant?.unitID { return .unit(id) }
        return .user(assignments.first { $0.role == role }?.userID ?? requesterID)
    }

    /// Those who have not done their part of a task.
    package func waiting(on task: RunTask) -> [RunPerformer] {
        guard task.isOpen else { return [] }
        return performers(of: task).filter { performer in !task.completions.contains { $0.performer == performer } }
    }

    /// Whether a participant has declined.
    package func hasDeclined(_ id: RunParticipant.ID) -> Bool { tasks.contains { $0.participantID == id && $0.outcome == .declined } }

    /// The participants for which `principal` acts.
    package func participants(of principal: Principal) -> [RunParticipant] {
        participants.filter { $0.userID == principal.userID || ($0.userID == nil && $0.unitID == principal.unitID) }
    }

    /// The open tasks in which `principal` has a part to do.
    package func tasks(for principal: Principal) -> [RunTask] {
        tasks.filter { task in waiting(on: task).contains { $0.admits(principal) } }
    }

    // MARK: Steps

    /// The members that a task asks of each performer.
    package func required(of task: RunTask) -> [String] {
        guard let step = graph[task.step] else { return [] }
        var members: [String] = []
        if graph.decision(of: step) != nil { members.append("decision") }
        if step.scope == .participant { members.append("participant_id") }
        if step.checklist > 0 { members.append("checklist") }
        if step.code == AssessmentStep.answers, questionnaire?.indicators.isEmpty == false { members.append("answers") }
        if step.code == AssessmentStep.scores, questionnaire != nil { members.append("scores") }
        return members
    }

    /// Opens the first step.
    package mutating func begin(at moment: Moment) {
        if tasks.isEmpty { enter(graph.steps.isEmpty ? .end : .step(onlyStep ?? 1), at: moment) }
    }

    /// Takes what one performer did of the task at `place`; when it was the last, the task ends and the run goes on.
    package mutating func complete(_ completion: RunCompletion, at place: Int, moment: Moment) {
        guard tasks.indices.contains(place), tasks[place].isOpen, let step = graph[tasks[place].step] else { return }
        tasks[place].completions.append(completion)
        let hasDecision = graph.decision(of: step) != nil
        let hasDeclined = !hasDecision && completion.work.decision == false
        guard hasDeclined || waiting(on: tasks[place]).isEmpty else { return }
        // Of several who decide, one no is enough.
        let isYes = !tasks[place].completions.contains { $0.work.decision == false }
        close(place, as: hasDeclined ? .declined : hasDecision ? (isYes ? .yes : .no) : .done, at: moment)

        if onlyStep != nil { return }
        let target = graph.target(of: step, isYes: isYes)
        guard let participantID = tasks[place].participantID else { return enter(target, at: moment) }
        if !hasDeclined, case .step(let number) = target, let next = graph[number], next.scope == .participant {
            return open(next, for: participantID, at: moment)
        }
        // All meet again behind their steps: the last to come opens the way.
        if isOver { enter(graph.exit(of: step), at: moment) }
    }

    /// Ends all that is open.
    package mutating func end(as outcome: StepTiming.Outcome, at moment: Moment) {
        for place in tasks.indices where tasks[place].isOpen { close(place, as: outcome, at: moment) }
    }

    private mutating func close(_ place: Int, as outcome: StepTiming.Outcome, at moment: Moment) {
        tasks[place].clock.finish(at: moment.now, by: moment.calendar)
        tasks[place].outcome = outcome
    }

    /// Opens what lies at a target: one task, or one for each participant who has not declined; with none of them it goes on behind.
    private mutating func enter(_ target: Procedure.Target, at moment: Moment) {
        var target = target
        while case .step(let number) = target, let step = graph[number] {
            guard step.scope == .participant else { return open(step, for: nil, at: moment) }
            let active = participants.filter { !hasDeclined($0.id) }
            for participant in active { open(step, for: participant.id, at: moment) }
            if !active.isEmpty { return }
            target = graph.exit(of: step)
        }
    }

    private mutating func open(_ step: Procedure.Step, for participant: RunParticipant.ID?, at moment: Moment) {
        let attempts = tasks.count { $0.step == step.number && $0.participantID == participant }
        tasks.append(RunTask(participantID: participant, clock: moment.clock(of: step, attempt: attempts + 1)))
    }
}

/// A moment with all that a clock needs to start or stop at it.
package struct Moment: Sendable {
    package let now: Instant
    package let calendar: WorkingCalendar
    package let ids: IdentifierSource

    package init(now: Instant, calendar: WorkingCalendar, ids: IdentifierSource) {
        self.now = now
        self.calendar = calendar
        self.ids = ids
    }

    /// The clock of an attempt that begins, due by the standard of its step.
    package func clock(of step: Procedure.Step, attempt: Int, startedAt: Instant? = nil) -> StepClock {
        let start = startedAt ?? now
        return StepClock(
            timingID: ids.make(at: now),
            stepNumber: step.number,
            stepCode: step.code,
            attempt: attempt,
            startedAt: start,
            standard: step.standard,
            dueAt: step.standard.map { calendar.instant(after: start, working: $0) }
        )
    }
}
