package import Domain

/// One connection of a storage engine: what a driver supplies. It is used by one thread at a time.
package protocol Connection: AnyObject {
    /// Which dialect the few statements that differ are written in.
    var dialect: Dialect { get }

    /// Runs `statement` to its end, handing each row to `row`, which answers whether it wants more.
    ///
    /// A violated constraint throws `.constraint` with its name; everything else is a `DomainError` of storage.
    func run(_ statement: SQL, row: (any Row) throws(DomainError) -> Bool) throws(StorageError)

    /// A number that stays the same from one transaction to the next as long as nobody has changed the database; nil where this connection
    /// changes it itself.
    var contentVersion: Int64? { get throws(DomainError) }

    /// How many rows the last statement inserted, updated or deleted.
    var changes: Int { get }

    /// What the transaction keeps in mind. The driver empties it as a transaction begins, and has it as it was when it takes a body back.
    var notes: TransactionNotes { get }
}

/// The SQL dialects.
package enum Dialect: Sendable {
    case sqlite
}

/// What a statement can fail with.
package enum StorageError: Error, Sendable, Equatable {
    /// A unique, check or foreign-key constraint was violated; its name, as far as the engine tells it.
    case constraint(String)
    case domain(DomainError)

    /// The error as those above storage see it: a constraint that no repository expected is a fault.
    package var domain: DomainError {
        switch self {
        case .constraint(let name): .fault("constraint violated: \(name)")
        case .domain(let error): error
        }
    }
}

/// The row a statement stands on; columns count from 0. Reading a column of another type gives that type's empty value.
package protocol Row: AnyObject {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func optionalInteger(_ column: Int) -> Int64?
    func text(_ column: Int) -> String
    func optionalText(_ column: Int) -> String?
    /// A text such as an id, without an allocation; nil where the column is null.
    func shortText(_ column: Int) -> ShortText?
    /// The number of the text in `words`; nil where the column is null.
    func word(_ column: Int, in words: inout Words) -> Int?
    func blob(_ column: Int) -> [UInt8]
}

/// Reads the columns of a row from left to right.
package struct Columns {
    private let row: any Row
    private var next = 0

    init(_ row: any Row) { self.row = row }

    private mutating func step() -> Int {
        defer { next += 1 }
        return next
    }

    package mutating func text() -> String { row.text(step()) }

    package mutating func optionalText() -> String? { row.optionalText(step()) }

    package mutating func shortText() -> ShortText? { row.shortText(step()) }

    package mutating func integer() -> Int { Int(row.integer(step())) }

    package mutating func optionalInteger() -> Int? { row.optionalInteger(step()).map { Int($0) } }

    package mutating func flag() -> Bool { row.integer(step()) != 0 }

    package mutating func blob() -> [UInt8] { row.blob(step()) }

    package mutating func optionalBlob() -> [UInt8]? {
        let column = step()
        return row.isNull(column) ? nil : row.blob(column)
    }

    /// A value of an enumeration; a text that is none of its values is a fault of the stored data.
    package mutating func choice<Choice: RawRepresentable<String>>(_ type: Choice.Type = Choice.self) throws(DomainError) -> Choice {
        let text = text()
        guard let choice = Choice(rawValue: text) else { throw .fault("stored value \(text) is no \(type)") }
        return choice
    }

    package mutating func optionalChoice<Choice: RawRepresentable<String>>(
        _ type: Choice.Type = Choice.self
    ) throws(DomainError) -> Choice? {
        guard let text = optionalText() else { return nil }
        guard let choice = Choice(rawValue: text) else { throw .fault("stored value \(text) is no \(type)") }
        return choice
    }
}

extension Connection {
    /// Runs a statement that gives no rows.
    package func execute(_ statement: SQL) throws(DomainError) {
        do { try run(statement) { _ in true } } catch { throw error.domain }
    }

    /// The first row, decoded; nil when there is none.
    @inline(__always)
    package func first<Value>(
        _ statement: SQL,
        _ decode: (inout Columns) throws(DomainError) -> Value
    ) throws(DomainError) -> Value? {
        try Rows.first(of: statement, on: self, decode)
    }

    /// All rows, decoded.
    @inline(__always)
    package func all<Value>(
        _ statement: SQL,
        _ decode: (inout Columns) throws(DomainError) -> Value
    ) throws(DomainError) -> [Value] {
        try Rows.all(of: statement, on: self, decode)
    }

    /// The first `limit` rows, decoded, and whether there is one more, which is not.
    @inline(__always)
    func page<Value>(
        _ statement: SQL,
        limit: Int,
        _ decode: (inout Columns) throws(DomainError) -> Value
    ) throws(DomainError) -> Page<Value> {
        try Rows.page(of: statement, limit, on: self, decode)
    }

    /// Runs a statement that may violate the named unique constraints; each names the JSON pointer of the field that collides.
    package func execute(_ statement: SQL, conflicts: [String: String]) throws(DomainError) {
        do { try run(statement) { _ in true } } catch {
            if case .constraint(let name) = error, let pointer = conflicts.first(where: { name.contains($0.key) })?.value {
                throw .conflict(pointer: pointer)
            }
            throw error.domain
        }
    }
}

/// The rows of a statement as values.
///
/// It stands beside `Connection`, and is inlined, so that it is specialised for each kind of value: inside the protocol a closure would
/// be generic over the unknown connection, too, and ask for the type of each value at run time.
private enum Rows {
    @inline(__always)
    static func first<Value>(
        of statement: SQL,
        on connection: any Connection,
        _ decode: (inout Columns) throws(DomainError) -> Value
    ) throws(DomainError) -> Value? {
        var found: Value?
        do {
            try connection.run(statement) { row throws(DomainError) in
                var columns = Columns(row)
                found = try decode(&columns)
                return false
            }
        } catch { throw error.domain }
        return found
    }

    @inline(__always)
    static func all<Value>(
        of statement: SQL,
        on connection: any Connection,
        _ decode: (inout Columns) throws(DomainError) -> Value
    ) throws(DomainError) -> [Value] {
        var values: [Value] = []
        do {
            try connection.run(statement) { row throws(DomainError) in
                var columns = Columns(row)
                values.append(try decode(&columns))
                return true
            }
        } catch { throw error.domain }
        return values
    }

    @inline(__always)
    static func page<Value>(
        of statement: SQL,
        _ limit: Int,
        on connection: any Connection,
        _ decode: (inout Columns) throws(DomainError) -> Value
    ) throws(DomainError) -> Page<Value> {
        var values: [Value] = []
        values.reserveCapacity(limit)
        var hasMore = false
        do {
            try connection.run(statement) { row throws(DomainError) in
                hasMore = values.count == limit
                if hasMore { return false }
                var columns = Columns(row)
                values.append(try decode(&columns))
                return true
            }
        } catch { throw error.domain }
        return Page(values, hasMore: hasMore)
    }
}
