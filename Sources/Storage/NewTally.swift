/// What a transaction adds to the tally of the cases at its end, kept in memory until then.
///
/// It is a value that can be put back: what is rolled back to a savepoint is not counted.
package final class NewTally {
    /// Where in the tally.
    struct Place: Hashable {
        let hour: Int64
        let kind: String
    }

    /// How much is added there.
    struct Sums {
        var opened = 0
        var closed = 0
        var onTime = 0
        var late = 0

        mutating func add(_ other: Sums) {
            opened += other.opened
            closed += other.closed
            onTime += other.onTime
            late += other.late
        }
    }

    /// At most some hours of some kinds: a copy costs little.
    var sums: [Place: Sums] = [:]
    private var marked: [Place: Sums] = [:]

    package init() {}

    /// A transaction begins.
    package func begin() {
        // What is left is that of a transaction that was rolled back.
        if !sums.isEmpty { sums = [:] }
    }

    /// A body begins.
    package func mark() { marked = sums }

    /// The body that began last is taken back.
    package func returnToMark() { sums = marked }
}
