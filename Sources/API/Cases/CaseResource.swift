import Domain
import HTTP

/// The operations on one collection of cases that are not events.
struct CaseOperations {
    let list: Operation
    let create: Operation
    let get: Operation
    let update: Operation
    let history: Operation
    let timings: Operation
    let listLinks: Operation
    let createLink: Operation
    let deleteLink: Operation
    let listComments: Operation
    let createComment: Operation
    let listAttachments: Operation
    let createAttachment: Operation
    /// Nil where no step is timed.
    let pause: Operation?
    let resume: Operation?
}

/// A kind of case as a resource of the API: what it has beside every other kind.
protocol CaseResource: Case {
    associatedtype New: RequestBody & Sendable
    associatedtype Patch: RequestBody & Sendable

    static var operations: CaseOperations { get }
    static func operation(of event: Event) -> Operation
    /// Whether several steps of a case may be open at once, so that one of them is named to stop its clock alone.
    static var hasManySteps: Bool { get }
    /// The names of the query parameters of the list that are its own.
    static var filterNames: [String] { get }
    static func filter(_ query: inout Query) -> Filter

    /// Makes a case out of the body of a request.
    static func make(
        _ new: New,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) -> Self
    /// Changes the case; returns the names of the fields that differ afterwards. Throws `invalid` where its state keeps a field.
    mutating func change(_ patch: Patch) throws(DomainError) -> [String]
    /// Writes the members that only this kind has, as `principal` may see them.
    func writeOwn(to json: inout JSONWriter, for principal: Principal)
    /// Writes what only the answer with a single case holds.
    func writeDetail(to json: inout JSONWriter, for principal: Principal, in view: Schema.View)
    /// What `principal` may do now beside the events of the workflow.
    func ownActions(for principal: Principal) -> [Schema.Action]
    /// The columns of a list as CSV that only this kind has.
    static var ownColumns: [Column<(Self, Principal)>] { get }
}

extension CaseResource {
    static var hasManySteps: Bool { false }

    func writeDetail(to json: inout JSONWriter, for principal: Principal, in view: Schema.View) {}

    func ownActions(for principal: Principal) -> [Schema.Action] { [] }

    /// Where the case is found.
    var location: String { "/v1/\(Self.kind.collection)/\(id.text)" }
}

/// Gathers the names of the fields that a patch changes.
struct FieldChanges {
    private(set) var names: [String] = []

    /// Sets `field` to what `change` makes of it.
    mutating func apply<Value: Equatable>(_ change: Change<Value>, _ name: String, to field: inout Value) {
        let after = change.applied(to: field)
        if after != field { names.append(name) }
        field = after
    }

    mutating func apply<Value: Equatable>(_ change: Change<Value>, _ name: String, to field: inout Value?) {
        let after = change.applied(to: field)
        if after != field { names.append(name) }
        field = after
    }
}
