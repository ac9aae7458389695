import Domain
import HTTP
import TestSupport
import Testing

/// The register of equipment: what is due, who sees and changes what, and the tickets that name it.
@Suite struct EquipmentTests {
    private static func body(_ serial: String, in unit: Domain.Unit, _ more: String = "") -> String {
        #"{"kind":"network","brand":"MikroTik","serial":"\#(serial)","unit_id":"\#(unit.id.text)"\#(more)}"#
    }

    private func make(_ house: APIHouse, _ body: String, by keeper: APIHouse.Person) async throws -> String {
        let made = try await house.send(.post, "/v1/equipment", body, as: keeper)
        return try #require(made.text("id"), "\(made.text)")
    }

    @Test func `what is in use and to be replaced within 90 days is due for renewal`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            // Today is 16 November 2026 in Jakarta; 90 days on it is 14 February 2027.
            let pieces = [
                ("past", #","renewal_date":"2020-01-01""#), ("last", #","renewal_date":"2027-02-14""#),
                ("after", #","renewal_date":"2027-02-15""#), ("never", ""),
                ("retired", #","renewal_date":"2020-01-01","condition":"retired""#),
            ]
            for (serial, more) in pieces { _ = try await make(house, Self.body(serial, in: cast.unit, more), by: cast.manager) }
            func serials(_ query: String) async throws -> [String] {
                try await house.send(.get, "/v1/equipment?sort=created_at&\(query)", as: cast.director).data.compactMap {
                    $0.text(at: "serial")
                }
            }
            #expect(try await serials("due_for_renewal=true") == ["past", "last"])
            #expect(try await serials("due_for_renewal=false") == ["after", "never", "retired"])
            #expect(try await serials("due_for_renewal=true&limit=1") == ["past"])
            #expect(try await serials("condition=retired&kind=network&unit_id=\(cast.unit.id.text)") == ["retired"])
            #expect(try await serials("q=MIKROtik&condition=good").count == 4)
            #expect(try await serials("q=nev") == ["never"])
            #expect(try await serials("q=ever") == [])
        }
    }

    @Test func `a unit sees what it has, the directorate all`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let id = try await make(house, Self.body("A", in: cast.unit), by: cast.manager)
            _ = try await make(house, Self.body("B", in: cast.otherUnit), by: cast.manager)
            for (person, serials) in [(cast.colleague, ["A"]), (cast.stranger, ["B"]), (cast.giver, ["B", "A"]), (cast.guest, [])] {
                let list = try await house.send(.get, "/v1/equipment?include_total=true", as: person)
                #expect(list.data.compactMap { $0.text(at: "serial") } == serials && list.integer("page.total") == serials.count)
                #expect(try await house.send(.get, "/v1/equipment/\(id)", as: person).status == (serials.contains("A") ? 200 : 404))
            }
            let elsewhere = try await house.send(.get, "/v1/equipment?unit_id=\(cast.otherUnit.id.text)", as: cast.colleague)
            #expect(elsewhere.status == 200 && elsewhere.data.isEmpty)
        }
    }

    @Test func `an ICT officer reports the condition and nothing else, and retires nothing`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = "/v1/equipment/" + (try await make(house, Self.body("A", in: cast.unit), by: cast.manager))
            func patch(_ body: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.patch, path, body, as: person, headers: ["if-match": "*"])
            }
            #expect(try await patch(#"{"condition":"broken"}"#, as: cast.technician).integer("version") == 2)
            #expect(try await patch(#"{"condition":"fair","place":"Lobby"}"#, as: cast.technician).status == 403)
            #expect(try await patch(#"{"condition":"retired"}"#, as: cast.technician).status == 403)
            #expect(try await house.send(.post, "/v1/equipment", Self.body("B", in: cast.unit), as: cast.technician).status == 403)
            #expect(try await patch(#"{"condition":"retired"}"#, as: cast.manager).status == 200)
            #expect(try await patch(#"{"condition":"good"}"#, as: cast.technician).status == 403)
            #expect(try await house.send(.get, path, as: cast.technician).text("condition") == "retired")
        }
    }

    @Test func `a serial is taken once for each brand, and dates follow each other`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let id = try await make(house, Self.body("A", in: cast.unit), by: cast.manager)
            let same = try await house.send(.post, "/v1/equipment", Self.body("A", in: cast.otherUnit), as: cast.admin)
            #expect(same.status == 409 && same.text("pointer") == "/serial")
            let other = Self.body("A", in: cast.unit).replacing("MikroTik", with: "Cisco")
            let second = try await make(house, other, by: cast.manager)
            let renamed = try await house.send(
                .patch,
                "/v1/equipment/\(second)",
                #"{"brand":"MikroTik"}"#,
                as: cast.manager,
                headers: ["if-match": "\"1\""]
            )
            #expect(renamed.status == 409)
            let early = #"{"bought":"2026-02-01","renewal_date":"2026-01-31"}"#
            let dates = try await house.send(.patch, "/v1/equipment/\(id)", early, as: cast.manager, headers: ["if-match": "*"])
            #expect(dates.status == 422 && dates.text("errors.0.pointer") == "/renewal_date")
            let nowhere = try await house.send(
                .post,
                "/v1/equipment",
                #"{"kind":"ups","brand":"APC","serial":"1","unit_id":"unt_0000000000000000000000000a","bought":"2026-02-01","renewal_date":"2026-01-31"}"#,
                as: cast.manager
            )
            #expect(nowhere.json.elements(at: "errors").compactMap { $0.text(at: "pointer") } == ["/renewal_date", "/unit_id"])
            #expect(try await house.send(.get, "/v1/equipment/\(id)", as: cast.manager).integer("version") == 1)
        }
    }

    @Test func `a ticket names equipment that its writer may see`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let own = try await make(house, Self.body("A", in: cast.unit), by: cast.manager)
            let foreign = try await make(house, Self.body("B", in: cast.otherUnit), by: cast.manager)
            func file(_ equipment: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(
                    .post,
                    "/v1/tickets",
                    #"{"kind":"complaint","problem":"x","equipment_id":"\#(equipment)"}"#,
                    as: person
                )
            }
            let ticket = try await file(own, as: cast.complainant)
            #expect(ticket.status == 201 && ticket.text("equipment_id") == own)
            #expect(try await file(foreign, as: cast.giver).status == 201)
            for equipment in [foreign, "eqp_0000000000000000000000000a"] {
                let refused = try await file(equipment, as: cast.complainant)
                #expect(refused.status == 422 && refused.text("errors.0.code") == "unknown_reference")
                #expect(refused.text("errors.0.pointer") == "/equipment_id")
            }
            let path = "/v1/tickets/" + (try #require(ticket.text("id")))
            func patch(_ body: String) async throws -> APIHouse.Answer {
                try await house.send(.patch, path, body, as: cast.complainant, headers: ["if-match": "*"])
            }
            #expect(try await patch(#"{"equipment_id":"\#(foreign)"}"#).status == 422)
            // A piece that has left the unit since stays named, but cannot be named anew.
            let move = #"{"unit_id":"\#(cast.otherUnit.id.text)"}"#
            _ = try await house.send(.patch, "/v1/equipment/\(own)", move, as: cast.manager, headers: ["if-match": "*"])
            #expect(try await patch(#"{"problem":"y"}"#).text("equipment_id") == own)
            let found = try await house.send(.get, "/v1/tickets?equipment_id=\(own)", as: cast.manager)
            #expect(found.data.compactMap { $0.text(at: "id") } == [ticket.text("id")])
            #expect(try await patch(#"{"equipment_id":null}"#)["equipment_id"] == .null)
            #expect(try await patch(#"{"equipment_id":"\#(own)"}"#).status == 422)
        }
    }
}
