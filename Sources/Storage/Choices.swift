import Domain

/// The values of an enumeration by their texts, so that the one a row names is found without making a string of it.
struct Choices<Choice: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    private let all: [(text: ShortText, choice: Choice)]

    init() { all = Choice.allCases.map { (ShortText($0.rawValue), $0) } }

    subscript(text: ShortText) -> Choice? {
        for (known, choice) in all where known == text { return choice }
        return nil
    }
}

extension Columns {
    /// One of `choices`; a text that is none of them is a fault of the stored data.
    mutating func choice<Choice>(of choices: Choices<Choice>) throws(DomainError) -> Choice {
        let text = shortText() ?? ShortText("")
        guard let choice = choices[text] else { throw .fault("stored value \(text.text) is no \(Choice.self)") }
        return choice
    }

    mutating func optionalChoice<Choice>(of choices: Choices<Choice>) throws(DomainError) -> Choice? {
        guard let text = shortText() else { return nil }
        guard let choice = choices[text] else { throw .fault("stored value \(text.text) is no \(Choice.self)") }
        return choice
    }
}
