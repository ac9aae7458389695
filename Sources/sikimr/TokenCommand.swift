import Domain
import Security
import StorageSQLite

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
        let username = try arguments.required("username"), name = try arguments.requiredLine("name", most: 100)
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
        let ids = house.ids
        try await house.store.write { tx throws(DomainError) in
            guard let token = try tx.tokens.find(id) else { throw .notFound("token") }
            try tx.end(token, by: nil, at: House.clock(), ids: ids)
        }
        print("Revoked \(id).")
    }
}
