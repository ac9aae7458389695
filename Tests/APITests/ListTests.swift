import API
import Domain
import HTTP
import TestSupport
import Testing

/// Lists: pages, cursors, filters, totals, CSV and full text.
@Suite struct ListTests {
    /// All ids of a list, page by page; between the pages `meanwhile` happens.
    private func walk(
        _ house: APIHouse,
        _ target: String,
        as person: APIHouse.Person,
        meanwhile: () async throws -> Void = {}
    ) async throws -> [String] {
        var ids: [String] = []
        var next: String? = target
        while let target = next {
            let page = try await house.send(.get, target, as: person)
            try #require(page.status == 200, "\(target): \(page.text)")
            ids += page.data.compactMap { $0.text(at: "id") }
            next = nil
            if let link = page.headers["link"] {
                let cursor = try #require(page.text("page.next_cursor"))
                #expect(page.json.value(at: "page.has_more") == .bool(true) && link.hasSuffix(">; rel=\"next\"") && link.contains(cursor))
                next = String(link.dropFirst().prefix { $0 != ">" })
            } else {
                #expect(page.json.value(at: "page.next_cursor") == .null && page.json.value(at: "page.has_more") == .bool(false))
            }
            try await meanwhile()
        }
        return ids
    }

    @Test func `a walk sees each once and in order, both ways, while others are made`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            var made: [String] = []
            for number in 0..<60 {
                if number % 3 == 0 { house.pass(milliseconds: 1) }
                made.append(try await house.consultation(cast, asker: number % 5 == 0 ? cast.stranger : cast.asker))
            }
            let other = cast.stranger
            for query in ["limit=7", "limit=7&status=draft,submitted", "limit=7&q=question", "limit=7&q=question&status=draft"] {
                let down = try await walk(house, "/v1/consultations?\(query)", as: cast.director) {
                    _ = try await house.consultation(cast, asker: other)
                }
                // Newer ones come before the first page, so that the walk does not meet them.
                let all = try await walk(house, "/v1/consultations?limit=200&sort=created_at", as: cast.director)
                #expect(down == all.prefix(down.count).reversed(), "\(query)")
                #expect(Set(made).isSubset(of: down))
                let up = try await walk(house, "/v1/consultations?sort=created_at&\(query)", as: cast.director)
                #expect(up == all, "\(query)")
                let own = try await walk(house, "/v1/consultations?\(query)", as: cast.asker) {
                    _ = try await house.consultation(cast, asker: other)
                }
                #expect(own == made.enumerated().filter { $0.offset % 5 != 0 }.map(\.element).reversed(), "\(query)")
            }
            let timings = try await walk(house, "/v1/step-timings?limit=9", as: cast.director)
            #expect(Set(timings).count == timings.count && timings == timings.sorted(by: >) && timings.count >= 120)
        }
    }

    @Test func `a cursor serves its own list only and cannot be made by hand`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for _ in 0..<3 { _ = try await house.consultation(cast) }
            let first = try await house.send(.get, "/v1/consultations?limit=1&status=draft", as: cast.asker)
            let cursor = try #require(first.text("page.next_cursor"))
            for target in [
                "/v1/consultations?limit=2&status=draft&cursor=", "/v1/consultations?status=draft&include_total=true&limit=1&cursor=",
                "/v1/consultations?status=draft&format=csv&cursor=",
            ] {
                #expect(try await house.send(.get, target + cursor, as: cast.asker).status == 200, "\(target)")
            }
            let others = [
                "/v1/consultations?cursor=\(cursor)", "/v1/consultations?status=submitted&cursor=\(cursor)",
                "/v1/consultations?status=draft&sort=created_at&cursor=\(cursor)", "/v1/consultations?status=draft&q=x&cursor=\(cursor)",
                "/v1/step-timings?cursor=\(cursor)", "/v1/consultations?status=draft&cursor=",
                "/v1/consultations?status=draft&cursor=\(cursor)0", "/v1/consultations?status=draft&cursor=\(cursor.dropLast(2))",
                "/v1/consultations?status=draft&cursor=\(cursor.dropLast())\(cursor.hasSuffix("0") ? "1" : "0")",
                "/v1/consultations?status=draft&cursor=\(cursor.prefix(16))",
                "/v1/consultations?status=draft&cursor=zz\(cursor.dropFirst(2))",
                "/v1/consultations?status=draft&cursor=\(String(repeating: "0", count: 400))",
                "/v1/consultations?status=draft&cursor=%F0%9F%98%80",
            ]
            for target in others {
                let refused = try await house.send(.get, target, as: cast.asker)
                #expect(refused.status == 400 && refused.code == "invalid_parameter", "\(target)")
                #expect(refused.json.elements(at: "errors").compactMap { $0.text(at: "parameter") } == ["cursor"], "\(target)")
            }
        }
    }

    @Test func `each filter keeps what it names and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let topical = #"{"subject":"A question","detail":"Text","topic":"compliance"}"#
            let draft = try await house.consultation(cast, topical)
            house.pass(seconds: 3600)
            let middle = house.now
            let assigned = try await house.consultation(cast, upTo: .assigned)
            house.pass(seconds: 3600)
            let foreign = try await house.consultation(cast, upTo: .closed, asker: cast.stranger, officer: cast.otherOfficer)
            let (late, just) = (house.now.rfc3339, middle.rfc3339)
            let cases: [(String, [String])] = [
                ("status=draft", [draft]), ("status=assigned,closed", [assigned, foreign]), ("status=closed,closed", [foreign]),
                ("status=verified", []), ("unit_id=\(cast.unit.id.text)", [draft, assigned]),
                ("unit_id=\(cast.directorate.id.text)", []), ("officer_id=\(cast.officer.id)", [assigned]),
                ("requester_id=\(cast.stranger.id)", [foreign]), ("topic=compliance", [draft]), ("topic=risk_management", []),
                ("created_at.gte=\(just)", [assigned, foreign]), ("created_at.gt=\(just)", [foreign]), ("created_at.lt=\(just)", [draft]),
                ("created_at.lte=\(just)", [draft, assigned]), ("created_at.gte=\(just)&created_at.lt=\(late)", [assigned]),
                ("status=draft,closed&unit_id=\(cast.otherUnit.id.text)", [foreign]),
                ("q=question&officer_id=\(cast.officer.id)", [assigned]), ("q=question&status=draft,assigned&topic=compliance", [draft]),
                ("q=question&created_at.gte=\(late)", [foreign]),
                ("created_at.gte=2026-11-16T08:00:00.000%2B07:00", [draft, assigned, foreign]),
            ]
            for (query, expected) in cases {
                for (order, ids) in [("", expected.sorted(by: >)), ("&sort=created_at", expected.sorted())] {
                    let list = try await house.send(.get, "/v1/consultations?include_total=true&\(query)\(order)", as: cast.director)
                    #expect(list.data.compactMap { $0.text(at: "id") } == ids, "\(query)\(order): \(list.text)")
                    #expect(list.integer("page.total") == ids.count, "\(query)")
                    #expect(list.json.value(at: "page.total_capped") == .bool(false))
                }
            }
            let wrong: [(String, String)] = [
                ("status=open", "status"), ("status=draft,", "status"), ("topic=other", "topic"), ("unit_id=x", "unit_id"),
                ("officer_id=\(cast.unit.id.text)", "officer_id"), ("created_at.gte=yesterday", "created_at.gte"), ("limit=0", "limit"),
                ("limit=201", "limit"), ("limit=1e2", "limit"), ("limit=+5", "limit"), ("sort=number", "sort"), ("format=pdf", "format"),
                ("include_total=1", "include_total"), ("q=", "q"), ("page=2", "page"), ("created_at=2026-11-16", "created_at"),
                ("limit=5&limit=6", "limit"), ("Status=draft", "Status"),
            ]
            for (query, name) in wrong {
                let refused = try await house.send(.get, "/v1/consultations?\(query)", as: cast.director)
                #expect(refused.status == 400 && refused.code == "invalid_parameter", "\(query)")
                #expect(refused.json.elements(at: "errors").compactMap { $0.text(at: "parameter") } == [name], "\(query): \(refused.text)")
            }
            let both = try await house.send(.get, "/v1/consultations?limit=0&status=open&unit_id=x", as: cast.director)
            #expect(Set(both.json.elements(at: "errors").compactMap { $0.text(at: "parameter") }) == ["limit", "status", "unit_id"])
        }
    }

    @Test func `step timings are filtered by everything they carry`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast, upTo: .inVerification)
            _ = try await house.send(.post, "/v1/consultations/\(id)/return", #"{"reason":"Again"}"#, as: cast.head)
            let late = try await house.consultation(cast)
            house.pass(seconds: 3 * 86_400)
            let fresh = try await house.consultation(cast)
            let all = try await house.send(.get, "/v1/step-timings?limit=200", as: cast.director).data
            #expect(all.count == 10)
            func count(_ query: String) async throws -> Int? {
                let list = try await house.send(.get, "/v1/step-timings?include_total=true&\(query)", as: cast.director)
                #expect(list.data.count == list.integer("page.total"), "\(query): \(list.text)")
                return list.integer("page.total")
            }
            let expected: [(String, Int)] = [
                ("procedure=consultation", 10), ("procedure=other", 0), ("subject_type=consultation", 10), ("subject_id=\(late)", 2),
                ("step_no=4", 2), ("step_code=draft-answer", 2), ("step_no=4&attempt=2", 1), ("attempt=1", 9),
                ("performer_id=\(cast.officer.id)", 2), ("role=work-unit", 6), ("outcome=no", 1), ("outcome=done", 6), ("verdict=late", 0),
                ("verdict=on_time", 2), ("verdict=no_standard", 6), ("verdict=overdue", 1), ("verdict=running", 1),
                ("from=\(house.now.rfc3339)", 2), ("to=\(house.now.rfc3339)", 8),
                ("subject_id=\(fresh)&verdict=running&from=\(house.now.rfc3339)", 1),
            ]
            for (query, total) in expected { #expect(try await count(query) == total, "\(query)") }
            for query in ["verdict=slow", "step_no=0", "outcome=maybe", "subject_type=user", "from=x", "started_at=x"] {
                #expect(try await house.send(.get, "/v1/step-timings?\(query)", as: cast.director).status == 400, "\(query)")
            }
        }
    }

    @Test func `a total is exact to ten thousand and says when it stops there`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let (ids, now) = (house.environment.ids, house.now)
            func add(_ range: Range<Int>) async throws {
                try await house.store.write { tx throws(DomainError) in
                    for number in range {
                        let unit = Domain.Unit(
                            id: ids.make(at: now),
                            code: "N\(number)",
                            name: "Unit",
                            kind: .satker,
                            parentID: nil,
                            timeZone: .jakarta,
                            createdAt: now,
                            updatedAt: now,
                            version: 1
                        )
                        try tx.units.insert(unit)
                    }
                }
            }
            try await add(0..<10_000)
            func page() async throws -> APIHouse.Answer {
                try await house.send(.get, "/v1/units?kind=satker&limit=1&include_total=true", as: cast.asker)
            }
            let exact = try await page()
            #expect(exact.integer("page.total") == 10_000 && exact.json.value(at: "page.total_capped") == .bool(false))
            try await add(10_000..<10_001)
            let capped = try await page()
            #expect(capped.integer("page.total") == 10_000 && capped.json.value(at: "page.total_capped") == .bool(true))
            let without = try await house.send(.get, "/v1/units?kind=satker&limit=1", as: cast.asker)
            #expect(without.json.value(at: "page.total") == nil)
            // The CSV has them all, though the pages end at 200.
            let csv = try await house.send(.get, "/v1/units?kind=satker&limit=1&format=csv", as: cast.asker)
            #expect(csvRows(csv.text).count == 10_002)
        }
    }

    @Test func `the CSV of all pages says what the JSON pages say`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let odd = #"{"subject":"=SUM(A1), \"quoted\"","detail":"Line one\nline two; +62, -1"}"#
            _ = try await house.consultation(cast, odd)
            for number in 0..<520 { _ = try await house.consultation(cast, upTo: number % 50 == 0 ? .answered : .draft) }
            for person in [cast.asker, cast.director] {
                let csv = try await house.send(.get, "/v1/consultations?limit=3", as: person, headers: ["accept": "text/csv"])
                #expect(csv.headers["content-type"] == "text/csv; charset=utf-8; header=present")
                #expect(csv.headers["content-disposition"] == "attachment; filename=\"consultations.csv\"")
                let rows = csvRows(csv.text)
                let header = try #require(rows.first)
                var json: [JSONValue] = []
                var cursor = ""
                repeat {
                    let page = try await house.send(.get, "/v1/consultations?limit=200\(cursor)", as: person)
                    json += page.data
                    cursor = page.text("page.next_cursor").map { "&cursor=\($0)" } ?? ""
                } while !cursor.isEmpty
                #expect(rows.count == json.count + 1 && json.count == 521)
                for (row, element) in zip(rows.dropFirst(), json) {
                    for (name, cell) in zip(header, row) {
                        let path = ["step_no": "clock.step_no", "step_code": "clock.step_code", "clock_state": "clock.state"][name]
                        let place = path ?? (name == "due_at" ? "clock.due_at" : name)
                        let value = element.text(at: place) ?? element.integer(at: place).map(String.init) ?? ""
                        let isFormula = ["=", "+", "-", "@"].contains { value.hasPrefix($0) }
                        try #require(cell == (isFormula ? "'" + value : value), "\(name)")
                    }
                }
            }
        }
    }

    @Test func `full text finds prefixes of all words, without marks, and obeys no operator`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let first = try await house.consultation(cast, #"{"subject":"Pengadaan server","detail":"Réforme birokrasi dan Café"}"#)
            let second = try await house.consultation(cast, #"{"subject":"Pengelolaan risiko","detail":"Server lama, near miss NOT OR"}"#)
            let both = [second, first]
            let finds: [(String, [String])] = [
                ("peng", both), ("PENG", both), ("server", both), ("pengadaan", [first]), ("peng%20lama", [second]),
                ("lama+server", [second]),
                ("gadaan", []), ("reforme", [first]), ("r%C3%A9forme", [first]), ("cafe", [first]), ("caf%C3%A9", [first]),
                ("cafe%CC%81", [first]), ("re%CC%81forme", [first]),
                ("server+birokrasi+dan", [first]), ("KON-2026-000002", [second]), ("000001", [first]),
                ("%22server%22", both), ("server%22", both), ("subject:server", []), ("server*", both),
                ("server)%20OR%20(risiko", [second]),
                ("near(server)", [second]), ("not+server", [second]), ("-server", both), ("server^2", both), ("server^3", []),
                ("%27%3B+drop+table", []),
                ("%22%22", []), ("***", []), ("%2B", []), ("%F0%9F%98%80", []),
                (String(repeating: "a+", count: 99), []),
            ]
            for (words, expected) in finds {
                for path in ["/v1/consultations?q=\(words)", "/v1/consultations?include_total=true&q=\(words)"] {
                    let answer = try await house.send(.get, path, as: cast.asker)
                    #expect(answer.status == 200, "\(words): \(answer.text)")
                    #expect(answer.data.compactMap { $0.text(at: "id") } == expected, "\(words)")
                }
            }
            for words in ["%0A", String(repeating: "a", count: 201)] {
                #expect(try await house.send(.get, "/v1/consultations?q=\(words)", as: cast.asker).status == 400)
            }
        }
    }
}
