import API
package import Domain
package import HTTP
import Security

extension APIHouse {
    /// Makes a unit, straight in the storage.
    package func unit(_ code: String, under parent: Domain.Unit? = nil, kind: Domain.Unit.Kind = .workUnit) async throws -> Domain.Unit {
        let unit = Domain.Unit(
            id: environment.ids.make(at: now),
            code: code,
            name: "Unit \(code)",
            kind: kind,
            parentID: parent?.id,
            timeZone: .jakarta,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        try await store.write { tx throws(DomainError) in try tx.units.insert(unit) }
        return unit
    }

    /// Makes a user with a token, straight in the storage; without a password he cannot sign in.
    package func person(
        _ username: String,
        _ roles: [Role],
        in unit: Domain.Unit,
        password: String? = nil,
        scopes: [Scope] = [.read, .write, .admin],
        kind: Token.Kind = .personal
    ) async throws -> Person {
        var stored: Password?
        if let password { stored = Password(hash: try await environment.hasher.hash(password)) }
        let user = User(
            id: environment.ids.make(at: now),
            username: username,
            name: "Name of \(username)",
            employeeNumber: nil,
            email: nil,
            unitID: unit.id,
            roles: RoleSet(roles),
            isActive: true,
            mustChangePassword: false,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        let hash = stored
        try await store.write { tx throws(DomainError) in try tx.users.insert(user, password: hash) }
        return try await token(for: user, scopes: scopes, kind: kind)
    }

    /// Makes one more token of a user, straight in the storage, good for a year.
    package func token(for user: User, scopes: [Scope], kind: Token.Kind = .personal) async throws -> Person {
        let secret = AccessToken.generate(kind == .session ? .session : kind == .personal ? .personal : .machine)
        let token = Token(
            id: environment.ids.make(at: now),
            userID: user.id,
            kind: kind,
            name: "test",
            prefix: secret.masked,
            scopes: scopes,
            createdAt: now,
            expiresAt: now.advanced(byMilliseconds: 365 * 86_400_000),
            // In the future of every test, so that no request notes a use behind its back.
            lastUsedAt: kind == .session ? now : now.advanced(byMilliseconds: 365 * 86_400_000)
        )
        try await store.write { tx throws(DomainError) in try tx.tokens.insert(token, hash: secret.hash, address: nil) }
        return Person(user: user, token: secret.text, tokenID: token.id)
    }
}

extension APIHouse {
    /// An answer, whole.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: Headers
        package let bytes: [UInt8]

        package var text: String { String(decoding: bytes, as: UTF8.self) }

        /// The body as JSON; null when it is none.
        package var json: JSONValue { (try? JSONReader.parse(bytes)) ?? .null }

        /// The value under a path of members and places, such as `data.0.id`.
        package subscript(path: String) -> JSONValue? { json.value(at: path) }

        package func text(_ path: String) -> String? { json.text(at: path) }

        package func integer(_ path: String) -> Int? { json.integer(at: path) }

        /// The objects under `data`.
        package var data: [JSONValue] { json.elements(at: "data") }

        /// The problem code.
        package var code: String? { text("code") }
    }

    /// Asks the application, as the server would; the chunks of a streamed body are drawn to the end.
    package func send(
        _ method: HTTP.Method,
        _ target: String,
        _ body: String? = nil,
        as person: Person? = nil,
        headers: [String: String] = [:],
        from address: String = "192.0.2.1"
    ) async throws -> Answer {
        var fields = Headers()
        if let person { fields.append("authorization", "Bearer \(person.token)") }
        if body != nil, headers["content-type"] == nil { fields.append("content-type", "application/json") }
        for (name, value) in headers { fields.append(name, value) }
        let request = Request(
            method: method,
            target: try Target(parsing: target.utf8),
            headers: fields,
            body: Array((body ?? "").utf8),
            clientAddress: address,
            id: "test-\(environment.ids.make(User.ID.self, at: now).text)"
        )
        let response = await application.answer(to: request)
        var bytes: [UInt8] = []
        switch response.body {
        case .none: break
        case .bytes(let block): bytes = block.array
        case .chunks(let draw): while let chunk = try draw() { bytes += chunk }
        case .file(let file): bytes = file.bytes()
        case .feed(let feed): while case .bytes(let more) = try feed.draw() { bytes += more }
        }
        return Answer(status: response.status, headers: response.headers, bytes: bytes)
    }
}

extension JSONValue {
    /// The value under a path of members and places, such as `data.0.id`.
    package func value(at path: String) -> JSONValue? {
        var value = self
        for part in path.split(separator: ".") {
            switch value {
            case .object(let object):
                guard let member = object[String(part)] else { return nil }
                value = member
            case .array(let elements):
                guard let place = Int(part), elements.indices.contains(place) else { return nil }
                value = elements[place]
            default: return nil
            }
        }
        return value
    }

    package func text(at path: String) -> String? { if case .string(let text) = value(at: path) { text } else { nil } }

    package func integer(at path: String) -> Int? { if case .integer(let number) = value(at: path) { Int(number) } else { nil } }

    package func elements(at path: String) -> [JSONValue] { if case .array(let elements) = value(at: path) { elements } else { [] } }
}
