import Domain

/// Tokens; of each only the SHA-256 is stored.
struct SQLTokens: TokenRepository {
    let connection: any Connection
    let known: KnownCredentials

    private static let columns: SQLFragment = """
        t.id, t.user_id, t.kind, t.name, t.prefix, t.scopes, t.created_at_ms, t.expires_at_ms, t.last_used_at_ms
        """

    private static func decode(_ columns: inout Columns) throws(DomainError) -> Token {
        Token(
            id: columns.identifier(),
            userID: columns.identifier(),
            kind: try columns.choice(),
            name: columns.text(),
            prefix: columns.text(),
            scopes: columns.text().split(separator: " ").compactMap { Scope(rawValue: String($0)) },
            createdAt: columns.instant(),
            expiresAt: columns.instant(),
            lastUsedAt: columns.optionalInstant()
        )
    }

    func credentials(hash: [UInt8]) throws(DomainError) -> Credentials? {
        let content = try connection.contentVersion
        if let credentials = known.credentials(hash, at: content) { return credentials }
        let found = try read(hash)
        if let content, let found { known.keep(found, hash, at: content) }
        return found
    }

    private func read(_ hash: [UInt8]) throws(DomainError) -> Credentials? {
        try connection.first(
            """
            select t.id, t.kind, t.created_at_ms, t.expires_at_ms, t.last_used_at_ms, t.scopes,
                u.id, u.unit_id, u.roles, u.active, u.must_change_password
            from token as t
            join user_account as u on u.id = t.user_id
            where t.hash = \(hash)
            """
        ) { columns throws(DomainError) in
            Credentials(
                tokenID: columns.identifier(),
                life: TokenLife(
                    kind: try columns.choice(),
                    createdAt: columns.instant(),
                    expiresAt: columns.instant(),
                    lastUsedAt: columns.optionalInstant()
                ),
                permissions: PermissionSet(scopes: columns.text()),
                userID: columns.identifier(),
                unitID: columns.identifier(),
                roles: RoleSet(rawValue: columns.integer()),
                isActive: columns.flag(),
                mustChangePassword: columns.flag()
            )
        }
    }

    func find(_ id: Token.ID) throws(DomainError) -> Token? {
        try connection.first("select \(Self.columns) from token as t where t.id = \(id)", Self.decode)
    }

    func insert(_ token: Token, hash: [UInt8], address: String?) throws(DomainError) {
        try connection.execute(
            """
            insert into token (id, user_id, kind, name, prefix, scopes, hash, address, created_at_ms, expires_at_ms, last_used_at_ms)
            values (
                \(token.id), \(token.userID), \(token.kind), \(token.name), \(token.prefix),
                \(token.scopes.map(\.rawValue).joined(separator: " ")), \(hash), \(address), \(token.createdAt), \(token.expiresAt),
                \(token.lastUsedAt)
            )
            """
        )
    }

    func touch(_ id: Token.ID, at now: Instant) throws(DomainError) {
        try connection.execute("update token set last_used_at_ms = \(now) where id = \(id)")
    }

    func end(_ id: Token.ID) throws(DomainError) {
        try connection.execute("delete from token where id = \(id)")
    }

    func endAll(of user: User.ID, except: Token.ID?) throws(DomainError) {
        var statement: SQL = "delete from token where user_id = \(user)"
        if let except { statement.append(" and id <> \(except)") }
        try connection.execute(statement)
    }

    func endOldestSessions(of user: User.ID, leaving most: Int) throws(DomainError) {
        try connection.execute(
            """
            delete from token
            where id in (
                select id
                from token
                where user_id = \(user)
                and kind = 'session'
                order by id desc
                limit -1 offset \(most)
            )
            """
        )
    }

    private static func filter(_ user: User.ID?) -> SQL {
        var statement: SQL = " from token as t where t.kind in ('personal', 'machine')"
        if let user { statement.append(" and t.user_id = \(user)") }
        return statement
    }

    func list(of user: User.ID?, page: PageRequest) throws(DomainError) -> Page<Token> {
        var statement: SQL = "select \(Self.columns)"
        statement.append(Self.filter(user))
        statement.appendPage(page, over: "t.id")
        return try connection.page(statement, limit: page.limit, Self.decode)
    }

    func count(of user: User.ID?, most: Int) throws(DomainError) -> Int {
        try connection.first("select count(*) from (select 1\(Self.filter(user)) limit \(most + 1))") { $0.integer() } ?? 0
    }

    func removeExpired(before time: Instant) throws(DomainError) {
        try connection.execute("delete from token where expires_at_ms < \(time)")
    }
}

/// What is known of failed and successful sign-ins; it outlives a restart.
struct SQLLogins: LoginRepository {
    let connection: any Connection

    func failures(under key: String) throws(DomainError) -> LoginFailures? {
        try connection.first("select count, in_window, window_start_ms, last_at_ms from login_failure where key = \(key)") { columns in
            LoginFailures(
                count: columns.integer(),
                inWindow: columns.integer(),
                windowStart: columns.instant(),
                lastAt: columns.instant()
            )
        }
    }

    func set(_ failures: LoginFailures, under key: String) throws(DomainError) {
        try connection.execute(
            """
            insert into login_failure (key, count, in_window, window_start_ms, last_at_ms)
            values (\(key), \(failures.count), \(failures.inWindow), \(failures.windowStart), \(failures.lastAt))
            on conflict (key) do update
            set count = excluded.count, in_window = excluded.in_window, window_start_ms = excluded.window_start_ms,
                last_at_ms = excluded.last_at_ms
            """
        )
    }

    func clear(_ key: String) throws(DomainError) {
        try connection.execute("delete from login_failure where key = \(key)")
    }

    func clear(beginning prefix: String) throws(DomainError) {
        // U+10FFFF comes after all that a key may go on with.
        try connection.execute("delete from login_failure where key >= \(prefix) and key < \(prefix + "\u{10FFFF}")")
    }

    func lastSuccess(of account: String, from address: String) throws(DomainError) -> Instant? {
        try connection.first("select at_ms from login_success where account = \(account) and address = \(address)") { $0.instant() }
    }

    func noteSuccess(of account: String, from address: String, at now: Instant) throws(DomainError) {
        try connection.execute(
            """
            insert into login_success (account, address, at_ms)
            values (\(account), \(address), \(now))
            on conflict (account, address) do update set at_ms = excluded.at_ms
            """
        )
    }

    func removeOld(before time: Instant) throws(DomainError) {
        try connection.execute("delete from login_failure where last_at_ms < \(time)")
        try connection.execute("delete from login_success where at_ms < \(time)")
    }
}

/// Answers kept under idempotency keys.
struct SQLIdempotency: IdempotencyRepository {
    let connection: any Connection

    func find(_ key: IdempotencyKey, since earliest: Instant) throws(DomainError) -> KeptAnswer? {
        try connection.first(
            """
            select request_hash, status, location, entity_tag, content_type, body, sealed
            from idempotency_key
            where user_id = \(key.userID)
            and route = \(key.route)
            and key = \(key.key)
            and created_at_ms >= \(earliest)
            """
        ) { columns in
            KeptAnswer(
                requestHash: columns.blob(),
                status: columns.integer(),
                location: columns.optionalText(),
                entityTag: columns.optionalText(),
                contentType: columns.optionalText(),
                body: columns.blob(),
                isSealed: columns.flag()
            )
        }
    }

    func insert(_ answer: KeptAnswer, under key: IdempotencyKey, at now: Instant) throws(DomainError) {
        try connection.execute(
            """
            insert into idempotency_key (
                user_id, route, key, request_hash, status, location, entity_tag, content_type, body, sealed, created_at_ms
            )
            values (
                \(key.userID), \(key.route), \(key.key), \(answer.requestHash), \(answer.status), \(answer.location),
                \(answer.entityTag), \(answer.contentType), \(answer.body), \(answer.isSealed), \(now)
            )
            on conflict (user_id, route, key) do update
            set request_hash = excluded.request_hash, status = excluded.status, location = excluded.location,
                entity_tag = excluded.entity_tag, content_type = excluded.content_type, body = excluded.body,
                sealed = excluded.sealed, created_at_ms = excluded.created_at_ms
            """
        )
    }

    func removeOld(before time: Instant) throws(DomainError) {
        try connection.execute("delete from idempotency_key where created_at_ms < \(time)")
    }
}

/// What a connection has read of tokens since the database changed last: a token that is ended anywhere is read anew.
final class KnownCredentials {
    private static let most = 1_000
    private var content: Int64?
    private var credentials: [[UInt8]: Credentials] = [:]

    func credentials(_ hash: [UInt8], at content: Int64?) -> Credentials? {
        guard let content, content == self.content else { return nil }
        return credentials[hash]
    }

    func keep(_ found: Credentials, _ hash: [UInt8], at content: Int64) {
        if content != self.content || credentials.count >= Self.most { credentials = [:] }
        self.content = content
        credentials[hash] = found
    }
}
