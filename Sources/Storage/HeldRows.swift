import Domain

/// Cases that change again and again while very many are stored, and their attempts, kept in memory until they change no more: each row is
/// then written twice at most, not once for each event, and beside its neighbours.
final class HeldRows {
    /// Whether cases of that kind and their attempts are held; what others store beside them reads no row that is held.
    static func holds(_ kind: StepTiming.SubjectKind) -> Bool {
        switch kind {
        case .consultation, .workspaceItem, .ticket: true
        case .serviceComplaint, .procedureRun, .recap: false
        }
    }

    let timings = HeldTimings()
    private var kinds: [CaseKind: AnyObject] = [:]

    /// The cases of one kind that are held; nil where none are.
    func cases<Kind: StoredCase>(_ kind: Kind.Type) -> HeldCases<Kind>? {
        guard Self.holds(Kind.kind.timingSubject) else { return nil }
        if let held = kinds[Kind.kind] as? HeldCases<Kind> { return held }
        let held = HeldCases<Kind>()
        kinds[Kind.kind] = held
        return held
    }
}

/// The cases of one kind as they are, with the version in which each is stored.
final class HeldCases<Kind: StoredCase> {
    /// A case that is held. It has a place of its own, for to move it about would cost more than all else here.
    final class Entry {
        fileprivate(set) var clocked: Clocked<Kind>
        let stored: Int

        fileprivate init(_ new: Clocked<Kind>) { (clocked, stored) = (new, new.subject.head.version) }
    }

    private var entries: [Identifier<Kind>: Entry] = [:]
    private var ended: [Entry] = []

    func find(_ reference: CaseReference<Kind>) -> Clocked<Kind>? {
        switch reference {
        case .id(let id): entries[id]?.clocked
        case .number(let number): entries.values.first { $0.clocked.subject.head.number == number }?.clocked
        }
    }

    /// Keeps a new case, which is stored as it is but for its clock.
    func keep(_ new: Clocked<Kind>) { entries[new.subject.head.id] = Entry(new) }

    /// Keeps a changed case; false when it is not held.
    func update(_ changed: Clocked<Kind>) -> Bool {
        guard let entry = entries[changed.subject.head.id] else { return false }
        // Once, even if something changes on it after its end.
        if entry.clocked.subject.head.closedAt == nil, changed.subject.head.closedAt != nil { ended.append(entry) }
        entry.clocked = changed
        return true
    }

    /// Lets go of the cases that have ended, or of all, in the order of their making.
    func take(all: Bool) -> [Entry] {
        let taken = all ? Array(entries.values) : ended
        for entry in taken { entries[entry.clocked.subject.head.id] = nil }
        ended = []
        return taken.sorted { $0.clocked.subject.head.createdAt < $1.clocked.subject.head.createdAt }
    }
}

/// The attempts at the steps of cases none of which is stored yet.
final class HeldTimings {
    /// An attempt that is held, at a place of its own.
    private final class Entry {
        var timing: StepTiming

        init(_ timing: StepTiming) { self.timing = timing }
    }

    private var cases: [String: [Entry]] = [:]
    private var running: [StepTiming.ID: Entry] = [:]

    /// Whether the attempts of a case are held; if not, those it has are stored.
    func holdsAttempts(of subject: String) -> Bool { cases[subject] != nil }

    /// The attempts of a case; nil when they are not held.
    func attempts(of subject: String) -> [StepTiming]? { cases[subject]?.map(\.timing) }

    /// Keeps a new attempt.
    func keep(_ timing: StepTiming) {
        let entry = Entry(timing)
        cases[timing.subjectID, default: []].append(entry)
        if timing.clock.finishedAt == nil { running[timing.id] = entry }
    }

    /// Changes an attempt that runs; false when it is not held.
    func update(_ id: StepTiming.ID, _ change: (inout StepTiming) -> Void) -> Bool {
        guard let entry = running[id] else { return false }
        change(&entry.timing)
        if entry.timing.clock.finishedAt != nil { running[id] = nil }
        return true
    }

    /// Lets go of all attempts of the case of one that runs; none when they are not held.
    func take(with id: StepTiming.ID) -> [StepTiming] { running[id].map { take(of: [$0.timing.subjectID]) } ?? [] }

    /// Lets go of the attempts of these cases, in the order of their beginnings.
    func take(of subjects: [String]) -> [StepTiming] {
        let taken = subjects.flatMap { cases.removeValue(forKey: $0) ?? [] }
        for entry in taken where entry.timing.clock.finishedAt == nil { running[entry.timing.id] = nil }
        return taken.sorted { $0.timing.clock.startedAt < $1.timing.clock.startedAt }.map(\.timing)
    }
}
