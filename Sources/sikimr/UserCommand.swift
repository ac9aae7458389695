import Domain
import Security
import StorageSQLite

/// `sikimr user`: for the administrator at the machine, while the service is down.
struct UserCommand {
    let house: House
    let arguments: Arguments

    func run() async throws {
        switch arguments.rest.first ?? "list" {
        case "list": try await list()
        case "create": try await create()
        case "reset-password": try await resetPassword()
        case let verb: throw Exit.configuration("There is no sikimr user \(verb); see --help.")
        }
    }

    private func list() async throws {
        var page = PageRequest(limit: 200, isAscending: true)
        while true {
            let users = try await house.store.read { tx throws(DomainError) in try tx.users.list(UserQuery(page: page)) }
            for user in users.elements {
                let roles = user.roles.roles.map(\.rawValue).joined(separator: ",")
                print("\(user.id)  \(user.username)  \(roles)  \(user.isActive ? "active" : "deactivated")  \(user.name)")
            }
            guard users.hasMore, let last = users.elements.last else { return }
            page.after = last.id.text
        }
    }

    private func create() async throws {
        let username = try arguments.required("username"), name = try arguments.required("name")
        guard User.isUsername(username) else { throw Exit.configuration("--username: 3 to 64 of a-z 0-9 . _ -") }
        let roles = try arguments.required("roles").split(separator: ",").map { text throws(Exit) in
            guard let role = Role(rawValue: String(text)) else { throw .configuration("--roles: there is no role \(text).") }
            return role
        }
        let code = arguments.flags["unit"] ?? "KI"
        let password = OneTimePassword.generate()
        let (hash, ids) = (try await house.hasher.hash(password), house.ids)
        try await house.store.write { tx throws(DomainError) in
            let now = House.clock()
            guard let unit = try tx.units.find(code: code) else { throw .invalid([.unknownReference("--unit \(code)")]) }
            let user = User(
                id: ids.make(at: now),
                username: username,
                name: name,
                employeeNumber: nil,
                email: nil,
                unitID: unit.id,
                roles: RoleSet(roles),
                isActive: true,
                mustChangePassword: true,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            let password = Password(hash: hash, expiresAt: now.advanced(byMilliseconds: 86_400_000))
            try tx.create(user, password: password, by: nil, at: now, ids: ids)
        }
        print("Made \(username). One-time password, good for 24 hours: \(password)")
    }

    private func resetPassword() async throws {
        let username = try arguments.required("username")
        let password = OneTimePassword.generate()
        let (hash, ids) = (try await house.hasher.hash(password), house.ids)
        try await house.store.write { tx throws(DomainError) in
            let now = House.clock()
            guard let (user, _) = try tx.users.find(username: username) else { throw .notFound("user") }
            let password = Password(hash: hash, expiresAt: now.advanced(byMilliseconds: 86_400_000))
            try tx.setPassword(password, mustChange: true, of: user, keeping: nil, by: nil, at: now, ids: ids)
        }
        print("One-time password of \(username), good for 24 hours: \(password)")
    }
}

/// `sikimr token`: for the administrator at the machine, while the service is down.
struct TokenCommand {
    let house: House
    let arguments: Arguments

    func run() async throws {
        switch arguments.rest.first ?? "list" {
        case "list": try await list()
        case "create": try await create()
        case "revoke": try await revoke()
        case let verb: throw Exit.configuration("There is no sikimr token \(verb); see --help.")
        }
    }

    private func list() async throws {
        let username = arguments.flags["username"]
        var page = PageRequest(limit: 200, isAscending: true)
        while true {
            let tokens = try await house.store.read { tx throws(DomainError) in
                let user = try username.map { name throws(DomainError) in try tx.users.find(username: name)?.user.id } ?? nil
                if username != nil, user == nil { throw .notFound("user") }
                return try tx.tokens.list(of: user, page: page)
            }
            for token in tokens.elements {
                let scopes = token.scopes.map(\.rawValue).joined(separator: ",")
                print("\(token.id)  \(token.prefix)  \(scopes)  until \(token.expiresAt.rfc3339)  \(token.name)")
            }
            guard tokens.hasMore, let last = tokens.elements.last else { return }
            page.after = last.id.text
        }
    }

    private func create() async throws {
        let username = try arguments.required("username"), name = try arguments.required("name")
        let scopes = try (arguments.flags["scopes"] ?? "read").split(separator: ",").map { text throws(Exit) in
            guard let scope = Scope(rawValue: String(text)) else { throw .configuration("--scopes: there is no scope \(text).") }
            return scope
        }
        let secret = AccessToken.generate(.personal)
        let ids = house.ids
        try await house.store.write { tx throws(DomainError) in
            let now = House.clock()
            guard let (user, _) = try tx.users.find(username: username) else { throw .notFound("user") }
            let token = Token(
                id: ids.make(at: now),
                userID: user.id,
                kind: .personal,
                name: name,
                prefix: secret.masked,
                scopes: scopes,
                createdAt: now,
                expiresAt: now.advanced(byMilliseconds: Token.Kind.personal.longestLife),
                lastUsedAt: nil
            )
            try tx.create(token, hash: secret.hash, of: user, by: nil, from: nil, at: now, ids: ids)
        }
        print(secret.text)
    }

    private func revoke() async throws {
        guard let id = Token.ID(try arguments.required("id")) else { throw Exit.configuration("--id is no id of a token.") }
        try await house.store.write { tx throws(DomainError) in
            guard try tx.tokens.find(id) != nil else { throw .notFound("token") }
            try tx.tokens.end(id)
        }
        print("Revoked \(id).")
    }
}
