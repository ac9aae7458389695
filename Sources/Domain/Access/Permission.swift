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

    /// Whether only the scope `admin`, or this permission's own name, gives it to a token.
    var isAdministration: Bool { self == .usersWrite || self == .unitsWrite || self == .metricsRead }

    var isWrite: Bool { rawValue.hasSuffix(":write") }

    var isOwn: Bool { self == .meRead || self == .meWrite }

    var bit: UInt32 { 1 << UInt32(Self.allCases.firstIndex(of: self) ?? 31) }
}

/// A set of permissions.
package struct PermissionSet: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(_ permissions: [Permission]) { rawValue = permissions.reduce(0) { $0 | $1.bit } }

    package init(arrayLiteral permissions: Permission...) { self.init(permissions) }

    package static let all = PermissionSet(Permission.allCases)

    package func contains(_ permission: Permission) -> Bool { rawValue & permission.bit != 0 }

    package var permissions: [Permission] { Permission.allCases.filter { contains($0) } }
}

/// What a token was made for; it never does more than its user's roles.
package struct Scope: Sendable, Hashable, RawRepresentable, CaseIterable {
    package let rawValue: String

    package init?(rawValue: String) {
        guard Self.allNames.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(_ name: String) { rawValue = name }

    package static let read = Scope("read")
    package static let write = Scope("write")
    package static let admin = Scope("admin")
    package static let allCases: [Scope] = [.read, .write, .admin] + Permission.allCases.filter { !$0.isOwn }.map { Scope($0.rawValue) }
    private static let allNames = Set(allCases.map(\.rawValue))

    /// The permissions the scope stands for. Every token may read and leave its own session.
    package var permissions: PermissionSet {
        switch self {
        case .read: PermissionSet(Permission.allCases.filter { !$0.isWrite && !$0.isAdministration })
        case .write: PermissionSet(Permission.allCases.filter { $0.isWrite && !$0.isAdministration })
        case .admin: .all
        default: PermissionSet(Permission(rawValue: rawValue).map { [$0, .meRead] } ?? [])
        }
    }
}

extension [Scope] {
    package var permissions: PermissionSet { reduce(into: [.meRead]) { $0.formUnion($1.permissions) } }
}
