import Domain
import HTTP
import TestSupport
import Testing

/// The ways of a service complaint: forwarded by the head, straight to the officer once he approves, and never timed.
@Suite struct ServiceComplaintWayTests {
    private static let new = #"{"kind":"complaint","subject":"Late again","detail":"The system is not installed."}"#

    private func make(_ house: APIHouse, by person: APIHouse.Person) async throws -> String {
        let made = try await house.send(.post, "/v1/service-complaints", Self.new, as: person)
        #expect(made["clock"] == .null && made.text("number")?.hasPrefix("PLY-2026-") == true, "\(made.text)")
        return "/v1/service-complaints/" + (try #require(made.text("id"), "\(made.text)"))
    }

    @Test func `the head forwards it, the officer sets and moves the meeting and settles it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, by: cast.complainant)
            func send(_ event: String, _ body: String, as person: APIHouse.Person) async throws -> APIHouse.Answer {
                try await house.send(.post, "\(path)/\(event)", body, as: person)
            }
            let officer = #"{"officer_id":"\#(cast.technician.id)"}"#
            #expect(try await send("submit", "{}", as: cast.complainant).text("status") == "submitted")
            // No officer hears of it before the head has named him.
            #expect(try await house.send(.get, path, as: cast.technician).status == 404)
            #expect(try await send("forward", officer, as: cast.head).status == 403)
            #expect(try await send("forward", #"{"officer_id":"\#(cast.officer.id)"}"#, as: cast.director).status == 422)
            let forwarded = try await send("forward", officer, as: cast.director)
            #expect(forwarded.text("status") == "forwarded" && forwarded.text("officer_id") == cast.technician.id)
            let meeting = #"{"meeting_date":"2026-12-03","meeting_place":"Room 2"}"#
            // It was forwarded, so the complainant does not agree the meeting himself.
            #expect(try await send("schedule", meeting, as: cast.complainant).status == 403)
            #expect(try await send("schedule", #"{"meeting_date":"2026-02-30","meeting_place":"x"}"#, as: cast.technician).status == 422)
            #expect(try await send("schedule", meeting, as: cast.technician).text("meeting_date") == "2026-12-03")
            let moved = try await send("schedule", meeting.replacing("03", with: "04"), as: cast.technician)
            #expect(moved.text("meeting_date") == "2026-12-04" && moved.text("status") == "meeting_scheduled")
            #expect(try await send("settle", #"{"result":"By Friday"}"#, as: cast.otherTechnician).status == 404)
            let settled = try await send("settle", #"{"result":"By Friday","minutes":"All were there."}"#, as: cast.technician)
            #expect(settled.text("status") == "settled" && settled.text("result") == "By Friday" && settled["clock"] == .null)
            #expect(settled.text("closed_at") != nil && APIHouse.actions(settled).isEmpty)
            #expect(try await send("withdraw", #"{"reason":"x"}"#, as: cast.complainant).status == 409)
            #expect(try await house.timings(path, as: cast.complainant) == [])
            let found = try await house.send(.get, "/v1/service-complaints?q=friday&kind=complaint", as: cast.director)
            #expect(found.data.count == 1)
            #expect(try await house.send(.get, path, as: cast.colleague).status == 404)
        }
    }

    @Test func `once the head approves, the complainant agrees the meeting with the officer himself`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, by: cast.complainant)
            let meeting = #"{"meeting_date":"2026-12-03","meeting_place":"Room 2"}"#
            for event in ["submit", "schedule"] {
                let answer = try await house.send(.post, "\(path)/\(event)", event == "submit" ? "{}" : meeting, as: cast.complainant)
                #expect(answer.status == (event == "submit" ? 200 : 409), "\(answer.text)")
            }
            let officer = #"{"officer_id":"\#(cast.technician.id)"}"#
            let approved = try await house.send(.post, path + "/approve-direct", officer, as: cast.director)
            #expect(approved.text("status") == "approved_for_direct")
            #expect(APIHouse.actions(try await house.send(.get, path, as: cast.complainant)) == ["schedule", "withdraw"])
            #expect(try await house.send(.post, path + "/schedule", meeting, as: cast.complainant).text("status") == "meeting_scheduled")
            #expect(APIHouse.actions(try await house.send(.get, path, as: cast.technician)) == ["schedule", "settle"])
        }
    }

    @Test func `a director does not decide on his own complaint`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let path = try await make(house, by: cast.director)
            #expect(try await house.send(.post, path + "/submit", "{}", as: cast.director).status == 200)
            let refused = try await house.send(.post, path + "/reject", #"{"reason":"x"}"#, as: cast.director)
            #expect(refused.status == 403 && refused.code == "four_eyes")
        }
    }
}
