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

    /// One consultation to its end by way of a return, a pause and another officer, one that rests, one that pauses, and a draft.
    private static func play(_ cast: Cast, _ hours: Hours, _ ids: IdentifierSource, _ tx: borrowing Transaction) throws(DomainError) {
        let cases = tx.consultations
        func made() throws(DomainError) -> Consultation.ID {
            let now = hours.next()
            let head = try cases.head(
                following: Consultation.workflow,
                unit: cast.requester.unitID,
                by: cast.requester,
                at: now,
                ids: ids
            )
            let new = Consultation(head, subject: "Subjek", detail: "Rincian", topic: nil)
            return try cases.create(new, by: cast.requester, at: now, ids: ids).subject.id
        }
        func apply(
            _ event: Consultation.Event,
            _ members: [EventMember: String] = [:],
            to id: Consultation.ID,
            by principal: Principal
        ) throws(DomainError) {
            _ = try cases.apply(CaseEvent(event, members), to: .id(id), expecting: nil, by: principal, at: hours.next(), ids: ids)
        }
        func pause(_ id: Consultation.ID) throws(DomainError) {
            let officer = cast.officers[0]
            _ = try cases.pause(.id(id), at: nil, because: "Menunggu data.", expecting: nil, by: officer, at: hours.next(), ids: ids)
        }
        let all = [try made(), try made(), try made(), try made()]
        for id in all.dropLast() { try apply(.submit, to: id, by: cast.requester) }
        for id in all.dropLast() { try apply(.assign, [.officerID: cast.officers[0].userID.text], to: id, by: cast.administrator) }
        try pause(all[0])
        try pause(all[2])
        _ = try cases.resume(.id(all[0]), at: nil, note: nil, expecting: nil, by: cast.officers[0], at: hours.next(), ids: ids)
        try apply(.propose, [.answer: "Satu"], to: all[0], by: cast.officers[0])
        try apply(.return, [.reason: "Belum lengkap."], to: all[0], by: cast.head)
        try apply(
            .reassign,
            [.officerID: cast.officers[1].userID.text, .reason: "Bertugas di luar."],
            to: all[0],
            by: cast.administrator
        )
        try apply(.propose, [.answer: "Dua"], to: all[0], by: cast.officers[1])
        try apply(.approve, to: all[0], by: cast.head)
        try apply(.deliver, to: all[0], by: cast.officers[1])
        try apply(.acknowledge, to: all[0], by: cast.requester)
        try apply(.propose, [.answer: "Tiga"], to: all[1], by: cast.officers[0])
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
                try await store.write { tx throws(DomainError) in
                    if inBulk {
                        try tx.loadingInBulk { () throws(DomainError) in try play(cast, hours, ids, tx) }
                    } else {
                        try play(cast, hours, ids, tx)
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
