import CSQLite
import Domain
import Storage

/// A prepared statement, and the row it stands on.
final class SQLiteStatement: Row {
    // Safety: the handle lives exactly as long as this object, so even a row kept too long reads no freed memory; SQLite answers
    // NULL for a column out of range and for a statement that stands on no row. `sqlite3_close_v2` lets a statement outlive its
    // connection.
    let handle: OpaquePointer
    let parameters: Int
    /// Where short texts lie while they are bound, so that SQLite need not take memory for each: as much as an id for every parameter has.
    private let room: UnsafeMutableBufferPointer<UInt8>
    /// How much of the room is taken.
    private var taken = 0
    /// Whether it runs right now, so that the same text met again inside needs another statement.
    var isRunning = false
    /// When it last ran, in statements of its connection.
    var lastUse: UInt64 = 0

    init(_ handle: OpaquePointer) {
        self.handle = handle
        parameters = Int(sqlite3_bind_parameter_count(handle))
        room = .allocate(capacity: 32 * parameters)
    }

    deinit {
        sqlite3_finalize(handle)
        room.deallocate()
    }

    /// Whether the parameters are named `$1`, `$2` and so on, in this order; SQLite numbers them as they appear.
    var isNumberedInOrder: Bool {
        guard parameters > 0 else { return true }
        return (1...parameters).allSatisfy { number in
            guard let name = sqlite3_bind_parameter_name(handle, Int32(truncatingIfNeeded: number)) else { return false }
            return String(cString: name) == "$\(number)"
        }
    }

    /// Binds the values to the parameters; answers the first code that is not `SQLITE_OK`.
    func bind(_ values: [SQLValue]) -> Int32 {
        guard values.count == parameters else { return SQLITE_RANGE }
        var position: Int32 = 0
        taken = 0
        for value in values {
            position += 1
            let code = bind(value, at: position)
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, position)
        case .integer(let integer):
            return sqlite3_bind_int64(handle, position, integer)
        case .text(var text):
            return text.withUTF8 { bind($0, at: position) }
        case .shortText(let text):
            var code = SQLITE_OK
            text.withBytes { code = bind($0, at: position) }
            return code
        case .blob(let bytes):
            // A null pointer would bind NULL.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(handle, position, 0) }
            return bytes.withUnsafeBytes { sqlite3_bind_blob64(handle, position, $0.baseAddress, UInt64($0.count), sqliteTransient) }
        }
    }

    private func bind(_ text: UnsafeBufferPointer<UInt8>, at position: Int32) -> Int32 {
        guard let start = text.baseAddress else { return sqlite3_bind_text(handle, position, "", 0, sqliteTransient) }
        if let room = room.baseAddress, text.count <= self.room.count - taken {
            // Safety: SQLite reads the bytes until the bindings are cleared, before which nothing else is written there.
            let place = room + taken
            place.initialize(from: start, count: text.count)
            taken += text.count
            return bind(place, text.count, at: position, nil)
        }
        // `sqliteTransient` has SQLite copy the bytes before the call returns, so no pointer outlives its closure.
        return bind(start, text.count, at: position, sqliteTransient)
    }

    private func bind(
        _ start: UnsafePointer<UInt8>,
        _ count: Int,
        at position: Int32,
        _ destructor: sqlite3_destructor_type?
    ) -> Int32 {
        start.withMemoryRebound(to: CChar.self, capacity: count) {
            sqlite3_bind_text64(handle, position, $0, UInt64(count), destructor, UInt8(SQLITE_UTF8))
        }
    }

    /// Makes it ready to run again and lets go of what was bound.
    func reset() {
        sqlite3_reset(handle)
        if parameters > 0 { sqlite3_clear_bindings(handle) }
    }

    // Each column is looked up once, as a value; SQLite calls such a value unprotected because another thread might use the connection,
    // and here none does.

    private func value(_ column: Int) -> OpaquePointer? { sqlite3_column_value(handle, Int32(truncatingIfNeeded: column)) }

    func isNull(_ column: Int) -> Bool { sqlite3_value_type(value(column)) == SQLITE_NULL }

    func integer(_ column: Int) -> Int64 {
        let value = value(column)
        return sqlite3_value_type(value) == SQLITE_INTEGER ? sqlite3_value_int64(value) : 0
    }

    func optionalText(_ column: Int) -> String? {
        let value = value(column)
        switch sqlite3_value_type(value) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT: return Self.text(of: value)
        default: return ""
        }
    }

    func optionalInteger(_ column: Int) -> Int64? {
        let value = value(column)
        return sqlite3_value_type(value) == SQLITE_NULL ? nil : sqlite3_value_int64(value)
    }

    func text(_ column: Int) -> String {
        let value = value(column)
        return sqlite3_value_type(value) == SQLITE_TEXT ? Self.text(of: value) : ""
    }

    private static func text(of value: OpaquePointer?) -> String {
        guard let start = sqlite3_value_text(value) else { return "" }
        // The count is asked for after the text, for asking for the text may convert it; both hold until the next step.
        let count = Int(sqlite3_value_bytes(value))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func shortText(_ column: Int) -> ShortText? {
        let value = value(column)
        switch sqlite3_value_type(value) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT:
            guard let start = sqlite3_value_text(value) else { return ShortText("") }
            return ShortText(UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))))
        default: return ShortText("")
        }
    }

    func word(_ column: Int, in words: inout Words) -> Int? {
        let value = value(column)
        let type = sqlite3_value_type(value)
        if type == SQLITE_NULL { return nil }
        guard type == SQLITE_TEXT, let start = sqlite3_value_text(value) else { return words.number(of: [UInt8]().span) }
        let count = Int(sqlite3_value_bytes(value))
        // Safety: the bytes stay where they are until the next step, which nobody takes meanwhile.
        return words.number(of: Span(_unsafeStart: start, count: count))
    }

    func blob(_ column: Int) -> [UInt8] {
        let value = value(column)
        guard sqlite3_value_type(value) == SQLITE_BLOB, let start = sqlite3_value_blob(value) else { return [] }
        let count = Int(sqlite3_value_bytes(value))
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// SQLite's sign that it must copy what is bound; the macro itself is not visible to Swift.
private let sqliteTransient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
