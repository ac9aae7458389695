/// The rules of Excel for the names of sheets, and the names given so far.
struct SheetNames {
    static let maximumUnits = 31
    private var taken: Set<String> = []

    /// Takes the name, or refuses one that Excel does not open or that is taken in whatever case.
    mutating func take(_ name: String) throws(DocumentError) {
        let forbidden: Set<Character> = ["[", "]", ":", "*", "?", "/", "\\"]
        let isAllowed =
            !name.isEmpty && name.utf16.count <= Self.maximumUnits && name == name.cleanedLine && !name.contains(where: forbidden.contains)
            && name.first != "'" && name.last != "'" && name.lowercased() != "history"
        guard isAllowed, taken.insert(name.lowercased()).inserted else { throw DocumentError.sheetName(name) }
    }
}
