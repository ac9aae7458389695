import Domain
import HTTP
import TestSupport
import Testing

/// The whole way of a complaint that was solved at the third attempt, hour by hour in Jakarta.
@Suite struct TicketWayTests {
    @Test func `each event moves state, version, clock and actions, and what is not solved comes back`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let created = try await house.send(.post, "/v1/tickets", APIHouse.newComplaint, as: cast.complainant)
            let id = try #require(created.text("id"))
            let path = "/v1/tickets/\(id)"
            #expect(created.status == 201 && created.headers["location"] == path && created.text("number") == "TIK-2026-000001")
            #expect(created.text("status") == "draft" && created.text("kind") == "complaint")
            #expect(created.text("applicant_name") == "Name of complainant" && created.text("unit_id") == cast.unit.id.text)
            #expect(created.clock == "1.1 submit-complaint no_standard" && created["clock.due_at"] == .null)
            #expect(APIHouse.actions(created) == ["edit", "submit", "cancel"])

            let (complainant, manager, technician) = (cast.complainant, cast.manager, cast.technician)
            let dispatch = #"{"officer_id":"\#(technician.id)","note":"Soon"}"#
            let follow = "3.1 follow-up no_standard"
            try await house.walk(
                path,
                [
                    CaseStep(
                        "16T08:10",
                        "submit",
                        by: complainant,
                        "submitted",
                        2,
                        "2.1 receive-and-forward no_standard",
                        ["cancel"]
                    ),
                    CaseStep("16T08:30", "dispatch", dispatch, by: manager, "assigned", 3, follow),
                    CaseStep("16T09:00", "start", #"{"plan":"Look"}"#, by: technician, "in_progress", 4, follow, ["follow-up"]),
                    CaseStep(
                        "16T10:00",
                        "follow-up",
                        #"{"result":"Restarted"}"#,
                        by: technician,
                        "awaiting_check",
                        5,
                        "4.1 check-result no_standard"
                    ),
                    CaseStep(
                        "16T10:30",
                        "not-solved",
                        #"{"reason":"Still down"}"#,
                        by: complainant,
                        "in_progress",
                        6,
                        "3.2 follow-up no_standard",
                        ["cancel"]
                    ),
                    CaseStep(
                        "16T11:00",
                        "follow-up",
                        #"{"result":"New cable","plan":"Cable"}"#,
                        by: technician,
                        "awaiting_check",
                        7,
                        "4.2 check-result no_standard"
                    ),
                    CaseStep(
                        "16T11:30",
                        "not-solved",
                        #"{"reason":"Slow"}"#,
                        by: complainant,
                        "in_progress",
                        8,
                        "3.3 follow-up no_standard",
                        ["cancel"]
                    ),
                    CaseStep(
                        "16T13:30",
                        "follow-up",
                        #"{"result":"New switch"}"#,
                        by: technician,
                        "awaiting_check",
                        9,
                        "4.3 check-result no_standard"
                    ),
                    CaseStep("16T14:00", "solved", by: complainant, "resolved", 10, "5.1 write-resolution-report no_standard"),
                    CaseStep(
                        "16T15:00",
                        "report",
                        #"{"summary":"It was old"}"#,
                        by: technician,
                        "reported",
                        11,
                        "6.1 receive-report no_standard"
                    ),
                    CaseStep("17T08:00", "close", #"{"note":"Filed"}"#, by: manager, "closed", 12, "6.1 receive-report stopped"),
                ]
            )
            let closed = try await house.send(.get, path, as: complainant)
            #expect(closed.text("plan") == "Cable" && closed.text("result") == "New switch" && closed.text("summary") == "It was old")
            #expect(closed.text("closed_at") == "2026-11-17T01:00:00.000Z")
            #expect(
                try await house.timings(path, as: manager) == [
                    "1.1 done no_standard 600 -", "2.1 done no_standard 1200 -", "3.1 done no_standard 5400 -",
                    "4.1 no no_standard 1800 -", "3.2 done no_standard 1800 -", "4.2 no no_standard 1800 -",
                    // 11:30 to 13:30 less the hour of rest.
                    "3.3 done no_standard 3600 -",
                    "4.3 yes no_standard 1800 -", "5.1 done no_standard 3600 -",
                    // An hour of Monday and half an hour of Tuesday.
                    "6.1 done no_standard 5400 -",
                ]
            )
            let performers = try await house.send(.get, "\(path)/timings?sort=created_at", as: manager).data.map {
                $0.text(at: "performer_id")
            }
            let (c, m, t) = (complainant.id, manager.id, technician.id)
            #expect(performers == [c, m, t, c, t, c, t, c, t, m])
            #expect(
                try await house.history(path, as: manager).filter { $0.contains("in_progress") && $0.contains("not-solved") }.count == 2
            )
        }
    }

    @Test func `a complainant never handles his own ticket, whatever his roles`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let everything = try await house.person(
                "everything",
                [.ictManager, .ictOfficer, .subdirectorateHead, .director],
                in: cast.directorate
            )
            func refuse(_ id: String, _ event: String, _ body: String = "{}") async throws {
                let refused = try await house.send(.post, "/v1/tickets/\(id)/\(event)", body, as: everything)
                #expect(refused.status == 403 && refused.code == "four_eyes", "\(event): \(refused.text)")
            }
            let mine = #"{"officer_id":"\#(everything.id)"}"#
            let submitted = try await house.complaint(cast, upTo: .submitted, by: everything)
            try await refuse(submitted, "dispatch", #"{"officer_id":"\#(cast.technician.id)"}"#)
            let dispatched = try await house.send(.post, "/v1/tickets/\(submitted)/dispatch", mine, as: cast.manager)
            #expect(dispatched.status == 403 && dispatched.code == "four_eyes")
            try await refuse(try await house.complaint(cast, upTo: .reported, by: everything), "close")

            let gates: [(RequestStage, String, String)] = [
                (.submitted, "register", "{}"), (.registered, "dispose", #"{"instruction":"x"}"#),
                (.disposed, "examine", #"{"findings":"x"}"#), (.examined, "classify", #"{"category":"data"}"#),
                (.classified, "verify", "{}"),
                (.verified, "prioritise", #"{"urgency":"low","priority":"low"}"#), (.prioritised, "consider", #"{"recommendation":"x"}"#),
                (.considered, "approve", "{}"), (.considered, "reject", #"{"reason":"x"}"#),
                (.approved, "assign", #"{"officer_id":"\#(cast.technician.id)"}"#),
            ]
            for (stage, event, body) in gates {
                let id = try await house.serviceRequest(cast, upTo: stage, by: everything)
                try await refuse(id, event, body)
                #expect(APIHouse.actions(try await house.send(.get, "/v1/tickets/\(id)", as: everything)) == ["cancel"])
            }
            let approved = try await house.serviceRequest(cast, upTo: .approved, by: everything)
            #expect(try await house.send(.post, "/v1/tickets/\(approved)/assign", mine, as: cast.manager).code == "four_eyes")
            // Another's ticket he may handle.
            let other = try await house.complaint(cast, upTo: .submitted)
            #expect(try await house.send(.post, "/v1/tickets/\(other)/dispatch", mine, as: everything).status == 200)
            #expect(try await house.send(.post, "/v1/tickets/\(other)/start", as: everything).status == 200)
        }
    }

    @Test func `an event of the other kind of ticket is refused by the state, with the events there are`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let complaint = try await house.complaint(cast, upTo: .submitted)
            let request = try await house.serviceRequest(cast, upTo: .submitted)
            let refusals = [(complaint, "register", "{}", ["dispatch", "cancel"]), (request, "close", "{}", ["register", "cancel"])]
            for (id, event, body, allowed) in refusals {
                let refused = try await house.send(.post, "/v1/tickets/\(id)/\(event)", body, as: cast.manager)
                #expect(refused.status == 409 && refused.code == "transition_refused", "\(refused.text)")
                #expect(refused.text("state") == "submitted")
                #expect(refused.json.elements(at: "allowed").compactMap { $0.text(at: "") } == allowed)
            }
        }
    }

    @Test func `the complainant may take a complaint back until it is followed up, a request until it is handled`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let body = #"{"reason":"Solved itself"}"#
            func cancel(_ id: String, _ label: String, clock: String?, expecting status: Int) async throws {
                let ended = try await house.send(.post, "/v1/tickets/\(id)/cancel", body, as: cast.complainant)
                #expect(ended.status == status, "\(label): \(ended.text)")
                guard status == 200 else { return }
                #expect(ended.text("status") == "cancelled" && ended.text("clock.state") == clock, "\(label)")
                #expect(ended.text("closed_at") == house.now.rfc3339 && APIHouse.actions(ended).isEmpty, "\(label)")
                guard clock != nil else { return }
                #expect(try await house.timings("/v1/tickets/\(id)", as: cast.manager).last?.contains(" cancelled ") == true, "\(label)")
            }
            for stage in ComplaintStage.allCases {
                let status = stage.rawValue < ComplaintStage.awaitingCheck.rawValue ? 200 : 409
                try await cancel(try await house.complaint(cast, upTo: stage), "\(stage)", clock: "stopped", expecting: status)
            }
            for stage in RequestStage.allCases {
                let id = try await house.serviceRequest(cast, upTo: stage)
                try await cancel(id, "\(stage)", clock: stage == .draft ? nil : "stopped", expecting: stage == .closed ? 409 : 200)
            }
        }
    }

    @Test func `who files for someone else names him, and may clear what may be empty`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let body = #"""
                {"kind":"complaint","problem":"Printer","handling_so_far":"None","applicant_name":"Budi","applicant_nip":"198703152010012003"}
                """#
            let path = "/v1/tickets/\(try await house.complaint(cast, body))"
            func edit(_ body: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.patch, path, body, as: person, headers: ["if-match": "*"])
            }
            let read = try await house.send(.get, path, as: cast.complainant)
            #expect(read.text("applicant_name") == "Budi" && read.text("applicant_nip") == "198703152010012003")
            let edited = try await edit(#"{"applicant_nip":null,"handling_so_far":null,"problem":"Scanner"}"#, as: cast.complainant)
            #expect(edited.json.value(at: "applicant_nip") == .null && edited.json.value(at: "handling_so_far") == .null)
            #expect(edited.text("problem") == "Scanner" && edited.text("applicant_name") == "Budi" && edited.integer("version") == 2)
            let wrong = try await edit(#"{"kind":"service_request","status":"closed","problem":null}"#, as: cast.complainant)
            #expect(
                Set(wrong.json.elements(at: "errors").compactMap { $0.text(at: "pointer") }) == ["/kind", "/status", "/problem"],
                "\(wrong.text)"
            )
            #expect(try await edit("{}", as: cast.manager).status == 403)
            #expect(try await edit("{}", as: cast.colleague).status == 404)
            _ = try await house.send(.post, "\(path)/submit", as: cast.complainant)
            #expect(try await edit(#"{"problem":"Late"}"#, as: cast.complainant).status == 409)
        }
    }
}
