import Domain

/// Runs of procedures: a row as every case has, its people, and what was handed in; the attempts are its step timings.
struct SQLRuns: CaseRepository {
    let connection: any Connection
    let runs: any CaseRepository<ProcedureRun>
    let procedures: any ProcedureRepository
    let timings: SQLTimings

    /// The run with all its work.
    func find(_ reference: CaseReference<ProcedureRun>) throws(DomainError) -> Clocked<ProcedureRun>? {
        guard let found = try runs.find(reference) else { return nil }
        var run = found.subject
        run.work = RunWork(
            graph: try procedures.graph(of: run.procedure, version: run.procedureVersion),
            onlyStep: run.onlyStep,
            requesterID: run.requesterID,
            assignments: try assignments(of: run.id),
            participants: try participants(of: run.id),
            questionnaire: try questionnaire(of: run.id),
            tasks: try tasks(of: run.id)
        )
        return Clocked(subject: run, clock: found.clock)
    }

    func insert(_ new: Clocked<ProcedureRun>) throws(DomainError) {
        try runs.insert(new)
        guard let work = new.subject.work else { throw .fault("a run without its steps") }
        let id = new.subject.id
        for assignment in work.assignments {
            try connection.execute(
                "insert into run_assignment (run_id, role, user_id) values (\(id), \(assignment.role), \(assignment.userID))"
            )
        }
        for participant in work.participants {
            try connection.execute(
                """
                insert into run_participant (run_id, id, name, user_id, unit_id)
                values (\(id), \(participant.id), \(participant.name), \(participant.userID), \(participant.unitID))
                """
            )
        }
        try insert(work.questionnaire?.dimensions ?? [], of: id)
        for member in work.members.sorted() {
            try connection.execute("insert into case_member (member_id, case_id) values (\(member), \(id))")
        }
        try SQLRunWaits(connection: connection).store(work, before: [], of: id)
    }

    /// Stores the changed row and what has been handed in since `before`.
    func update(_ changed: Clocked<ProcedureRun>, from before: ProcedureRun) throws(DomainError) {
        try runs.update(changed, from: before)
        let known = before.work?.tasks ?? []
        guard let work = changed.subject.work else { return }
        for (place, task) in work.tasks.enumerated() {
            let stored = known.indices.contains(place) ? known[place].completions.count : 0
            for completion in task.completions.dropFirst(stored) { try insert(completion, at: task, of: changed.subject.id) }
        }
        try SQLRunWaits(connection: connection).store(work, before: known, of: changed.subject.id)
    }

    func list(_ query: CaseQuery<ProcedureRun>, visible: [Visibility]) throws(DomainError) -> Page<Clocked<ProcedureRun>> {
        try runs.list(query, visible: visible)
    }

    func count(_ query: CaseQuery<ProcedureRun>, visible: [Visibility], most: Int) throws(DomainError) -> Int {
        try runs.count(query, visible: visible, most: most)
    }

    func waiting(
        _ waits: [Wait<ProcedureRun>],
        visible: [Visibility],
        after place: InboxPlace?,
        limit: Int
    ) throws(DomainError) -> [InboxEntry] {
        try runs.waiting(waits, visible: visible, after: place, limit: limit)
    }

    func search(_ words: String, visible: [Visibility], limit: Int) throws(DomainError) -> [SearchHit] {
        try runs.search(words, visible: visible, limit: limit)
    }

    func countWaiting(
        _ waits: [Wait<ProcedureRun>],
        visible: [Visibility],
        most: Int
    ) throws(DomainError) -> [(state: ProcedureRun.State, count: Int)] {
        try runs.countWaiting(waits, visible: visible, most: most)
    }

    private func assignments(of run: ProcedureRun.ID) throws(DomainError) -> [RunAssignment] {
        try connection.all("select role, user_id from run_assignment where run_id = \(run) order by role, user_id") { columns in
            RunAssignment(role: columns.text(), userID: columns.identifier())
        }
    }

    private func participants(of run: ProcedureRun.ID) throws(DomainError) -> [RunParticipant] {
        try connection.all("select id, name, user_id, unit_id from run_participant where run_id = \(run) order by id") { columns in
            RunParticipant(
                id: columns.identifier(),
                name: columns.text(),
                userID: columns.optionalIdentifier(),
                unitID: columns.optionalIdentifier()
            )
        }
    }

    private func tasks(of run: ProcedureRun.ID) throws(DomainError) -> [RunTask] {
        var stored = try completions(of: run)
        try readAssessment(of: run, into: &stored)
        let completions = Dictionary(grouping: stored, by: \.timingID)
        return try timings.tasks(of: run).map { timing in
            RunTask(
                participantID: timing.participantID,
                clock: timing.clock,
                outcome: timing.outcome,
                completions: completions[timing.id]?.map(\.completion) ?? []
            )
        }
    }

    private func completions(
        of run: ProcedureRun.ID
    ) throws(DomainError) -> [StoredCompletion] {
        try connection.all(
            """
            select timing_id, performer_id, user_id, is_stand_in, finished_at_ms, decision, note, outputs, checklist
            from run_completion
            where run_id = \(run)
            order by finished_at_ms
            """
        ) { columns in
            let timingID: StepTiming.ID = columns.identifier()
            let completion = RunCompletion(
                performer: RunPerformer(stored: columns.text()),
                userID: columns.identifier(),
                isStandIn: columns.flag(),
                finishedAt: columns.instant(),
                work: StepWork(
                    decision: columns.optionalInteger().map { $0 != 0 },
                    note: columns.optionalText(),
                    outputs: columns.text().split(separator: "\n").map { String($0) },
                    checklist: columns.text().split(separator: " ").compactMap { Int($0) }
                )
            )
            return StoredCompletion(timingID: timingID, completion: completion)
        }
    }

    private func insert(_ completion: RunCompletion, at task: RunTask, of run: ProcedureRun.ID) throws(DomainError) {
        let work = completion.work
        // An output is one line and a tick one number, so that each list is one text.
        let checklist = work.checklist.map { String($0) }.joined(separator: " ")
        try connection.execute(
            """
            insert into run_completion (
                run_id, timing_id, performer_id, user_id, is_stand_in, finished_at_ms, decision, note, outputs, checklist
            )
            values (
                \(run), \(task.clock.timingID), \(completion.performer.text), \(completion.userID), \(completion.isStandIn),
                \(completion.finishedAt), \(work.decision), \(work.note), \(work.outputs.joined(separator: "\n")), \(checklist)
            )
            """
        )
        try insert(work.answers, work.scores, of: completion, at: task, of: run)
    }
}

/// What one performer left of one attempt.
struct StoredCompletion {
    let timingID: StepTiming.ID
    var completion: RunCompletion
}
