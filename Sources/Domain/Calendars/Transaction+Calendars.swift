extension Transaction {
    /// The calendars in force.
    package var calendars: Calendars { get throws(DomainError) { try repositories.calendars.current() } }

    /// The calendar by which the cases of a unit were timed at that moment.
    package func calendar(of unit: Unit.ID, at time: Instant) throws(DomainError) -> WorkingCalendar {
        try repositories.calendars.calendar(of: unit, at: time)
    }

    /// Changes the calendar of the service, moves what is due on running attempts with it, and logs the difference.
    ///
    /// What changes nothing makes no new version.
    package func changeCalendar(
        _ event: String = "replace",
        expecting expected: ExpectedVersion?,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource,
        _ change: (WorkingCalendar) throws(DomainError) -> WorkingCalendar
    ) throws(DomainError) -> Calendars.Edition {
        let before = try calendars.service
        try expected?.check(before.version)
        let after = try change(before.calendar)
        guard after != before.calendar else { return before }
        let edition = Calendars.Edition(calendar: after, version: before.version + 1)
        try repositories.calendars.insert(after, version: edition.version, of: nil, at: now)
        let difference = CalendarDifference(from: before.calendar, to: after)
        try log(event, of: nil, difference, by: principal, at: now, ids: ids)
        try reschedule(nil)
        return edition
    }

    /// Gives a unit a calendar of its own in the place of the one it has, or with nil takes it away; throws `notFound` without the unit.
    ///
    /// The version of a unit without its own calendar is 0.
    package func changeCalendar(
        of unit: Unit.ID,
        to calendar: WorkingCalendar?,
        expecting expected: ExpectedVersion,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) -> Calendars.Edition? {
        guard try repositories.units.find(unit) != nil else { throw .notFound("unit") }
        let calendars = try calendars
        let before = calendars.own(of: unit)
        if calendar == nil, before == nil { throw .notFound("calendar") }
        try expected.check(before?.version ?? 0)
        if let before, calendar == before.calendar { return before }
        let version = try repositories.calendars.lastVersion(of: unit) + 1
        try repositories.calendars.insert(calendar, version: version, of: unit, at: now)
        let after = try self.calendars[unit]
        let difference = CalendarDifference(from: calendars[unit], to: after)
        try log(calendar == nil ? "remove" : "replace", of: unit, difference, by: principal, at: now, ids: ids)
        try reschedule(unit)
        return calendar.map { Calendars.Edition(calendar: $0, version: version) }
    }

    /// Moves what is due on running attempts to where the calendars in force put it: of one unit, or of all when nil.
    func reschedule(_ unit: Unit.ID?) throws(DomainError) {
        let calendars = try calendars
        for attempt in try repositories.timings.running(of: unit) {
            if let moved = attempt.rescheduled(by: calendars[attempt.unitID]) { try repositories.timings.move(moved) }
        }
    }

    private func log(
        _ name: String,
        of unit: Unit.ID?,
        _ difference: CalendarDifference,
        by principal: Principal?,
        at now: Instant,
        ids: IdentifierSource
    ) throws(DomainError) {
        try repositories.events.append(
            Event(
                id: ids.make(at: now),
                time: now,
                subject: .calendar,
                subjectID: unit?.text ?? Calendars.serviceID,
                name: name,
                unitID: unit,
                by: principal,
                note: difference.note,
                changed: difference.changed
            )
        )
    }
}

extension Calendars {
    /// What the log calls the calendar of the service.
    static let serviceID = "service"
}
