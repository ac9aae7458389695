import Domain
import HTTP

/// The working calendar, and what it makes of times and durations.
struct CalendarRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .get("/v1/calendar", .getCalendar, needs: .calendarRead, use: getCalendar),
            .put("/v1/calendar", .replaceCalendar, needs: .calendarWrite, use: replaceCalendar),
            .post("/v1/calendar/ramadan", .addRamadan, needs: .calendarWrite, use: addRamadan),
            .post("/v1/calendar/holidays", .importHolidays, query: ["replace_year"], needs: .calendarWrite, use: importHolidays),
            .calculation("/v1/calendar/calculate", .calculateWorkingTime, needs: .calendarRead, use: calculateWorkingTime),
            .get("/v1/units/{id}/calendar", .getUnitCalendar, needs: .calendarRead, use: getUnitCalendar),
            .put("/v1/units/{id}/calendar", .replaceUnitCalendar, needs: .calendarWrite, use: replaceUnitCalendar),
            .delete("/v1/units/{id}/calendar", .deleteUnitCalendar, needs: .calendarWrite, use: deleteUnitCalendar),
        ]
    }

    func getCalendar(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let edition = try tx.calendars.service
        return .ok(Schema.Calendar(edition: edition), version: edition.version)
    }

    func replaceCalendar(_ request: Request, by principal: Principal) async throws -> Response {
        let expected = try request.requiredIfMatch()
        let calendar = try request.json(as: Schema.NewCalendar.self).calendar()
        return try await change("replace", expecting: expected, request, principal) { _ in calendar }
    }

    func addRamadan(_ request: Request, by principal: Principal) async throws -> Response {
        let days = try request.json(as: Schema.RamadanDays.self)
        return try await change("ramadan", expecting: request.ifMatch, request, principal) { calendar throws(DomainError) in
            try calendar.addingRamadan(from: days.from, to: days.to)
        }
    }

    /// Changes the calendar of the service and answers with what it is then.
    func change(
        _ event: String,
        expecting expected: ExpectedVersion?,
        _ request: Request,
        _ principal: Principal,
        _ change: @escaping @Sendable (WorkingCalendar) throws(DomainError) -> WorkingCalendar
    ) async throws -> Response {
        let ids = environment.ids
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let edition = try tx.changeCalendar(event, expecting: expected, by: principal, at: now, ids: ids, change)
            return .ok(Schema.Calendar(edition: edition), version: edition.version)
        }
    }

    func calculateWorkingTime(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let calculation = try request.json(as: Schema.Calculation.self)
        let calendar = try tx.calendars.service.calendar
        switch calculation.question {
        case .due(let duration):
            return .ok(Schema.DueAt(instant: calendar.instant(after: calculation.start, working: Int64(duration) * 1000)))
        case .elapsed(let end):
            return .ok(Schema.Elapsed(seconds: calendar.workingMilliseconds(from: calculation.start, to: end) / 1000))
        }
    }
}

extension Schema {
    /// A question to the calendar: `start` with either `duration_s` or `end`.
    struct Calculation: RequestBody {
        enum Question {
            case due(seconds: Int)
            case elapsed(end: Instant)
        }

        let start: Instant
        let question: Question

        /// A hundred years of working time would be less.
        private static let longest = 3_153_600_000

        init(_ fields: inout Fields) {
            start = fields.parsed("start", or: .earliest, Rules.instant) { Instant(rfc3339: $0) }
            switch (fields.has("duration_s"), fields.has("end")) {
            case (_, false): question = .due(seconds: fields.integer("duration_s", 0...Self.longest))
            case (false, true): question = .elapsed(end: fields.parsed("end", or: .earliest, Rules.instant) { Instant(rfc3339: $0) })
            case (true, true):
                question = .due(seconds: fields.integer("duration_s", 0...Self.longest))
                _ = fields.parsed("end", or: .earliest, Rules.instant) { Instant(rfc3339: $0) }
                fields.note("end", "not_both", "Kirim duration_s atau end, bukan keduanya.", "Send duration_s or end, not both.")
            }
        }
    }

    struct DueAt: JSONWritable {
        let instant: Instant

        func write(to json: inout JSONWriter) { json.object { $0.member("due_at", instant) } }
    }

    struct Elapsed: JSONWritable {
        let seconds: Int64

        func write(to json: inout JSONWriter) { json.object { $0.member("elapsed_s", seconds) } }
    }
}
