import Domain
import HTTP

/// The working calendar, and what it makes of times and durations.
struct CalendarRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .get("/v1/calendar", .getCalendar, needs: .calendarRead, use: getCalendar),
            .calculation("/v1/calendar/calculate", .calculateWorkingTime, needs: .calendarRead, use: calculateWorkingTime),
        ]
    }

    func getCalendar(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        .ok(Schema.Calendar(calendar: tx.calendar), version: 1)
    }

    func calculateWorkingTime(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let calculation = try request.json(as: Schema.Calculation.self)
        switch calculation.question {
        case .due(let duration):
            return .ok(Schema.DueAt(instant: tx.calendar.instant(after: calculation.start, working: Int64(duration) * 1000)))
        case .elapsed(let end):
            return .ok(Schema.Elapsed(seconds: tx.calendar.workingMilliseconds(from: calculation.start, to: end) / 1000))
        }
    }
}

extension Schema {
    struct Calendar: JSONWritable {
        let calendar: WorkingCalendar

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("time_zone", calendar.timeZone.rawValue)
                json.member("working_day_s", calendar.workingDaySeconds)
                json.name("weeks")
                json.array(calendar.weeks) { json, week in
                    json.object { json in
                        json.member("from", week.from.description)
                        json.member("to", week.to?.description)
                        json.name("days")
                        json.object { json in
                            for day in Weekday.allCases {
                                guard let windows = week.days[day] else { continue }
                                json.name(dynamic: day.rawValue)
                                json.array(windows) { json, window in
                                    json.array([window.start.description, window.end.description]) { $0.value($1) }
                                }
                            }
                        }
                    }
                }
                json.name("holidays")
                json.array(calendar.holidays) { json, holiday in
                    json.object { json in
                        json.member("date", holiday.date.description)
                        json.member("name", holiday.name)
                    }
                }
                json.member("version", 1)
            }
        }
    }

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
