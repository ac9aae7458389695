/// Who acts: a user by one of his tokens, within one request.
package struct Principal: Sendable {
    package let userID: User.ID
    package let unitID: Unit.ID
    package let roles: RoleSet
    /// What both the user's roles and the token's scopes allow.
    package let permissions: PermissionSet
    package let tokenID: Token.ID?
    package let scopes: [Scope]
    /// When the session began; nil for a token that is no session.
    package let signedInAt: Instant?
    /// Whether the user signed in with a one-time password, which he must change first.
    package let mustChangePassword: Bool
    package let requestID: String?

    package init(user: User, token: Token?, requestID: String?) {
        userID = user.id
        unitID = user.unitID
        roles = user.roles
        scopes = token?.scopes ?? [.admin]
        permissions = user.roles.permissions.intersection(scopes.permissions)
        tokenID = token?.id
        signedInAt = token?.kind == .session ? token?.createdAt : nil
        mustChangePassword = user.mustChangePassword
        self.requestID = requestID
    }

    package func may(_ permission: Permission) -> Bool { permissions.contains(permission) }
}

/// Which objects of one kind a caller may see: lists filter by the same rule as single reads, in SQL.
package enum Visibility: Sendable, Hashable {
    case all
    case unit(Unit.ID)
    case officer(User.ID)

    /// The parts of the consultations that `principal` sees; none means that there are none for him.
    package static func consultations(for principal: Principal) -> [Visibility] {
        let leaders: [Role] = [.superAdmin, .subdirectorateHead, .director]
        if leaders.contains(where: { principal.roles.contains($0) }) { return [.all] }
        var parts: [Visibility] = []
        if principal.roles.contains(.workUnit) { parts.append(.unit(principal.unitID)) }
        if principal.roles.contains(.consultationOfficer) { parts.append(.officer(principal.userID)) }
        return parts
    }

    /// The parts of the step timings that `principal` sees: leaders all, others those of their unit and those they perform.
    package static func stepTimings(for principal: Principal) -> [Visibility] {
        let parts = consultations(for: principal)
        return parts.contains(.all) || parts.contains(.officer(principal.userID)) ? parts : parts + [.officer(principal.userID)]
    }

    func covers(unit: Unit.ID, officer: User.ID?) -> Bool {
        switch self {
        case .all: true
        case .unit(let id): id == unit
        case .officer(let id): id == officer
        }
    }
}
