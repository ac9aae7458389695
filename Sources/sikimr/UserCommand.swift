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
        let username = try arguments.required("username"), name = try arguments.requiredLine("name", most: 200)
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
