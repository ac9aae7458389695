@testable import Domain
@testable import Storage
import Testing

/// Which calendars a transaction goes by while it changes them itself.
@Suite struct CalendarNotesTests {
    private static let now = Instant(milliseconds: 1_767_571_200_000)

    private static func unit(_ zone: IndonesianTimeZone) -> Domain.Unit {
        Domain.Unit(
            id: Identifier(stored: "unt_a"),
            code: "A",
            name: "A",
            kind: .workUnit,
            parentID: nil,
            timeZone: zone,
            createdAt: now,
            updatedAt: now,
            version: zone == .jakarta ? 1 : 2
        )
    }

    @Test func `a change counts at once, and no more when it is taken back`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    let repositories = tx.repositories
                    func zones() throws(DomainError) -> [IndonesianTimeZone] {
                        let calendars = try repositories.calendars.current()
                        return [calendars.service.calendar.timeZone, calendars[Identifier(stored: "unt_a")].timeZone]
                    }
                    #expect(try zones() == [.jakarta, .jakarta])
                    try repositories.units.insert(Self.unit(.jakarta))
                    let undone = try tx.attempt { () throws(DomainError) -> Void in
                        try repositories.units.update(Self.unit(.makassar), from: 1)
                        #expect(try zones() == [.jakarta, .makassar])
                        try repositories.calendars.insert(WorkingCalendar.standard.moved(to: .jayapura), version: 2, of: nil, at: Self.now)
                        #expect(try zones() == [.jayapura, .makassar])
                        throw .stale
                    }
                    #expect(throws: DomainError.stale) { try undone.get() }
                    #expect(try zones() == [.jakarta, .jakarta])
                    try repositories.units.update(Self.unit(.makassar), from: 1)
                    #expect(try zones() == [.jakarta, .makassar])
                }
            }
        }
    }
}
