/// The calendars in force: that of the service, and those of the units that differ from it.
package struct Calendars: Sendable {
    /// A calendar with its version, which counts up by one with each change.
    package struct Edition: Sendable, Equatable {
        package let calendar: WorkingCalendar
        package let version: Int

        package init(calendar: WorkingCalendar, version: Int) {
            self.calendar = calendar
            self.version = version
        }
    }

    package let service: Edition
    /// The calendars that units keep of their own.
    private let own: [Unit.ID: Edition]
    /// The rules of the service in the zones of the units that are elsewhere.
    private let elsewhere: [Unit.ID: WorkingCalendar]

    /// `zones` are those of the units in another zone than that of the service; a unit's own calendar goes before its zone.
    package init(service: Edition, own: [Unit.ID: Edition] = [:], zones: [Unit.ID: IndonesianTimeZone] = [:]) {
        self.service = service
        self.own = own
        let moved = Dictionary(uniqueKeysWithValues: IndonesianTimeZone.allCases.map { ($0, service.calendar.moved(to: $0)) })
        elsewhere = zones.compactMapValues { moved[$0] }
    }

    /// The calendar by which the cases of a unit are timed.
    package subscript(unit: Unit.ID) -> WorkingCalendar { own[unit]?.calendar ?? elsewhere[unit] ?? service.calendar }

    /// The calendar that a unit keeps of its own; nil when it goes by that of the service.
    package func own(of unit: Unit.ID) -> Edition? { own[unit] }
}

/// Calendars in storage, with every version they ever had.
package protocol CalendarRepository {
    /// The calendars as they are in force in this transaction.
    func current() throws(DomainError) -> Calendars
    /// The last version there was of the calendar of a unit, or of the service when nil; 0 when there never was one.
    func lastVersion(of unit: Unit.ID?) throws(DomainError) -> Int
    /// Puts a calendar in force as a new version; without one the unit goes by that of the service again.
    func insert(_ calendar: WorkingCalendar?, version: Int, of unit: Unit.ID?, at now: Instant) throws(DomainError)
    /// The calendar by which the cases of a unit were timed at that moment.
    func calendar(of unit: Unit.ID, at time: Instant) throws(DomainError) -> WorkingCalendar
}
