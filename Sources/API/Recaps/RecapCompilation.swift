package import Domain
import HTTP
import Security

/// What the rows of a recap amount to, read through once.
package struct RecapCompilation: Sendable {
    package private(set) var totals = RecapTotals()
    /// Of the rows as CSV, in hexadecimal digits.
    package let sha256: String

    /// Reads all rows, page by page; call it from a worker thread. A recap that is frozen is read with the names it was frozen with.
    package init(of recap: Recap, names: [String: String] = [:], store: any Store) throws(DomainError) {
        var reader = RecapReader(.recap(recap.kind, recap.period), names: names, store: store)
        let calendar = try store.readNow { tx throws(DomainError) in try tx.calendars.service.calendar }
        var counter = Counter(calendar)
        while let rows = try reader.next() { counter.add(rows) }
        (totals, sha256) = counter.finish()
        try store.readNow { tx throws(DomainError) in try name(recap, reader.names, in: tx) }
    }

    /// Reads all rows within a transaction.
    package init(of recap: Recap, in tx: borrowing Transaction, store: any Store) throws(DomainError) {
        var reader = RecapReader(.recap(recap.kind, recap.period), store: store)
        var counter = Counter(try tx.calendars.service.calendar)
        while let rows = try reader.next(in: tx) { counter.add(rows) }
        (totals, sha256) = counter.finish()
        try name(recap, reader.names, in: tx)
    }

    private mutating func name(_ recap: Recap, _ names: [String: String], in tx: borrowing Transaction) throws(DomainError) {
        for part in [RecapTotals.Part.unit, .officer] { try totals.name(part) { names[$0] } }
        let (procedure, version, procedures) = (recap.kind.procedure, recap.procedureVersion, tx.procedures)
        try totals.name(.step) { key throws(DomainError) in
            guard let number = Int(key) else { return nil }
            return try procedures.step(number, of: procedure, version: version)?.code
        }
    }

    /// Counts and hashes rows.
    private struct Counter: ~Copyable {
        private var totals = RecapTotals()
        private var hasher = SHA256Hasher()
        private var isFirst = true
        /// The dates met so far, as they are written.
        private var days: [CivilDate: String] = [:]
        private let calendar: WorkingCalendar

        init(_ calendar: WorkingCalendar) { self.calendar = calendar }

        mutating func add(_ rows: [NamedRow]) {
            for named in rows {
                let day = calendar.localDate(of: named.row.closedAt)
                let text = days[day] ?? day.description
                days[day] = text
                totals.add(named.row, closedOn: text)
            }
            hasher.update(RecapCSV.bytes(rows, isFirst: isFirst))
            isFirst = false
        }

        consuming func finish() -> (RecapTotals, String) { (totals, Digest.hex(hasher.finish())) }
    }
}

extension Recap.Frozen {
    /// What `principal` freezes when he submits a recap.
    package init(sha256: String, by principal: Principal, in tx: borrowing Transaction) throws(DomainError) {
        let user = try tx.users.find(principal.userID)
        self.init(
            sha256: sha256,
            institution: try tx.units.find(principal.unitID)?.name ?? "",
            compilerName: user?.name ?? "",
            compilerNIP: user?.employeeNumber?.text
        )
    }
}
