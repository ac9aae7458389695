import Domain
import HTTP
import TestSupport
import Testing

/// Links between cases.
@Suite struct LinkTests {
    @Test func `a link is shown on both of its cases and told in the history of both`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let consultation = try await house.consultation(desk.cast, upTo: .assigned)
            let item = try await house.workItem(desk, title: "Write the guideline")
            let made = try await house.expect(
                201,
                .post,
                "/v1/consultations/\(consultation)/links",
                #"{"type":"blocks","target":"WSP-2026-000001"}"#,
                as: desk.cast.admin
            )
            let id = try #require(made.text("id"))
            #expect(made.headers["location"] == "/v1/consultations/\(consultation)/links/\(id)")
            #expect(made.text("direction") == "outgoing" && made.text("type") == "blocks")
            #expect(made.text("case.id") == item && made.text("case.title") == "Write the guideline")

            let out = try await house.expect(200, .get, "/v1/consultations/\(consultation)/links?include_total=true", as: desk.cast.head)
            #expect(out.data.map { $0.text(at: "id") } == [id] && out.integer("page.total") == 1)
            #expect(out.text("data.0.case.kind") == "workspace_item" && out.text("data.0.case.number") == "WSP-2026-000001")
            #expect(out.text("data.0.case.status") == "assigned" && out.text("data.0.case.href") == "/v1/workspace-items/\(item)")
            let back = try await house.expect(200, .get, "/v1/workspace-items/\(item)/links", as: desk.cast.head)
            #expect(back.text("data.0.direction") == "incoming" && back.text("data.0.case.id") == consultation)
            #expect(back.text("data.0.case.title") == "A question")
            let csv = try await house.expect(200, .get, "/v1/workspace-items/\(item)/links?format=csv", as: desk.cast.head)
            #expect(csvRows(csv.text).last?.prefix(5) == [id, "blocks", "incoming", "consultation", consultation])

            try await house.expect(204, .delete, "/v1/workspace-items/\(item)/links/\(id)", as: desk.cast.admin)
            try await house.expect(404, .delete, "/v1/consultations/\(consultation)/links/\(id)", as: desk.cast.admin)
            for path in ["consultations/\(consultation)", "workspace-items/\(item)"] {
                #expect(try await house.expect(200, .get, "/v1/\(path)/links", as: desk.cast.admin).data.isEmpty)
                let history = try await house.expect(200, .get, "/v1/\(path)/history?limit=2", as: desk.cast.admin)
                #expect(history.data.map { $0.text(at: "event") } == ["unlink", "link"])
                #expect(history.data.allSatisfy { $0.text(at: "changed.0") == "links/\(id)" })
            }
        }
    }

    @Test func `whoever does not see the other case sees no link, makes none and takes none away`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let consultation = try await house.consultation(desk.cast, upTo: .assigned)
            let foreign = try await house.consultation(desk.cast, asker: desk.cast.stranger)
            let item = try await house.workItem(desk, title: "Secret work")
            let ticket = try await house.ticket(by: desk.cast.asker)
            let links = "/v1/consultations/\(consultation)/links"
            var ids: [String] = []
            for target in [foreign, item, ticket] {
                let made = try await house.expect(201, .post, links, #"{"type":"relates_to","target":"\#(target)"}"#, as: desk.cast.admin)
                ids.append(try #require(made.text("id")))
            }
            let seen = try await house.expect(200, .get, links + "?include_total=true", as: desk.cast.asker)
            #expect(seen.data.map { $0.text(at: "case.id") } == [ticket] && seen.integer("page.total") == 1)
            #expect(try await house.expect(200, .get, links, as: desk.cast.officer).data.isEmpty)
            let history = try await house.expect(200, .get, "/v1/consultations/\(consultation)/history", as: desk.cast.asker)
            #expect(!history.text.contains(item) && !history.text.contains(foreign) && !history.text.contains("Secret"))
            for (target, id) in zip([foreign, item], ids) {
                let body = #"{"type":"blocks","target":"\#(target)"}"#
                let refused = try await house.expect(422, .post, links, body, as: desk.cast.asker)
                #expect(refused.text("errors.0.code") == "unknown_reference" && refused.text("errors.0.pointer") == "/target")
                try await house.expect(404, .delete, "\(links)/\(id)", as: desk.cast.asker)
            }
            try await house.expect(204, .delete, "\(links)/\(ids[2])", as: desk.cast.asker)
            // A token for consultations alone shows and names no ticket, whoever holds it.
            try await house.expect(201, .post, links, #"{"type":"blocks","target":"\#(ticket)"}"#, as: desk.cast.asker)
            let narrow = try await house.token(
                for: desk.cast.asker.user,
                scopes: [.init(rawValue: "consultations:read"), .init(rawValue: "consultations:write")].compactMap { $0 }
            )
            #expect(try await house.expect(200, .get, links, as: narrow).data.isEmpty)
            try await house.expect(422, .post, links, #"{"type":"caused_by","target":"\#(ticket)"}"#, as: narrow)
            try await house.expect(404, .get, links, as: desk.cast.stranger)
            try await house.expect(403, .post, links, #"{"type":"blocks","target":"\#(ticket)"}"#, as: desk.cast.director)
            try await house.expect(404, .get, "/v1/workspace-items/\(item)/links", as: desk.cast.asker)
        }
    }

    @Test func `a link is made once, never to its own case and never to what is none`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let one = try await house.consultation(desk.cast)
            let two = try await house.consultation(desk.cast)
            func link(_ from: String, _ type: String, _ to: String, _ status: Int) async throws -> APIHouse.Answer {
                try await house.expect(
                    status,
                    .post,
                    "/v1/consultations/\(from)/links",
                    #"{"type":"\#(type)","target":"\#(to)"}"#,
                    as: desk.cast.asker
                )
            }
            _ = try await link(one, "blocks", two, 201)
            #expect(try await link(one, "blocks", two, 409).text("pointer") == "/target")
            _ = try await link(two, "blocks", one, 201)
            _ = try await link(one, "relates_to", two, 201)
            #expect(try await link(two, "relates_to", one, 409).code == "conflict")
            #expect(try await link(one, "caused_by", one, 422).text("errors.0.code") == "not_allowed")
            #expect(try await link(one, "caused_by", "KON-2026-000001", 422).text("errors.0.code") == "not_allowed")
            for target in ["KON-2026-999999", "con_00000000000000000000000000", "usr_00000000000000000000000000", "x"] {
                #expect(try await link(one, "blocks", target, 422).text("errors.0.code") == "unknown_reference")
            }
            #expect(try await link(one, "hates", two, 422).text("errors.0.code") == "not_one_of")
            let page = try await house.expect(200, .get, "/v1/consultations/\(one)/links?limit=2&sort=created_at", as: desk.cast.asker)
            #expect(page.data.map { $0.text(at: "type") } == ["blocks", "blocks"])
            let cursor = try #require(page.text("page.next_cursor"))
            let target = "/v1/consultations/\(one)/links?limit=2&sort=created_at&cursor=\(cursor)"
            let rest = try await house.expect(200, .get, target, as: desk.cast.asker)
            #expect(rest.data.map { $0.text(at: "type") } == ["relates_to"])
        }
    }
}
