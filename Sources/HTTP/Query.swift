/// Reads the query of a request and gathers every fault; unknown names were refused by the route before.
package struct Query {
    private let items: [(name: String, value: String)]
    private let language: Language
    private var errors: [FieldError] = []

    package init(_ request: Request) {
        items = request.target.query
        language = request.language
    }

    /// Ends the reading; throws `invalid_parameter` with every fault.
    package consuming func finish() throws(Problem) {
        guard errors.isEmpty else { throw Problem(.invalidParameter, errors: errors) }
    }

    /// Notes a fault of the parameter `name`.
    package mutating func note(_ name: String, _ code: String, _ id: String, _ en: String) {
        errors.append(FieldError(.parameter(name), code: code, detail: language == .english ? en : id))
    }

    /// The value as it was sent.
    package func text(_ name: String) -> String? {
        for item in items where item.name == name { return item.value }
        return nil
    }

    /// A text of at most `longest` code points; an empty one is refused.
    package mutating func text(_ name: String, longest: Int) -> String? {
        guard let value = text(name) else { return nil }
        if let fault = TextRule.line(1...longest).fault(of: value) {
            note(name, fault.code, fault.id, fault.en)
            return nil
        }
        return value
    }

    package mutating func integer(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = text(name) else { return nil }
        if let number = Int(value), range.contains(number), String(number) == value { return number }
        let low = range.lowerBound, high = range.upperBound
        note(name, "out_of_range", "Harus bilangan bulat \(low) sampai \(high).", "It must be an integer from \(low) to \(high).")
        return nil
    }

    package mutating func flag(_ name: String) -> Bool? {
        switch text(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            note(name, "wrong_type", "Harus true atau false.", "It must be true or false.")
            return nil
        }
    }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Choice? {
        guard let value = text(name) else { return nil }
        if let choice = Choice(rawValue: value) { return choice }
        noteChoice(name, Choice.self)
        return nil
    }

    /// A list of values of an enumeration, separated by commas, no value twice.
    package mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> [Choice]? {
        guard let value = text(name) else { return nil }
        var choices: [Choice] = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let choice = Choice(rawValue: String(part)) else {
                noteChoice(name, Choice.self)
                return nil
            }
            if !choices.contains(where: { $0.rawValue == choice.rawValue }) { choices.append(choice) }
        }
        return choices
    }

    private mutating func noteChoice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ type: Choice.Type) {
        let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        note(name, "not_one_of", "Harus dari: \(all).", "It must be out of: \(all).")
    }

    /// A text that `parse` turns into a value, such as an id or a time.
    package mutating func parsed<Value>(_ name: String, _ what: (id: String, en: String), _ parse: (String) -> Value?) -> Value? {
        guard let value = text(name) else { return nil }
        if let parsed = parse(value) { return parsed }
        note(name, "bad_format", "Harus berupa \(what.id).", "It must be \(what.en).")
        return nil
    }
}
