import Domain
import TestSupport
import Testing

/// Random walks through every procedure, with its implied decisions and without.
@Suite struct RandomWalkTests {
    private static let start = Instant(milliseconds: 1_794_790_800_000)

    /// A run of a procedure with one to three participants and one or two users for each role.
    private static func run(_ graph: StepGraph, _ generator: inout SeededGenerator) -> RunWork {
        let assignments = RunWork.neededRoles(of: graph).flatMap { role in
            (1...generator.int(1...2)).map { RunAssignment(role: role, userID: User.ID(stored: "usr_\(role)\($0)")) }
        }
        let participants = (1...generator.int(1...3)).map { number in
            RunParticipant(
                id: RunParticipant.ID(stored: "par_\(number)"),
                name: "Participant \(number)",
                userID: number == 1 ? User.ID(stored: "usr_participant") : nil,
                unitID: number == 2 ? Domain.Unit.ID(stored: "unt_0000000000000000000000000a") : nil
            )
        }
        return RunWork(
            graph: graph,
            requesterID: User.ID(stored: "usr_requester"),
            assignments: assignments,
            participants: graph.steps.contains { $0.scope == .participant } ? participants : []
        )
    }

    /// Completes one part of a random open step in a random way.
    private static func step(_ work: inout RunWork, at moment: Moment, _ generator: inout SeededGenerator) {
        let open = work.tasks.indices.filter { work.tasks[$0].isOpen }
        let place = open[generator.int(0...(open.count - 1))]
        let task = work.tasks[place]
        guard let step = work.graph[task.step] else {
            Issue.record("there is no step \(task.step)")
            return
        }
        let waiting = work.waiting(on: task)
        let performer = waiting[generator.int(0...(waiting.count - 1))]
        var done = StepWork(checklist: Array(0..<step.checklist))
        if work.graph.decision(of: step) != nil {
            done.decision = generator.int(1...10) <= 8
        } else if work.isParticipants(step), generator.int(1...10) == 1 {
            done.decision = false
        }
        if !work.faults(of: done, at: step).isEmpty { Issue.record("step \(step.number) refuses what it asks for") }
        let completion = RunCompletion(
            performer: performer,
            userID: User.ID(stored: "usr_any"),
            isStandIn: false,
            finishedAt: moment.now,
            work: done
        )
        work.complete(completion, at: place, moment: moment)
    }

    @Test func `ten thousand walks end or can go on, keep every attempt, and their steps sum to the run`() throws {
        let graphs = try ProgramCatalogue.procedures().flatMap { procedure in
            [false, true].map { StepGraph(procedure.steps, takesImpliedDecisions: $0) }
        }
        #expect(graphs.count == 24)
        let (calendar, ids) = (WorkingCalendar.standard, IdentifierSource())
        var (ended, abreast) = ([Int](repeating: 0, count: graphs.count), 0)
        for seed in 0..<10_080 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let graph = graphs[seed % graphs.count]
            var work = Self.run(graph, &generator)
            var now = Self.start
            work.begin(at: Moment(now: now, calendar: calendar, ids: ids))
            var known: [StepTiming.ID] = []
            var moves = 0
            while !work.isOver, moves < 120 {
                moves += 1
                now = now.advanced(byMilliseconds: Int64(generator.int(1...7_200_000)))
                Self.step(&work, at: Moment(now: now, calendar: calendar, ids: ids), &generator)
                if !work.tasks.lazy.map(\.clock.timingID).starts(with: known) { Issue.record("seed \(seed): an attempt was lost") }
                known += work.tasks[known.count...].map(\.clock.timingID)
                let open = work.openTasks
                let isTwice = open.indices.contains { place in
                    open[..<place].contains { $0.step == open[place].step && $0.participantID == open[place].participantID }
                }
                if isTwice { Issue.record("seed \(seed): a step is timed twice at once") }
                if open.contains(where: { work.waiting(on: $0).isEmpty }) { Issue.record("seed \(seed): nobody can go on") }
            }
            if work.isOver { ended[seed % graphs.count] += 1 }
            if Self.stretches(of: work.tasks).contains(where: { Set($0.map(\.participantID)).count > 1 }) { abreast += 1 }
            Self.check(work, until: now, calendar, "seed \(seed)")
        }
        // Some walks loop for long, but every procedure can be walked to its end.
        for (place, count) in ended.enumerated() { #expect(count > 300, "graph \(place)") }
        #expect(abreast > 300)
    }

    /// The attempts at each step count up from one and follow each other; and the time of the run is the sum of its steps, where of the
    /// ways that participants go side by side the longest counts.
    private static func check(_ work: RunWork, until end: Instant, _ calendar: WorkingCalendar, _ label: String) {
        for (key, tasks) in Dictionary(grouping: work.tasks, by: { "\($0.step) \($0.participantID?.text ?? "")" }) {
            if tasks.map(\.clock.attempt) != Array(1...tasks.count) { Issue.record("\(label): attempts at \(key)") }
            for (earlier, later) in zip(tasks, tasks.dropFirst()) where earlier.clock.finishedAt ?? end > later.clock.startedAt {
                Issue.record("\(label): attempts at \(key) overlap")
            }
        }
        var (reached, worked) = (start, Int64(0))
        for stretch in stretches(of: work.tasks) {
            var (lastEnd, longest) = (reached, Int64(0))
            for way in Dictionary(grouping: stretch, by: \.participantID).values {
                var (wayEnd, sum) = (reached, Int64(0))
                for task in way {
                    if task.clock.startedAt != wayEnd { Issue.record("\(label): a gap or an overlap before step \(task.step)") }
                    wayEnd = task.clock.finishedAt ?? end
                    sum += task.clock.elapsed(at: end, by: calendar)
                }
                (lastEnd, longest) = (max(lastEnd, wayEnd), max(longest, sum))
            }
            (reached, worked) = (lastEnd, worked + longest)
        }
        if reached != end { Issue.record("\(label): the time of the run is not covered") }
        if worked != calendar.workingMilliseconds(from: start, to: end) { Issue.record("\(label): the steps do not sum to the run") }
    }

    /// The attempts in the order of time: each by itself, but those of participants, who go side by side until all are through, together.
    private static func stretches(of tasks: [RunTask]) -> [[RunTask]] {
        var stretches: [[RunTask]] = []
        for task in tasks {
            if task.participantID != nil, let last = stretches.last, last.contains(where: { $0.participantID != nil }) {
                stretches[stretches.count - 1].append(task)
            } else {
                stretches.append([task])
            }
        }
        return stretches
    }
}
