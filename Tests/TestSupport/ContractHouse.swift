package import API
package import Domain
import Files
import FoundationEssentials
import Glibc
package import HTTP
import Resources
import Security
import Storage
import StorageSQLite
import Synchronization

/// The whole service over a real database in a directory of its own, with a user for each role; requests go in without a server.
package final class ContractHouse: Sendable {
    /// What came back for one request.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: Headers
        package let body: [UInt8]

        /// The body as JSON; nil when it is none.
        package var json: JSONValue? { try? JSONReader.parse(body) }

        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The media type without its parameters.
        package var mediaType: String? { headers["content-type"].map { String($0.prefix { $0 != ";" }) } }

        /// The value at a path of member names and places, such as `user.id`.
        package subscript(path: String) -> JSONValue? {
            path.split(separator: ".").reduce(json) { value, name in
                switch value {
                case .object(let object): object[String(name)]
                case .array(let elements): Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
                default: nil
                }
            }
        }

        /// The text at a path; empty when there is none.
        package func string(_ path: String) -> String { if case .string(let text) = self[path] { text } else { "" } }
    }

    /// Someone who can sign in.
    package struct Person: Sendable {
        package let user: User
        package let token: String
    }

    package static let password = "Kopi tubruk di beranda 71"

    package let application: Application
    package let document: APIDocument
    package let directorate: Domain.Unit
    package let office: Domain.Unit
    private let store: SQLiteStore
    private let people = Mutex<[Role: Person]>([:])
    private let time: Moment
    private let requests = Atomic(0)
    private let hash: String
    private let ids: IdentifierSource

    /// A clock that a test moves.
    private final class Moment: Sendable {
        let now = Mutex(Instant(rfc3339: "2026-11-23T02:00:00Z") ?? Instant(milliseconds: 0))
    }

    /// Opens a house, lets `body` use it, and leaves nothing behind.
    package static func withHouse<Value>(_ body: (ContractHouse) async throws -> Value) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appending(path: "contract-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let house = try await ContractHouse(in: directory.path)
        do {
            let value = try await body(house)
            await house.store.close()
            return value
        } catch {
            await house.store.close()
            throw error
        }
    }

    private init(in directory: String) async throws {
        let moment = Moment()
        let clock: @Sendable () -> Instant = { moment.now.withLock { $0 } }
        let ids = IdentifierSource()
        let hasher = try PasswordHasher(passes: PasswordHasher.leastPasses, memoryBytes: PasswordHasher.leastMemoryBytes)
        let store = try SQLiteStore(path: "\(directory)/kimr.sqlite", migrations: Schema.migrations) { connection in
            SQLRepositories(connection) { Digest.sha256($0) }
        }
        // Safety: the resource is a constant of the program, as long as its count says.
        let catalogue = Array(UnsafeBufferPointer(start: sikimr_procedures.bytes, count: sikimr_procedures.count))
        let procedures = try Catalogue.procedures(in: catalogue)
        hash = try await hasher.hash(Self.password)
        let now = clock()
        let units = [("KI", "Direktorat Kepatuhan Intern", Domain.Unit.Kind.directorate), ("BPPW", "Balai", .regionalOffice)].map {
            code,
            name,
            kind in
            Domain.Unit(
                id: ids.make(at: now),
                code: code,
                name: name,
                kind: kind,
                parentID: nil,
                timeZone: .jakarta,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
        }
        (directorate, office) = (units[0], units[1])
        try await store.write { tx throws(DomainError) in
            for procedure in procedures { try tx.procedures.insert(procedure, at: now) }
            for unit in units { try tx.create(unit, by: nil, at: now, ids: ids) }
        }
        document = try APIDocument()
        application = Application(
            Environment(
                store: store,
                files: try FileStore(directory: "\(directory)/attachments", reserve: 0),
                clock: clock,
                ids: ids,
                hasher: hasher,
                passwords: .default
            ),
            document: document,
            settings: Application.Settings(
                rateLimit: 10_000_000,
                monotonic: { 0 },
                storage: {
                    StorageReport(batches: 0, writes: 0, batchSizes: [], queueDepth: 0, databaseBytes: 0, logBytes: 0)
                },
                isReady: { true }
            ),
            log: Log(format: .off, clock: clock) { _ in }
        )
        (self.store, self.ids, time) = (store, ids, moment)
        for role in Role.allCases { try await addPerson(role) }
    }

    private func addPerson(_ role: Role) async throws {
        let now = time.now.withLock { $0 }
        let user = User(
            id: ids.make(at: now),
            username: role.rawValue,
            name: "Orang \(role.rawValue)",
            employeeNumber: nil,
            email: nil,
            unitID: role == .workUnit ? office.id : directorate.id,
            roles: RoleSet([role]),
            isActive: true,
            mustChangePassword: false,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        let (ids, hash) = (ids, hash)
        try await store.write { tx throws(DomainError) in
            try tx.create(user, password: Password(hash: hash), by: nil, at: now, ids: ids)
        }
        let body = #"{"username":"\#(user.username)","password":"\#(Self.password)"}"#
        let session = await send(.post, "/v1/sessions", body: body)
        people.withLock { $0[role] = Person(user: user, token: session.string("token")) }
    }

    /// The user who holds this role and no other.
    package func person(_ role: Role) throws -> Person {
        guard let person = people.withLock({ $0[role] }), !person.token.isEmpty else { throw Missing(role: role) }
        return person
    }

    /// There is no signed-in user of a role.
    package struct Missing: Error {
        package let role: Role
    }

    /// Lets the time of the service pass.
    package func pass(seconds: Int64) { time.now.withLock { $0 = $0.advanced(byMilliseconds: seconds * 1000) } }

    /// Does what is due by the clock.
    package func tick() async throws {
        let now = time.now.withLock { $0 }
        try await Clockwork([ScheduledSteps()]).run(at: now, in: store, ids: ids)
    }

    /// Sends a request to the application; with a body it is JSON unless `headers` say otherwise.
    package func send(
        _ method: HTTP.Method,
        _ target: String,
        as role: Role? = nil,
        token: String? = nil,
        body: String? = nil,
        headers: [(String, String)] = []
    ) async -> Answer {
        var fields = Headers()
        for (name, value) in headers { fields.append(name, value) }
        if let token = token ?? role.flatMap({ role in people.withLock { $0[role]?.token } }) {
            fields.append("authorization", "Bearer \(token)")
        }
        if body != nil, fields["content-type"] == nil { fields.append("content-type", "application/json") }
        guard let parsed = try? Target(parsing: target.utf8) else { return Answer(status: 0, headers: fields, body: []) }
        let number = requests.wrappingAdd(1, ordering: .relaxed).newValue
        let request = Request(
            method: method,
            target: parsed,
            headers: fields,
            body: Array((body ?? "").utf8),
            clientAddress: "192.0.2.1",
            id: "req-\(number)"
        )
        let response = await application.answer(to: request)
        return Answer(status: response.status, headers: response.headers, body: Self.bytes(of: response.body))
    }

    private static func bytes(of body: Response.Body) -> [UInt8] {
        switch body {
        case .none: return []
        case .bytes(let block): return block.array
        case .chunks(let next):
            var all: [UInt8] = []
            while let chunk = try? next() { all += chunk }
            return all
        case .file(let file): return file.bytes()
        case .feed(let feed):
            var all: [UInt8] = []
            while case .bytes(let bytes)? = try? feed.draw() { all += bytes }
            return all
        }
    }
}
