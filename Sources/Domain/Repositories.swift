/// Which version of an object a change expects to find (RFC 9110, section 13.1.1).
package enum ExpectedVersion: Sendable, Equatable {
    case any
    case oneOf([Int])

    /// Throws `stale` if `version` is not expected.
    package func check(_ version: Int) throws(DomainError) {
        if case .oneOf(let versions) = self, !versions.contains(version) { throw .stale }
    }
}

/// A case by its id or by its number.
package enum CaseReference<Kind: Case>: Sendable {
    case id(Identifier<Kind>)
    case number(String)

    /// Reads either form; nil when a text is neither.
    package init?(_ text: String) {
        if let id = Identifier<Kind>(text) {
            self = .id(id)
        } else if Kind.kind.isNumber(text) {
            self = .number(text)
        } else {
            return nil
        }
    }
}

/// A case with the clock that runs or ran last on it; none before its first timed step.
package struct Clocked<Kind: Case>: Sendable {
    package let subject: Kind
    package let clock: StepClock?

    // Specialised here as the head of a case is.
    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    package init(subject: Kind, clock: StepClock?) {
        self.subject = subject
        self.clock = clock
    }
}

/// One page of a list.
package struct Page<Element: Sendable>: Sendable {
    package let elements: [Element]
    package let hasMore: Bool
    /// Where the next page goes on, when that is not the key of the last element.
    package let next: String?

    package init(_ elements: [Element], hasMore: Bool, next: String? = nil) {
        self.elements = elements
        self.hasMore = hasMore
        self.next = next
    }

    package func map<Other>(_ transform: (Element) -> Other) -> Page<Other> {
        Page<Other>(elements.map(transform), hasMore: hasMore, next: next)
    }
}

/// Where a page begins and how long it is; lists run over time-ordered ids.
package struct PageRequest: Sendable {
    package var limit: Int
    /// The id of the last element of the page before.
    package var after: String?
    package var isAscending: Bool

    package init(limit: Int, after: String? = nil, isAscending: Bool = false) {
        self.limit = limit
        self.after = after
        self.isAscending = isAscending
    }
}

/// Bounds on the time of creation, in milliseconds: from, inclusive, to, exclusive.
package struct TimeRange: Sendable, Equatable {
    package var from: Instant?
    package var to: Instant?

    package init(from: Instant? = nil, to: Instant? = nil) {
        self.from = from
        self.to = to
    }
}

/// What a list of cases is filtered by.
package struct CaseQuery<Kind: Case>: Sendable {
    package var states: [Kind.State] = []
    package var unitID: Unit.ID?
    package var officerID: User.ID?
    package var requesterID: User.ID?
    /// What only this kind of case is filtered by.
    package var filter = Kind.Filter()
    package var created = TimeRange()
    /// Words that the texts of the case must hold, each as a prefix.
    package var words: String?
    package var page: PageRequest

    package init(page: PageRequest) { self.page = page }
}

package struct TimingQuery: Sendable {
    package var procedure: String?
    package var subjectKind: StepTiming.SubjectKind?
    package var subjectID: String?
    package var stepNumber: Int?
    package var stepCode: String?
    package var attempt: Int?
    package var performerID: User.ID?
    package var role: String?
    package var outcome: StepTiming.Outcome?
    package var verdict: StepTiming.Verdict?
    package var started = TimeRange()
    /// The moment by which running attempts are judged.
    package var now: Instant
    package var page: PageRequest

    package init(now: Instant, page: PageRequest) {
        self.now = now
        self.page = page
    }
}

/// Cases of one kind in storage.
package protocol CaseRepository<Kind> {
    associatedtype Kind: Case
    func find(_ reference: CaseReference<Kind>) throws(DomainError) -> Clocked<Kind>?
    func insert(_ new: Clocked<Kind>) throws(DomainError)
    /// Stores a changed case in the place of `before`; throws `stale` if that is not what is stored any more.
    func update(_ changed: Clocked<Kind>, from before: Kind) throws(DomainError)
    func list(_ query: CaseQuery<Kind>, visible: [Visibility]) throws(DomainError) -> Page<Clocked<Kind>>
    func count(_ query: CaseQuery<Kind>, visible: [Visibility], most: Int) throws(DomainError) -> Int
    /// The first `limit` open cases after `place` that wait in one of these ways and are visible, in the order of an inbox.
    func waiting(_ waits: [Wait<Kind>], visible: [Visibility], after place: InboxPlace?, limit: Int) throws(DomainError) -> [InboxEntry]
    /// The `limit` visible cases that match words and phrases best, of the newest thousand that match.
    func search(_ words: String, visible: [Visibility], limit: Int) throws(DomainError) -> [SearchHit]
    /// How many wait in each state, each counted no further than `most`.
    func countWaiting(_ waits: [Wait<Kind>], visible: [Visibility], most: Int) throws(DomainError) -> [(state: Kind.State, count: Int)]
}

package protocol TimingRepository {
    func insert(_ timing: StepTiming) throws(DomainError)
    /// Stores the end of an attempt at a step of a subject of that kind.
    func finish(
        _ clock: StepClock,
        of kind: StepTiming.SubjectKind,
        by performer: User.ID,
        outcome: StepTiming.Outcome
    ) throws(DomainError)
    /// Makes a running attempt the step of `performer`.
    func hand(_ id: StepTiming.ID, to performer: User.ID) throws(DomainError)
    /// When a running attempt has its next notice.
    func nextNotice() throws(DomainError) -> Instant?
    /// At most `limit` attempts whose next notice is due, with the last that was given.
    func pendingNotices(at now: Instant, limit: Int) throws(DomainError) -> [(timing: StepTiming, given: StepNotice?)]
    /// Notes the last notice given and when the next is due, if the last is still `before`; says whether it was.
    func note(_ notice: StepNotice?, after before: StepNotice?, next: Instant?, on id: StepTiming.ID) throws(DomainError) -> Bool
    /// How many attempts at a step there have been on a subject.
    func attempts(at step: Int, of subjectID: String) throws(DomainError) -> Int
    /// The attempts that run and whose due time or paused time depends on the calendar: of one unit, or of all when nil.
    func running(of unit: Unit.ID?) throws(DomainError) -> [RunningAttempt]
    /// Stores the due time and the paused time of a running attempt, on its case too.
    func move(_ attempt: RunningAttempt) throws(DomainError)
    func find(_ id: StepTiming.ID) throws(DomainError) -> StepTiming?
    /// The attempts at the steps of a procedure that began in a period, in the order of their starts.
    func attempts(at procedure: String, started: TimeRange, visible: [Visibility]) throws(DomainError) -> [ProcedureAnalysis.Attempt]
    /// Sums up the ended attempts that are asked for, group by group, in the order of their keys.
    func summarise(_ query: TimingSummaryQuery, visible: [Visibility]) throws(DomainError) -> [TimingSummary]
    /// For each step of a subject that was timed, how many attempts kept its standard and how many did not; in the order of the steps.
    func tallies(of subjectID: String) throws(DomainError) -> [StepTally]
    /// What one performer's attempts that started in a month amount to, for each step.
    func performance(of performer: User.ID, in range: TimeRange) throws(DomainError) -> [StepPerformance]
    func list(_ query: TimingQuery, visible: [Visibility]) throws(DomainError) -> Page<StepTiming>
    func count(_ query: TimingQuery, visible: [Visibility], most: Int) throws(DomainError) -> Int
}

/// The log of progress on workspace items.
package protocol ProgressRepository {
    func insert(_ entry: ProgressEntry) throws(DomainError)
    func list(of item: WorkspaceItem.ID, page: PageRequest) throws(DomainError) -> Page<ProgressEntry>
    func count(of item: WorkspaceItem.ID, most: Int) throws(DomainError) -> Int
}

package protocol EventRepository {
    /// Takes an event in as the next of the log, bound to the one before by its hash.
    func append(_ event: Event) throws(DomainError)
    func list(of subject: Event.Subject, _ subjectID: String, page: PageRequest) throws(DomainError) -> Page<HistoryEntry>
    func count(of subject: Event.Subject, _ subjectID: String, most: Int) throws(DomainError) -> Int
    /// At most `limit` entries beyond `place`, whoever may see them.
    func entries(beyond place: Int, isAscending: Bool, limit: Int) throws(DomainError) -> [HistoryEntry]
    /// Who has a part in the case of an event; nil for an event that is about no case.
    func parties(of event: Event) throws(DomainError) -> CaseParties?
    /// The sequence of the last entry; 0 while there is none.
    func lastSequence() throws(DomainError) -> Int
    /// Walks the whole log and returns the sequence of the first entry whose hash is wrong.
    func firstBroken() throws(DomainError) -> Int?
}

/// An event with the name and the unit of its actor.
package struct HistoryEntry: Sendable {
    package let event: Event
    package let actorName: String?
    package let actorUnitID: Unit.ID?

    package init(event: Event, actorName: String?, actorUnitID: Unit.ID?) {
        self.event = event
        self.actorName = actorName
        self.actorUnitID = actorUnitID
    }
}

package protocol ProcedureRepository {
    func insert(_ procedure: Procedure, at now: Instant) throws(DomainError)
    func latestVersion(of code: String) throws(DomainError) -> Int
    func step(_ number: Int, of code: String, version: Int) throws(DomainError) -> Procedure.Step?
    /// The codes of the roles that a version names.
    func roles(of code: String, version: Int) throws(DomainError) -> [String]
    /// The steps of a version, which must be there.
    func graph(of code: String, version: Int) throws(DomainError) -> StepGraph
    /// The JSON document of a version, the latest when nil, with its number.
    func document(of code: String, version: Int?) throws(DomainError) -> (version: Int, json: String)?
    func summaries() throws(DomainError) -> [ProcedureSummary]
}

/// The counters behind case numbers.
package protocol SequenceRepository {
    func next(_ kind: CaseKind, year: Int) throws(DomainError) -> Int
}
