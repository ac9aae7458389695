/// Who has a part in a case: what decides whether a caller sees it.
package struct CaseParties: Sendable {
    package let unitID: Unit.ID
    package let requesterID: User.ID
    package let officerID: User.ID?
    /// The ids of the users and units that take part in a run.
    package var members: Set<String> = []

    package init(unitID: Unit.ID, requesterID: User.ID, officerID: User.ID?) {
        self.unitID = unitID
        self.requesterID = requesterID
        self.officerID = officerID
    }
}

/// What a caller sees of the log: the events of the cases he sees, of what everyone reads, and of people if he keeps their list.
package struct LogSight: Sendable {
    private let cases: Sight
    private let subjects: Set<Event.Subject>
    /// Whether every entry is his to see, so that none need be judged.
    package let isWhole: Bool
    /// For one from outside, the unit whose own reasons and notes alone he reads.
    private let outsideUnit: Unit.ID?

    package init(of principal: Principal) {
        cases = Sight(of: principal)
        var subjects: Set<Event.Subject> = []
        if principal.may(.unitsRead) { subjects.insert(.unit) }
        if principal.may(.proceduresRead) { subjects.insert(.procedure) }
        if principal.may(.calendarRead) { subjects.insert(.calendar) }
        if principal.may(.equipmentRead) { subjects.insert(.equipment) }
        if principal.may(.topologiesRead) { subjects.insert(.topology) }
        if principal.may(.performancePointsRead) { subjects.insert(.pointRule) }
        if principal.may(.performancePointsRead), principal.roles.areLeading { subjects.insert(.performancePoint) }
        if principal.may(.recapsRead) { subjects.insert(.recap) }
        if principal.may(.usersWrite) { subjects.formUnion([.user, .token, .session]) }
        self.subjects = subjects
        outsideUnit = principal.roles.isInternal ? nil : principal.unitID
        let cases = cases
        isWhole = Event.Subject.allCases.allSatisfy { subject in
            subject.caseKind.map { cases[$0].contains(.all) } ?? subjects.contains(subject)
        }
    }

    /// Whether an event is shown, given the parties of its case as they are now; a case that is not there is nobody's.
    package func shows(_ event: Event, of parties: CaseParties?) -> Bool {
        guard let kind = event.subject.caseKind else { return subjects.contains(event.subject) }
        return cases[kind].contains { part in
            switch part {
            case .all: true
            case .member(let id): parties?.members.contains(id) ?? false
            case .unit, .requester, .officer:
                parties.map { part.covers(unit: $0.unitID, requester: $0.requesterID, officer: $0.officerID) } ?? false
            }
        }
    }

    /// Whether the reason and the note of an entry are shown: those of the directorate's own people stay inside it.
    package func showsTexts(of entry: HistoryEntry) -> Bool { outsideUnit.map { entry.showsTexts(outside: $0) } ?? true }
}

extension HistoryEntry {
    /// What the directorate says to the one who asked.
    private static let answers: Set = ["deliver", "reject"]

    /// Whether a unit outside the directorate reads the reason and the note: of its own people, and of what is said to it.
    package func showsTexts(outside unit: Unit.ID) -> Bool { actorUnitID == unit || Self.answers.contains(event.name) }
}

/// The whole log as one caller sees it.
package struct VisibleLog {
    let events: any EventRepository
    let sight: LogSight

    /// The most entries that are looked through for one page.
    package static let reach = 5_000
    private static let stride = 500

    /// The next entries beyond a place that are shown, `limit` at most; the page may be short, or empty, and yet have more.
    ///
    /// Walking back, it ends at `bound`, which is not shown itself.
    package func entries(
        beyond place: Int,
        isAscending: Bool,
        backTo bound: Int = 0,
        limit: Int
    ) throws(DomainError) -> Page<HistoryEntry> {
        var (found, place, looked): ([HistoryEntry], Int, Int) = ([], place, 0)
        var known: [String: CaseParties?] = [:]
        while looked < Self.reach {
            let stride = sight.isWhole ? limit + 1 : Self.stride
            let entries = try events.entries(beyond: place, isAscending: isAscending, limit: stride)
            for entry in entries {
                if !isAscending, entry.event.sequence <= bound { return Page(found, hasMore: false) }
                guard try shows(entry.event, &known) else { continue }
                if found.count == limit { return Page(found, hasMore: true, next: String(place)) }
                found.append(entry)
                place = entry.event.sequence
            }
            place = entries.last?.event.sequence ?? place
            if entries.count < stride { return Page(found, hasMore: false, next: String(place)) }
            looked += entries.count
        }
        return Page(found, hasMore: true, next: String(place))
    }

    private func shows(_ event: Event, _ known: inout [String: CaseParties?]) throws(DomainError) -> Bool {
        if sight.sees(event.subject) { return true }
        guard event.subject.caseKind != nil else { return sight.shows(event, of: nil) }
        if let parties = known[event.subjectID] { return sight.shows(event, of: parties) }
        let parties = try events.parties(of: event)
        known[event.subjectID] = .some(parties)
        return sight.shows(event, of: parties)
    }
}

extension LogSight {
    /// Whether every event about such a subject is shown.
    fileprivate func sees(_ subject: Event.Subject) -> Bool {
        subject.caseKind.map { cases[$0].contains(.all) } ?? subjects.contains(subject)
    }
}

extension Event.Subject {
    /// The kind of case that the events of this subject are about.
    package var caseKind: CaseKind? {
        switch self {
        case .consultation: .consultation
        case .workspaceItem: .workspaceItem
        case .ticket: .ticket
        case .serviceComplaint: .serviceComplaint
        case .procedureRun: .procedureRun
        case .user, .unit, .token, .session, .procedure, .calendar, .equipment, .topology, .pointRule, .performancePoint, .recap: nil
        }
    }
}

extension Transaction {
    /// The whole log as `sight` shows it.
    package func log(seenWith sight: LogSight) -> VisibleLog { VisibleLog(events: events, sight: sight) }
}
