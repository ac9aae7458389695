import API
import Domain
import Files
import HTTP
import TestSupport
import Testing

/// The files of topologies: kept with the version they came to, seen by whoever sees topologies.
@Suite struct TopologyAttachmentTests {
    private static let graph = #"{"name":"Kantor","nodes":[],"links":[]}"#

    private func withTopology(
        limits: AttachmentLimits = AttachmentLimits(),
        _ body: (APIHouse, CaseCast, String) async throws -> Void
    ) async throws {
        try await APIHouse.with(limits: limits) { house throws in
            let cast = try await CaseCast(in: house)
            let made = try await house.send(.post, "/v1/topologies", Self.graph, as: cast.manager)
            try await body(house, cast, "/v1/topologies/" + (try #require(made.text("id"), "\(made.text)")))
        }
    }

    @Test func `a file comes back to whoever reads topologies, with the version it came to`() async throws {
        try await withTopology { house, cast, path throws in
            let pdf = "application/pdf"
            let first = try await house.attach("%PDF-1 lama", as: "denah.pdf", pdf, to: path, by: cast.technician)
            #expect(first.status == 201 && first.text("subject_type") == "topology" && first.integer("subject_version") == 1)
            #expect(first.text("subject_id") == path.split(separator: "/").last.map { String($0) })
            let replaced = try await house.send(.put, path, Self.graph, as: cast.manager, headers: ["if-match": "\"1\""])
            #expect(replaced.integer("version") == 2)
            let second = try await house.attach("%PDF-1 baru", as: "denah.pdf", pdf, to: path, by: cast.manager)
            #expect(second.integer("subject_version") == 2)
            let list = try await house.send(.get, path + "/attachments?include_total=true", as: cast.giver)
            #expect(Set(list.data.compactMap { $0.integer(at: "subject_version") }) == [1, 2] && list.integer("page.total") == 2)
            let href = try #require(first.text("href"))
            #expect(try await house.send(.get, href, as: cast.giver).text == "%PDF-1 lama")
            #expect(try await house.send(.get, href, as: cast.complainant).status == 404)
            #expect(try await house.send(.get, path + "/attachments", as: cast.complainant).status == 403)
            // The log tells of it.
            let log = try await house.send(.get, "/v1/events?limit=200", as: cast.admin)
            #expect(log.data.contains { $0.text(at: "type") == "topology.attach" }, "\(log.text)")
        }
    }

    @Test func `what is no file of its type, is too much or is for no topology is refused and leaves nothing`() async throws {
        var limits = AttachmentLimits()
        limits.perCase = 10
        try await withTopology(limits: limits) { house, cast, path throws in
            func send(_ content: String, _ name: String, _ type: String, to path: String, by person: APIHouse.Person) async throws
                -> String?
            {
                try await house.attach(content, as: name, type, to: path, by: person).code
            }
            #expect(try await send("<svg/>", "a.svg", "image/svg+xml", to: path, by: cast.manager) == "unsupported_media_type")
            #expect(try await send("MZ", "a.pdf", "application/pdf", to: path, by: cast.manager) == "unsupported_media_type")
            #expect(try await send("12345678901", "a.txt", "text/plain", to: path, by: cast.manager) == "quota_exceeded")
            #expect(try await send("abc", "a.txt", "text/plain", to: path, by: cast.giver) == "forbidden")
            let nothing = "/v1/topologies/top_0000000000000000000000000a"
            #expect(try await send("abc", "a.txt", "text/plain", to: nothing, by: cast.manager) == "not_found")
            #expect(house.storedFiles == 0)
        }
    }

    @Test func `who brought a file takes it away until there is another version, and its bytes go with the sweep`() async throws {
        try await withTopology { house, cast, path throws in
            func make(_ content: String) async throws -> String {
                let made = try await house.attach(content, as: "a.txt", "text/plain", to: path, by: cast.technician)
                return "/v1/attachments/" + (try #require(made.text("id"), "\(made.text)"))
            }
            func sweep() async throws -> Int {
                try await house.environment.files.sweep(storedBefore: .max) { [store = house.store] in try store.holdsFile($0) }
            }
            let (kept, gone) = (try await make("abc"), try await make("abd"))
            #expect(try await sweep() == 0 && house.storedFiles == 2)
            #expect(try await house.send(.delete, gone, as: cast.manager).status == 403)
            #expect(try await house.send(.delete, gone, as: cast.technician).status == 204)
            #expect(try await sweep() == 1 && house.storedFiles == 1)
            _ = try await house.send(.put, path, Self.graph, as: cast.manager, headers: ["if-match": "\"1\""])
            #expect(try await house.send(.delete, kept, as: cast.technician).code == "transition_refused")
            #expect(try await house.send(.delete, kept, as: cast.admin).status == 204)
        }
    }
}
