/// What an event may bring into a case: the members of its body.
package enum EventMember: String, Sendable, CaseIterable {
    case officerID = "officer_id"
    case reason
    case note
    case answer
    case plan
    case percent
    case result
    case summary
    case instruction
    case findings
    case category
    case urgency
    case priority
    case recommendation
    case meetingDate = "meeting_date"
    case meetingPlace = "meeting_place"
    case minutes
}

/// The name of an event, and the members its body has.
package protocol CaseEventName: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    var required: [EventMember] { get }
    var optional: [EventMember] { get }
}

/// An event with the members it brings; whoever makes one has checked them.
package struct CaseEvent<Name: CaseEventName>: Sendable {
    package let name: Name
    private let members: [EventMember: String]

    package init(_ name: Name, _ members: [EventMember: String] = [:]) {
        self.name = name
        self.members = members
    }

    package subscript(member: EventMember) -> String? { members[member] }

    /// Why it was done, where the event asks for it.
    var reason: String? { self[.reason] }

    /// A remark to go into the history.
    var note: String? { self[.note] }

    /// The user whom the event puts in charge, if it does.
    var assignee: User.ID? { self[.officerID].map { User.ID(stored: $0) } }
}
