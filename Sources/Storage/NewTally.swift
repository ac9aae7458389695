/// What a transaction adds to the tally of the cases at its end.
struct NewTally {
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
}
