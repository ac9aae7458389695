/// A party that takes part in a run, such as a regency that is assessed.
package struct RunParticipant: Sendable, Identified {
    package typealias ID = Identifier<RunParticipant>
    package static let idPrefix = "par"

    package let id: ID
    package let name: String
    /// The user who acts for it.
    package let userID: User.ID?
    /// The unit whose people act for it while no single user does.
    package let unitID: Unit.ID?

    package init(id: ID, name: String, userID: User.ID?, unitID: Unit.ID?) {
        self.id = id
        self.name = name
        self.userID = userID
        self.unitID = unitID
    }
}

/// A user who holds a role of the procedure in one run.
package struct RunAssignment: Sendable, Hashable {
    /// A role of the procedure, not one of the service.
    package let role: String
    package let userID: User.ID

    package init(role: String, userID: User.ID) {
        self.role = role
        self.userID = userID
    }
}

/// One of those who are to do a step: a user, or whoever of a unit comes first.
package enum RunPerformer: Sendable, Hashable {
    case user(User.ID)
    case unit(Unit.ID)

    /// The id of the user or of the unit.
    package var text: String {
        switch self {
        case .user(let id): id.text
        case .unit(let id): id.text
        }
    }

    /// Reads an id of a user or a unit.
    package init(stored text: String) {
        self = Unit.ID(text).map { .unit($0) } ?? .user(User.ID(stored: text))
    }

    package func admits(_ principal: Principal) -> Bool {
        switch self {
        case .user(let id): id == principal.userID
        case .unit(let id): id == principal.unitID
        }
    }
}
