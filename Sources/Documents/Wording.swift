/// The few words and signs that a document puts in by itself.
package struct Wording: Equatable, Sendable {
    /// "Halaman" of "Halaman 2 dari 3".
    package var page: String
    package var of: String
    /// Behind the label of a field that goes on from the page before.
    package var continued: String
    /// In place of a table's rows or a chart when there are none.
    package var nothing: String
    package var decimalSeparator: String
    package var groupSeparator: String

    package init(page: String, of: String, continued: String, nothing: String, decimalSeparator: String, groupSeparator: String) {
        self.page = page
        self.of = of
        self.continued = continued
        self.nothing = nothing
        self.decimalSeparator = decimalSeparator
        self.groupSeparator = groupSeparator
    }

    package static let indonesian = Wording(
        page: "Halaman",
        of: "dari",
        continued: "lanjutan",
        nothing: "Tidak ada data",
        decimalSeparator: ",",
        groupSeparator: "."
    )

    package static let english = Wording(
        page: "Page",
        of: "of",
        continued: "continued",
        nothing: "No data",
        decimalSeparator: ".",
        groupSeparator: ","
    )
}
