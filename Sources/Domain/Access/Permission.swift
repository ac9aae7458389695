/// What a route needs: the one list behind roles, scopes, routes and the document.
package enum Permission: String, Sendable, Hashable, CaseIterable {
    case meRead = "me:read"
    case meWrite = "me:write"
    case consultationsRead = "consultations:read"
    case consultationsWrite = "consultations:write"
    case usersRead = "users:read"
    case usersWrite = "users:write"
    case unitsRead = "units:read"
    case unitsWrite = "units:write"
    case tokensRead = "tokens:read"
    case tokensWrite = "tokens:write"
    case proceduresRead = "procedures:read"
    case calendarRead = "calendar:read"
    case stepTimingsRead = "step-timings:read"
    case workflowsRead = "workflows:read"
    case metricsRead = "metrics:read"
    case workspaceItemsRead = "workspace-items:read"
    case workspaceItemsWrite = "workspace-items:write"
    case ticketsRead = "tickets:read"
    case ticketsWrite = "tickets:write"
    case attachmentsRead = "attachments:read"
    case attachmentsWrite = "attachments:write"
    case proceduresWrite = "procedures:write"
    case procedureRunsRead = "procedure-runs:read"
    case procedureRunsWrite = "procedure-runs:write"
    case calendarWrite = "calendar:write"
    case equipmentRead = "equipment:read"
    case equipmentWrite = "equipment:write"
    case topologiesRead = "topologies:read"
    case topologiesWrite = "topologies:write"
    case serviceComplaintsRead = "service-complaints:read"
    case serviceComplaintsWrite = "service-complaints:write"
    case eventsRead = "events:read"
    case overviewRead = "overview:read"
    case performancePointsRead = "performance-points:read"
    case performancePointsWrite = "performance-points:write"
    case pointRulesWrite = "point-rules:write"
    case recapsRead = "recaps:read"
    case recapsWrite = "recaps:write"

    /// Whether only the scope `admin`, or this permission's own name, gives it to a token.
    var isAdministration: Bool {
        switch self {
        case .usersWrite, .unitsWrite, .metricsRead, .proceduresWrite, .calendarWrite, .pointRulesWrite: true
        default: false
        }
    }

    /// Whether those whose roles do not give it are not even told that there is such a thing: there is no way into the workspace from outside.
    package var isHidden: Bool { self == .workspaceItemsRead || self == .workspaceItemsWrite }

    var isWrite: Bool { rawValue.hasSuffix(":write") }

    var isOwn: Bool { self == .meRead || self == .meWrite }

    var bit: UInt64 {
        switch self {
        case .meRead: 1 << 0
        case .meWrite: 1 << 1
        case .consultationsRead: 1 << 2
        case .consultationsWrite: 1 << 3
        case .usersRead: 1 << 4
        case .usersWrite: 1 << 5
        case .unitsRead: 1 << 6
        case .unitsWrite: 1 << 7
        case .tokensRead: 1 << 8
        case .tokensWrite: 1 << 9
        case .proceduresRead: 1 << 10
        case .calendarRead: 1 << 11
        case .stepTimingsRead: 1 << 12
        case .workflowsRead: 1 << 13
        case .metricsRead: 1 << 14
        case .workspaceItemsRead: 1 << 15
        case .workspaceItemsWrite: 1 << 16
        case .ticketsRead: 1 << 17
        case .ticketsWrite: 1 << 18
        case .attachmentsRead: 1 << 19
        case .attachmentsWrite: 1 << 20
        case .proceduresWrite: 1 << 32
        case .procedureRunsRead: 1 << 33
        case .procedureRunsWrite: 1 << 34
        case .calendarWrite: 1 << 40
        case .equipmentRead: 1 << 48
        case .equipmentWrite: 1 << 49
        case .topologiesRead: 1 << 50
        case .topologiesWrite: 1 << 51
        case .serviceComplaintsRead: 1 << 52
        case .serviceComplaintsWrite: 1 << 53
        case .eventsRead: 1 << 54
        case .overviewRead: 1 << 55
        case .performancePointsRead: 1 << 56
        case .performancePointsWrite: 1 << 57
        case .pointRulesWrite: 1 << 58
        case .recapsRead: 1 << 59
        case .recapsWrite: 1 << 60
        }
    }
}

/// A set of permissions.
package struct PermissionSet: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    package init(_ permissions: [Permission]) { rawValue = permissions.reduce(0) { $0 | $1.bit } }

    package init(arrayLiteral permissions: Permission...) { self.init(permissions) }

    package static let all = PermissionSet(Permission.allCases)

    package func contains(_ permission: Permission) -> Bool { rawValue & permission.bit != 0 }

    package var permissions: [Permission] { Permission.allCases.filter { contains($0) } }
}

/// What a token was made for; it never does more than its user's roles.
package struct Scope: Sendable, Hashable, RawRepresentable, CaseIterable {
    package let rawValue: String
    /// The permissions the scope stands for. Every token may read who it belongs to.
    package let permissions: PermissionSet

    package init?(rawValue: String) {
        guard let scope = Self.byName[rawValue] else { return nil }
        self = scope
    }

    private init(_ name: String, _ permissions: [Permission]) {
        rawValue = name
        self.permissions = PermissionSet(permissions).union([.meRead])
    }

    package static let read = Scope("read", Permission.allCases.filter { !$0.isWrite && !$0.isAdministration })
    package static let write = Scope("write", Permission.allCases.filter { $0.isWrite && !$0.isAdministration })
    package static let admin = Scope("admin", Permission.allCases)
    package static let allCases: [Scope] =
        [.read, .write, .admin] + Permission.allCases.filter { !$0.isOwn }.map { Scope($0.rawValue, [$0]) }
    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

extension [Scope] {
    package var permissions: PermissionSet { reduce(into: [.meRead]) { $0.formUnion($1.permissions) } }
}

extension PermissionSet {
    /// What scopes stand for, given their names with spaces between.
    package init(scopes: String) {
        // The scopes of a session, which most requests come with, need no taking apart.
        if scopes == "read write admin" {
            self = .all
        } else {
            self = scopes.split(separator: " ").compactMap { Scope(rawValue: String($0)) }.permissions
        }
    }
}
