import Domain
import FoundationEssentials

/// A calendar as a JSON document of the storage; it is read after a change only, far from any hot path.
struct CalendarDocument: Codable {
    private let timeZone: String
    private let workingDaySeconds: Int
    private let weeks: [Week]
    private let holidays: [Holiday]

    private enum CodingKeys: String, CodingKey {
        case timeZone = "time_zone"
        case workingDaySeconds = "working_day_s"
        case weeks, holidays
    }

    private struct Week: Codable {
        let from: String
        let to: String?
        let days: [String: [[String]]]
    }

    private struct Holiday: Codable {
        let date: String
        let name: String
    }

    private init(_ calendar: WorkingCalendar) {
        timeZone = calendar.timeZone.rawValue
        workingDaySeconds = calendar.workingDaySeconds
        weeks = calendar.weeks.map { week in
            let days = week.days.map { ($0.key.rawValue, $0.value.map { [$0.start.description, $0.end.description] }) }
            return Week(from: week.from.description, to: week.to?.description, days: Dictionary(uniqueKeysWithValues: days))
        }
        holidays = calendar.holidays.map { Holiday(date: $0.date.description, name: $0.name) }
    }

    /// The document of a calendar.
    static func text(of calendar: WorkingCalendar) throws(DomainError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            return String(decoding: try encoder.encode(CalendarDocument(calendar)), as: UTF8.self)
        } catch {
            throw .fault("a calendar cannot be written")
        }
    }

    /// The calendar of a document; one that cannot be read is a fault of the stored data.
    static func calendar(in text: String) throws(DomainError) -> WorkingCalendar {
        let document: CalendarDocument
        do { document = try JSONDecoder().decode(CalendarDocument.self, from: Data(text.utf8)) } catch { throw unreadable }
        guard let zone = IndonesianTimeZone(rawValue: document.timeZone) else { throw unreadable }
        var weeks: [WorkingCalendar.Week] = []
        for week in document.weeks {
            guard let from = CivilDate(week.from) else { throw unreadable }
            var days: [Weekday: [WorkingCalendar.Window]] = [:]
            for (name, windows) in week.days {
                guard let day = Weekday(rawValue: name) else { throw unreadable }
                days[day] = try windows.map { window throws(DomainError) in
                    guard window.count == 2, let start = TimeOfDay(window[0]), let end = TimeOfDay(window[1]) else { throw unreadable }
                    return WorkingCalendar.Window(start: start, end: end)
                }
            }
            weeks.append(WorkingCalendar.Week(from: from, to: try week.to.map(date), days: days))
        }
        return try WorkingCalendar(
            timeZone: zone,
            workingDaySeconds: document.workingDaySeconds,
            weeks: weeks,
            holidays: document.holidays.map { holiday throws(DomainError) in
                WorkingCalendar.Holiday(date: try date(holiday.date), name: holiday.name)
            }
        )
    }

    private static func date(_ text: String) throws(DomainError) -> CivilDate {
        guard let date = CivilDate(text) else { throw unreadable }
        return date
    }

    private static let unreadable = DomainError.fault("a stored calendar cannot be read")
}
