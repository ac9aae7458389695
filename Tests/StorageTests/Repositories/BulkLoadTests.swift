@testable import Domain
@testable import Storage
@testable import StorageSQLite
import Synchronization
import TestSupport
import Testing

/// A load in bulk holds back what changes again: afterwards all is as if it had been stored at once.
@Suite struct BulkLoadTests {
    /// Those who play a part.
    private struct Cast {
        let requester: Principal
        let administrator: Principal
        let officers: [Principal]
        let head: Principal

        init(in tx: borrowing Transaction, at now: Instant, ids: IdentifierSource) throws(DomainError) {
            let unit = Domain.Unit(
                id: ids.make(at: now),
                code: "A",
                name: "A",
                kind: .workUnit,
                parentID: nil,
                timeZone: .makassar,
                createdAt: now,
                updatedAt: now,
                version: 1
            )
            try tx.create(unit, by: nil, at: now, ids: ids)
            func principal(_ username: String, _ role: Role) throws(DomainError) -> Principal {
                let user = User(
                    id: ids.make(at: now),
                    username: username,
                    name: username,
                    employeeNumber: nil,
                    email: nil,
                    unitID: unit.id,
                    roles: RoleSet([role]),
                    isActive: true,
                    mustChangePassword: false,
                    createdAt: now,
                    updatedAt: now,
                    version: 1
                )
                try tx.create(user, password: Password(hash: ""), by: nil, at: now, ids: ids)
                return Principal(user)
            }
            requester = try principal("ani", .workUnit)
            administrator = try principal("budi", .superAdmin)
            officers = [try principal("citra", .consultationOfficer), try principal("dewi", .consultationOfficer)]
            head = try principal("eko", .subdirectorateHead)
        }
    }

    /// One moment after the other, by 47 minutes.
    private final class Hours: Sendable {
        private let now = Mutex(Instant(milliseconds: 1_767_571_200_000))

        func next() -> Instant {
            now.withLock { now in
                now = now.advanced(byMilliseconds: 47 * 60_000)
                return now
            }
        }
    }

    /// What happens, in two acts.
    private struct Play {
        let cast: Cast
        let hours: Hours
        let ids: IdentifierSource

        private func make(_ tx: borrowing Transaction) throws(DomainError) -> Consultation.ID {
            let now = hours.next()
            let head = try tx.consultations.head(
                following: Consultation.workflow,
                unit: cast.requester.unitID,
                by: cast.requester,
                at: now,
                ids: ids
            )
            let new = Consultation(head, subject: "Subjek", detail: "Rincian", topic: nil)
            return try tx.consultations.create(new, by: cast.requester, at: now, ids: ids).subject.id
        }

        private func apply(
            _ event: Consultation.Event,
            _ members: [EventMember: String] = [:],
            to id: Consultation.ID,
            by principal: Principal,
            _ tx: borrowing Transaction
        ) throws(DomainError) {
            let event = CaseEvent(event, members)
            _ = try tx.consultations.apply(event, to: .id(id), expecting: nil, by: principal, at: hours.next(), ids: ids)
        }

        private func pause(_ id: Consultation.ID, _ tx: borrowing Transaction) throws(DomainError) {
            let (officer, now) = (cast.officers[0], hours.next())
            _ = try tx.consultations.pause(.id(id), at: nil, because: "Menunggu data.", expecting: nil, by: officer, at: now, ids: ids)
        }

        private func resume(_ id: Consultation.ID, _ tx: borrowing Transaction) throws(DomainError) {
            let (officer, now) = (cast.officers[0], hours.next())
            _ = try tx.consultations.resume(.id(id), at: nil, note: nil, expecting: nil, by: officer, at: now, ids: ids)
        }

        /// One consultation to its end by way of a return, a pause and another officer, one that is proposed, one that pauses, and two drafts.
        func first(_ tx: borrowing Transaction) throws(DomainError) -> [Consultation.ID] {
            var all: [Consultation.ID] = []
            for _ in 0..<5 { all.append(try make(tx)) }
            for id in all.dropLast(2) { try apply(.submit, to: id, by: cast.requester, tx) }
            for id in all.dropLast(2) { try apply(.assign, [.officerID: cast.officers[0].userID.text], to: id, by: cast.administrator, tx) }
            try pause(all[0], tx)
            try pause(all[2], tx)
            try resume(all[0], tx)
            try apply(.propose, [.answer: "Satu"], to: all[0], by: cast.officers[0], tx)
            try apply(.return, [.reason: "Belum lengkap."], to: all[0], by: cast.head, tx)
            let handing: [EventMember: String] = [.officerID: cast.officers[1].userID.text, .reason: "Bertugas di luar."]
            try apply(.reassign, handing, to: all[0], by: cast.administrator, tx)
            try apply(.propose, [.answer: "Dua"], to: all[0], by: cast.officers[1], tx)
            try apply(.approve, to: all[0], by: cast.head, tx)
            try apply(.deliver, to: all[0], by: cast.officers[1], tx)
            try apply(.acknowledge, to: all[0], by: cast.requester, tx)
            try apply(.propose, [.answer: "Tiga"], to: all[1], by: cast.officers[0], tx)
            return all
        }

        /// The second to its end, with a return, the third goes on, the fourth is handed in and withdrawn.
        func second(_ all: [Consultation.ID], _ tx: borrowing Transaction) throws(DomainError) {
            try apply(.return, [.reason: "Belum lengkap."], to: all[1], by: cast.head, tx)
            try apply(.propose, [.answer: "Empat"], to: all[1], by: cast.officers[0], tx)
            try apply(.approve, to: all[1], by: cast.head, tx)
            try apply(.deliver, to: all[1], by: cast.officers[0], tx)
            try apply(.acknowledge, to: all[1], by: cast.requester, tx)
            try resume(all[2], tx)
            try apply(.submit, to: all[3], by: cast.requester, tx)
            try apply(.withdraw, to: all[3], by: cast.requester, tx)
        }
    }

    /// All that is stored after the play.
    private static func stored(inBulk: Bool) async throws -> [String] {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                let counter = Mutex<UInt64>(0)
                let ids = IdentifierSource {
                    counter.withLock { counter in
                        counter += 1
                        return counter
                    }
                }
                let hours = Hours()
                let procedures = try ProgramCatalogue.procedures()
                let cast = try await store.write { tx throws(DomainError) in
                    for procedure in procedures { try tx.repositories.procedures.insert(procedure, at: hours.next()) }
                    return try Cast(in: tx, at: hours.next(), ids: ids)
                }
                let play = Play(cast: cast, hours: hours, ids: ids)
                try await store.write { tx throws(DomainError) in
                    if inBulk {
                        var made: [Consultation.ID]?
                        try tx.loadingInBulk { () throws(DomainError) -> Bool in
                            guard let made else {
                                made = try play.first(tx)
                                return true
                            }
                            try play.second(made, tx)
                            return false
                        }
                    } else {
                        try play.second(try play.first(tx), tx)
                    }
                }
                return try await store.read { tx throws(DomainError) in
                    let page = PageRequest(limit: 200)
                    let now = Instant(milliseconds: 1_800_000_000_000)
                    let repositories = tx.repositories
                    var lines = try repositories.consultations.list(CaseQuery(page: page), visible: [.all]).elements.map { "\($0)" }
                    let timings = try repositories.timings.list(TimingQuery(now: now, page: page), visible: [.all]).elements
                    lines += timings.map { "\($0)" }
                    for timing in timings { lines += try repositories.pauses.list(of: timing.id).map { "\($0)" } }
                    lines += try repositories.events.entries(beyond: 0, isAscending: true, limit: 200).map { "\($0.event)" }
                    let month = CivilMonth(of: WorkingCalendar.standard.localDate(of: hours.next()))
                    lines += try repositories.recaps.rows(.consultation, month, after: nil, limit: 200).map { "\($0)" }
                    lines += try repositories.points.list(PointQuery(page: page)).elements.map { "\($0)" }
                    var words = CaseQuery<Consultation>(page: page)
                    words.words = "dua"
                    lines += try repositories.consultations.list(words, visible: [.all]).elements.map { "found \($0.subject.number)" }
                    lines.append(
                        "\(try tx.tallyFaults()) faults of the tally, log broken at \(String(describing: try repositories.events.firstBroken()))"
                    )
                    return lines
                }
            }
        }
    }

    @Test func `what was loaded in bulk is what would have been stored at once`() async throws {
        let (held, plain) = (try await Self.stored(inBulk: true), try await Self.stored(inBulk: false))
        #expect(held.count > 50)
        for (one, other) in zip(held, plain) { #expect(one == other) }
        #expect(held.count == plain.count)
    }
}
