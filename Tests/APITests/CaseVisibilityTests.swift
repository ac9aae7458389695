import Domain
import HTTP
import TestSupport
import Testing

/// Who sees which work item and which ticket: single, listed, searched, counted and as CSV alike.
@Suite struct CaseVisibilityTests {
    /// What each person sees of all the cases of one collection.
    private func check(
        _ collection: String,
        words: String,
        open: String,
        all: [String],
        _ sights: [(person: APIHouse.Person, seen: [String])],
        in house: APIHouse
    ) async throws {
        for (person, seen) in sights {
            let who = person.user.username
            for id in all {
                let status = seen.contains(id) ? 200 : 404
                for path in ["", "/history", "/timings"] {
                    #expect(try await house.send(.get, "/v1/\(collection)/\(id)\(path)", as: person).status == status, "\(who) \(path)")
                }
            }
            let expected = seen.sorted(by: >)
            for query in ["", "&q=\(words)", "&sort=-created_at", "&status=\(open)"] {
                let list = try await house.send(.get, "/v1/\(collection)?include_total=true\(query)", as: person)
                #expect(list.data.compactMap { $0.text(at: "id") } == expected, "\(who) \(query)")
                #expect(list.integer("page.total") == seen.count, "\(who) \(query)")
            }
            var paged: [String] = []
            var cursor = ""
            repeat {
                let page = try await house.send(.get, "/v1/\(collection)?limit=1\(cursor)", as: person)
                paged += page.data.compactMap { $0.text(at: "id") }
                cursor = page.text("page.next_cursor").map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty && paged.count <= all.count
            #expect(paged == expected, "\(who)")
            let csv = try await house.send(.get, "/v1/\(collection)?format=csv", as: person)
            #expect(csvRows(csv.text).dropFirst().map { $0[0] } == expected, "\(who)")
            #expect(!csv.text.contains("actions"))
        }
    }

    @Test func `a giver sees the work he gave, an officer that given to him, leaders all, and nobody outside any`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let both = try await house.person("both", [.taskGiver, .assignedOfficer, .workUnit], in: cast.directorate)
            let draft = try await house.workItem(cast)
            let given = try await house.workItem(cast, upTo: .assigned)
            let other = try await house.workItem(cast, upTo: .assigned, giver: cast.otherGiver, officer: cast.otherOfficer)
            let fromBoth = try await house.workItem(cast, upTo: .assigned, giver: both)
            let toBoth = try await house.workItem(cast, upTo: .assigned, officer: both)
            let all = [draft, given, other, fromBoth, toBoth]
            try await check(
                "workspace-items",
                words: "guide",
                open: "draft,assigned",
                all: all,
                [
                    (cast.giver, [draft, given, toBoth]), (cast.otherGiver, [other]), (cast.officer, [given, fromBoth]),
                    (cast.otherOfficer, [other]), (both, [fromBoth, toBoth]), (cast.admin, all), (cast.head, all), (cast.director, all),
                    (cast.consultant, []), (cast.manager, []), (cast.technician, []),
                ],
                in: house
            )
            for outsider in [cast.guest, cast.stranger] {
                for path in ["", "?format=csv", "?q=guide", "/\(given)", "/WSP-2026-000002", "/\(given)/history", "/\(given)/progress"] {
                    let answer = try await house.send(.get, "/v1/workspace-items\(path)", as: outsider)
                    #expect(answer.status == 404 && answer.code == "not_found", "\(path): \(answer.text)")
                }
                let made = try await house.send(.post, "/v1/workspace-items", APIHouse.newWorkItem, as: outsider)
                #expect(made.status == 404 && made.code == "not_found")
            }
        }
    }

    @Test func `a complainant sees his own tickets, the ICT desk and leaders all`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let own = try await house.complaint(cast, upTo: .assigned)
            let draft = try await house.complaint(cast)
            let request = try await house.serviceRequest(
                cast,
                upTo: .submitted,
                #"{"kind":"service_request","problem":"The network, too."}"#
            )
            let foreign = try await house.complaint(cast, upTo: .submitted, by: cast.stranger)
            let inside = try await house.complaint(cast, upTo: .submitted, by: cast.giver)
            let all = [own, draft, request, foreign, inside]
            try await check(
                "tickets",
                words: "network",
                open: "draft,submitted,assigned",
                all: all,
                [
                    (cast.complainant, [own, draft, request]), (cast.colleague, []), (cast.stranger, [foreign]), (cast.giver, [inside]),
                    (cast.consultant, []), (cast.officer, []), (cast.manager, all), (cast.technician, all), (cast.otherTechnician, all),
                    (cast.admin, all), (cast.head, all), (cast.director, all),
                ],
                in: house
            )
        }
    }

    @Test func `the step times of tickets and work items are seen by leaders and by those who performed them`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let ticket = try await house.complaint(cast, upTo: .assigned)
            let item = try await house.workItem(cast, upTo: .assigned)
            func subjects(_ person: APIHouse.Person, _ query: String = "") async throws -> Set<String> {
                let list = try await house.send(.get, "/v1/step-timings?limit=200&include_total=true\(query)", as: person)
                #expect(list.integer("page.total") == list.data.count)
                return Set(list.data.compactMap { $0.text(at: "subject_id") })
            }
            for person in [cast.colleague, cast.stranger, cast.guest, cast.otherOfficer, cast.otherTechnician] {
                #expect(try await subjects(person).isEmpty, "\(person.user.username)")
            }
            for person in [cast.complainant, cast.manager, cast.technician] { #expect(try await subjects(person) == [ticket]) }
            for person in [cast.giver, cast.officer] { #expect(try await subjects(person) == [item]) }
            for person in [cast.admin, cast.head, cast.director] { #expect(try await subjects(person) == [ticket, item]) }
            #expect(try await subjects(cast.director, "&subject_type=ticket") == [ticket])
            #expect(try await subjects(cast.director, "&subject_type=workspace_item") == [item])
            #expect(try await subjects(cast.director, "&procedure=workspace") == [item])
        }
    }

    @Test func `work items are filtered by priority and by the day they are due, both ends included`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            var ids: [String: String] = [:]
            for (name, more) in [
                ("none", ""), ("early", #","target_date":"2026-11-30","priority":"high""#), ("middle", #","target_date":"2026-12-01""#),
                ("late", #","target_date":"2026-12-02","priority":"low""#),
            ] {
                ids[name] = try await house.workItem(cast, #"{"title":"Work","description":"x"\#(more)}"#)
            }
            let filters: [(String, [String])] = [
                ("priority=high", ["early"]), ("priority=normal", ["none", "middle"]), ("priority=low", ["late"]),
                ("target_date.gte=2026-12-01", ["middle", "late"]), ("target_date.lte=2026-12-01", ["early", "middle"]),
                ("target_date.gte=2026-12-01&target_date.lte=2026-12-01", ["middle"]), ("target_date.gte=2026-12-03", []),
                ("priority=low&target_date.gte=2026-12-01", ["late"]), ("status=draft&priority=high", ["early"]),
                ("status=assigned&priority=high", []), ("q=work&priority=high", ["early"]),
            ]
            for (filter, names) in filters {
                for person in [cast.giver, cast.director] {
                    let list = try await house.send(.get, "/v1/workspace-items?include_total=true&\(filter)", as: person)
                    #expect(list.data.compactMap { $0.text(at: "id") } == names.compactMap { ids[$0] }.sorted(by: >), "\(filter)")
                    #expect(list.integer("page.total") == names.count, "\(filter)")
                }
            }
            for wrong in ["priority=urgent", "target_date.gte=2026-02-30", "target_date.lte=x", "target_date=2026-12-01"] {
                #expect(try await house.send(.get, "/v1/workspace-items?\(wrong)", as: cast.giver).status == 400, "\(wrong)")
            }
        }
    }

    @Test func `tickets are filtered by kind, category, urgency and priority`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let complaint = try await house.complaint(cast, upTo: .submitted)
            let fresh = try await house.serviceRequest(cast)
            let low = try await house.serviceRequest(
                cast,
                upTo: .prioritised,
                category: "hardware",
                priority: #"{"urgency":"low","priority":"low"}"#
            )
            let critical = try await house.serviceRequest(
                cast,
                upTo: .considered,
                category: "network",
                priority: #"{"urgency":"high","priority":"critical"}"#
            )
            let filters: [(String, [String])] = [
                ("kind=complaint", [complaint]), ("kind=service_request", [fresh, low, critical]), ("category=network", [critical]),
                ("category=data", []), ("urgency=low", [low]), ("urgency=high&category=network", [critical]),
                ("priority=critical", [critical]),
                ("priority=medium", []), ("kind=service_request&status=draft,considered", [fresh, critical]),
                ("kind=complaint&priority=low", []), ("officer_id=\(cast.technician.id)", []),
                ("requester_id=\(cast.complainant.id)&priority=low", [low]),
            ]
            for (filter, expected) in filters {
                for person in [cast.complainant, cast.manager] {
                    let list = try await house.send(.get, "/v1/tickets?include_total=true&\(filter)", as: person)
                    #expect(list.data.compactMap { $0.text(at: "id") } == expected.sorted(by: >), "\(filter)")
                    #expect(list.integer("page.total") == expected.count, "\(filter)")
                }
            }
            for wrong in ["kind=request", "category=car", "urgency=critical", "priority=normal"] {
                #expect(try await house.send(.get, "/v1/tickets?\(wrong)", as: cast.manager).status == 400, "\(wrong)")
            }
        }
    }
}
