import Domain

/// What a transaction of the writer keeps in mind, so that it need not be asked of the database or stored again for each of its bodies.
///
/// It is a value that can be put back: what is rolled back to a savepoint is forgotten.
package final class TransactionNotes {
    struct Content {
        /// What is added to the tally at the end.
        var tally = NewTally()
        /// The event that was appended last; nil when none was in this transaction.
        var lastEvent: LastEvent?
        /// The mark of the calendars; nil when it was not read since one of them, or a unit, was changed.
        var calendarMark: Int?
    }

    /// Where the log of events ends.
    struct LastEvent {
        var sequence = 0
        var time = Instant(milliseconds: 0)
        var hash = [UInt8](repeating: 0, count: 32)
    }

    var content = Content()
    private var marked = Content()

    package init() {}

    /// A transaction begins.
    package func begin() { content = Content() }

    /// A body begins.
    package func mark() { marked = content }

    /// The body that began last is taken back.
    package func returnToMark() { content = marked }
}
