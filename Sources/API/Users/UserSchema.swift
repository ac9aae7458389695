import Domain
import HTTP

extension Schema {
    /// A user: whole for those who administer users, otherwise who and where.
    struct User: JSONWritable {
        let user: Domain.User
        let isWhole: Bool

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", user.id)
                json.member("name", user.name)
                json.member("unit_id", user.unitID)
                guard isWhole else { return }
                json.member("username", user.username)
                json.member("nip", user.employeeNumber?.text)
                json.member("email", user.email)
                json.member("roles", user.roles.roles.map(\.rawValue))
                json.member("active", user.isActive)
                json.member("must_change_password", user.mustChangePassword)
                json.member("created_at", user.createdAt)
                json.member("updated_at", user.updatedAt)
                json.member("version", user.version)
            }
        }
    }

    enum UserRules {
        static let name = TextRule.line(1...200)
        static let password = TextRule.anything(1...1024)
        static let username = (id: "3 sampai 64 dari a-z 0-9 . _ -", en: "3 to 64 of a-z 0-9 . _ -")
        static let nip = (id: "NIP 18 angka yang sah", en: "a valid NIP of 18 digits")
        static let email = (id: "alamat surel", en: "an e-mail address")
        static let roleCount = 1...Role.allCases.count

        static func parseUsername(_ text: String) -> String? { Domain.User.isUsername(text) ? text : nil }
        static func parseEmail(_ text: String) -> String? { Domain.User.isEmail(text) ? text : nil }
    }

    struct NewUser: RequestBody {
        let username: String
        let name: String
        let password: String?
        let nip: EmployeeNumber?
        let email: String?
        let unitID: Domain.Unit.ID
        let roles: [Role]
        let isActive: Bool

        init(_ fields: inout Fields) {
            username = fields.parsed("username", or: "", UserRules.username, UserRules.parseUsername)
            name = fields.text("name", UserRules.name)
            password = fields.optionalText("password", UserRules.password)
            nip = fields.optionalParsed("nip", UserRules.nip) { EmployeeNumber($0) }
            email = fields.optionalParsed("email", UserRules.email, UserRules.parseEmail)
            unitID = fields.identifier("unit_id")
            roles = fields.choices("roles", count: UserRules.roleCount)
            isActive = fields.optionalFlag("active") ?? true
        }
    }

    struct UserPatch: RequestBody {
        let username: Change<String>
        let name: Change<String>
        let nip: Change<EmployeeNumber>
        let email: Change<String>
        let unitID: Change<Domain.Unit.ID>
        let roles: Change<[Role]>
        let isActive: Change<Bool>

        init(_ fields: inout Fields) {
            username = fields.changedParsed("username", UserRules.username, UserRules.parseUsername)
            name = fields.changedText("name", UserRules.name)
            nip = fields.clearableParsed("nip", UserRules.nip) { EmployeeNumber($0) }
            email = fields.clearableParsed("email", UserRules.email, UserRules.parseEmail)
            unitID = fields.changedParsed("unit_id", Rules.identifier) { Domain.Unit.ID($0) }
            roles = fields.changedChoices("roles", count: UserRules.roleCount)
            isActive = fields.changedFlag("active")
        }

        func apply(to user: inout Domain.User) -> [String] {
            let before = user
            user.username = username.applied(to: before.username)
            user.name = name.applied(to: before.name)
            user.employeeNumber = nip.applied(to: before.employeeNumber)
            user.email = email.applied(to: before.email)
            user.unitID = unitID.applied(to: before.unitID)
            if case .set(let roles) = roles { user.roles = RoleSet(roles) }
            user.isActive = isActive.applied(to: before.isActive)
            var changed: [String] = []
            if user.username != before.username { changed.append("username") }
            if user.name != before.name { changed.append("name") }
            if user.employeeNumber != before.employeeNumber { changed.append("nip") }
            if user.email != before.email { changed.append("email") }
            if user.unitID != before.unitID { changed.append("unit_id") }
            if user.roles != before.roles { changed.append("roles") }
            if user.isActive != before.isActive { changed.append("active") }
            return changed
        }
    }

    struct OneTimePassword: JSONWritable {
        let password: String
        let expiresAt: Instant?

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("password", password)
                json.member("expires_at", expiresAt)
            }
        }
    }
}
