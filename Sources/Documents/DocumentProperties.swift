import Glibc

/// What a file says about itself; the same properties and contents always give the same bytes.
package struct DocumentProperties: Equatable, Sendable {
    package var title: String
    package var author: String
    /// The time the file gives as that of its making, in seconds since 1970 UTC; outside of 1970 to 9999 it is moved to the nearer end.
    package var createdAtSeconds: Int64

    package init(title: String, author: String, createdAtSeconds: Int64) {
        self.title = title
        self.author = author
        self.createdAtSeconds = createdAtSeconds
    }

    /// The time of making, never 0: libxlsxwriter takes 0 for "now".
    var creationTime: time_t {
        time_t(min(max(createdAtSeconds, 1), 253_402_300_799))
    }

    /// The time of making as ISO 8601 in UTC, which cairo reads.
    var creationDate: String {
        var seconds = creationTime
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
