/// A person who may sign in.
package struct User: Sendable, Identified {
    package typealias ID = Identifier<User>
    package static let idPrefix = "usr"

    package let id: ID
    package var username: String
    package var name: String
    package var employeeNumber: EmployeeNumber?
    package var email: String?
    package var unitID: Unit.ID
    package var roles: RoleSet
    package var isActive: Bool
    /// Whether the password is a one-time one, good for nothing but setting another.
    package var mustChangePassword: Bool
    package let createdAt: Instant
    package var updatedAt: Instant
    package var version: Int

    package init(
        id: ID,
        username: String,
        name: String,
        employeeNumber: EmployeeNumber?,
        email: String?,
        unitID: Unit.ID,
        roles: RoleSet,
        isActive: Bool,
        mustChangePassword: Bool,
        createdAt: Instant,
        updatedAt: Instant,
        version: Int
    ) {
        self.id = id
        self.username = username
        self.name = name
        self.employeeNumber = employeeNumber
        self.email = email
        self.unitID = unitID
        self.roles = roles
        self.isActive = isActive
        self.mustChangePassword = mustChangePassword
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// Whether a text can be a username: 3 to 64 of `a-z 0-9 . _ -`.
    package static func isUsername(_ text: String) -> Bool {
        (3...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Whether a text can be an e-mail address: something, one `@`, a domain with a dot; 254 bytes at most (RFC 5321).
    package static func isEmail(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, !parts[0].isEmpty else { return false }
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { !$0.isEmpty } && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

/// A stored password: its argon2id hash and, for a one-time password, the time it ends.
package struct Password: Sendable {
    package let hash: String
    package let expiresAt: Instant?

    package init(hash: String, expiresAt: Instant? = nil) {
        self.hash = hash
        self.expiresAt = expiresAt
    }
}
