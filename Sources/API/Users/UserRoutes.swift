import Domain
import HTTP
import Security

/// Users: kept by the super admin; the directorate's people may read who is who.
struct UserRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .list("/v1/users", .listUsers, filters: ["unit_id", "role", "active", "q"], needs: .usersRead, use: listUsers),
            .post("/v1/users", .createUser, needs: .usersWrite, use: createUser),
            .get("/v1/users/{id}", .getUser, needs: .usersRead, use: getUser),
            .patch("/v1/users/{id}", .updateUser, needs: .usersWrite, use: updateUser),
            .post("/v1/users/{id}/deactivate", .deactivateUser, needs: .usersWrite, use: deactivateUser),
            .post("/v1/users/{id}/activate", .activateUser, needs: .usersWrite, use: activateUser),
            .post("/v1/users/{id}/reset-password", .resetUserPassword, needs: .usersWrite, use: resetUserPassword),
        ]
    }

    func listUsers(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = UserQuery(page: page.page)
        query.unitID = parameters.identifier("unit_id")
        query.role = parameters.choice("role")
        query.isActive = parameters.flag("active")
        query.beginning = parameters.text("q", longest: 200)
        try parameters.finish()
        let isWhole = principal.may(.usersWrite)
        let whole: [Column<User>] = [
            Column("username") { $0.username },
            Column("nip") { $0.employeeNumber?.text ?? "" },
            Column("email") { $0.email ?? "" },
            Column("roles") { $0.roles.roles.map(\.rawValue).joined(separator: " ") },
            Column("active") { $0.isActive ? "true" : "false" },
            Column("created_at") { $0.createdAt.rfc3339 },
            Column("updated_at") { $0.updatedAt.rfc3339 },
            Column("version") { String($0.version) },
        ]
        let summary: [Column<User>] = [Column("id") { $0.id.text }, Column("name") { $0.name }, Column("unit_id") { $0.unitID.text }]
        return try Listing(
            parameters: page,
            columns: isWhole ? summary + whole : summary,
            key: { $0.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.users.list(query)
            },
            count: { [query] most, tx throws(DomainError) in try tx.users.count(query, most: most) },
            write: { Schema.User(user: $1, isWhole: isWhole).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func createUser(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewUser.self)
        var password: Password?
        if let text = new.password {
            try environment.check(text, at: "/password", context: [new.username, new.name, new.nip?.text], language: request.language)
            password = Password(hash: try await environment.hasher.hash(text))
        }
        let (stored, ids) = (password, environment.ids)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let user = User(
                id: ids.make(at: now),
                username: new.username,
                name: new.name,
                employeeNumber: new.nip,
                email: new.email,
                unitID: new.unitID,
                roles: RoleSet(new.roles),
                isActive: new.isActive,
                mustChangePassword: false,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            try tx.create(user, password: stored, by: principal, at: now, ids: ids)
            return .created(Schema.User(user: user, isWhole: true), at: "/v1/users/\(user.id.text)", version: user.version)
        }
    }

    func getUser(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        guard let user = try tx.users.find(try request.identifier()) else { throw Problem(.notFound) }
        return .ok(Schema.User(user: user, isWhole: principal.may(.usersWrite)), version: user.version)
    }

    func updateUser(_ request: Request, by principal: Principal) async throws -> Response {
        let expected = try request.requiredIfMatch()
        let patch = try request.json(as: Schema.UserPatch.self, allowsPatch: true)
        return try await change(request, principal, as: "edit", expecting: expected) { patch.apply(to: &$0) }
    }

    func deactivateUser(_ request: Request, by principal: Principal) async throws -> Response {
        try await setActive(false, request, principal)
    }

    func activateUser(_ request: Request, by principal: Principal) async throws -> Response {
        try await setActive(true, request, principal)
    }

    private func setActive(_ isActive: Bool, _ request: Request, _ principal: Principal) async throws -> Response {
        _ = try request.json(as: EmptyBody.self)
        let name = isActive ? "activate" : "deactivate"
        return try await change(request, principal, as: name, expecting: request.ifMatch) { user in
            let isChange = user.isActive != isActive
            user.isActive = isActive
            return isChange ? ["active"] : []
        }
    }

    private func change(
        _ request: Request,
        _ principal: Principal,
        as name: String,
        expecting expected: ExpectedVersion?,
        _ edit: @escaping @Sendable (inout User) -> [String]
    ) async throws -> Response {
        let id: User.ID = try request.identifier()
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let user = try tx.update(id, expecting: expected, by: principal, at: now, ids: ids, as: name, edit)
            return .ok(Schema.User(user: user, isWhole: true), version: user.version)
        }
    }

    func resetUserPassword(_ request: Request, by principal: Principal) async throws -> Response {
        _ = try request.json(as: EmptyBody.self)
        let id: User.ID = try request.identifier()
        let expected = request.ifMatch
        let text = OneTimePassword.generate()
        let hash = try await environment.hasher.hash(text)
        let ids = environment.ids
        return try await environment.commit(request, by: principal, hasSecret: true) { tx, now throws(DomainError) in
            guard let user = try tx.users.find(id) else { throw .notFound("user") }
            try expected?.check(user.version)
            let password = Password(hash: hash, expiresAt: now.advanced(byMilliseconds: 86_400_000))
            try tx.setPassword(password, mustChange: true, of: user, keeping: nil, by: principal, at: now, ids: ids)
            return .ok(Schema.OneTimePassword(password: text, expiresAt: password.expiresAt))
        }
    }
}

extension Environment {
    /// Throws `invalid` with everything the password policy has against `password`.
    func check(_ password: String, at pointer: String, context: [String?], language: Language) throws(Problem) {
        let problems = passwords.problems(of: password, context: context.compactMap { $0 })
        guard !problems.isEmpty else { return }
        throw Problem(
            .invalid,
            errors: problems.map { problem in
                let (code, id, en) = problem.texts
                return FieldError(.pointer(pointer), code: code, detail: language == .english ? en : id)
            }
        )
    }
}

extension PasswordPolicy.Problem {
    fileprivate var texts: (code: String, id: String, en: String) {
        switch self {
        case .tooShort(let least): ("too_short", "Paling sedikit \(least) karakter.", "It must have at least \(least) characters.")
        case .tooLong(let most): ("too_long", "Paling banyak \(most) karakter.", "It must have at most \(most) characters.")
        case .common: ("common_password", "Kata sandi ini terlalu umum.", "This password is too common.")
        case .containsContext: ("guessable_password", "Jangan memakai nama atau data Anda.", "Do not build it from your name or data.")
        case .missingClasses:
            ("missing_classes", "Pakai huruf besar, huruf kecil, angka, dan tanda.", "Use upper and lower case, digits and signs.")
        }
    }
}
