import Domain

/// Cases and attempts that change again and again while very many are stored, kept in memory until they change no more: each row is
/// then written twice at most, not once for each event.
final class HeldRows {
    /// Whether cases of that kind and their attempts are held; what others store beside them reads no row that is held.
    static func holds(_ kind: StepTiming.SubjectKind) -> Bool {
        switch kind {
        case .consultation, .workspaceItem, .ticket: true
        case .serviceComplaint, .procedureRun, .recap: false
        }
    }

    /// The attempts that have not ended and are not stored yet.
    var timings: [StepTiming.ID: StepTiming] = [:]
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

/// The open cases of one kind as they are, with the version in which each is stored.
final class HeldCases<Kind: StoredCase> {
    private(set) var open: [Identifier<Kind>: (clocked: Clocked<Kind>, stored: Int)] = [:]

    func find(_ reference: CaseReference<Kind>) -> Clocked<Kind>? {
        switch reference {
        case .id(let id): open[id]?.clocked
        case .number(let number): open.values.first { $0.clocked.subject.number == number }?.clocked
        }
    }

    /// Keeps a case that is stored in that version.
    func keep(_ clocked: Clocked<Kind>, storedAs version: Int) { open[clocked.subject.id] = (clocked, version) }

    /// Lets go of a case; answers in which version it is stored, nil when it was not held.
    func release(_ id: Identifier<Kind>) -> Int? { open.removeValue(forKey: id)?.stored }
}
