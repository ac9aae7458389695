import Domain
import HTTP
import TestSupport
import Testing

/// A change of the calendar moves what is due and leaves what is done.
@Suite struct CalendarTests {
    private static let onAny = ["if-match": "*"]
    private static let later = CalendarBody.week(
        from: "1970-01-01",
        usual: #"[["09:00","12:00"],["13:00","17:30"]]"#,
        friday: #"[["09:00","11:30"],["13:00","18:00"]]"#
    )

    /// What the list of timings says of the attempts of a case, and what its row says of the last one.
    private func due(_ house: APIHouse, _ cast: Cast, _ id: String) async throws -> (list: [String?], row: String?) {
        let timings = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.director)
        let row = try await house.send(.get, "/v1/consultations/\(id)", as: cast.director)
        return (timings.data.map { $0.text(at: "due_at") }, row.text("clock.due_at"))
    }

    @Test func `a holiday moves what is due on a running step, on the case and on its timing`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let before = try await due(house, cast, id)
            // The step began on Monday at 08:00 and has one working day.
            #expect(before.row == "2026-11-17T01:00:00.000Z" && before.list.last == before.row)
            let body = CalendarBody.standard(holidays: [("2026-11-17", "Hari Libur")])
            let put = try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: Self.onAny)
            #expect(put.status == 200 && put.headers["etag"] == "\"2\"")
            let after = try await due(house, cast, id)
            #expect(after.row == "2026-11-18T01:00:00.000Z" && after.list.last == after.row)

            let back = try await house.send(.put, "/v1/calendar", CalendarBody.standard(), as: cast.admin, headers: Self.onAny)
            #expect(back.integer("version") == 3)
            #expect(try await due(house, cast, id).row == before.row)
        }
    }

    @Test func `finished timings and closed cases stay to the last byte`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            _ = try await house.consultation(cast, upTo: .closed)
            _ = try await house.consultation(cast, upTo: .verified)
            house.pass(seconds: 7_200)
            let path = "/v1/step-timings?limit=200&verdict="
            var before: [String] = []
            for verdict in ["on_time", "late"] { before.append(try await house.send(.get, path + verdict, as: cast.director).text) }
            #expect(before[0].contains("finished_at"))
            let body = CalendarBody.standard(zone: "Asia/Jayapura", weeks: Self.later, holidays: [("2026-11-16", "Libur")])
            #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: Self.onAny).status == 200)
            for (verdict, text) in zip(["on_time", "late"], before) {
                #expect(try await house.send(.get, path + verdict, as: cast.director).text == text)
            }
        }
    }

    @Test func `a calendar without working time, and a stale one, is refused and changes nothing`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            let before = try await due(house, cast, id)
            let idle = #"{"time_zone":"Asia/Jakarta","working_day_s":27000,"weeks":[{"from":"1970-01-01","days":{}}],"holidays":[]}"#
            let refused = try await house.send(.put, "/v1/calendar", idle, as: cast.admin, headers: Self.onAny)
            #expect(refused.status == 422 && refused.text("errors.0.code") == "no_working_time")
            let body = CalendarBody.standard(weeks: Self.later)
            #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: ["if-match": "\"2\""]).status == 412)
            #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin).status == 428)
            let dry = try await house.send(.put, "/v1/calendar?dry_run=true", body, as: cast.admin, headers: Self.onAny)
            #expect(dry.status == 200 && dry.integer("version") == 2)
            #expect(try await house.send(.get, "/v1/calendar", as: cast.asker).integer("version") == 1)
            let after = try await due(house, cast, id)
            #expect(after.row == before.row && after.list == before.list)
            // The undone change must not be what the writer goes by.
            let next = try await house.consultation(cast)
            #expect(try await due(house, cast, next).row == before.row)
        }
    }

    @Test func `the log has what changed`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let body = CalendarBody.standard(zone: "Asia/Makassar", holidays: [("2026-12-25", "Natal")])
            #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: Self.onAny).status == 200)
            let month = #"{"from":"2027-02-08","to":"2027-03-09"}"#
            #expect(try await house.send(.post, "/v1/calendar/ramadan", month, as: cast.admin).status == 200)
            let entries = try await house.store.read { tx throws(DomainError) in
                try tx.events.list(of: .calendar, "service", page: PageRequest(limit: 10, isAscending: true)).elements
            }
            #expect(entries.map(\.event.type) == ["calendar.replace", "calendar.ramadan"])
            #expect(entries.map(\.event.changed) == [["time_zone", "holidays"], ["weeks"]])
            let note = "-time_zone Asia/Jakarta; +time_zone Asia/Makassar; +holiday 2026-12-25 Natal"
            #expect(entries.first?.event.note == note)
            let week = (0..<4).map { ["mon", "tue", "wed", "thu"][$0] + " 08:00-12:00,12:30-15:00" }.joined(separator: " ")
            #expect(entries.last?.event.note == "+week 2027-02-08/2027-03-09 \(week) fri 08:00-11:30,12:30-15:30")
            #expect(entries.first?.event.actorID?.text == cast.admin.id)
        }
    }

    @Test func `the Ramadan week counts 32 and a half hours, and is put in place but once`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for days in [("2027-02-08", "2027-03-09"), ("2027-02-09", "2027-03-10")] {
                let body = #"{"from":"\#(days.0)","to":"\#(days.1)"}"#
                #expect(try await house.send(.post, "/v1/calendar/ramadan", body, as: cast.admin).status == 200)
            }
            let calendar = try await house.send(.get, "/v1/calendar", as: cast.asker)
            #expect(calendar.json.elements(at: "weeks").count == 2 && calendar.text("weeks.1.from") == "2027-02-09")
            let week = #"{"start":"2027-02-15T00:00:00+07:00","end":"2027-02-22T00:00:00+07:00"}"#
            #expect(try await house.send(.post, "/v1/calendar/calculate", week, as: cast.asker).integer("elapsed_s") == 117_000)
            let usual = #"{"start":"2027-03-15T00:00:00+07:00","end":"2027-03-22T00:00:00+07:00"}"#
            #expect(try await house.send(.post, "/v1/calendar/calculate", usual, as: cast.asker).integer("elapsed_s") == 135_000)
        }
    }

    @Test func `cases and timings agree on what is due after random changes`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            var ids: [String] = []
            for stage in [Stage.draft, .submitted, .assigned, .inVerification, .verified] {
                for _ in 0..<4 {
                    ids.append(try await house.consultation(cast, upTo: stage))
                    house.pass(seconds: 3_600)
                }
            }
            let zones = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
            for round in 0..<12 {
                let holidays = (16...27).filter { ($0 * 7 + round * 5) % 4 == 0 }.map { (date: "2026-11-\($0)", name: "Libur") }
                let weeks = round % 2 == 0 ? CalendarBody.standardWeek : Self.later
                let body = CalendarBody.standard(zone: zones[round % 3], weeks: weeks, holidays: holidays)
                #expect(try await house.send(.put, "/v1/calendar", body, as: cast.admin, headers: Self.onAny).status == 200)
                for id in ids {
                    let both = try await due(house, cast, id)
                    #expect(both.list.last == both.row, "\(id) in round \(round)")
                }
            }
        }
    }
}
