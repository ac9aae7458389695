package import HTTP
import Synchronization

/// What the storage tells of itself.
package struct StorageReport: Sendable {
    package let batches: Int
    package let writes: Int
    /// Upper bound and number of batches up to it, ascending.
    package let batchSizes: [(most: Int, count: Int)]
    package let queueDepth: Int
    package let databaseBytes: Int
    package let logBytes: Int

    package init(
        batches: Int,
        writes: Int,
        batchSizes: [(most: Int, count: Int)],
        queueDepth: Int,
        databaseBytes: Int,
        logBytes: Int
    ) {
        self.batches = batches
        self.writes = writes
        self.batchSizes = batchSizes
        self.queueDepth = queueDepth
        self.databaseBytes = databaseBytes
        self.logBytes = logBytes
    }
}

/// Counts requests by route and status, and how long they took, for Prometheus.
package final class Metrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    /// Upper bounds of the latency histogram, in microseconds.
    private static let bounds = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000]

    private struct State {
        var requests: [Key: Int] = [:]
        var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var microseconds = 0
    }

    private let state = Mutex(State())

    package init() {}

    package func record(_ exchange: Exchange) {
        let microseconds = Int(clamping: exchange.durationNanoseconds / 1000)
        let bucket = Self.bounds.firstIndex { microseconds <= $0 } ?? Self.bounds.count
        let key = Key(method: exchange.method, route: exchange.route ?? "none", status: exchange.status)
        state.withLock { state in
            state.requests[key, default: 0] += 1
            state.buckets[bucket] += 1
            state.microseconds &+= microseconds
        }
    }

    /// All of it in the text format of Prometheus 0.0.4.
    package func text(_ storage: StorageReport, openStreams: Int) -> String {
        let state = state.withLock { $0 }
        var lines = ["# HELP sikimr_requests_total Requests by method, route and status.", "# TYPE sikimr_requests_total counter"]
        let requests = state.requests.sorted { left, right in
            (left.key.route, left.key.method, left.key.status) < (right.key.route, right.key.method, right.key.status)
        }
        for (key, count) in requests {
            lines.append("sikimr_requests_total{method=\"\(key.method)\",route=\"\(key.route)\",status=\"\(key.status)\"} \(count)")
        }
        let bounds = Self.bounds.map { "\(Double($0) / 1_000_000)" }
        lines += Self.histogram(
            "sikimr_request_duration_seconds",
            "From the first byte of the request to the end of the answer.",
            zip(bounds, state.buckets).map { ($0, $1) },
            total: state.buckets.reduce(0, +),
            sum: "\(Double(state.microseconds) / 1_000_000)"
        )
        lines += Self.histogram(
            "sikimr_commit_batch_size",
            "Writes that shared one commit.",
            storage.batchSizes.map { (String($0.most), $0.count) },
            total: storage.batches,
            sum: String(storage.writes)
        )
        lines += Self.gauge("sikimr_write_queue_depth", "Writes that wait for the writer.", storage.queueDepth)
        lines += Self.gauge("sikimr_event_streams_open", "Streams of events that are open.", openStreams)
        lines += Self.gauge("sikimr_database_bytes", "Size of the database file.", storage.databaseBytes)
        lines += Self.gauge("sikimr_database_log_bytes", "Size of the write-ahead log.", storage.logBytes)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func gauge(_ name: String, _ help: String, _ value: Int) -> [String] {
        ["# HELP \(name) \(help)", "# TYPE \(name) gauge", "\(name) \(value)"]
    }

    private static func histogram(_ name: String, _ help: String, _ buckets: [(String, Int)], total: Int, sum: String) -> [String] {
        var lines = ["# HELP \(name) \(help)", "# TYPE \(name) histogram"]
        var count = 0
        for (bound, more) in buckets {
            count += more
            lines.append("\(name)_bucket{le=\"\(bound)\"} \(count)")
        }
        return lines + ["\(name)_bucket{le=\"+Inf\"} \(total)", "\(name)_sum \(sum)", "\(name)_count \(total)"]
    }
}
