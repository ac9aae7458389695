/// The leaders' live picture: how all open cases stand now, and what the last days brought.
package struct Overview {
    private let repositories: any Repositories
    private let kinds: [CaseKind]

    /// How many cases are open, past their standard, and due before the day ends.
    package struct Load: Sendable {
        package var open = 0
        package var overdue = 0
        package var dueToday = 0

        package init(open: Int = 0, overdue: Int = 0, dueToday: Int = 0) {
            self.open = open
            self.overdue = overdue
            self.dueToday = dueToday
        }

        static func + (left: Load, right: Load) -> Load {
            Load(open: left.open + right.open, overdue: left.overdue + right.overdue, dueToday: left.dueToday + right.dueToday)
        }
    }

    /// The load of one kind in one state with one officer.
    package struct Part: Sendable {
        package let kind: CaseKind
        package let state: String
        package let officerID: User.ID?
        package let load: Load

        package init(kind: CaseKind, state: String, officerID: User.ID?, load: Load) {
            self.kind = kind
            self.state = state
            self.officerID = officerID
            self.load = load
        }
    }

    /// What happened to the cases of one kind within an hour.
    package struct Hour: Sendable {
        package let start: Instant
        package let kind: CaseKind
        package let opened: Int
        package let closed: Int
        package let onTime: Int
        package let late: Int

        package init(start: Instant, kind: CaseKind, opened: Int, closed: Int, onTime: Int, late: Int) {
            self.start = start
            self.kind = kind
            self.opened = opened
            self.closed = closed
            self.onTime = onTime
            self.late = late
        }
    }

    /// One kind of case, as far as its reading is covered.
    package struct Kind: Sendable {
        package let kind: CaseKind
        package let load: Load
        package let states: [(state: String, load: Load)]
        package let onTime: Int
        package let late: Int
    }

    package struct Day: Sendable {
        package let date: CivilDate
        package var opened = 0
        package var closed = 0
    }

    package struct OfficerLoad: Sendable {
        package let officerID: User.ID
        package let name: String
        package let load: Load
    }

    /// A case whose running step has passed its standard.
    package struct OverdueCase: Sendable {
        package let summary: CaseSummary
        package let officerID: User.ID?
        package let stepCode: String
        package let dueAt: Instant
    }

    /// The picture at one moment.
    package struct Picture: Sendable {
        package let load: Load
        package let kinds: [Kind]
        package let days: [Day]
        package let onTime: Int
        package let late: Int
        package let officers: [OfficerLoad]
        package let overdue: [OverdueCase]
    }

    /// How many days of the past it shows, this one included.
    package static let days = 30
    private static let mostOfficers = 200
    private static let mostOverdue = 20

    init(_ repositories: any Repositories, for principal: Principal) {
        self.repositories = repositories
        kinds = CaseKind.allCases.filter { Visibility.cases(of: $0, for: principal) == [.all] }
    }

    /// The picture at `now`.
    package func picture(at now: Instant) throws(DomainError) -> Picture {
        let calendar = try repositories.calendars.current().service.calendar
        let today = calendar.localDate(of: now)
        let endOfDay = calendar.instant(at: 0, on: CivilDate(daysSinceEpoch: today.daysSinceEpoch + 1))
        let first = CivilDate(daysSinceEpoch: today.daysSinceEpoch + 1 - Self.days)
        var parts: [Part] = []
        for kind in kinds { parts += try repositories.overview.open(kind, at: now, endOfDay: endOfDay) }
        let hours = try repositories.overview.hours(since: calendar.instant(at: 0, on: first)).filter { kinds.contains($0.kind) }

        var days = (0..<Self.days).map { Day(date: CivilDate(daysSinceEpoch: first.daysSinceEpoch + $0)) }
        for hour in hours {
            let place = calendar.localDate(of: hour.start).daysSinceEpoch - first.daysSinceEpoch
            guard days.indices.contains(place) else { continue }
            days[place].opened += hour.opened
            days[place].closed += hour.closed
        }
        return Picture(
            load: parts.reduce(Load()) { $0 + $1.load },
            kinds: kinds.map { kind in
                let (parts, hours) = (parts.filter { $0.kind == kind }, hours.filter { $0.kind == kind })
                return Kind(
                    kind: kind,
                    load: parts.reduce(Load()) { $0 + $1.load },
                    states: Dictionary(grouping: parts, by: \.state).map { ($0.key, $0.value.reduce(Load()) { $0 + $1.load }) }
                        .sorted { ($1.1.open, $0.0) < ($0.1.open, $1.0) },
                    onTime: hours.reduce(0) { $0 + $1.onTime },
                    late: hours.reduce(0) { $0 + $1.late }
                )
            },
            days: days,
            onTime: hours.reduce(0) { $0 + $1.onTime },
            late: hours.reduce(0) { $0 + $1.late },
            officers: try officers(parts),
            overdue: try overdue(at: now)
        )
    }

    /// The officers with open cases, the one with most first.
    private func officers(_ parts: [Part]) throws(DomainError) -> [OfficerLoad] {
        let loads = Dictionary(grouping: parts.filter { $0.officerID != nil }, by: \.officerID)
            .mapValues { $0.reduce(Load()) { $0 + $1.load } }
            .sorted { ($1.value.open, $0.key?.text ?? "") < ($0.value.open, $1.key?.text ?? "") }
        var officers: [OfficerLoad] = []
        for (id, load) in loads.prefix(Self.mostOfficers) {
            guard let id else { continue }
            officers.append(OfficerLoad(officerID: id, name: try repositories.users.find(id)?.name ?? "", load: load))
        }
        return officers
    }

    /// The cases that are overdue longest. Only those that are shown are read whole.
    private func overdue(at now: Instant) throws(DomainError) -> [OverdueCase] {
        var entries: [InboxEntry] = []
        for kind in kinds {
            switch kind {
            case .consultation: entries += try waiting(Self.openWaits(Consultation.self))
            case .workspaceItem: entries += try waiting(Self.openWaits(WorkspaceItem.self))
            case .ticket: entries += try waiting(Self.openWaits(Ticket.self))
            case .serviceComplaint: entries += try waiting(Self.openWaits(ServiceComplaint.self))
            case .procedureRun:
                // The ways of runs are those of their procedures; all that are open have one state.
                entries += try waiting([Wait<ProcedureRun>(state: .running, filter: .init(), part: .all, bars: [])])
            }
        }
        entries.removeAll { $0.place.due >= now.milliseconds }
        entries.sort { $0.place.due < $1.place.due }
        var found: [OverdueCase] = []
        for entry in entries where found.count < Self.mostOverdue {
            let overdue =
                switch entry.kind {
                case .consultation: try overdue(entry, Consultation.self, at: now)
                case .workspaceItem: try overdue(entry, WorkspaceItem.self, at: now)
                case .ticket: try overdue(entry, Ticket.self, at: now)
                case .serviceComplaint: try overdue(entry, ServiceComplaint.self, at: now)
                case .procedureRun: try overdue(entry, ProcedureRun.self, at: now)
                // It is no case, and none was asked for.
                case .recap: OverdueCase?.none
                }
            if let overdue { found.append(overdue) }
        }
        return found
    }

    /// Every case of a kind that is open, as ways of waiting.
    private static func openWaits<Kind: Case>(_ kind: Kind.Type) -> [Wait<Kind>] {
        Kind.workflows.flatMap { workflow in
            Kind.State.allCases.filter { !workflow.isFinal($0) }
                .map { Wait(state: $0, filter: Kind.filter(following: workflow), part: .all, bars: []) }
        }
    }

    private func waiting<Kind: Case>(_ waits: [Wait<Kind>]) throws(DomainError) -> [InboxEntry] {
        try Kind.repository(in: repositories).waiting(waits, visible: [.all], after: nil, limit: Self.mostOverdue)
    }

    private func overdue<Kind: Case>(_ entry: InboxEntry, _ kind: Kind.Type, at now: Instant) throws(DomainError) -> OverdueCase? {
        let clocked = try Kind.repository(in: repositories).find(.id(Identifier(stored: entry.id)))
        // What pauses is overdue only if it was so when the pause began.
        guard let clocked, let clock = clocked.clock, clock.verdict(at: now) == .overdue else { return nil }
        return OverdueCase(
            summary: CaseSummary(clocked.subject),
            officerID: clocked.subject.officerID,
            stepCode: clock.stepCode,
            dueAt: Instant(milliseconds: entry.place.due)
        )
    }
}

/// What the overview is read from.
package protocol OverviewRepository {
    /// The open cases of a kind by state and officer; due today is what is due from `now` on and before `endOfDay`.
    func open(_ kind: CaseKind, at now: Instant, endOfDay: Instant) throws(DomainError) -> [Overview.Part]
    /// What happened in each hour from `start` on, which lies on a full hour.
    func hours(since start: Instant) throws(DomainError) -> [Overview.Hour]
    /// How many hours are kept otherwise than the cases and step timings themselves say.
    func tallyFaults() throws(DomainError) -> Int
}
