import Domain

/// The calendars of the service and of its units.
struct SQLCalendars: CalendarRepository {
    let connection: any Connection
    let known: KnownCalendars

    /// What stands for the service where a unit would be.
    private static let service = ""

    func current() throws(DomainError) -> Calendars {
        let content = try connection.contentVersion
        if let content, content == known.content, let calendars = known.calendars { return calendars }
        known.content = content
        let mark = try mark()
        if let calendars = known.calendars, known.mark == mark { return calendars }
        let calendars = try read()
        (known.mark, known.calendars) = (mark, calendars)
        return calendars
    }

    private func mark() throws(DomainError) -> Int? {
        if let mark = connection.notes.content.calendarMark { return mark }
        let mark = try connection.first("select mark from calendar_state") { columns in columns.integer() }
        connection.notes.content.calendarMark = mark
        return mark
    }

    private func read() throws(DomainError) -> Calendars {
        let rows = try connection.all(
            """
            select c.unit_id, c.version, c.document
            from calendar as c
            where c.version = (select max(version) from calendar as v where v.unit_id = c.unit_id)
            and c.document is not null
            """
        ) { columns in (unit: columns.text(), version: columns.integer(), document: columns.text()) }
        var service = Calendars.Edition(calendar: .standard, version: 1)
        var own: [Domain.Unit.ID: Calendars.Edition] = [:]
        for row in rows {
            let edition = Calendars.Edition(calendar: try CalendarDocument.calendar(in: row.document), version: row.version)
            if row.unit == Self.service { service = edition } else { own[Domain.Unit.ID(stored: row.unit)] = edition }
        }
        let zones = try connection.all("select id, time_zone from unit where time_zone <> \(service.calendar.timeZone)") {
            columns throws(DomainError) in
            let unit: Domain.Unit.ID = columns.identifier()
            return (unit, try columns.choice(IndonesianTimeZone.self))
        }
        return Calendars(service: service, own: own, zones: Dictionary(uniqueKeysWithValues: zones))
    }

    func lastVersion(of unit: Domain.Unit.ID?) throws(DomainError) -> Int {
        let unit = unit?.text ?? Self.service
        let last = try connection.first("select max(version) from calendar where unit_id = \(unit)") { columns in
            columns.optionalInteger()
        }
        // Before its first change the calendar of the service is the standard one.
        return last.flatMap { $0 } ?? (unit == Self.service ? 1 : 0)
    }

    func insert(_ calendar: WorkingCalendar?, version: Int, of unit: Domain.Unit.ID?, at now: Instant) throws(DomainError) {
        let document = try calendar.map(CalendarDocument.text)
        try connection.execute(
            """
            insert into calendar (unit_id, version, document, created_at_ms)
            values (\(unit?.text ?? Self.service), \(version), \(document), \(now))
            """
        )
        connection.notes.content.calendarMark = nil
    }

    func calendar(of unit: Domain.Unit.ID, at time: Instant) throws(DomainError) -> WorkingCalendar {
        if let own = try document(of: unit.text, at: time) { return try CalendarDocument.calendar(in: own) }
        let service = try document(of: Self.service, at: time).map(CalendarDocument.calendar) ?? .standard
        let zone = try connection.first(
            """
            select coalesce((
                select time_zone
                from unit_zone
                where unit_id = \(unit)
                and until_ms > \(time)
                order by until_ms
                limit 1
            ), (select time_zone from unit where id = \(unit)))
            """
        ) { columns throws(DomainError) in try columns.optionalChoice(IndonesianTimeZone.self) }
        guard let zone, let zone, zone != service.timeZone else { return service }
        return service.moved(to: zone)
    }

    /// The document that was in force at that moment; nil when there was none.
    private func document(of unit: String, at time: Instant) throws(DomainError) -> String? {
        let document = try connection.first(
            """
            select document
            from calendar
            where unit_id = \(unit)
            and created_at_ms <= \(time)
            order by version desc
            limit 1
            """
        ) { columns in columns.optionalText() }
        return document.flatMap { $0 }
    }
}

/// The calendars that one connection has read, and the mark they had.
final class KnownCalendars {
    /// The content of the database at which `mark` was read last; nil where that is not known.
    var content: Int64?
    var mark: Int?
    var calendars: Calendars?
}
