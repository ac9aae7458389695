/// Objects and arrays inside a body; the pointers of their faults lead all the way down.
extension Fields {
    /// Notes a fault at a pointer below this object, such as `steps/3/role`, whose parts are escaped already.
    package mutating func note(at path: String, _ code: String, _ id: String, _ en: String) {
        errors.append(FieldError(.pointer("\(base)/\(path)"), code: code, detail: language == .english ? en : id))
    }

    /// A required object, read by `read`; nil when it is missing or none.
    package mutating func nested<Value>(_ name: String, _ read: (inout Fields) -> Value) -> Value? {
        required(name, nil) { fields, value in fields.object(Self.escape(name), value, read) }
    }

    /// An object that may be missing or null.
    package mutating func optionalNested<Value>(_ name: String, _ read: (inout Fields) -> Value) -> Value? {
        optional(name) { fields, value in fields.object(Self.escape(name), value, read) }
    }

    /// A required array of objects; `read` is handed each with its place, counted from 0.
    package mutating func list<Element>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (inout Fields, Int) -> Element
    ) -> [Element] {
        required(name, []) { fields, value in fields.objects(name, count, value, read) }
    }

    /// An array of objects that may be missing or null.
    package mutating func optionalList<Element>(
        _ name: String,
        count: ClosedRange<Int>,
        _ read: (inout Fields, Int) -> Element
    ) -> [Element]? {
        optional(name) { fields, value in fields.objects(name, count, value, read) }
    }

    /// An array whose elements `parse` reads, and that may be missing or null.
    package mutating func optionalList<Element>(
        _ name: String,
        count: ClosedRange<Int>,
        _ what: (id: String, en: String),
        _ parse: (JSONValue) -> Element?
    ) -> [Element]? {
        optional(name) { fields, value in
            fields.elements(name, count, value)?.enumerated().compactMap { place, element in
                if let value = parse(element) { return value }
                fields.note(at: "\(name)/\(place)", "bad_format", "Harus berupa \(what.id).", "It must be \(what.en).")
                return nil
            }
        }
    }

    /// An array of texts that may be missing or null.
    package mutating func optionalTexts(_ name: String, count: ClosedRange<Int>, _ rule: TextRule) -> [String]? {
        optional(name) { fields, value in
            guard let elements = fields.elements(name, count, value) else { return nil }
            return elements.enumerated().compactMap { place, element in
                guard case .string(let text) = element else {
                    fields.note(at: "\(name)/\(place)", "wrong_type", "Harus berupa teks.", "It must be a string.")
                    return nil
                }
                if let fault = rule.fault(of: text) { fields.note(at: "\(name)/\(place)", fault.code, fault.id, fault.en) }
                return text
            }
        }
    }

    /// An array of distinct integers that may be missing or null.
    package mutating func optionalIntegers(_ name: String, count: ClosedRange<Int>, _ range: ClosedRange<Int>) -> [Int]? {
        optional(name) { fields, value in
            guard let elements = fields.elements(name, count, value) else { return nil }
            var numbers: [Int] = []
            for (place, element) in elements.enumerated() {
                guard case .integer(let number) = element, let number = Int(exactly: number), range.contains(number) else {
                    let (low, high) = (range.lowerBound, range.upperBound)
                    let (id, en) = ("Harus bilangan bulat \(low) sampai \(high).", "It must be an integer from \(low) to \(high).")
                    fields.note(at: "\(name)/\(place)", "out_of_range", id, en)
                    continue
                }
                if numbers.contains(number) { fields.note(at: "\(name)/\(place)", "duplicate", "Nilai ganda.", "The value is repeated.") }
                numbers.append(number)
            }
            return numbers
        }
    }

    /// An integer that may be missing or null.
    package mutating func optionalInteger(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard has(name), object[name] != .null else { return optional(name) { _, _ in nil } }
        return integer(name, range)
    }

    private mutating func object<Value>(_ path: String, _ value: JSONValue, _ read: (inout Fields) -> Value) -> Value? {
        guard case .object(let object) = value else {
            note(at: path, "wrong_type", "Harus berupa objek.", "It must be an object.")
            return nil
        }
        var inner = Fields(object, at: "\(base)/\(path)", language: language)
        let value = read(&inner)
        inner.noteUnknown()
        errors += inner.errors
        return value
    }

    private mutating func objects<Element>(
        _ name: String,
        _ count: ClosedRange<Int>,
        _ value: JSONValue,
        _ read: (inout Fields, Int) -> Element
    ) -> [Element]? {
        guard let elements = elements(name, count, value) else { return nil }
        return elements.enumerated().compactMap { place, element in
            object("\(Self.escape(name))/\(place)", element) { read(&$0, place) }
        }
    }

    private mutating func elements(_ name: String, _ count: ClosedRange<Int>, _ value: JSONValue) -> [JSONValue]? {
        guard case .array(let elements) = value else {
            note(name, "wrong_type", "Harus berupa larik.", "It must be an array.")
            return nil
        }
        guard count.contains(elements.count) else {
            let (low, high) = (count.lowerBound, count.upperBound)
            note(name, "wrong_count", "Jumlah unsur harus \(low) sampai \(high).", "There must be \(low) to \(high) elements.")
            return nil
        }
        return elements
    }
}
