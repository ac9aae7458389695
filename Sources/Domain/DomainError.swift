/// A text shown to people, in both languages of the service.
package struct Text: Sendable, Hashable {
    package let id: String
    package let en: String

    package init(id: String, en: String) {
        self.id = id
        self.en = en
    }
}

/// What is wrong with one field of an input; `pointer` is a JSON pointer into the request body (RFC 6901).
package struct Issue: Sendable, Hashable {
    package let pointer: String
    package let code: String
    package let detail: Text

    package init(_ pointer: String, code: String, detail: Text) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }
}

/// Everything the domain and its storage can refuse or fail with; each case has one problem in the API.
package indirect enum DomainError: Error, Sendable, Equatable {
    /// There is no such thing, or the caller may not know of it.
    case notFound(String)
    /// The caller sees the object but may not do this to it.
    case forbidden
    /// The caller would act on both sides of one gate.
    case fourEyes
    /// The state does not have this event; `allowed` are the events it has.
    case refused(event: String, state: String, allowed: [String])
    /// The object changed since the caller read it.
    case stale
    /// Another object already has this value.
    case conflict(pointer: String)
    case invalid([Issue])
    /// One of several changes that go together failed: which one, counted from 0, and why.
    case inBatch(Int, DomainError)
    /// More would be stored than may be; the text says which limit it is.
    case quotaExceeded(Text)
    /// Storage cannot serve now and may again later; the text is for the log only.
    case unavailable(String)
    /// A fault of ours or of the storage; the text is for the log only.
    case fault(String)
}
