import Domain
import HTTP
import TestSupport
import Testing

/// Service complaints in what gathers cases of all kinds: the inbox, the search, links and comments.
@Suite struct ServiceComplaintDeskTests {
    @Test func `it waits for whoever acts next, is found by those who see it, and has no clock to stop`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let body = #"{"kind":"complaint","subject":"Zebra delay","detail":"Not installed."}"#
            let made = try await house.send(.post, "/v1/service-complaints", body, as: cast.complainant)
            let id = try #require(made.text("id"), "\(made.text)")
            let path = "/v1/service-complaints/\(id)"
            func waiting(for person: APIHouse.Person) async throws -> [String] {
                let inbox = try await house.send(.get, "/v1/me/inbox", as: person)
                let ids = inbox.data.compactMap { $0.text(at: "id") }
                let counts: [Int?] = ["draft", "submitted", "forwarded"].map { inbox.integer("counts.service_complaint.\($0)") }
                #expect(counts.compactMap { $0 } == ids.map { _ in 1 }, "\(inbox.text)")
                return ids
            }
            func found(by person: APIHouse.Person) async throws -> [String] {
                try await house.send(.get, "/v1/search?q=zeb&kind=service_complaint", as: person).data.compactMap { $0.text(at: "id") }
            }
            #expect(try await waiting(for: cast.complainant) == [id])
            #expect(try await waiting(for: cast.director) == [])
            #expect(try await house.send(.post, path + "/submit", "{}", as: cast.complainant).status == 200)
            // It could be withdrawn, which is nothing that waits.
            #expect(try await waiting(for: cast.complainant) == [])
            #expect(try await waiting(for: cast.director) == [id])
            #expect(try await found(by: cast.technician) == [])

            let officer = #"{"officer_id":"\#(cast.technician.id)"}"#
            #expect(try await house.send(.post, path + "/forward", officer, as: cast.director).status == 200)
            #expect(try await waiting(for: cast.director) == [])
            #expect(try await waiting(for: cast.technician) == [id])
            for person in [cast.complainant, cast.technician, cast.director] { #expect(try await found(by: person) == [id]) }
            for person in [cast.colleague, cast.stranger, cast.otherTechnician] { #expect(try await found(by: person) == []) }

            let ticket = try await house.complaint(cast, upTo: .submitted)
            let link = try await house.send(
                .post,
                path + "/links",
                #"{"type":"caused_by","target":"\#(ticket)"}"#,
                as: cast.complainant
            )
            #expect(link.status == 201, "\(link.text)")
            let back = try await house.send(.get, "/v1/tickets/\(ticket)/links", as: cast.complainant)
            #expect(back.text("data.0.case.number") == "PLY-2026-000001" && back.text("data.0.case.title") == "Zebra delay", "\(back.text)")
            let hidden = try await house.send(.get, "/v1/tickets/\(ticket)/links", as: cast.manager)
            #expect(hidden.status == 200 && hidden.data.isEmpty)
            #expect(try await house.send(.post, path + "/comments", #"{"text":"Quagga"}"#, as: cast.technician).status == 201)
            let remark = try await house.send(.get, "/v1/search?q=quagga", as: cast.complainant)
            #expect(remark.text("data.0.id") == id && remark.text("data.0.matched_in.0") == "comments", "\(remark.text)")

            for event in ["pause", "resume"] {
                let untimed = try await house.send(.post, "\(path)/\(event)", #"{"reason":"x"}"#, as: cast.admin)
                #expect(untimed.status == 404)
            }
        }
    }
}
