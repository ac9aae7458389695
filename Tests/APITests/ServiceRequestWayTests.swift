import Domain
import HTTP
import TestSupport
import Testing

/// The nine gates of a service request, minute by minute in Jakarta.
@Suite struct ServiceRequestWayTests {
    @Test func `each gate has its standard in minutes, and the clock runs from the submission to the handling`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let created = try await house.send(.post, "/v1/tickets", APIHouse.newRequest, as: cast.complainant)
            let id = try #require(created.text("id"))
            let path = "/v1/tickets/\(id)"
            #expect(created.text("status") == "draft" && created.text("kind") == "service_request")
            #expect(created["clock"] == .null && created["proposed_priorities"] == .null)
            #expect(APIHouse.actions(created) == ["edit", "submit", "cancel"])
            #expect(try await house.timings(path, as: cast.manager).isEmpty)

            let (manager, technician) = (cast.manager, cast.technician)
            let priority = #"{"urgency":"high","priority":"high"}"#
            try await house.walk(
                path,
                [
                    CaseStep(
                        "16T08:00",
                        "submit",
                        by: cast.complainant,
                        "submitted",
                        2,
                        "1.1 register-request running",
                        due: "2026-11-16T01:10:00.000Z",
                        ["cancel"]
                    ),
                    CaseStep(
                        "16T08:05",
                        "register",
                        by: technician,
                        "registered",
                        3,
                        "2.1 issue-disposition running",
                        due: "2026-11-16T01:15:00.000Z"
                    ),
                    CaseStep(
                        "16T08:20",
                        "dispose",
                        #"{"instruction":"Look"}"#,
                        by: manager,
                        "disposed",
                        4,
                        "3.1 examine-request running",
                        due: "2026-11-16T01:30:00.000Z",
                        ["examine"]
                    ),
                    CaseStep(
                        "16T08:25",
                        "examine",
                        #"{"findings":"Fine"}"#,
                        by: technician,
                        "examined",
                        5,
                        "4.1 classify-request running",
                        due: "2026-11-16T01:40:00.000Z",
                        ["classify"]
                    ),
                    CaseStep(
                        "16T08:30",
                        "classify",
                        #"{"category":"software"}"#,
                        by: technician,
                        "classified",
                        6,
                        "5.1 verify-request running",
                        due: "2026-11-16T01:45:00.000Z"
                    ),
                    CaseStep(
                        "16T08:40",
                        "verify",
                        by: manager,
                        "verified",
                        7,
                        "6.1 set-priority running",
                        due: "2026-11-16T02:10:00.000Z",
                        ["prioritise"]
                    ),
                    CaseStep(
                        "16T09:00",
                        "prioritise",
                        priority,
                        by: manager,
                        "prioritised",
                        8,
                        "7.1 give-consideration running",
                        due: "2026-11-16T02:30:00.000Z"
                    ),
                    CaseStep(
                        "16T11:50",
                        "consider",
                        #"{"recommendation":"Yes"}"#,
                        by: cast.head,
                        "considered",
                        9,
                        "8.1 approve-service running",
                        // Ten minutes before the rest and five after it.
                        due: "2026-11-16T06:05:00.000Z"
                    ),
                    CaseStep(
                        "16T13:05",
                        "approve",
                        by: cast.director,
                        "approved",
                        10,
                        "9.1 handle-request running",
                        due: "2026-11-17T06:05:00.000Z"
                    ),
                    CaseStep(
                        "16T14:00",
                        "assign",
                        #"{"officer_id":"\#(technician.id)"}"#,
                        by: manager,
                        "assigned",
                        11,
                        "9.1 handle-request running",
                        due: "2026-11-17T06:05:00.000Z"
                    ),
                    CaseStep(
                        "17T10:00",
                        "handle",
                        #"{"result":"Made"}"#,
                        by: technician,
                        "closed",
                        12,
                        "9.1 handle-request stopped",
                        due: "2026-11-17T06:05:00.000Z"
                    ),
                ]
            )
            #expect(
                try await house.timings(path, as: manager) == [
                    "1.1 done on_time 300 600", "2.1 done late 900 600", "3.1 done on_time 300 600", "4.1 done on_time 300 900",
                    "5.1 done on_time 600 900", "6.1 done on_time 1200 1800",
                    // 9:00 to 11:50.
                    "7.1 done late 10200 1800",
                    // 11:50 to 13:05 less the hour of rest: just in time.
                    "8.1 yes on_time 900 900",
                    // 13:05 to 16:00 and 7:30 to 10:00.
                    "9.1 done on_time 19500 27000",
                ]
            )
            let closed = try await house.send(.get, path, as: cast.complainant)
            #expect(closed.text("closed_at") == "2026-11-17T03:00:00.000Z" && closed.text("result") == "Made")
            #expect(closed.text("instruction") == "Look" && closed.text("findings") == "Fine" && closed.text("recommendation") == "Yes")
        }
    }

    @Test func `while it waits for the one assigned, the step is his`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let id = try await house.serviceRequest(cast, upTo: .assigned)
            let running = try await house.send(.get, "/v1/tickets/\(id)/timings?limit=1", as: cast.manager)
            #expect(running.text("data.0.step_code") == "handle-request" && running.text("data.0.performer_id") == cast.technician.id)
            #expect(try await house.send(.get, "/v1/step-timings?step_code=handle-request", as: cast.technician).data.count == 1)
        }
    }

    @Test func `a rejected request ends with its reason, which the one who asked reads`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = "/v1/tickets/\(try await house.serviceRequest(cast, upTo: .considered))"
            #expect(try await house.send(.post, "\(path)/reject", "{}", as: cast.director).text("errors.0.pointer") == "/reason")
            let ended = try await house.send(.post, "\(path)/reject", #"{"reason":"No budget"}"#, as: cast.director)
            #expect(ended.text("status") == "rejected" && ended.text("clock.state") == "stopped" && APIHouse.actions(ended).isEmpty)
            #expect(ended.text("closed_at") == house.now.rfc3339)
            #expect(try await house.timings(path, as: cast.manager).last == "8.1 no on_time 0 900")
            #expect(try await house.history(path, as: cast.complainant).last == "reject considered rejected No budget Name of director")
        }
    }

    /// The priority that each category and urgency propose: a network or the data stop many, a device or the rest one.
    private static let proposals: [(category: String, low: String, medium: String, high: String)] = [
        ("hardware", "low", "low", "medium"), ("software", "low", "medium", "high"), ("network", "medium", "high", "critical"),
        ("access_rights", "low", "medium", "high"), ("data", "medium", "high", "critical"), ("other", "low", "low", "medium"),
    ]

    @Test func `another priority than the matrix proposes needs a note that says why`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            for (category, low, medium, high) in Self.proposals {
                let path = "/v1/tickets/\(try await house.serviceRequest(cast, upTo: .verified, category: category))"
                let read = try await house.send(.get, path, as: cast.manager)
                #expect(read.text("category") == category && read.text("proposed_priorities.low") == low, "\(category)")
                #expect(read.text("proposed_priorities.medium") == medium && read.text("proposed_priorities.high") == high, "\(category)")
                for (urgency, proposed) in [("low", low), ("medium", medium), ("high", high)] {
                    for priority in ["low", "medium", "high", "critical"] {
                        for note in ["", #","note":"The minister waits""#] {
                            let body = #"{"urgency":"\#(urgency)","priority":"\#(priority)"\#(note)}"#
                            let answer = try await house.send(.post, "\(path)/prioritise?dry_run=true", body, as: cast.manager)
                            let isTaken = priority == proposed || !note.isEmpty
                            #expect(answer.status == (isTaken ? 200 : 422), "\(category) \(body): \(answer.text)")
                            if isTaken {
                                #expect(answer.text("priority") == priority && answer.text("urgency") == urgency)
                            } else {
                                #expect(answer.text("errors.0.pointer") == "/note" && answer.text("errors.0.code") == "required")
                            }
                        }
                    }
                }
            }
        }
    }
}
