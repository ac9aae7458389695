import Domain
import HTTP

extension JSONWriter {
    /// Writes the members that every calendar has.
    mutating func members(of calendar: WorkingCalendar) {
        member("time_zone", calendar.timeZone.rawValue)
        member("working_day_s", calendar.workingDaySeconds)
        name("weeks")
        array(calendar.weeks) { json, week in
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
        name("holidays")
        array(calendar.holidays) { json, holiday in
            json.object { json in
                json.member("date", holiday.date.description)
                json.member("name", holiday.name)
            }
        }
    }
}

extension Schema {
    /// The calendar of the service.
    struct Calendar: JSONWritable {
        let edition: Calendars.Edition

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.members(of: edition.calendar)
                json.member("version", edition.version)
            }
        }
    }

    /// The calendar by which the cases of a unit are timed.
    struct UnitCalendar: JSONWritable {
        let unit: Domain.Unit
        let calendar: WorkingCalendar
        /// The version of the unit's own calendar; 0 when it goes by that of the service.
        let version: Int

        init(of unit: Domain.Unit, in calendars: Calendars) {
            self.unit = unit
            calendar = calendars[unit.id]
            version = calendars.own(of: unit.id)?.version ?? 0
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("unit_id", unit.id)
                json.member("own", version > 0)
                json.members(of: calendar)
                json.member("version", version)
            }
        }
    }

    /// The body that puts a calendar in the place of another.
    struct NewCalendar: RequestBody, Sendable {
        private let timeZone: IndonesianTimeZone
        private let workingDaySeconds: Int
        private let weeks: [WorkingCalendar.Week]
        private let holidays: [WorkingCalendar.Holiday]

        private static let windows = (id: #"dua jam seperti ["07:30", "12:00"]"#, en: #"two times such as ["07:30", "12:00"]"#)

        init(_ fields: inout Fields) {
            timeZone = fields.choice("time_zone", or: .jakarta)
            workingDaySeconds = fields.integer("working_day_s", 3_600...86_400)
            weeks = fields.list("weeks", count: 1...200) { week, _ in
                WorkingCalendar.Week(
                    from: week.parsed("from", or: CivilDate(daysSinceEpoch: 0), Rules.date) { CivilDate($0) },
                    to: week.optionalParsed("to", Rules.date) { CivilDate($0) },
                    days: week.nested("days", Self.days) ?? [:]
                )
            }
            holidays = fields.list("holidays", count: 0...5_000) { holiday, _ in
                WorkingCalendar.Holiday(
                    date: holiday.parsed("date", or: CivilDate(daysSinceEpoch: 0), Rules.date) { CivilDate($0) },
                    name: holiday.text("name", .line(1...200))
                )
            }
            // What was read can be sent back: which version is replaced, `If-Match` says.
            if fields.has("version") { _ = fields.integer("version", 0...Int(Int32.max)) }
        }

        private static func days(_ fields: inout Fields) -> [Weekday: [WorkingCalendar.Window]] {
            var days: [Weekday: [WorkingCalendar.Window]] = [:]
            for day in Weekday.allCases {
                days[day] = fields.optionalList(day.rawValue, count: 0...12, windows) { pair in
                    guard case .array(let times) = pair, times.count == 2, case .string(let start) = times[0],
                        case .string(let end) = times[1], let start = TimeOfDay(start), let end = TimeOfDay(end)
                    else { return nil }
                    return WorkingCalendar.Window(start: start, end: end)
                }
            }
            return days
        }

        /// The calendar that the members make; throws `invalid` with every rule they break together.
        func calendar() throws(DomainError) -> WorkingCalendar {
            try WorkingCalendar(timeZone: timeZone, workingDaySeconds: workingDaySeconds, weeks: weeks, holidays: holidays)
        }
    }

    /// The days of a Ramadan, both ends included.
    struct RamadanDays: RequestBody, Sendable {
        let from: CivilDate
        let to: CivilDate

        /// A month of the moon has 29 or 30 days.
        private static let most = 30

        init(_ fields: inout Fields) {
            from = fields.parsed("from", or: CivilDate(daysSinceEpoch: 0), Rules.date) { CivilDate($0) }
            to = fields.parsed("to", or: CivilDate(daysSinceEpoch: 0), Rules.date) { CivilDate($0) }
            let days = to.daysSinceEpoch - from.daysSinceEpoch + 1
            guard fields.has("from"), fields.has("to") else { return }
            if days < 1 {
                fields.note("to", "before_from", "Harus pada atau sesudah tanggal `from`.", "Must be on or after `from`.")
            } else if days > Self.most {
                fields.note("to", "too_long", "Paling banyak \(Self.most) hari.", "At most \(Self.most) days.")
            }
        }
    }
}
