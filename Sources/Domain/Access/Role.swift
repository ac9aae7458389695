/// The roles a user may hold, several at once (domain guide, section 2).
package enum Role: String, Sendable, Hashable, CaseIterable {
    case superAdmin = "super-admin"
    case workUnit = "work-unit"
    case consultationOfficer = "consultation-officer"
    case subdirectorateHead = "subdirectorate-head"
    case director
    case taskGiver = "task-giver"
    case assignedOfficer = "assigned-officer"
    case ictManager = "ict-manager"
    case ictOfficer = "ict-officer"

    /// The bit that stands for this role in storage; it never changes.
    var bit: Int {
        switch self {
        case .superAdmin: 1 << 0
        case .workUnit: 1 << 1
        case .consultationOfficer: 1 << 2
        case .subdirectorateHead: 1 << 3
        case .director: 1 << 4
        case .taskGiver: 1 << 5
        case .assignedOfficer: 1 << 6
        case .ictManager: 1 << 7
        case .ictOfficer: 1 << 8
        }
    }

    /// Whether the role belongs to people of the directorate itself; `work-unit` alone is external.
    package var isInternal: Bool { self != .workUnit }

    /// What a holder of this role may do, as far as no single object is concerned.
    package var permissions: PermissionSet {
        switch self {
        case .superAdmin: .all
        case .workUnit: Self.everyone.union([.consultationsRead, .consultationsWrite])
        case .consultationOfficer: Self.staff.union([.consultationsRead, .consultationsWrite])
        case .subdirectorateHead: Self.staff.union([.consultationsRead, .consultationsWrite, .overviewRead, .recapsRead])
        case .director: Self.staff.union([.consultationsRead, .overviewRead, .recapsRead, .recapsWrite])
        case .taskGiver, .assignedOfficer: Self.staff.union([.workspaceItemsWrite])
        case .ictManager, .ictOfficer: Self.staff.union([.equipmentWrite, .topologiesWrite])
        }
    }

    private static let everyone: PermissionSet = [
        .meRead, .meWrite, .tokensRead, .tokensWrite, .unitsRead, .proceduresRead, .calendarRead, .workflowsRead, .stepTimingsRead,
        .ticketsRead, .ticketsWrite, .attachmentsRead, .attachmentsWrite, .procedureRunsRead, .procedureRunsWrite, .equipmentRead,
        .serviceComplaintsRead, .serviceComplaintsWrite, .eventsRead,
    ]
    private static let staff = everyone.union([
        .usersRead, .workspaceItemsRead, .topologiesRead, .performancePointsRead, .performancePointsWrite,
    ])
}

/// A set of roles.
package struct RoleSet: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package init(_ roles: [Role]) { rawValue = roles.reduce(0) { $0 | $1.bit } }

    package init(arrayLiteral roles: Role...) { self.init(roles) }

    package static let all = RoleSet(Role.allCases)

    package func contains(_ role: Role) -> Bool { rawValue & role.bit != 0 }

    /// The roles in the order of the table.
    package var roles: [Role] { Role.allCases.filter { contains($0) } }

    package var permissions: PermissionSet {
        var permissions: PermissionSet = []
        for role in Role.allCases where contains(role) { permissions.formUnion(role.permissions) }
        return permissions
    }

    /// Whether it has one of those who see everything.
    package var areLeading: Bool { !isDisjoint(with: [.superAdmin, .subdirectorateHead, .director]) }

    package var isInternal: Bool { rawValue & ~Role.workUnit.bit != 0 }
}
