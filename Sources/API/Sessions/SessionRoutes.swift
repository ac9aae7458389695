import Domain
import HTTP
import Security

/// Signing in and out, and what concerns the caller himself.
struct SessionRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .open(.post, "/v1/sessions", .createSession, limit: .standard, use: createSession),
            .delete("/v1/sessions/current", .deleteCurrentSession, needs: .meWrite, use: deleteCurrentSession).servingOneTimePasswords,
            .get("/v1/me", .getMe, needs: .meRead, use: getMe).servingOneTimePasswords,
            .put("/v1/me/password", .changeMyPassword, needs: .meWrite, use: changeMyPassword).servingOneTimePasswords,
        ]
    }

    /// Unknown user, wrong password, deactivated and barred take the same work and give the same answer.
    func createSession(_ request: Request) async throws -> Response {
        let new = try request.json(as: Schema.NewSession.self)
        let throttle = LoginThrottle(account: new.username, address: request.clientAddress)
        let now = environment.clock()
        let (found, verdict) = try await environment.store.read { tx throws(DomainError) in
            (try tx.users.find(username: new.username), try throttle.verdict(in: tx.logins, at: now))
        }
        if case .tooMany(let seconds) = verdict { throw Problem(.rateLimited, headers: ["retry-after": String(seconds)]) }
        var user = found?.user
        if user?.isActive == false || verdict == .barred { user = nil }
        if let expiry = found?.password.expiresAt, expiry <= now { user = nil }

        let isRight = try await environment.hasher.verify(new.password, against: user == nil ? nil : found?.password.hash)
        guard isRight, let user else {
            try await noteFailure(of: throttle, isBarred: verdict == .barred, from: request)
            throw Problem(.invalidCredentials)
        }
        var renewed: String?
        if let hash = found?.password.hash, environment.hasher.needsRehash(hash) {
            renewed = try await environment.hasher.hash(new.password)
        }
        if let response = try await open(user, throttle, rehashed: renewed, from: request) { return response }
        try await noteFailure(of: throttle, isBarred: true, from: request)
        throw Problem(.invalidCredentials)
    }

    /// Counts a failure and writes it into the log; one that is barred, or was by others meanwhile, is not counted.
    private func noteFailure(of throttle: LoginThrottle, isBarred: Bool, from request: Request) async throws {
        let (clock, ids) = (environment.clock, environment.ids)
        try await environment.store.write { tx throws(DomainError) in
            let now = clock()
            let verdict = isBarred ? .barred : try throttle.verdict(in: tx.logins, at: now)
            if verdict == .allowed { try throttle.noteFailure(in: tx.logins, at: now) }
            let reason = verdict == .allowed ? "credentials" : "throttled"
            try tx.note("refuse", of: .session, request.clientAddress, in: nil, by: nil, at: now, ids: ids, reason: reason)
        }
    }

    /// Begins a session; nil when others that failed meanwhile have barred it, so that many guesses at once are no more than a few.
    private func open(_ user: User, _ throttle: LoginThrottle, rehashed: String?, from request: Request) async throws -> Response? {
        let secret = AccessToken.generate(.session)
        let (clock, ids) = (environment.clock, environment.ids)
        return try await environment.store.write { tx throws(DomainError) in
            let now = clock()
            guard try throttle.verdict(in: tx.logins, at: now) == .allowed else { return nil }
            // The user is read again: between the check and this moment he may have been deactivated.
            guard let user = try tx.users.find(user.id), user.isActive else { throw .forbidden }
            if let rehashed {
                try tx.users.setPassword(Password(hash: rehashed), mustChange: user.mustChangePassword, of: user.id, at: now)
            }
            let token = Token(
                id: ids.make(at: now),
                userID: user.id,
                kind: .session,
                name: "session",
                prefix: secret.masked,
                scopes: [.read, .write, .admin],
                createdAt: now,
                expiresAt: now.advanced(byMilliseconds: Token.Kind.session.longestLife),
                lastUsedAt: now
            )
            let principal = Principal(user, session: token.id, requestID: request.id)
            try tx.create(token, hash: secret.hash, of: user, by: principal, from: request.clientAddress, at: now, ids: ids)
            try throttle.noteSuccess(in: tx.logins, at: now)
            let session = Schema.Session(text: secret.text, token: token, user: user)
            return .created(session, at: "/v1/sessions/current")
        }
    }

    func deleteCurrentSession(_ request: Request, by principal: Principal) async throws -> Response {
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            guard let id = principal.tokenID, let token = try tx.tokens.find(id) else { throw .notFound("token") }
            try tx.end(token, by: principal, at: now, ids: ids)
            return .noContent
        }
    }

    func getMe(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard let user = try tx.users.find(principal.userID), let id = principal.tokenID, let token = try tx.tokens.find(id) else {
            throw Problem(.unauthenticated)
        }
        return .ok(Schema.Me(user: user, token: token, permissions: principal.permissions))
    }

    func changeMyPassword(_ request: Request, by principal: Principal) async throws -> Response {
        let change = try request.json(as: Schema.PasswordChange.self)
        let (user, password) = try await environment.store.read { tx throws(DomainError) in
            (try tx.users.find(principal.userID), try tx.users.password(of: principal.userID))
        }
        guard let user, let password else { throw Problem(.unauthenticated) }
        let context = [user.username, user.name, user.employeeNumber?.text]
        try environment.check(change.newPassword, at: "/new_password", context: context, language: request.language)
        guard try await environment.hasher.verify(change.currentPassword, against: password.hash) else {
            let detail = request.language == .english ? "It is not your current password." : "Bukan kata sandi Anda saat ini."
            throw Problem(.invalid, errors: [FieldError(.pointer("/current_password"), code: "wrong_password", detail: detail)])
        }
        if change.newPassword == change.currentPassword {
            let detail = request.language == .english ? "It must differ from the current one." : "Harus berbeda dari yang sekarang."
            throw Problem(.invalid, errors: [FieldError(.pointer("/new_password"), code: "unchanged", detail: detail)])
        }
        let hash = try await environment.hasher.hash(change.newPassword)
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let keeping = principal.tokenID
            try tx.setPassword(Password(hash: hash), mustChange: false, of: user, keeping: keeping, by: principal, at: now, ids: ids)
            return .noContent
        }
    }
}

extension Route {
    /// The same route, open also to a caller who must change his password first.
    var servingOneTimePasswords: Route {
        var route = self
        route.servesOneTimePasswords = true
        return route
    }
}

extension Schema {
    struct NewSession: RequestBody {
        let username: String
        let password: String

        init(_ fields: inout Fields) {
            username = fields.text("username", .anything(1...64))
            password = fields.text("password", .anything(1...1024))
        }
    }

    struct PasswordChange: RequestBody {
        let currentPassword: String
        let newPassword: String

        init(_ fields: inout Fields) {
            currentPassword = fields.text("current_password", .anything(1...1024))
            newPassword = fields.text("new_password", .anything(1...1024))
        }
    }

    struct Session: JSONWritable {
        let text: String
        let token: Domain.Token
        let user: Domain.User

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("token", text)
                json.member("token_id", token.id)
                json.member("expires_at", token.expiresAt)
                json.member("user", User(user: user, isWhole: true))
            }
        }
    }

    struct Me: JSONWritable {
        let user: Domain.User
        let token: Domain.Token
        let permissions: PermissionSet

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("user", User(user: user, isWhole: true))
                json.name("token")
                json.object { json in
                    json.member("id", token.id)
                    json.member("name", token.name)
                    json.member("scopes", token.scopes.map(\.rawValue))
                    json.member("expires_at", token.expiresAt)
                }
                json.member("permissions", permissions.permissions.map(\.rawValue))
            }
        }
    }
}
