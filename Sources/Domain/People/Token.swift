/// What lets a user in: a session, a personal token or a machine's token. The secret itself is never stored.
package struct Token: Sendable, Identified {
    package typealias ID = Identifier<Token>
    package static let idPrefix = "tok"

    package enum Kind: String, Sendable, CaseIterable {
        case session
        case personal
        case machine

        /// The longest life of a token of this kind, in milliseconds.
        package var longestLife: Int64 {
            switch self {
            case .session: 12 * 3_600_000
            case .personal: 90 * 86_400_000
            case .machine: 365 * 86_400_000
            }
        }
    }

    /// A session that was not used for this long, in milliseconds, has ended.
    package static let sessionIdleLimit: Int64 = 30 * 60_000
    /// Uses are noted to the minute.
    package static let useGrain: Int64 = 60_000
    package static let mostSessionsPerUser = 10

    package let id: ID
    package let userID: User.ID
    package let kind: Kind
    package let name: String
    /// The beginning and the last characters, by which people tell their tokens apart.
    package let prefix: String
    package let scopes: [Scope]
    package let createdAt: Instant
    package let expiresAt: Instant
    package let lastUsedAt: Instant?

    package init(
        id: ID,
        userID: User.ID,
        kind: Kind,
        name: String,
        prefix: String,
        scopes: [Scope],
        createdAt: Instant,
        expiresAt: Instant,
        lastUsedAt: Instant?
    ) {
        self.id = id
        self.userID = userID
        self.kind = kind
        self.name = name
        self.prefix = prefix
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }

    package var life: TokenLife { TokenLife(kind: kind, createdAt: createdAt, expiresAt: expiresAt, lastUsedAt: lastUsedAt) }
}

/// How long a token lives.
package struct TokenLife: Sendable {
    package let kind: Token.Kind
    package let createdAt: Instant
    package let expiresAt: Instant
    package let lastUsedAt: Instant?

    package init(kind: Token.Kind, createdAt: Instant, expiresAt: Instant, lastUsedAt: Instant?) {
        self.kind = kind
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }

    /// Whether the token has ended by its age or, for a session, by lying idle.
    package func isOver(at now: Instant) -> Bool {
        if now >= expiresAt { return true }
        return kind == .session && now.milliseconds - (lastUsedAt ?? createdAt).milliseconds > Token.sessionIdleLimit
    }

    /// Whether this use is to be noted.
    package func needsTouch(at now: Instant) -> Bool {
        now.milliseconds - (lastUsedAt ?? Instant(milliseconds: 0)).milliseconds >= Token.useGrain
    }
}
