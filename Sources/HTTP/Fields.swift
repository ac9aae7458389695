@_spi(_Unicode) import Swift

/// What a merge patch (RFC 7396) says of one member.
package enum Change<Value> {
    case keep
    case clear
    case set(Value)

    /// The value after the change, given the one before it.
    package func applied(to old: Value?) -> Value? {
        switch self {
        case .keep: old
        case .clear: nil
        case .set(let value): value
        }
    }

    /// The value after the change of a member that cannot be cleared.
    package func applied(to old: Value) -> Value {
        if case .set(let value) = self { value } else { old }
    }
}

extension Change: Sendable where Value: Sendable {}
extension Change: Equatable where Value: Equatable {}

/// The body of a request: a wire type that is read member by member.
package protocol RequestBody {
    /// Reads the members; whatever is wrong is noted in `fields` and thrown together afterwards.
    init(_ fields: inout Fields)
}

/// Reads the members of a JSON object and gathers every fault, so that all are reported at once.
///
/// A member that is missing or wrong reads as an empty value; `finish` throws before anyone sees it.
package struct Fields {
    private let object: JSONObject
    private let base: String
    private let language: Language
    private var known: [String] = []
    private var errors: [FieldError] = []

    package init(_ object: JSONObject, at base: String = "", language: Language) {
        self.object = object
        self.base = base
        self.language = language
    }

    /// Ends the reading; throws `invalid` with every fault, unknown members among them.
    package consuming func finish() throws(Problem) {
        for member in object.members where !known.contains(member.name) {
            note(member.name, "unknown", "Isian ini tidak dikenal.", "There is no such member.")
        }
        guard errors.isEmpty else { throw Problem(.invalid, errors: errors) }
    }

    /// Notes a fault of the member `name`.
    package mutating func note(_ name: String, _ code: String, _ id: String, _ en: String) {
        let escaped = name.utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") } ? Self.escape(name) : name
        errors.append(FieldError(.pointer("\(base)/\(escaped)"), code: code, detail: language == .english ? en : id))
    }

    private static func escape(_ name: String) -> String {
        name.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }

    private mutating func find(_ name: String) -> JSONValue? {
        known.append(name)
        return object[name]
    }

    /// Whether the member was sent at all.
    package func has(_ name: String) -> Bool { object[name] != nil }

    private mutating func required<Value>(_ name: String, _ fallback: Value, _ parse: (inout Fields, JSONValue) -> Value?) -> Value {
        switch find(name) {
        case nil, .null:
            note(name, "required", "Isian ini wajib.", "This member is required.")
            return fallback
        case .some(let value): return parse(&self, value) ?? fallback
        }
    }

    private mutating func optional<Value>(_ name: String, _ parse: (inout Fields, JSONValue) -> Value?) -> Value? {
        switch find(name) {
        case nil, .null: nil
        case .some(let value): parse(&self, value)
        }
    }

    private mutating func change<Value>(_ name: String, _ parse: (inout Fields, JSONValue) -> Value?) -> Change<Value> {
        switch find(name) {
        case nil: .keep
        case .null: .clear
        case .some(let value): parse(&self, value).map { .set($0) } ?? .keep
        }
    }

    private mutating func noteIfCleared<Value>(_ name: String, _ change: Change<Value>) -> Change<Value> {
        if case .clear = change { note(name, "required", "Isian ini tidak boleh kosong.", "This member cannot be null.") }
        return change
    }

    // MARK: Text

    /// A required text; a rule says how long it may be and whether it may have lines.
    package mutating func text(_ name: String, _ rule: TextRule) -> String {
        required(name, "") { fields, value in fields.text(name, rule, value) }
    }

    package mutating func optionalText(_ name: String, _ rule: TextRule) -> String? {
        optional(name) { fields, value in fields.text(name, rule, value) }
    }

    /// A text that a patch may set but not clear.
    package mutating func changedText(_ name: String, _ rule: TextRule) -> Change<String> {
        let change = change(name) { fields, value in fields.text(name, rule, value) }
        return noteIfCleared(name, change)
    }

    /// A text that a patch may set or clear.
    package mutating func clearableText(_ name: String, _ rule: TextRule) -> Change<String> {
        change(name) { fields, value in fields.text(name, rule, value) }
    }

    private mutating func text(_ name: String, _ rule: TextRule, _ value: JSONValue) -> String? {
        guard case .string(let raw) = value else {
            note(name, "wrong_type", "Harus berupa teks.", "It must be a string.")
            return nil
        }
        let text = raw.utf8.allSatisfy { $0 < 0x80 } ? raw : String(String.UnicodeScalarView(raw._nfc))
        guard let fault = rule.fault(of: text) else { return text }
        note(name, fault.code, fault.id, fault.en)
        return nil
    }

    // MARK: Values of an enumeration

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, or fallback: Choice) -> Choice {
        required(name, fallback) { fields, value in fields.choice(name, value) }
    }

    package mutating func optionalChoice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ type: Choice.Type = Choice.self
    ) -> Choice? {
        optional(name) { fields, value in fields.choice(name, value) }
    }

    package mutating func changedChoice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Change<Choice> {
        let change: Change<Choice> = change(name) { fields, value in fields.choice(name, value) }
        return noteIfCleared(name, change)
    }

    package mutating func clearableChoice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Change<Choice> {
        change(name) { fields, value in fields.choice(name, value) }
    }

    /// A list of distinct values of an enumeration.
    package mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        count: ClosedRange<Int>
    ) -> [Choice] {
        required(name, []) { fields, value in fields.choices(name, count, value) }
    }

    package mutating func changedChoices<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        count: ClosedRange<Int>
    ) -> Change<[Choice]> {
        let change: Change<[Choice]> = change(name) { fields, value in fields.choices(name, count, value) }
        return noteIfCleared(name, change)
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ value: JSONValue) -> Choice? {
        guard case .string(let text) = value else {
            note(name, "wrong_type", "Harus berupa teks.", "It must be a string.")
            return nil
        }
        if let choice = Choice(rawValue: text) { return choice }
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        note(name, "not_one_of", "Harus salah satu dari: \(all).", "It must be one of: \(all).")
        return nil
    }

    private mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ count: ClosedRange<Int>,
        _ value: JSONValue
    ) -> [Choice]? {
        guard case .array(let elements) = value else {
            note(name, "wrong_type", "Harus berupa larik.", "It must be an array.")
            return nil
        }
        var choices: [Choice] = []
        for (index, element) in elements.enumerated() {
            guard let choice: Choice = choice("\(name)/\(index)", unescaped: element) else { continue }
            if choices.contains(where: { $0.rawValue == choice.rawValue }) {
                note("\(name)", "duplicate", "Ada nilai ganda.", "A value is repeated.")
            }
            choices.append(choice)
        }
        guard count.contains(elements.count) else {
            let low = count.lowerBound, high = count.upperBound
            note(name, "wrong_count", "Jumlah unsur harus \(low) sampai \(high).", "There must be \(low) to \(high) elements.")
            return nil
        }
        return choices
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ path: String, unescaped value: JSONValue) -> Choice? {
        if case .string(let text) = value, let choice = Choice(rawValue: text) { return choice }
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        let detail = language == .english ? "It must be one of: \(all)." : "Harus salah satu dari: \(all)."
        errors.append(FieldError(.pointer("\(base)/\(path)"), code: "not_one_of", detail: detail))
        return nil
    }

    // MARK: Objects and lists

    /// Takes the faults of the members read so far, the unknown ones among them.
    private mutating func takeFaults(of inner: consuming Fields) {
        for member in inner.object.members where !inner.known.contains(member.name) {
            inner.note(member.name, "unknown", "Isian ini tidak dikenal.", "There is no such member.")
        }
        errors += inner.errors
    }

    /// A required object, whose members `read` reads; nil when there is none.
    package mutating func object<Value>(_ name: String, _ read: (inout Fields) -> Value) -> Value? {
        required(name, nil) { fields, value in
            guard case .object(let object) = value else {
                fields.note(name, "wrong_type", "Harus berupa objek.", "It must be an object.")
                return nil
            }
            return .some(fields.read(object, at: name, read))
        }
    }

    /// A required list of objects, whose members `read` reads.
    package mutating func objects<Value>(_ name: String, count: ClosedRange<Int>, _ read: (inout Fields) -> Value) -> [Value] {
        required(name, []) { fields, value in
            guard let elements = fields.elements(name, count, value) else { return nil }
            return elements.enumerated().compactMap { index, element in
                guard case .object(let object) = element else {
                    fields.note(path: "\(name)/\(index)", "wrong_type", "Harus berupa objek.", "It must be an object.")
                    return nil
                }
                return fields.read(object, at: "\(name)/\(index)", read)
            }
        }
    }

    /// A list whose elements `parse` reads; nil when it is missing.
    package mutating func optionalList<Value>(
        _ name: String,
        count: ClosedRange<Int>,
        _ what: (id: String, en: String),
        _ parse: (JSONValue) -> Value?
    ) -> [Value]? {
        optional(name) { fields, value in
            fields.elements(name, count, value)?.enumerated().compactMap { index, element in
                if let value = parse(element) { return value }
                fields.note(path: "\(name)/\(index)", "bad_format", "Harus berupa \(what.id).", "It must be \(what.en).")
                return nil
            }
        }
    }

    private mutating func read<Value>(_ object: JSONObject, at path: String, _ read: (inout Fields) -> Value) -> Value {
        var inner = Fields(object, at: "\(base)/\(path)", language: language)
        let value = read(&inner)
        takeFaults(of: inner)
        return value
    }

    private mutating func elements(_ name: String, _ count: ClosedRange<Int>, _ value: JSONValue) -> [JSONValue]? {
        guard case .array(let elements) = value else {
            note(name, "wrong_type", "Harus berupa larik.", "It must be an array.")
            return nil
        }
        guard count.contains(elements.count) else {
            let low = count.lowerBound, high = count.upperBound
            note(name, "wrong_count", "Jumlah unsur harus \(low) sampai \(high).", "There must be \(low) to \(high) elements.")
            return nil
        }
        return elements
    }

    /// Notes a fault at a path of known names and places.
    private mutating func note(path: String, _ code: String, _ id: String, _ en: String) {
        errors.append(FieldError(.pointer("\(base)/\(path)"), code: code, detail: language == .english ? en : id))
    }

    // MARK: Numbers, flags and parsed texts

    package mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int {
        required(name, range.lowerBound) { fields, value in
            guard case .integer(let number) = value, let number = Int(exactly: number) else {
                fields.note(name, "wrong_type", "Harus berupa bilangan bulat.", "It must be an integer.")
                return nil
            }
            guard range.contains(number) else {
                let low = range.lowerBound, high = range.upperBound
                fields.note(name, "out_of_range", "Harus \(low) sampai \(high).", "It must be \(low) to \(high).")
                return nil
            }
            return number
        }
    }

    package mutating func optionalFlag(_ name: String) -> Bool? {
        optional(name) { fields, value in
            if case .bool(let flag) = value { return flag }
            fields.note(name, "wrong_type", "Harus true atau false.", "It must be true or false.")
            return nil
        }
    }

    package mutating func changedFlag(_ name: String) -> Change<Bool> {
        let change: Change<Bool> = change(name) { fields, value in
            if case .bool(let flag) = value { return flag }
            fields.note(name, "wrong_type", "Harus true atau false.", "It must be true or false.")
            return nil
        }
        return noteIfCleared(name, change)
    }

    /// A text that `parse` turns into a value, such as an id or a time.
    package mutating func parsed<Value>(
        _ name: String,
        or fallback: Value,
        _ what: (id: String, en: String),
        _ parse: (String) -> Value?
    ) -> Value {
        required(name, fallback) { fields, value in fields.parse(name, what, value, parse) }
    }

    package mutating func optionalParsed<Value>(
        _ name: String,
        _ what: (id: String, en: String),
        _ parse: (String) -> Value?
    ) -> Value? {
        optional(name) { fields, value in fields.parse(name, what, value, parse) }
    }

    package mutating func clearableParsed<Value>(
        _ name: String,
        _ what: (id: String, en: String),
        _ parse: (String) -> Value?
    ) -> Change<Value> {
        change(name) { fields, value in fields.parse(name, what, value, parse) }
    }

    package mutating func changedParsed<Value>(
        _ name: String,
        _ what: (id: String, en: String),
        _ parse: (String) -> Value?
    ) -> Change<Value> {
        let change: Change<Value> = change(name) { fields, value in fields.parse(name, what, value, parse) }
        return noteIfCleared(name, change)
    }

    private mutating func parse<Value>(
        _ name: String,
        _ what: (id: String, en: String),
        _ value: JSONValue,
        _ parse: (String) -> Value?
    ) -> Value? {
        guard case .string(let text) = value else {
            note(name, "wrong_type", "Harus berupa teks.", "It must be a string.")
            return nil
        }
        if let parsed = parse(text) { return parsed }
        note(name, "bad_format", "Harus berupa \(what.id).", "It must be \(what.en).")
        return nil
    }
}
