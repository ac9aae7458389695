/// Which objects of one kind a caller may see: lists filter by the same rule as single reads, in SQL.
package enum Visibility: Sendable, Hashable {
    case all
    case unit(Unit.ID)
    case requester(User.ID)
    case officer(User.ID)
    /// What a user or a unit, by its id, has a part in.
    case member(String)

    private static let leaders = RoleSet([.superAdmin, .subdirectorateHead, .director])

    /// The parts of the consultations that `principal` sees; none means that there are none for him.
    package static func consultations(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders) { return [.all] }
        var parts: [Visibility] = []
        if principal.roles.contains(.workUnit) { parts.append(.unit(principal.unitID)) }
        if principal.roles.contains(.consultationOfficer) { parts.append(.officer(principal.userID)) }
        return parts
    }

    /// The parts of the workspace items that `principal` sees: leaders all, a task giver his own, an officer those assigned to him.
    package static func workspaceItems(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders) { return [.all] }
        var parts: [Visibility] = []
        if principal.roles.contains(.taskGiver) { parts.append(.requester(principal.userID)) }
        if principal.roles.contains(.assignedOfficer) { parts.append(.officer(principal.userID)) }
        return parts
    }

    /// The parts of the tickets that `principal` sees: leaders and the ICT desk all, everyone else those he filed.
    package static func tickets(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders.union([.ictManager, .ictOfficer])) { return [.all] }
        return [.requester(principal.userID)]
    }

    /// The parts of the service complaints that `principal` sees: leaders all, everyone else his own and those he is to follow up.
    package static func serviceComplaints(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders) { return [.all] }
        return [.requester(principal.userID), .officer(principal.userID)]
    }

    /// The parts of the procedure runs that `principal` sees: leaders all, everyone else those he or his unit has a part in.
    package static func runs(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders) { return [.all] }
        return [.member(principal.userID.text), .member(principal.unitID.text)]
    }

    /// The parts of the step timings that `principal` sees: leaders all, a unit those of its consultations, and each those he performs.
    package static func stepTimings(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders) { return [.all] }
        let own = Visibility.officer(principal.userID)
        return principal.roles.contains(.workUnit) ? [.unit(principal.unitID), own] : [own]
    }

    /// The parts of the cases of one kind that `principal` sees and whose reading his token covers.
    package static func cases(of kind: CaseKind, for principal: Principal) -> [Visibility] {
        guard principal.may(kind.permissions.read) else { return [] }
        switch kind {
        case .consultation: return consultations(for: principal)
        case .workspaceItem: return workspaceItems(for: principal)
        case .ticket: return tickets(for: principal)
        case .serviceComplaint: return serviceComplaints(for: principal)
        case .procedureRun: return runs(for: principal)
        }
    }

    package func covers(unit: Unit.ID, requester: User.ID, officer: User.ID?) -> Bool {
        switch self {
        case .all: true
        case .unit(let id): id == unit
        case .requester(let id): id == requester
        case .officer(let id): id == officer
        // Who has a part in what is known to the kind of case that has such parts.
        case .member: false
        }
    }
}

/// What a caller sees of the cases of every kind.
package struct Sight: Sendable {
    private let parts: [CaseKind: [Visibility]]

    package init(of principal: Principal, among kinds: [CaseKind] = CaseKind.allCases) {
        parts = Dictionary(uniqueKeysWithValues: Set(kinds).map { ($0, Visibility.cases(of: $0, for: principal)) })
    }

    /// The parts of one kind; none means that there are none for him.
    package subscript(kind: CaseKind) -> [Visibility] { parts[kind] ?? [] }
}
