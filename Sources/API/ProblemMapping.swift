import Domain
import HTTP

extension Problem {
    /// The one translation of domain errors into problems; what it does not name in detail goes to the log only.
    init(_ error: DomainError, language: Language) {
        switch error {
        case .notFound: self.init(.notFound)
        case .forbidden: self.init(.forbidden)
        case .fourEyes: self.init(.fourEyes)
        case .refused(let event, let state, let allowed):
            let detail = language == .english ? "Cannot \(event) in state \(state)." : "Tidak dapat \(event) dalam keadaan \(state)."
            self.init(.transitionRefused, detail: detail)
            self.state = state
            self.allowed = allowed
        case .stale: self.init(.stale)
        case .conflict(let pointer):
            self.init(.conflict)
            self.pointer = pointer
        case .invalid(let issues):
            self.init(.invalid, errors: issues.map { FieldError($0, language: language) })
        case .inBatch(let index, let error): self = Problem(error, language: language).inBatch(at: index)
        case .quotaExceeded(let text): self.init(.quotaExceeded, detail: language == .english ? text.en : text.id)
        case .unavailable: self.init(.unavailable)
        case .fault: self.init(.internal)
        }
    }
}

extension FieldError {
    init(_ issue: Issue, language: Language) {
        self.init(.pointer(issue.pointer), code: issue.code, detail: language == .english ? issue.detail.en : issue.detail.id)
    }
}
