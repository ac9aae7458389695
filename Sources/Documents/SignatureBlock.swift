/// The place where people sign, side by side.
package struct SignatureBlock: Equatable, Sendable {
    /// One person who signs; an empty name or number leaves a line to write on.
    package struct Person: Equatable, Sendable {
        /// What the person signs as, "Pemohon".
        package var role: String
        package var name: String
        package var nip: String

        package init(role: String, name: String, nip: String) {
            self.role = role
            self.name = name
            self.nip = nip
        }
    }

    /// "Jakarta, 21 November 2026", above the last person; may be empty.
    package var placeAndDate: String
    /// From left to right; more than three do not fit side by side and start another row.
    package var people: [Person]

    package init(placeAndDate: String, people: [Person]) {
        self.placeAndDate = placeAndDate
        self.people = people
    }

    /// How many people stand side by side.
    static let peopleInRow = 3
}

extension Pages {
    /// Draws the block; a row of it never parts over two pages.
    mutating func draw(_ block: SignatureBlock) throws(DocumentError) {
        var rest = block.people[...]
        var placeAndDate = block.placeAndDate
        while !rest.isEmpty {
            try drawRow(rest.prefix(SignatureBlock.peopleInRow), placeAndDate: placeAndDate)
            rest = rest.dropFirst(SignatureBlock.peopleInRow)
            placeAndDate = ""
        }
    }

    private mutating func drawRow(_ people: ArraySlice<SignatureBlock.Person>, placeAndDate: String) throws(DocumentError) {
        // One person alone signs on the right half, as on a letter.
        let columns = Double(max(people.count, 2))
        let width = Self.textWidth / columns
        let inner = width - 24
        let plain = TextStyle(size: 10.5, side: .center, maximumLines: 2)
        let bold = TextStyle(size: 10.5, isBold: true, side: .center, maximumLines: 2)
        let writingSpace = 58.0

        let place = placeAndDate.isEmpty ? nil : try text(placeAndDate, plain, width: inner)
        var columnTexts: [(role: TextLayout, name: TextLayout, nip: TextLayout)] = []
        for person in people {
            columnTexts.append(
                (
                    role: try text(person.role, plain, width: inner),
                    name: try text(person.name, bold, width: inner),
                    nip: try text(
                        person.nip.isEmpty ? "NIP." : "NIP. \(person.nip)",
                        person.nip.isEmpty ? TextStyle(size: 10.5) : plain,
                        width: inner
                    )
                )
            )
        }
        let placeHeight = place.map { $0.height + 2 } ?? 0
        let roleHeight = columnTexts.map(\.role.height).max() ?? 0
        let nameHeight = columnTexts.map(\.name.height).max() ?? 0
        let nipHeight = columnTexts.map(\.nip.height).max() ?? 0
        let gap = 18.0
        let height = gap + placeHeight + roleHeight + writingSpace + nameHeight + 3 + nipHeight
        try keep(height)

        let roleTop = y + gap + placeHeight
        let ruleY = roleTop + roleHeight + writingSpace + nameHeight + 1
        if let place { draw(place, x: Self.right - width + 12, y: y + gap) }
        for (index, texts) in columnTexts.enumerated() {
            let x = Self.left + width * (Double(index) + columns - Double(columnTexts.count)) + 12
            draw(texts.role, x: x, y: roleTop)
            draw(texts.name, x: x, y: ruleY - 1 - texts.name.height)
            let ruleWidth = min(max(texts.name.width, texts.nip.width, 150), inner)
            rule(from: x + (inner - ruleWidth) / 2, to: x + (inner + ruleWidth) / 2, y: ruleY, thickness: 0.7)
            let isNumberBlank = texts.nip.width < 40
            draw(texts.nip, x: isNumberBlank ? x + (inner - ruleWidth) / 2 : x, y: ruleY + 2)
        }
        y += height
    }
}
