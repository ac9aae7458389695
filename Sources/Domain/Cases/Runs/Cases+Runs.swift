extension Cases where Kind == ProcedureRun {
    /// Takes what `principal` hands in for a step of a run: it must be open and a part of it his, or he is the super admin, who stands in.
    package func complete(
        _ number: Int,
        with work: StepWork,
        for participant: RunParticipant.ID?,
        of reference: CaseReference<ProcedureRun>,
        expecting expected: ExpectedVersion?,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Clocked<ProcedureRun> {
        let found = try get(reference, for: principal)
        var run = found.subject
        try expected?.check(run.version)
        guard var progress = run.work else { throw .fault("a run without its steps") }
        guard let step = progress.graph[number] else { throw .notFound("step") }
        let place = try progress.place(of: step, for: participant, by: principal, in: run.state)
        guard let part = progress.part(of: progress.tasks[place], for: principal) else { throw .forbidden }
        let issues = progress.faults(of: work, at: step)
        guard issues.isEmpty else { throw .invalid(issues) }
        let engine = try StepEngine(repositories, of: run.unitID, by: principal, at: now, ids: ids)
        if step.scope == .period { try progress.checkMonth(of: step, at: engine.moment) }

        let before = progress.tasks
        let isStandIn = !part.admits(principal)
        progress.complete(
            RunCompletion(performer: part, userID: principal.userID, isStandIn: isStandIn, finishedAt: now, work: work),
            at: place,
            moment: engine.moment
        )
        run.work = progress
        run.head.updatedAt = now
        run.head.version += 1
        if progress.isOver {
            run.head.state = .completed
            run.head.closedAt = now
        }
        try engine.store(progress.tasks, before: before, of: run)
        let changed = Clocked(subject: run, clock: progress.clock)
        try repository.update(changed, from: found.subject)
        try append(
            isStandIn ? "complete_in_place" : "complete",
            of: run,
            from: found.subject.state,
            by: principal,
            at: now,
            ids: ids,
            note: work.note,
            changed: ["steps/\(number)"]
        )
        return changed
    }
}

extension RunWork {
    /// The place of the task that is meant: of a step done by each participant, the named one's or the only one that is the caller's.
    fileprivate func place(
        of step: Procedure.Step,
        for participant: RunParticipant.ID?,
        by principal: Principal,
        in state: ProcedureRun.State
    ) throws(DomainError) -> Int {
        let open = tasks.indices.filter { tasks[$0].isOpen && tasks[$0].step == step.number }
        if let participant {
            guard step.scope == .participant else {
                let detail = Text(id: "Langkah ini bukan per peserta.", en: "This step is not done by each participant.")
                throw .invalid([Issue("/participant_id", code: "not_allowed", detail: detail)])
            }
            guard participants.contains(where: { $0.id == participant }) else { throw .invalid([.unknownReference("/participant_id")]) }
        }
        let meant = participant == nil ? open : open.filter { tasks[$0].participantID == participant }
        guard let first = meant.first else {
            throw .refused(event: "complete step \(step.number)", state: state.rawValue, allowed: openSteps)
        }
        guard meant.count > 1 else { return first }
        let own = meant.filter { place in waiting(on: tasks[place]).contains { $0.admits(principal) } }
        guard own.count == 1, let only = own.first else {
            if own.isEmpty, !principal.roles.contains(.superAdmin) { throw .forbidden }
            let detail = Text(id: "Sebutkan pesertanya.", en: "Name the participant.")
            throw .invalid([Issue("/participant_id", code: "required", detail: detail)])
        }
        return only
    }

    /// What can be completed now, by anyone.
    private var openSteps: [String] {
        var names: [String] = []
        for task in openTasks where !names.contains("complete step \(task.step)") { names.append("complete step \(task.step)") }
        return names
    }

    /// The part of a task that `principal` does: his own, or as super admin the first that is left.
    fileprivate func part(of task: RunTask, for principal: Principal) -> RunPerformer? {
        let waiting = waiting(on: task)
        return waiting.first { $0.admits(principal) } ?? (principal.roles.contains(.superAdmin) ? waiting.first : nil)
    }

    /// Everything that is wrong with what is handed in for a step.
    package func faults(of work: StepWork, at step: Procedure.Step) -> [Issue] {
        var issues: [Issue] = []
        if graph.decision(of: step) != nil {
            if work.decision == nil { issues.append(.missing("/decision")) }
        } else if work.decision != nil, !isParticipants(step) {
            let detail = Text(id: "Langkah ini tanpa keputusan.", en: "This step has no decision.")
            issues.append(Issue("/decision", code: "not_allowed", detail: detail))
        }
        for (place, item) in work.checklist.enumerated() where !(0..<step.checklist).contains(item) {
            let detail = Text(id: "Butir ini tidak ada.", en: "There is no such item.")
            issues.append(Issue("/checklist/\(place)", code: "out_of_range", detail: detail))
        }
        // What fails at a gate need not be whole.
        let missing = (0..<step.checklist).filter { !work.checklist.contains($0) }
        if !missing.isEmpty, work.decision != false {
            let names = missing.map { String($0) }.joined(separator: ", ")
            let detail = Text(id: "Belum dicentang: \(names).", en: "Not ticked: \(names).")
            issues.append(Issue("/checklist", code: work.checklist.isEmpty ? "required" : "incomplete", detail: detail))
        }
        return issues + assessmentFaults(of: work, at: step)
    }

    /// Throws `conflict` if a step that is done once a month has been done in this month.
    fileprivate func checkMonth(of step: Procedure.Step, at moment: Moment) throws(DomainError) {
        let today = moment.calendar.localDate(of: moment.now)
        let isDone = tasks.contains { task in
            guard task.step == step.number, let finished = task.clock.finishedAt else { return false }
            let date = moment.calendar.localDate(of: finished)
            return date.year == today.year && date.month == today.month
        }
        if isDone { throw .conflict(pointer: "/no") }
    }
}

extension Issue {
    /// The field must be there.
    package static func missing(_ pointer: String) -> Issue {
        Issue(pointer, code: "required", detail: Text(id: "Isian ini wajib.", en: "This member is required."))
    }
}
