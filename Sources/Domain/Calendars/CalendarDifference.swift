/// What differs between two calendars, short enough for an entry of the log.
struct CalendarDifference {
    /// The names of the members that differ.
    private(set) var changed: [String] = []
    /// Each difference: `+` for what came, `-` for what went.
    private(set) var lines: [String] = []

    /// A note holds no more code points than this.
    private static let longest = 2_000

    init(from before: WorkingCalendar, to after: WorkingCalendar) {
        if before.timeZone != after.timeZone {
            changed.append("time_zone")
            lines += ["-time_zone \(before.timeZone.rawValue)", "+time_zone \(after.timeZone.rawValue)"]
        }
        if before.workingDaySeconds != after.workingDaySeconds {
            changed.append("working_day_s")
            lines += ["-working_day_s \(before.workingDaySeconds)", "+working_day_s \(after.workingDaySeconds)"]
        }
        if before.weeks != after.weeks {
            changed.append("weeks")
            let (old, new) = (before.weeks.map(Self.line), after.weeks.map(Self.line))
            let (gone, come) = (Set(old).subtracting(new), Set(new).subtracting(old))
            lines += old.filter(gone.contains).map { "-week \($0)" } + new.filter(come.contains).map { "+week \($0)" }
            if gone.isEmpty, come.isEmpty { lines.append("order of weeks") }
        }
        if before.holidays != after.holidays {
            changed.append("holidays")
            let (gone, come) = (Set(before.holidays).subtracting(after.holidays), Set(after.holidays).subtracting(before.holidays))
            lines += before.holidays.filter(gone.contains).map { "-holiday \($0.date) \($0.name)" }
            lines += after.holidays.filter(come.contains).map { "+holiday \($0.date) \($0.name)" }
            if gone.isEmpty, come.isEmpty { lines.append("order of holidays") }
        }
    }

    /// The lines as one note; when there are too many, the first of them and how many more there are.
    var note: String {
        var note = ""
        var count = 0
        for (index, line) in lines.enumerated() {
            let size = line.unicodeScalars.count + 2
            guard count + size <= Self.longest - 20 else { return note + "; … +\(lines.count - index)" }
            note += (index == 0 ? "" : "; ") + line
            count += size
        }
        return note
    }

    private static func line(_ week: WorkingCalendar.Week) -> String {
        let days = Weekday.allCases.compactMap { day -> String? in
            guard let windows = week.days[day], !windows.isEmpty else { return nil }
            return day.rawValue + " " + windows.map { "\($0.start)-\($0.end)" }.joined(separator: ",")
        }
        return "\(week.from)/\(week.to?.description ?? "") \(days.joined(separator: " "))"
    }
}
