import Domain

extension DomainError {
    /// How a command ends that the domain refuses: a mistake of whoever gave it is told as such, all else is a fault.
    var exit: Exit {
        switch self {
        case .notFound(let what): .configuration("There is no such \(what).")
        case .conflict(let pointer): .configuration("This \(pointer.drop { $0 == "/" }) is taken.")
        case .invalid(let issues): .configuration(issues.map { "\($0.pointer): \($0.detail.en)" }.joined(separator: " "))
        case .unavailable(let line), .fault(let line): Exit(code: 70, line: line)
        case .forbidden, .fourEyes, .refused, .stale, .inBatch, .quotaExceeded: Exit(code: 70, line: "\(self)")
        }
    }
}
