package import Domain
import HTTP
import Security
import Synchronization

/// A row of a recap with the names that stand for its unit and its officer.
struct NamedRow: Sendable {
    let row: RecapRow
    let unit: String
    let officer: String
}

/// Draws the rows of a recap, or of one officer's month, page by page, each in a transaction of its own.
struct RecapReader {
    /// Which rows are drawn.
    enum Source: Sendable {
        case recap(Recap.Kind, CivilMonth)
        case officer(User.ID, CivilMonth)
    }

    private let source: Source
    private let store: any Store
    private let limit: Int
    private var last: String?
    private var isAtEnd = false
    /// The names met so far, by the ids they stand for.
    private(set) var names: [String: String]

    /// `names` are those that a recap was frozen with; they go before those of today.
    init(_ source: Source, names: [String: String] = [:], store: any Store, limit: Int = 2000) {
        (self.source, self.names, self.store, self.limit) = (source, names, store, limit)
    }

    /// The next page, read in a transaction of its own; nil at the end.
    mutating func next() throws(DomainError) -> [NamedRow]? {
        let store = store
        return try store.readNow { tx throws(DomainError) in try next(in: tx) }
    }

    /// The next page; nil at the end.
    mutating func next(in tx: borrowing Transaction) throws(DomainError) -> [NamedRow]? {
        if isAtEnd { return nil }
        let rows =
            switch source {
            case .recap(let kind, let period): try tx.recaps.rows(kind, period, after: last, limit: limit)
            case .officer(let user, let period): try tx.recaps.rows(of: user, in: period, after: last, limit: limit)
            }
        last = rows.last?.caseID
        isAtEnd = rows.count < limit
        var named: [NamedRow] = []
        named.reserveCapacity(rows.count)
        for row in rows {
            let unit = row.unitID.text
            if names[unit] == nil { names[unit] = try tx.units.find(row.unitID)?.name ?? unit }
            if let id = row.officerID, names[id.text] == nil { names[id.text] = try tx.users.find(id)?.name ?? id.text }
            named.append(NamedRow(row: row, unit: names[unit] ?? "", officer: row.officerID.flatMap { names[$0.text] } ?? ""))
        }
        return named
    }
}

extension RecapTotals {
    /// The names of units and officers, by their ids.
    package var names: [String: String] { names(of: .unit).merging(names(of: .officer)) { $1 } }
}

/// The rows of a recap as CSV.
enum RecapCSV {
    static let header = [
        "number", "case_id", "status", "title", "unit_id", "unit", "officer_id", "officer", "topic", "created_at", "closed_at",
        "on_time_steps", "late_steps", "on_time", "points",
    ]

    static func cells(_ named: NamedRow) -> [String] {
        let row = named.row
        return [
            row.number, row.caseID, row.status, row.title, row.unitID.text, named.unit, row.officerID?.text ?? "", named.officer,
            row.topic ?? "", row.createdAt.rfc3339, row.closedAt.rfc3339, String(row.onTimeSteps), String(row.lateSteps),
            row.isOnTime.map { $0 ? "true" : "false" } ?? "", String(row.points),
        ]
    }

    static func bytes(_ rows: [NamedRow], isFirst: Bool) -> [UInt8] {
        var csv = CSVWriter()
        if isFirst { csv.row(header) }
        for row in rows { csv.row(cells(row)) }
        return csv.finish()
    }
}

/// Chunks of an answer that are made from the pages of a reader one by one.
final class RecapChunks: Sendable {
    private let state: Mutex<(reader: RecapReader, isFirst: Bool, isAtEnd: Bool)>
    private let write: @Sendable ([NamedRow], _ isFirst: Bool) -> [UInt8]
    private let end: [UInt8]

    /// `write` makes the bytes of a page; `end` follows the last one.
    init(_ reader: RecapReader, end: [UInt8] = [], _ write: @escaping @Sendable ([NamedRow], Bool) -> [UInt8]) {
        state = Mutex((reader: reader, isFirst: true, isAtEnd: false))
        self.write = write
        self.end = end
    }

    func next() throws -> [UInt8]? {
        try state.withLock { state in
            if state.isAtEnd { return nil }
            guard let rows = try state.reader.next() else {
                state.isAtEnd = true
                return end.isEmpty ? nil : end
            }
            defer { state.isFirst = false }
            return write(rows, state.isFirst)
        }
    }
}
