import Domain
import HTTP
import Security

/// Tokens for programs: one's own, or, for the super admin, anyone's.
struct TokenRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .list("/v1/tokens", .listTokens, filters: ["user_id"], needs: .tokensRead, use: listTokens),
            .post("/v1/tokens", .createToken, needs: .tokensWrite, use: createToken),
            .delete("/v1/tokens/{id}", .deleteToken, needs: .tokensWrite, use: deleteToken),
        ]
    }

    func listTokens(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        let named: User.ID? = parameters.identifier("user_id")
        try parameters.finish()
        let user = principal.may(.usersWrite) ? named : principal.userID
        if let named, named != principal.userID, !principal.may(.usersWrite) { throw Problem(.forbidden) }
        return try Listing(
            parameters: page,
            columns: [
                Column("id") { $0.id.text },
                Column("user_id") { $0.userID.text },
                Column("name") { $0.name },
                Column("prefix") { $0.prefix },
                Column("scopes") { $0.scopes.map(\.rawValue).joined(separator: " ") },
                Column("created_at") { $0.createdAt.rfc3339 },
                Column("last_used_at") { $0.lastUsedAt?.rfc3339 ?? "" },
                Column("expires_at") { $0.expiresAt.rfc3339 },
            ],
            key: { $0.id.text },
            fetch: { page, tx throws(DomainError) in try tx.tokens.list(of: user, page: page) },
            count: { most, tx throws(DomainError) in try tx.tokens.count(of: user, most: most) },
            write: { Schema.Token(token: $1, text: nil).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func createToken(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewToken.self)
        let isOwn = new.userID == nil || new.userID == principal.userID
        if !isOwn, !principal.may(.usersWrite) { throw Problem(.forbidden) }
        let kind: AccessToken.Kind = isOwn ? .personal : .machine
        let secret = AccessToken.generate(kind)
        let ids = environment.ids
        return try await environment.commit(request, by: principal, hasSecret: true) { tx, now throws(DomainError) in
            guard let user = try tx.users.find(new.userID ?? principal.userID), user.isActive else {
                throw .invalid([.unknownReference("/user_id")])
            }
            let stored: Token.Kind = isOwn ? .personal : .machine
            let expiresAt = try new.expiry(of: stored, at: now)
            try new.checkScopes(for: principal, as: stored)
            let token = Token(
                id: ids.make(at: now),
                userID: user.id,
                kind: stored,
                name: new.name,
                prefix: secret.masked,
                scopes: new.scopes,
                createdAt: now,
                expiresAt: expiresAt,
                lastUsedAt: nil
            )
            try tx.create(token, hash: secret.hash, of: user, by: principal, from: request.clientAddress, at: now, ids: ids)
            return .created(Schema.Token(token: token, text: secret.text), at: "/v1/tokens/\(token.id.text)")
        }
    }

    func deleteToken(_ request: Request, by principal: Principal) async throws -> Response {
        let id: Token.ID = try request.identifier()
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            guard let token = try tx.tokens.find(id), token.userID == principal.userID || principal.may(.usersWrite) else {
                throw .notFound("token")
            }
            try tx.end(token, by: principal, at: now, ids: ids)
            return .noContent
        }
    }
}

extension Schema {
    /// A token; its text only in the answer that made it.
    struct Token: JSONWritable {
        let token: Domain.Token
        let text: String?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", token.id)
                json.member("user_id", token.userID)
                json.member("name", token.name)
                if let text { json.member("token", text) }
                json.member("prefix", token.prefix)
                json.member("scopes", token.scopes.map(\.rawValue))
                json.member("created_at", token.createdAt)
                json.member("last_used_at", token.lastUsedAt)
                json.member("expires_at", token.expiresAt)
            }
        }
    }

    struct NewToken: RequestBody {
        let name: String
        let scopes: [Scope]
        let expiresAt: Instant?
        let userID: Domain.User.ID?

        init(_ fields: inout Fields) {
            name = fields.text("name", .line(1...100))
            scopes = fields.choices("scopes", count: 1...Scope.allCases.count)
            expiresAt = fields.optionalParsed("expires_at", Rules.instant) { Instant(rfc3339: $0) }
            userID = fields.optionalIdentifier("user_id")
        }

        /// When the token ends: as asked, within the longest life of its kind, or at the end of that.
        func expiry(of kind: Domain.Token.Kind, at now: Instant) throws(DomainError) -> Instant {
            let last = now.advanced(byMilliseconds: kind.longestLife)
            guard let expiresAt else { return last }
            let days = kind.longestLife / 86_400_000
            guard expiresAt > now, expiresAt <= last else {
                let detail = Text(id: "Harus di masa depan, paling lama \(days) hari.", en: "It must be in the future, \(days) days at most.")
                throw .invalid([Issue("/expires_at", code: "out_of_range", detail: detail)])
            }
            return expiresAt
        }

        /// A token gets no more than the one that makes it has, and a machine's never administers.
        func checkScopes(for principal: Principal, as kind: Domain.Token.Kind) throws(DomainError) {
            let administers = scopes.permissions.contains(.usersWrite) || scopes.permissions.contains(.unitsWrite)
            if kind == .machine, administers {
                let detail = Text(id: "Token mesin tidak boleh mengelola.", en: "A machine's token cannot administer.")
                throw .invalid([Issue("/scopes", code: "not_allowed", detail: detail)])
            }
            let missing = scopes.permissions.subtracting(principal.scope)
            guard missing.isEmpty else {
                let detail = Text(id: "Melebihi cakupan token Anda sendiri.", en: "It is beyond the scopes of your own token.")
                throw .invalid([Issue("/scopes", code: "not_allowed", detail: detail)])
            }
        }
    }
}
