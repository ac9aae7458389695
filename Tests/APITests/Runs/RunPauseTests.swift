import Domain
import HTTP
import TestSupport
import Testing

/// Stopping the clocks of a run, of which several may run at once.
@Suite struct RunPauseTests {
    private static let reason = #"{"reason":"Menunggu data."}"#

    /// An assessment of two participants in which the officer does all for the directorate, with step 2 open for both; its path.
    private func assessment(_ house: APIHouse, _ cast: Cast) async throws -> (path: String, participants: [String]) {
        let procedure = try #require(try ProgramCatalogue.procedures().first { $0.code == "pemantik-assessment" })
        let invited = #"[{"name":"Regency A","unit_id":"\#(cast.unit.id.text)"},{"name":"Regency B"}]"#
        let begun = try await house.beginRun(procedure, by: cast.officer, all: cast.otherOfficer, participants: invited)
        let path = "/v1/procedure-runs/\(try #require(begun.text("id"), "\(begun.text)"))"
        #expect(try await house.send(.post, "\(path)/steps/1/complete", "{}", as: cast.otherOfficer).status == 200)
        return (path, begun.json.elements(at: "participants").compactMap { $0.text(at: "id") })
    }

    /// The states of the clocks of the attempts at a step.
    private func states(_ run: APIHouse.Answer, at step: Int) -> [String?] {
        run.json.elements(at: "steps.\(step - 1).attempts").map { $0.text(at: "clock.state") }
    }

    @Test func `a pause stops every open step, what opens meanwhile runs, and resuming leaves nothing stopped`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let (path, participants) = try await assessment(house, cast)
            house.pass(seconds: 600)
            let paused = try await house.send(.post, path + "/pause", Self.reason, as: cast.officer)
            #expect(paused.status == 200 && paused.text("clock.state") == "paused", "\(paused.text)")
            #expect(states(paused, at: 2) == ["paused", "paused"])
            #expect(paused.json.elements(at: "actions").compactMap { $0.text(at: "name") } == ["edit", "cancel", "complete", "resume"])
            let again = try await house.send(.post, path + "/pause", Self.reason, as: cast.officer)
            #expect(again.status == 409 && again.code == "transition_refused")

            house.pass(seconds: 600)
            let own = #"{"participant_id":"\#(participants[0])"}"#
            let gone = try await house.send(.post, "\(path)/steps/2/complete", own, as: cast.asker)
            #expect(gone.status == 200, "\(gone.text)")
            let both = try await house.send(.get, path, as: cast.officer)
            #expect(states(both, at: 2) == ["stopped", "paused"])
            #expect(states(both, at: 3).count == 1 && states(both, at: 3) != ["paused"])
            // The clock that runs stands for the run.
            #expect(both.integer("clock.step_no") == 3)
            #expect(both.json.elements(at: "actions").compactMap { $0.text(at: "name") }.suffix(2) == ["pause", "resume"])
            #expect(both.integer("steps.1.attempts.0.clock.elapsed_s") == 600)

            house.pass(seconds: 600)
            let due = try #require(both.text("steps.1.attempts.1.clock.due_at").flatMap { Instant(rfc3339: $0) })
            let resumed = try await house.send(.post, path + "/resume", #"{"note":"Ada."}"#, as: cast.officer)
            // Due later by the twenty minutes of the pause, in the inbox of the one who is to do it too.
            let later = due.advanced(byMilliseconds: 1_200_000).rfc3339
            #expect(resumed.text("steps.1.attempts.1.clock.due_at") == later && resumed.text("clock.due_at") == later)
            let inbox = try await house.send(.get, "/v1/me/inbox", as: cast.officer)
            #expect(inbox.data.compactMap { $0.text(at: "due_at") }.contains(later), "\(inbox.text)")
            #expect(!states(resumed, at: 2).contains("paused") && resumed.integer("clock.step_no") == 2)
            #expect(resumed.integer("steps.1.attempts.1.clock.elapsed_s") == 600)
            #expect(try await house.send(.post, path + "/resume", "{}", as: cast.officer).status == 409)

            let history = try await house.send(.get, path + "/history?sort=created_at", as: cast.officer).data
            #expect(history.compactMap { $0.text(at: "event") } == ["create", "complete", "pause", "complete", "resume"])
            #expect(history[2].elements(at: "changed") == [.string("steps/2")] && history[2].text(at: "reason") == "Menunggu data.")
            let timings = try await house.send(.get, path + "/timings?sort=created_at", as: cast.officer).data
            for timing in timings {
                let id = try #require(timing.text(at: "id"))
                let told = try await house.send(.get, "/v1/step-timings/\(id)/explain", as: cast.director)
                let counted = told.json.elements(at: "intervals").filter { $0.value(at: "counted") == .bool(true) }
                #expect(counted.compactMap { $0.integer(at: "duration_s") }.reduce(0, +) == timing.integer(at: "elapsed_s"))
            }
        }
    }

    @Test func `one step is stopped by its number, by those who do it or who began the run, and by nobody else`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let (path, participants) = try await assessment(house, cast)
            let own = #"{"participant_id":"\#(participants[0])"}"#
            #expect(try await house.send(.post, "\(path)/steps/2/complete", own, as: cast.asker).status == 200)
            let one = try await house.send(.post, path + "/pause", #"{"reason":"Libur.","step_no":3}"#, as: cast.officer)
            #expect(states(one, at: 3) == ["paused"] && !states(one, at: 2).contains("paused"))
            let resumed = try await house.send(.post, path + "/resume", #"{"step_no":2}"#, as: cast.officer)
            #expect(resumed.status == 409)
            #expect(try await house.send(.post, path + "/pause", #"{"reason":"x","step_no":9}"#, as: cast.officer).status == 409)
            #expect(try await house.send(.post, path + "/resume", #"{"step_no":3}"#, as: cast.admin).status == 200)

            // Step 2 is the participants'; the unit that takes part may not stop its own clock, nor may a leader.
            for (person, status) in [(cast.asker, 403), (cast.head, 403), (cast.otherOfficer, 403), (cast.stranger, 404)] {
                #expect(try await house.send(.post, path + "/pause", Self.reason, as: person).status == status, "\(person.user.username)")
            }
            #expect(try await house.send(.post, path + "/pause", #"{"reason":"x","step_no":0}"#, as: cast.officer).status == 422)
        }
    }

    @Test func `the end and the cancelling of a run end its pauses`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            for ends in ["complete", "cancel"] {
                let planning = try #require(try ProgramCatalogue.procedures().first { $0.code == "it-planning" })
                let begun = try await house.beginRun(planning, by: cast.officer, all: cast.otherOfficer)
                let path = "/v1/procedure-runs/\(begun.text("id") ?? "")"
                // A performer stops his own step.
                #expect(try await house.send(.post, path + "/pause", Self.reason, as: cast.otherOfficer).status == 200)
                house.pass(seconds: 900)
                if ends == "cancel" {
                    #expect(try await house.send(.post, path + "/cancel", Self.reason, as: cast.officer).status == 200)
                } else {
                    #expect(try await house.send(.post, path + "/steps/1/complete", "{}", as: cast.otherOfficer).status == 200)
                }
                let timing = try #require(try await house.send(.get, path + "/timings?sort=created_at", as: cast.officer).data.first)
                #expect(timing.integer(at: "elapsed_s") == 0)
                let id = StepTiming.ID(stored: try #require(timing.text(at: "id")))
                let pauses = try await house.store.read { tx throws(DomainError) in try tx.pauses.list(of: id) }
                #expect(pauses.count == 1 && pauses.first?.endedAt == house.now && pauses.first?.endedByID != nil)
                #expect(pauses.first?.ownerID.text == cast.otherOfficer.id)
            }
        }
    }

    @Test func `a change of the calendar moves every open step of a run and the clock that stands for it`() async throws {
        try await APIHouse.with { house in
            let cast = try await Cast(in: house)
            let planning = try #require(try ProgramCatalogue.procedures().first { $0.code == "it-planning" })
            let begun = try await house.beginRun(planning, by: cast.officer, all: cast.otherOfficer)
            let path = "/v1/procedure-runs/\(begun.text("id") ?? "")"
            let due = try #require(begun.text("clock.due_at"))
            #expect(try await house.send(.post, path + "/pause", Self.reason, as: cast.officer).status == 200)
            house.pass(seconds: 3_600)
            let later = try #require(try await house.send(.post, path + "/resume", "{}", as: cast.officer).text("clock.due_at"))
            #expect(later > due)
            let days = (16...30).map { (date: "2026-11-\($0)", name: "Libur") }
            let body = CalendarBody.standard(holidays: days)
            #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: ["if-match": "*"]).status == 200)
            let moved = try await house.send(.get, path, as: cast.officer)
            // With the day of the pause free, the pause takes nothing from the first working day.
            #expect(moved.text("clock.due_at")?.hasPrefix("2026-12") == true)
            #expect(moved.text("clock.due_at") == moved.text("steps.0.attempts.0.clock.due_at"))
            let list = try await house.send(.get, "/v1/procedure-runs", as: cast.officer)
            #expect(list.text("data.0.clock.due_at") == moved.text("clock.due_at"))
        }
    }
}
