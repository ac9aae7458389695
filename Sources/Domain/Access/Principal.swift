/// Who acts: a user by one of his tokens, within one request.
package struct Principal: Sendable {
    package let userID: User.ID
    package let unitID: Unit.ID
    package let roles: RoleSet
    /// What the token's scopes allow, whatever the roles.
    package let scope: PermissionSet
    /// What both the user's roles and the token's scopes allow.
    package let permissions: PermissionSet
    package let tokenID: Token.ID?
    /// When the session began; nil for a token that is no session.
    package let signedInAt: Instant?
    /// Whether the user signed in with a one-time password, which he must change first.
    package let mustChangePassword: Bool
    package let requestID: String?

    package init(_ credentials: Credentials, requestID: String?) {
        userID = credentials.userID
        unitID = credentials.unitID
        roles = credentials.roles
        scope = credentials.permissions
        permissions = credentials.roles.permissions.intersection(credentials.permissions)
        tokenID = credentials.tokenID
        signedInAt = credentials.life.kind == .session ? credentials.life.createdAt : nil
        mustChangePassword = credentials.mustChangePassword
        self.requestID = requestID
    }

    /// A user who acts with all that his roles allow: by a session that just began, or by no token at all.
    package init(_ user: User, session: Token.ID? = nil, requestID: String? = nil) {
        userID = user.id
        unitID = user.unitID
        roles = user.roles
        scope = .all
        permissions = user.roles.permissions
        tokenID = session
        signedInAt = nil
        mustChangePassword = user.mustChangePassword
        self.requestID = requestID
    }

    package func may(_ permission: Permission) -> Bool { permissions.contains(permission) }
}
