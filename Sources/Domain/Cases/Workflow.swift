/// Who may cause a transition: roles, of which one is enough, and how their holder stands to the case.
package struct Performer: Sendable, Hashable {
    /// How a person stands to a case.
    package enum Relation: String, Sendable, Hashable {
        case anyone
        /// Of the unit that the case belongs to.
        case unit
        /// The one who created the case.
        case requester
        /// The one who handles the case.
        case officer
    }

    package let roles: RoleSet
    package let relation: Relation

    package init(_ roles: RoleSet, _ relation: Relation = .anyone) {
        self.roles = roles
        self.relation = relation
    }

    package init(_ role: Role, _ relation: Relation = .anyone) { self.init(RoleSet([role]), relation) }

    package static let superAdmin = Performer(.superAdmin)
    package static let workUnit = Performer(.workUnit, .unit)
    package static let unitRequester = Performer(.workUnit, .requester)
    package static let consultationOfficer = Performer(.consultationOfficer, .officer)
    package static let subdirectorateHead = Performer(.subdirectorateHead)
    package static let director = Performer(.director)
    package static let taskGiver = Performer(.taskGiver, .requester)
    package static let assignedOfficer = Performer(.assignedOfficer, .officer)
    /// Whoever created the case, whatever his roles.
    package static let requester = Performer(.all, .requester)
    package static let ictManager = Performer(.ictManager)
    package static let ictOfficer = Performer(.ictOfficer, .officer)
    /// Anyone of the ICT desk, before an officer is assigned.
    package static let ictDesk = Performer(RoleSet([.ictOfficer, .ictManager]))
}

/// One row of a workflow: an event that a performer causes in a state, and what follows from it.
package struct Transition<State: Sendable & Hashable, Event: Sendable & Hashable>: Sendable {
    package let from: State
    package let event: Event
    package let performer: Performer
    package let to: State
    /// The SOP step whose clock stops, if it runs.
    package let stops: Int?
    /// The SOP step whose clock starts.
    package let starts: Int?
    /// How the stopped step ended.
    package let outcome: StepTiming.Outcome
    /// Those who stand to the case so may not cause it: the second pair of eyes is another's.
    package let bars: [Performer.Relation]

    package init(
        from: State,
        on event: Event,
        by performer: Performer,
        to: State,
        stops: Int? = nil,
        starts: Int? = nil,
        outcome: StepTiming.Outcome = .done,
        bars: [Performer.Relation] = []
    ) {
        self.from = from
        self.event = event
        self.performer = performer
        self.to = to
        self.stops = stops
        self.starts = starts
        self.outcome = outcome
        self.bars = bars
    }
}

/// The states of a kind of case and all the ways between them.
package struct Workflow<State: Sendable & Hashable, Event: Sendable & Hashable>: Sendable {
    /// What the workflow is called by, as in `/v1/workflows/{code}`.
    package let code: String
    /// The procedure whose steps are timed; nil where no step is.
    package let procedure: String?
    package let start: State
    /// The roles of which one is needed to create a case.
    package let creators: RoleSet
    /// The steps that creation stops and starts.
    package let creation: (stops: Int?, starts: Int?)
    /// Who may edit a case, and in which states.
    package let edits: [(state: State, editor: Performer.Relation)]
    /// The role that the one in charge must hold.
    package let officerRole: Role
    package let transitions: [Transition<State, Event>]
    private let byState: [State: [Transition<State, Event>]]

    package init(
        _ code: String,
        procedure: String?,
        startsAt start: State,
        creators: RoleSet,
        creation: (stops: Int?, starts: Int?),
        edits: [(state: State, editor: Performer.Relation)],
        officerRole: Role,
        transitions: [Transition<State, Event>]
    ) {
        self.code = code
        self.procedure = procedure
        self.start = start
        self.creators = creators
        self.creation = creation
        self.edits = edits
        self.officerRole = officerRole
        self.transitions = transitions
        byState = Dictionary(grouping: transitions, by: \.from)
    }

    /// The rows that leave `state`.
    package func transitions(from state: State) -> [Transition<State, Event>] { byState[state] ?? [] }

    /// Whether a state has no way out.
    package func isFinal(_ state: State) -> Bool { byState[state] == nil }

    /// How the one whose work a step is stands to the case: he who ends it in the way that goes on.
    func performer(of step: Int) -> Performer.Relation? {
        if step == creation.starts { return .requester }
        return transitions.first { $0.stops == step && ($0.outcome == .done || $0.outcome == .yes) }?.performer.relation
    }
}
