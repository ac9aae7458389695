/// What a list of users is filtered by.
package struct UserQuery: Sendable {
    package var unitID: Unit.ID?
    package var role: Role?
    package var isActive: Bool?
    /// The beginning of a username or a name.
    package var beginning: String?
    package var page: PageRequest

    package init(page: PageRequest) { self.page = page }
}

package protocol UserRepository {
    func find(_ id: User.ID) throws(DomainError) -> User?
    func find(username: String) throws(DomainError) -> (user: User, password: Password)?
    func password(of id: User.ID) throws(DomainError) -> Password?
    /// Throws `conflict` if the username or the employee number is taken, `invalid` if the unit does not exist.
    func insert(_ user: User, password: Password?) throws(DomainError)
    /// Stores a changed user; throws `stale` if it is not of version `version` any more.
    func update(_ user: User, from version: Int) throws(DomainError)
    func setPassword(_ password: Password, mustChange: Bool, of id: User.ID, at now: Instant) throws(DomainError)
    func list(_ query: UserQuery) throws(DomainError) -> Page<User>
    func count(_ query: UserQuery, most: Int) throws(DomainError) -> Int
    func isEmpty() throws(DomainError) -> Bool
}

/// What a list of units is filtered by.
package struct UnitQuery: Sendable {
    package var kind: Unit.Kind?
    package var parentID: Unit.ID?
    package var page: PageRequest

    package init(page: PageRequest) { self.page = page }
}

package protocol UnitRepository {
    func find(_ id: Unit.ID) throws(DomainError) -> Unit?
    func find(code: String) throws(DomainError) -> Unit?
    /// Throws `conflict` if the code is taken, `invalid` if the parent does not exist.
    func insert(_ unit: Unit) throws(DomainError)
    /// Stores a changed unit; throws `stale` if it is not of version `version` any more.
    func update(_ unit: Unit, from version: Int) throws(DomainError)
    /// The unit and all units above it.
    func ancestors(of id: Unit.ID) throws(DomainError) -> [Unit.ID]
    func list(_ query: UnitQuery) throws(DomainError) -> Page<Unit>
    func count(_ query: UnitQuery, most: Int) throws(DomainError) -> Int
}

/// What a token says of its bearer: as much as each request needs.
package struct Credentials: Sendable {
    package let tokenID: Token.ID
    package let life: TokenLife
    package let permissions: PermissionSet
    package let userID: User.ID
    package let unitID: Unit.ID
    package let roles: RoleSet
    package let isActive: Bool
    package let mustChangePassword: Bool

    package init(
        tokenID: Token.ID,
        life: TokenLife,
        permissions: PermissionSet,
        userID: User.ID,
        unitID: Unit.ID,
        roles: RoleSet,
        isActive: Bool,
        mustChangePassword: Bool
    ) {
        self.tokenID = tokenID
        self.life = life
        self.permissions = permissions
        self.userID = userID
        self.unitID = unitID
        self.roles = roles
        self.isActive = isActive
        self.mustChangePassword = mustChangePassword
    }
}

package protocol TokenRepository {
    /// What the token with this SHA-256 says of its bearer; nil when there is none or it was ended.
    func credentials(hash: [UInt8]) throws(DomainError) -> Credentials?
    func find(_ id: Token.ID) throws(DomainError) -> Token?
    func insert(_ token: Token, hash: [UInt8], address: String?) throws(DomainError)
    /// Notes a use.
    func touch(_ id: Token.ID, at now: Instant) throws(DomainError)
    func end(_ id: Token.ID) throws(DomainError)
    /// Ends all tokens of a user but one.
    func endAll(of user: User.ID, except: Token.ID?) throws(DomainError)
    /// Ends the oldest sessions of a user so that `most` are left.
    func endOldestSessions(of user: User.ID, leaving most: Int) throws(DomainError)
    /// The personal and machine tokens of a user, or of all users.
    func list(of user: User.ID?, page: PageRequest) throws(DomainError) -> Page<Token>
    func count(of user: User.ID?, most: Int) throws(DomainError) -> Int
    /// Removes what expired before `time`.
    func removeExpired(before time: Instant) throws(DomainError)
}

/// Failed sign-ins under one key: an account, an address, or both.
package struct LoginFailures: Sendable, Equatable {
    /// Failures since the last success.
    package var count: Int
    /// Failures since `windowStart`.
    package var inWindow: Int
    package var windowStart: Instant
    package var lastAt: Instant

    package init(count: Int, inWindow: Int, windowStart: Instant, lastAt: Instant) {
        self.count = count
        self.inWindow = inWindow
        self.windowStart = windowStart
        self.lastAt = lastAt
    }
}

package protocol LoginRepository {
    func failures(under key: String) throws(DomainError) -> LoginFailures?
    func set(_ failures: LoginFailures, under key: String) throws(DomainError)
    func clear(_ key: String) throws(DomainError)
    /// Clears all keys that begin so.
    func clear(beginning prefix: String) throws(DomainError)
    /// When the account last signed in from the address.
    func lastSuccess(of account: String, from address: String) throws(DomainError) -> Instant?
    func noteSuccess(of account: String, from address: String, at now: Instant) throws(DomainError)
    func removeOld(before time: Instant) throws(DomainError)
}

/// An answer kept under an idempotency key.
package struct KeptAnswer: Sendable {
    package let requestHash: [UInt8]
    package let status: Int
    /// `Location`, `ETag` and `Content-Type`, as far as there were any.
    package let location: String?
    package let entityTag: String?
    package let contentType: String?
    package let body: [UInt8]
    /// Whether the body is sealed, because it holds a secret.
    package let isSealed: Bool

    package init(
        requestHash: [UInt8],
        status: Int,
        location: String?,
        entityTag: String?,
        contentType: String?,
        body: [UInt8],
        isSealed: Bool
    ) {
        self.requestHash = requestHash
        self.status = status
        self.location = location
        self.entityTag = entityTag
        self.contentType = contentType
        self.body = body
        self.isSealed = isSealed
    }
}

/// Whose key, on which route.
package struct IdempotencyKey: Sendable, Hashable {
    package let userID: User.ID
    package let route: String
    package let key: String

    package init(userID: User.ID, route: String, key: String) {
        self.userID = userID
        self.route = route
        self.key = key
    }

    /// How long an answer is kept, in milliseconds.
    package static let life: Int64 = 72 * 3_600_000
}

package protocol IdempotencyRepository {
    /// The answer kept under `key` since `earliest` or later.
    func find(_ key: IdempotencyKey, since earliest: Instant) throws(DomainError) -> KeptAnswer?
    func insert(_ answer: KeptAnswer, under key: IdempotencyKey, at now: Instant) throws(DomainError)
    func removeOld(before time: Instant) throws(DomainError)
}
