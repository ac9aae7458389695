/// The steps of a procedure and the ways between them.
package struct StepGraph: Sendable {
    /// In the order of their numbers, which count from 1.
    package let steps: [Procedure.Step]
    package let takesImpliedDecisions: Bool

    package init(_ steps: [Procedure.Step], takesImpliedDecisions: Bool) {
        self.steps = steps
        self.takesImpliedDecisions = takesImpliedDecisions
    }

    package subscript(number: Int) -> Procedure.Step? {
        steps.indices.contains(number - 1) ? steps[number - 1] : nil
    }

    /// The decision that a step asks for; nil when it asks for none.
    package func decision(of step: Procedure.Step) -> Procedure.Decision? {
        step.decision ?? (takesImpliedDecisions ? step.impliedDecision : nil)
    }

    /// Where a step leads; `isYes` counts only where it asks for a decision.
    package func target(of step: Procedure.Step, isYes: Bool = true) -> Procedure.Target {
        if let decision = decision(of: step) { return isYes ? decision.yes : decision.no }
        return step.number < steps.count ? .step(step.number + 1) : .end
    }

    /// Where the steps for each participant that stand around this one lead in the end.
    package func exit(of step: Procedure.Step) -> Procedure.Target {
        let next = steps.dropFirst(step.number).first { $0.scope != .participant }
        return next.map { .step($0.number) } ?? .end
    }

    private func targets(of step: Procedure.Step) -> [Procedure.Target] {
        [target(of: step), target(of: step, isYes: false)]
    }

    /// The numbers of the steps that can be reached from the first.
    private var reached: Set<Int> {
        var reached: Set<Int> = []
        var waiting = steps.isEmpty ? [] : [1]
        while let number = waiting.popLast() {
            guard let step = self[number], reached.insert(number).inserted else { continue }
            for case .step(let next) in targets(of: step) { waiting.append(next) }
        }
        return reached
    }

    /// The numbers of the steps from which the end can be reached.
    private var ending: Set<Int> {
        var ending: Set<Int> = []
        var grows = true
        while grows {
            grows = false
            for step in steps where !ending.contains(step.number) {
                let ends = targets(of: step).contains { target in
                    switch target {
                    case .end: true
                    case .step(let number): ending.contains(number)
                    }
                }
                if ends { grows = ending.insert(step.number).inserted }
            }
        }
        return ending
    }

    /// Everything that keeps these steps from being run by people in `roles`, each with its pointer.
    package func faults(roles: [String]) -> [Issue] {
        var issues: [Issue] = []
        func note(_ place: Int, _ member: String, _ code: String, _ id: String, _ en: String) {
            issues.append(Issue("/steps/\(place)/\(member)", code: code, detail: Text(id: id, en: en)))
        }
        var codes: Set<String> = []
        for (place, step) in steps.enumerated() {
            if step.number != place + 1 {
                note(place, "no", "out_of_order", "Nomor harus \(place + 1).", "Its number must be \(place + 1).")
            }
            if !codes.insert(step.code).inserted { note(place, "code", "duplicate", "Kode ganda.", "The code is repeated.") }
            if !roles.contains(step.role) { note(place, "role", "unknown_role", "Peran tidak terdaftar.", "The role is not in the list.") }
            for (index, role) in step.parallel.enumerated() where !roles.contains(role) || role == step.role {
                let (id, en) = ("Harus peran lain yang terdaftar.", "It must be another role of the list.")
                note(place, "parallel/\(index)", "unknown_role", id, en)
            }
            if let standard = step.standard, standard <= 0 {
                note(place, "standard/value", "not_positive", "Harus lebih dari nol.", "It must be above zero.")
            }
            for (name, decision) in [("decision", step.decision), ("implied_decision", step.impliedDecision)] {
                guard let decision else { continue }
                for (way, target) in [("yes", decision.yes), ("no", decision.no)] where !leads(from: step, to: target) {
                    let (id, en) = (
                        "Tujuan tidak ada atau di luar jalur peserta.", "It leads to no step, or out of the way of a participant."
                    )
                    note(place, "\(name)/\(way)/goto", "no_such_step", id, en)
                }
            }
        }
        let (reached, ending) = (reached, ending)
        for (place, step) in steps.enumerated() where step.number == place + 1 {
            if !reached.contains(step.number) {
                note(place, "no", "unreachable", "Tidak ada jalan ke langkah ini.", "No way leads to this step.")
            } else if !ending.contains(step.number) {
                note(place, "no", "endless", "Tidak ada jalan dari sini ke akhir.", "No way leads from here to the end.")
            }
        }
        return issues
    }

    /// Whether a decision may lead there: to a step, and for a participant only within his steps or to where they all meet again.
    private func leads(from step: Procedure.Step, to target: Procedure.Target) -> Bool {
        guard step.scope == .participant else {
            guard case .step(let number) = target else { return true }
            return self[number] != nil
        }
        if target == exit(of: step) { return true }
        guard case .step(let number) = target, let next = self[number], next.scope == .participant else { return false }
        return exit(of: next) == exit(of: step)
    }
}
