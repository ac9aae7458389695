extension WorkingCalendar {
    static let workingDayLimits = 3_600...86_400
    static let mostWeeks = 200
    static let mostHolidays = 5_000
    static let mostWindows = 12
    static let longestHolidayName = 200

    /// Every bad field, in the order of the body; entries beyond a limit are not looked at.
    static func issues(workingDaySeconds: Int, weeks: [Week], holidays: [Holiday]) -> [Issue] {
        var issues: [Issue] = []
        if !workingDayLimits.contains(workingDaySeconds) {
            issues.append(
                Issue(
                    "/working_day_s",
                    code: "out_of_range",
                    detail: Text(id: "Harus 3600 sampai 86400 detik.", en: "Must be 3600 to 86400 seconds.")
                )
            )
        }
        issues += countIssues(weeks.count, most: mostWeeks, at: "/weeks")
        for (index, week) in weeks.prefix(mostWeeks).enumerated() {
            issues += Self.issues(in: week, at: "/weeks/\(index)")
        }
        issues += openEndIssues(in: weeks)
        issues += countIssues(holidays.count, most: mostHolidays, at: "/holidays")
        var seen: Set<CivilDate> = []
        for (index, holiday) in holidays.prefix(mostHolidays).enumerated() {
            if !seen.insert(holiday.date).inserted {
                issues.append(
                    Issue(
                        "/holidays/\(index)/date",
                        code: "duplicate",
                        detail: Text(id: "Tanggal ini sudah ada dalam daftar.", en: "This date is already in the list.")
                    )
                )
            }
            issues += nameIssues(holiday.name, at: "/holidays/\(index)/name")
        }
        return issues
    }

    private static func issues(in week: Week, at pointer: String) -> [Issue] {
        var issues: [Issue] = []
        if let to = week.to, to < week.from {
            issues.append(
                Issue(
                    "\(pointer)/to",
                    code: "before_from",
                    detail: Text(id: "Harus pada atau sesudah tanggal `from`.", en: "Must be on or after `from`.")
                )
            )
        }
        for weekday in Weekday.allCases {
            let windows = week.days[weekday] ?? []
            let list = "\(pointer)/days/\(weekday.rawValue)"
            issues += countIssues(windows.count, most: mostWindows, at: list)
            issues += windowIssues(windows.prefix(mostWindows), at: list)
        }
        return issues
    }

    private static func windowIssues(_ windows: ArraySlice<Window>, at list: String) -> [Issue] {
        var issues: [Issue] = []
        var previous: Window?
        var furthestEnd = TimeOfDay(clampingMinutes: 0)
        for (index, window) in windows.enumerated() {
            if window.end <= window.start {
                issues.append(
                    Issue(
                        "\(list)/\(index)",
                        code: "end_not_after_start",
                        detail: Text(id: "Jam selesai harus sesudah jam mulai.", en: "The end must be after the start.")
                    )
                )
            } else if let previous, window.start < previous.start {
                issues.append(
                    Issue(
                        "\(list)/\(index)",
                        code: "unsorted",
                        detail: Text(id: "Urutkan rentang jam menurut jam mulai.", en: "Sort the windows by their start.")
                    )
                )
            } else if window.start < furthestEnd {
                issues.append(
                    Issue(
                        "\(list)/\(index)",
                        code: "overlap",
                        detail: Text(
                            id: "Tumpang tindih dengan rentang jam sebelumnya.",
                            en: "Overlaps the window before it."
                        )
                    )
                )
            }
            guard window.start < window.end else { continue }
            previous = window
            furthestEnd = max(furthestEnd, window.end)
        }
        return issues
    }

    /// Working time must never run out, or a due date could not be told.
    private static func openEndIssues(in weeks: [Week]) -> [Issue] {
        guard let index = weeks.lastIndex(where: { $0.to == nil }) else {
            return [
                Issue(
                    "/weeks",
                    code: "open_end_required",
                    detail: Text(
                        id: "Harus ada pola minggu tanpa tanggal `to`.",
                        en: "There must be a week without `to`."
                    )
                )
            ]
        }
        guard weeks[index].days.values.allSatisfy(\.isEmpty) else { return [] }
        return [
            Issue(
                "/weeks/\(index)/days",
                code: "no_working_time",
                detail: Text(
                    id: "Pola minggu terakhir tanpa tanggal `to` harus punya jam kerja.",
                    en: "The last week without `to` must have working time."
                )
            )
        ]
    }

    private static func nameIssues(_ name: String, at pointer: String) -> [Issue] {
        if name.allSatisfy(\.isWhitespace) {
            return [Issue(pointer, code: "required", detail: Text(id: "Wajib diisi.", en: "Must not be empty."))]
        }
        guard name.unicodeScalars.count > longestHolidayName else { return [] }
        return [
            Issue(
                pointer,
                code: "too_long",
                detail: Text(
                    id: "Paling panjang \(longestHolidayName) karakter.",
                    en: "At most \(longestHolidayName) characters."
                )
            )
        ]
    }

    private static func countIssues(_ count: Int, most limit: Int, at pointer: String) -> [Issue] {
        guard count > limit else { return [] }
        return [
            Issue(
                pointer,
                code: "too_many",
                detail: Text(id: "Paling banyak \(limit) butir.", en: "At most \(limit) entries.")
            )
        ]
    }
}
