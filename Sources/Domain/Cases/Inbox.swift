/// One way in which cases wait for a caller: read from the rows of a workflow, never from a list of its own.
package struct Wait<Kind: Case>: Sendable {
    package let state: Kind.State
    /// Which cases in that state follow the workflow of the row.
    package let filter: Kind.Filter
    /// How the caller stands to those that wait for him.
    package let part: Visibility
    /// How he stands to those that four eyes keep from him.
    package let bars: [Visibility]
}

/// Where a case stands in an inbox: soonest due first, without a date last, and then the oldest first.
package struct InboxPlace: Sendable, Comparable {
    /// When it is due, in milliseconds; `never` without a date.
    package let due: Int64
    /// The id of the case, or of the attempt at a step of a run, without its prefix: it orders all kinds by age.
    package let age: String

    package static let never = Int64.max

    package init(due: Int64, age: String) {
        self.due = due
        self.age = age
    }

    package static func < (left: InboxPlace, right: InboxPlace) -> Bool {
        left.due == right.due ? left.age < right.age : left.due < right.due
    }
}

/// A case or a recap that waits, as far as its index and its version tell of it.
package struct InboxEntry: Sendable {
    package let kind: StepTiming.SubjectKind
    package let id: String
    package let version: Int
    package let place: InboxPlace
    package let unitID: Unit.ID
    /// The standard of the running step, in milliseconds; nil while it pauses.
    package let standard: Int64?
    /// Which of the open steps of a run waits; nil for a case with one clock.
    package let timingID: StepTiming.ID?

    package init(
        kind: StepTiming.SubjectKind,
        id: String,
        version: Int,
        place: InboxPlace,
        unitID: Unit.ID,
        standard: Int64?,
        timingID: StepTiming.ID? = nil
    ) {
        self.kind = kind
        self.id = id
        self.version = version
        self.place = place
        self.unitID = unitID
        self.standard = standard
        self.timingID = timingID
    }

    /// The notice that the running step has come to.
    package func notice(at now: Instant, by calendars: Calendars) -> StepNotice? {
        guard let standard, place.due != InboxPlace.never else { return nil }
        return StepNotice.reached(at: now, dueAt: Instant(milliseconds: place.due), standard: standard, by: calendars[unitID])
    }
}

/// How many cases of one kind, or recaps, wait in one state.
package struct InboxCount: Sendable {
    package let kind: StepTiming.SubjectKind
    package let state: String
    package let count: Int
}

/// For whom the open steps of runs wait, in storage.
package protocol RunWaitRepository {
    /// The first `limit` steps after `place` that wait for one of these users and units, in the order of an inbox.
    func list(_ members: [String], after place: InboxPlace?, limit: Int) throws(DomainError) -> [InboxEntry]
    /// How many there are, counted no further than `most`.
    func count(_ members: [String], most: Int) throws(DomainError) -> Int
}

/// What waits for a caller, of all kinds, within one transaction.
package struct Inbox {
    private let repositories: any Repositories
    private let principal: Principal

    init(_ repositories: any Repositories, of principal: Principal) {
        self.repositories = repositories
        self.principal = principal
    }

    /// The next `limit` cases after `place`, in the order of the inbox.
    package func list(after place: InboxPlace?, limit: Int) throws(DomainError) -> Page<InboxEntry> {
        var entries = try list(Consultation.self, place, limit) + list(WorkspaceItem.self, place, limit)
        entries += try list(Ticket.self, place, limit) + list(ServiceComplaint.self, place, limit)
        if seesRuns { entries += try repositories.runWaits.list(members, after: place, limit: limit + 1) }
        entries += try recaps(after: place, limit: limit + 1)
        entries.sort { $0.place < $1.place }
        return Page(Array(entries.prefix(limit)), hasMore: entries.count > limit)
    }

    /// How many wait by kind and state, each counted no further than `most`; states without any are left out.
    package func counts(most: Int) throws(DomainError) -> [InboxCount] {
        let runs = seesRuns ? try repositories.runWaits.count(members, most: most) : 0
        let running = InboxCount(kind: .procedureRun, state: ProcedureRun.State.running.rawValue, count: runs)
        let cases =
            try counts(Consultation.self, most) + counts(WorkspaceItem.self, most) + counts(Ticket.self, most)
            + counts(ServiceComplaint.self, most)
        return cases + (runs == 0 ? [] : [running]) + (try recapCounts(most: most))
    }

    /// Whoever has a part in a run sees it, if his token covers runs.
    private var seesRuns: Bool { principal.may(CaseKind.procedureRun.permissions.read) }

    private var members: [String] { [principal.userID.text, principal.unitID.text] }

    private func recaps(after place: InboxPlace?, limit: Int) throws(DomainError) -> [InboxEntry] {
        let waits = Recap.waits(for: principal)
        return waits.isEmpty ? [] : try repositories.recaps.waiting(waits, for: principal.userID, after: place, limit: limit)
    }

    private func recapCounts(most: Int) throws(DomainError) -> [InboxCount] {
        let waits = Recap.waits(for: principal)
        guard !waits.isEmpty else { return [] }
        return try repositories.recaps.countWaiting(waits, for: principal.userID, most: most)
            .map { InboxCount(kind: .recap, state: $0.state.rawValue, count: $0.count) }
    }

    private func list<Kind: Case>(_ kind: Kind.Type, _ place: InboxPlace?, _ limit: Int) throws(DomainError) -> [InboxEntry] {
        let (waits, visible) = (Kind.waits(for: principal), Visibility.cases(of: Kind.kind, for: principal))
        if waits.isEmpty || visible.isEmpty { return [] }
        return try Kind.repository(in: repositories).waiting(waits, visible: visible, after: place, limit: limit + 1)
    }

    private func counts<Kind: Case>(_ kind: Kind.Type, _ most: Int) throws(DomainError) -> [InboxCount] {
        let (waits, visible) = (Kind.waits(for: principal), Visibility.cases(of: Kind.kind, for: principal))
        if waits.isEmpty || visible.isEmpty { return [] }
        return try Kind.repository(in: repositories).countWaiting(waits, visible: visible, most: most)
            .map { InboxCount(kind: Kind.kind.timingSubject, state: $0.state.rawValue, count: $0.count) }
            .filter { $0.count > 0 }
    }
}

extension Case {
    /// Every way in which cases of this kind wait for `principal`, in the order of the tables.
    package static func waits(for principal: Principal) -> [Wait<Self>] {
        workflows.flatMap { workflow in
            // An event that gives a step up or hands it on is a way out of every state, of those too in which no clock runs.
            let waysOut = Set(workflow.transitions.filter(\.outcome.isWayOut).map(\.event))
            return State.allCases.flatMap { state in
                var waits: [Wait<Self>] = []
                for row in workflow.transitions(from: state)
                where !waysOut.contains(row.event) && !principal.roles.isDisjoint(with: row.performer.roles) {
                    let part = row.performer.relation.part(of: principal)
                    let bars = row.bars.map { $0.part(of: principal) }
                    if waits.contains(where: { $0.part == part && $0.bars == bars }) { continue }
                    waits.append(Wait(state: state, filter: filter(following: workflow), part: part, bars: bars))
                }
                return waits
            }
        }
    }
}

extension Performer.Relation {
    /// The cases to which `principal` stands so.
    fileprivate func part(of principal: Principal) -> Visibility {
        switch self {
        case .anyone: .all
        case .unit: .unit(principal.unitID)
        case .requester: .requester(principal.userID)
        case .officer: .officer(principal.userID)
        }
    }
}

extension StepTiming.Outcome {
    /// Whether a step ended so was given up or handed on, which no case waits for.
    fileprivate var isWayOut: Bool {
        switch self {
        case .done, .yes, .no, .declined: false
        case .reassigned, .withdrawn, .cancelled: true
        }
    }
}
