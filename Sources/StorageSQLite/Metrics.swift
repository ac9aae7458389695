extension SQLiteStore {
    /// What the store has done so far and how large it is.
    package struct Metrics: Sendable, Equatable {
        package internal(set) var batches = 0
        package internal(set) var bodies = 0
        /// How many batches had at most 1, 2, 4, … 512 bodies, each counted once, in the first that fits.
        package internal(set) var batchSizes = [Int](repeating: 0, count: 10)
        package internal(set) var commit_ns: UInt64 = 0
        package internal(set) var queueDepth = 0
        package internal(set) var database_bytes = 0
        package internal(set) var log_bytes = 0

        /// Counts a committed batch of `size` bodies, of which `kept` left changes.
        mutating func add(kept: Int, of size: Int, in duration_ns: UInt64) {
            batches += 1
            bodies += kept
            commit_ns &+= duration_ns
            let step = batchSizes.indices.first { size <= 1 << $0 } ?? batchSizes.count - 1
            batchSizes[step] += 1
        }
    }
}
