/// The kinds of cases: the one list behind numbers, procedures and subjects of events.
package enum CaseKind: String, Sendable, CaseIterable {
    case consultation

    /// The first part of a case number, as in `KON-2026-000001`.
    package var numberPrefix: String {
        switch self {
        case .consultation: "KON"
        }
    }

    /// The procedure whose steps are timed.
    package var procedure: String {
        switch self {
        case .consultation: "consultation"
        }
    }

    /// A case number with its six digits or more.
    package func number(year: Int, ordinal: Int) -> String {
        let digits = String(ordinal)
        return "\(numberPrefix)-\(year)-\(String(repeating: "0", count: max(0, 6 - digits.utf8.count)))\(digits)"
    }

    /// Whether a text has the form of a number of this kind.
    package func isNumber(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].elementsEqual(numberPrefix.utf8) && parts[1].count == 4 && (6...12).contains(parts[2].count)
            && parts.dropFirst().allSatisfy { $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
    }
}

/// The name of an event, and the members its body has.
package protocol CaseEventName: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    var required: [String] { get }
    var optional: [String] { get }
}

/// What an event brings into a case: its name and its members.
package protocol CaseEvent: Sendable {
    associatedtype Name: CaseEventName
    var name: Name { get }
    /// Why it was done, where the event asks for it.
    var reason: String? { get }
    /// A remark to go into the history.
    var note: String? { get }
    /// The user whom the event puts in charge, if it does.
    var assignee: User.ID? { get }
}

/// What moves through a workflow: the part that every kind of case has.
package protocol Case: Sendable, Identified {
    associatedtype State: RawRepresentable<String>, CaseIterable, Hashable, Sendable
    associatedtype Event: CaseEvent

    static var kind: CaseKind { get }
    static var workflow: Workflow<State, Event.Name> { get }
    /// The role that the one in charge must hold.
    static var officerRole: Role { get }
    static func repository(in repositories: any Repositories) -> any CaseRepository<Self>
    static func visibility(for principal: Principal) -> [Visibility]

    var id: Identifier<Self> { get }
    var number: String { get }
    var state: State { get set }
    var unitID: Unit.ID { get }
    var requesterID: User.ID { get }
    var officerID: User.ID? { get set }
    var createdAt: Instant { get }
    var updatedAt: Instant { get set }
    var closedAt: Instant? { get set }
    var version: Int { get set }
    /// The version of the procedure that the case began with and stays on.
    var procedureVersion: Int { get }

    /// Takes in the members of an event; returns the names of the fields that changed.
    mutating func take(_ event: Event) -> [String]
}

extension Case {
    /// Whether `principal` may see this case.
    package func isVisible(to principal: Principal) -> Bool {
        Self.visibility(for: principal).contains { $0.covers(unit: unitID, officer: officerID) }
    }

    /// Whether `principal` is one of those who may cause `transition` on this case.
    func admits(_ principal: Principal, to performer: Performer) -> Bool {
        guard principal.roles.contains(performer.role) else { return false }
        return switch performer.relation {
        case .anyone: true
        case .unit: unitID == principal.unitID
        case .requester: requesterID == principal.userID
        case .officer: officerID == principal.userID
        }
    }

    /// The events that `principal` may cause now, in the order of the table.
    package func events(for principal: Principal) -> [Event.Name] {
        var events: [Event.Name] = []
        for transition in Self.workflow.transitions(from: state) where admits(principal, to: transition.performer) {
            if transition.isGate, officerID == principal.userID { continue }
            events.append(transition.event)
        }
        return events
    }
}
