/// Which objects of one kind a caller may see: lists filter by the same rule as single reads, in SQL.
package enum Visibility: Sendable, Hashable {
    case all
    case unit(Unit.ID)
    case requester(User.ID)
    case officer(User.ID)

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

    /// The parts of the step timings that `principal` sees: leaders all, a unit those of its consultations, and each those he performs.
    package static func stepTimings(for principal: Principal) -> [Visibility] {
        if !principal.roles.isDisjoint(with: leaders) { return [.all] }
        let own = Visibility.officer(principal.userID)
        return principal.roles.contains(.workUnit) ? [.unit(principal.unitID), own] : [own]
    }

    package func covers(unit: Unit.ID, requester: User.ID, officer: User.ID?) -> Bool {
        switch self {
        case .all: true
        case .unit(let id): id == unit
        case .requester(let id): id == requester
        case .officer(let id): id == officer
        }
    }
}
