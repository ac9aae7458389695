/// Who may cause a transition: a role, and how its holder stands to the case.
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

    package let role: Role
    package let relation: Relation

    package init(_ role: Role, _ relation: Relation = .anyone) {
        self.role = role
        self.relation = relation
    }

    package static let superAdmin = Performer(.superAdmin)
    package static let workUnit = Performer(.workUnit, .unit)
    package static let requester = Performer(.workUnit, .requester)
    package static let consultationOfficer = Performer(.consultationOfficer, .officer)
    package static let subdirectorateHead = Performer(.subdirectorateHead)
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
    /// Whether the officer of the case is barred from causing it: the second pair of eyes.
    package let isGate: Bool

    package init(
        from: State,
        on event: Event,
        by performer: Performer,
        to: State,
        stops: Int? = nil,
        starts: Int? = nil,
        outcome: StepTiming.Outcome = .done,
        isGate: Bool = false
    ) {
        self.from = from
        self.event = event
        self.performer = performer
        self.to = to
        self.stops = stops
        self.starts = starts
        self.outcome = outcome
        self.isGate = isGate
    }
}

/// The states of a kind of case and all the ways between them.
package struct Workflow<State: Sendable & Hashable, Event: Sendable & Hashable>: Sendable {
    package let start: State
    /// The steps that creation stops and starts.
    package let creation: (stops: Int, starts: Int)
    package let transitions: [Transition<State, Event>]
    private let byState: [State: [Transition<State, Event>]]

    package init(startsAt start: State, creation: (stops: Int, starts: Int), transitions: [Transition<State, Event>]) {
        self.start = start
        self.creation = creation
        self.transitions = transitions
        byState = Dictionary(grouping: transitions, by: \.from)
    }

    /// The rows that leave `state`.
    package func transitions(from state: State) -> [Transition<State, Event>] { byState[state] ?? [] }

    /// Whether a state has no way out.
    package func isFinal(_ state: State) -> Bool { byState[state] == nil }
}
