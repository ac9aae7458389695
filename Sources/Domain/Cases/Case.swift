/// What a list of one kind of case is filtered by beside what all kinds have; without values it lets everything pass.
package protocol CaseFilter: Sendable {
    init()
}

/// What every case has, whatever its kind.
package struct CaseHead<Kind: Case>: Sendable {
    package let id: Identifier<Kind>
    package let number: String
    package var state: Kind.State
    package let unitID: Unit.ID
    package let requesterID: User.ID
    package var officerID: User.ID?
    package let createdAt: Instant
    package var updatedAt: Instant
    package var closedAt: Instant?
    package var version: Int
    /// The version of the procedure that the case began with and stays on; nil where no procedure times it.
    package let procedureVersion: Int?

    // Storage makes one of each row, and the compiler specialises only within a target: one for any kind asks for its own type each time.
    @_specialize(where Kind == Consultation)
    @_specialize(where Kind == WorkspaceItem)
    @_specialize(where Kind == Ticket)
    @_specialize(where Kind == ProcedureRun)
    package init(
        id: Identifier<Kind>,
        number: String,
        state: Kind.State,
        unitID: Unit.ID,
        requesterID: User.ID,
        officerID: User.ID? = nil,
        createdAt: Instant,
        updatedAt: Instant,
        closedAt: Instant? = nil,
        version: Int = 1,
        procedureVersion: Int?
    ) {
        self.id = id
        self.number = number
        self.state = state
        self.unitID = unitID
        self.requesterID = requesterID
        self.officerID = officerID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.closedAt = closedAt
        self.version = version
        self.procedureVersion = procedureVersion
    }
}

/// What moves through a workflow: the part that every kind of case has.
package protocol Case: Sendable, Identified {
    associatedtype State: RawRepresentable<String>, CaseIterable, Hashable, Sendable
    associatedtype Event: CaseEventName
    associatedtype Filter: CaseFilter

    static var kind: CaseKind { get }
    /// Every workflow that cases of this kind follow.
    static var workflows: [Workflow<State, Event>] { get }
    static func repository(in repositories: any Repositories) -> any CaseRepository<Self>
    static func visibility(for principal: Principal) -> [Visibility]
    /// What lets just the cases pass that follow `workflow`, one of `workflows`.
    static func filter(following workflow: Workflow<State, Event>) -> Filter

    var head: CaseHead<Self> { get set }
    /// What the case is called in a list of cases of all kinds.
    var title: String { get }
    /// The workflow that this case follows.
    var workflow: Workflow<State, Event> { get }

    /// What the case brings into the recap of its month once it has ended; nil for a kind that has no recaps.
    var recapMatter: RecapMatter? { get }

    /// Whether `principal` may see this case.
    func isVisible(to principal: Principal) -> Bool

    /// Starts the clocks of a new case; gives the one that stands for it.
    mutating func begin(with engine: StepEngine) throws(DomainError) -> StepClock?

    /// Stops and starts clocks as a transition says; gives the one that then stands for the case.
    mutating func turn(
        by transition: Transition<State, Event>,
        _ event: CaseEvent<Event>,
        from running: StepClock?,
        with engine: StepEngine
    ) throws(DomainError) -> StepClock?

    /// Whether `principal` may stop and start clocks of this case: of all its open steps, or of the one named.
    func mayPause(_ principal: Principal, at step: Int?) -> Bool

    /// The running and stopped clocks which that is about, where `standing` is the one that stands for the case.
    func clocks(at step: Int?, standing: StepClock?, for principal: Principal) -> [StepClock]

    /// Takes back clocks that were stopped or started; gives the one that then stands for the case, and the names of what changed.
    mutating func take(_ clocks: [StepClock]) -> (standing: StepClock?, changed: [String])

    /// Takes in the members of an event; returns the names of the fields that changed.
    mutating func take(_ event: CaseEvent<Event>) -> [String]

    /// What keeps an event from this case beyond its workflow, given the case as it stands.
    func check(_ event: CaseEvent<Event>) -> Issue?

    /// Throws `invalid` if the case names what does not exist for `principal`; what it named `before` holds.
    func checkReferences(since before: Self?, by principal: Principal, in repositories: any Repositories) throws(DomainError)

    /// Stores what an event leaves beside the case itself.
    func keep(_ event: CaseEvent<Event>, by principal: Principal, at now: Instant, in repositories: any Repositories) throws(DomainError)
}

extension Case {
    package static func filter(following workflow: Workflow<State, Event>) -> Filter { Filter() }

    package var recapMatter: RecapMatter? { nil }

    package func check(_ event: CaseEvent<Event>) -> Issue? { nil }

    package func checkReferences(
        since before: Self?,
        by principal: Principal,
        in repositories: any Repositories
    ) throws(DomainError) {}

    package func mayPause(_ principal: Principal, at step: Int?) -> Bool {
        principal.roles.contains(.superAdmin) || officerID == principal.userID
    }

    package func clocks(at step: Int?, standing: StepClock?, for principal: Principal) -> [StepClock] {
        if let standing, standing.finishedAt == nil { [standing] } else { [] }
    }

    package mutating func take(_ clocks: [StepClock]) -> (standing: StepClock?, changed: [String]) { (clocks.last, []) }

    package func keep(_ event: CaseEvent<Event>, by principal: Principal, at now: Instant, in repositories: any Repositories)
        throws(DomainError)
    {}

    package var id: Identifier<Self> { head.id }
    package var number: String { head.number }
    package var state: State { head.state }
    package var unitID: Unit.ID { head.unitID }
    package var requesterID: User.ID { head.requesterID }
    package var officerID: User.ID? { head.officerID }
    package var version: Int { head.version }

    package func isVisible(to principal: Principal) -> Bool {
        Self.visibility(for: principal).contains { $0.covers(unit: unitID, requester: requesterID, officer: officerID) }
    }

    /// How `principal` stands to this case.
    package func stands(_ principal: Principal, as relation: Performer.Relation) -> Bool {
        switch relation {
        case .anyone: true
        case .unit: unitID == principal.unitID
        case .requester: requesterID == principal.userID
        case .officer: officerID == principal.userID
        }
    }

    /// Whether `principal` is one of those who may cause `transition` on this case.
    package func admits(_ principal: Principal, to performer: Performer) -> Bool {
        !principal.roles.isDisjoint(with: performer.roles) && stands(principal, as: performer.relation)
    }

    /// Whether four eyes keep `principal` from causing `transition` on this case.
    package func bars(_ principal: Principal, from transition: Transition<State, Event>) -> Bool {
        transition.bars.contains { stands(principal, as: $0) }
    }

    /// The events that `principal` may cause now, in the order of the table.
    package func events(for principal: Principal) -> [Event] {
        var events: [Event] = []
        for transition in workflow.transitions(from: state)
        where admits(principal, to: transition.performer) && !bars(principal, from: transition) && !events.contains(transition.event) {
            events.append(transition.event)
        }
        return events
    }

    /// Whether `principal` may edit this case now.
    package func isEditable(by principal: Principal) -> Bool {
        workflow.edits.contains { $0.state == state && stands(principal, as: $0.editor) }
    }
}
