/// The storage, as the rest of the house sees it.
package protocol Store: Sendable {
    /// Runs `body` at once on this thread, in one read-only transaction.
    func read<Value>(_ body: (borrowing Transaction) throws(DomainError) -> Value) async throws(DomainError) -> Value

    /// The same for a body that is drawn in chunks from outside any task.
    func readNow<Value>(_ body: (borrowing Transaction) throws(DomainError) -> Value) throws(DomainError) -> Value

    /// Runs `body` on the writer and returns once its changes are on disk; an error, or `discarding`, undoes just this body.
    func write<Value: Sendable>(
        discarding: Bool,
        _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Value
    ) async throws(DomainError) -> Value

    /// Has `observer` called after each commit, for as long as the store lives; it must return at once.
    func observeCommits(_ observer: @escaping @Sendable () -> Void)
}

extension Store {
    /// Runs `body` on the writer and returns once its changes are on disk; an error undoes just this body.
    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws(DomainError) -> Value
    ) async throws(DomainError) -> Value {
        try await write(discarding: false, body)
    }
}

/// The repositories of one engine, bound to one connection.
package protocol Repositories: AnyObject {
    var consultations: any CaseRepository<Consultation> { get }
    var workspaceItems: any CaseRepository<WorkspaceItem> { get }
    var tickets: any CaseRepository<Ticket> { get }
    var serviceComplaints: any CaseRepository<ServiceComplaint> { get }
    var runs: any CaseRepository<ProcedureRun> { get }
    var runWaits: any RunWaitRepository { get }
    var progress: any ProgressRepository { get }
    var links: any LinkRepository { get }
    var comments: any CommentRepository { get }
    var attachments: any AttachmentRepository { get }
    var timings: any TimingRepository { get }
    var pauses: any PauseRepository { get }
    var overview: any OverviewRepository { get }
    var points: any PointRepository { get }
    var recaps: any RecapRepository { get }
    var events: any EventRepository { get }
    var procedures: any ProcedureRepository { get }
    var schedules: any ScheduleRepository { get }
    var sequences: any SequenceRepository { get }
    var users: any UserRepository { get }
    var units: any UnitRepository { get }
    var equipment: any EquipmentRepository { get }
    var topologies: any TopologyRepository { get }
    var tokens: any TokenRepository { get }
    var logins: any LoginRepository { get }
    var idempotency: any IdempotencyRepository { get }
    var calendars: any CalendarRepository { get }

    /// Runs `body` and undoes just what it did if it throws; a failure of the storage itself is thrown on.
    func attempt<Value>(_ body: () throws(DomainError) -> Value) throws(DomainError) -> Result<Value, DomainError>

    /// Runs `body`, which stores some of very many rows, until it answers false, in the way that is fastest for that; it all stays within the
    /// transaction.
    func loadingInBulk(while body: () throws(DomainError) -> Bool) throws(DomainError)

    /// Does what is done once for all bodies of a transaction, after the last of them.
    func complete() throws(DomainError)

    /// Is told that what was stored is stored for good.
    func committed()
}

/// One running transaction: the way to the repositories. It can be lent but not kept.
package struct Transaction: ~Copyable {
    let repositories: any Repositories

    package init(_ repositories: any Repositories) {
        self.repositories = repositories
    }

    package var consultations: Cases<Consultation> { Cases(repositories) }
    package var workspaceItems: Cases<WorkspaceItem> { Cases(repositories) }
    package var tickets: Cases<Ticket> { Cases(repositories) }
    package var serviceComplaints: Cases<ServiceComplaint> { Cases(repositories) }
    package var runs: Cases<ProcedureRun> { Cases(repositories) }
    package var progress: any ProgressRepository { repositories.progress }

    /// All cases of one kind.
    package func cases<Kind: Case>(_ kind: Kind.Type = Kind.self) -> Cases<Kind> { Cases(repositories) }

    /// The links between cases of all kinds.
    package var links: Links { Links(repositories) }

    /// What waits for `principal`, of all kinds.
    package func inbox(of principal: Principal) -> Inbox { Inbox(repositories, of: principal) }

    /// A search through what `principal` may see.
    package func search(by principal: Principal) -> Search { Search(repositories, by: principal) }

    /// The ledger of performance points.
    package var ledger: Ledger { Ledger(repositories) }

    /// The recaps of each month.
    package var recaps: Recaps { Recaps(repositories) }

    package var comments: any CommentRepository { repositories.comments }
    package var attachments: any AttachmentRepository { repositories.attachments }
    package var timings: any TimingRepository { repositories.timings }
    package var pauses: any PauseRepository { repositories.pauses }

    /// How all cases stand, as far as the token of `principal` covers their kinds.
    package func overview(for principal: Principal) -> Overview { Overview(repositories, for: principal) }

    /// Whether what is kept of the past, hour by hour, is what the cases themselves say; counts the hours that differ.
    package func tallyFaults() throws(DomainError) -> Int { try repositories.overview.tallyFaults() }
    package var events: any EventRepository { repositories.events }
    package var procedures: any ProcedureRepository { repositories.procedures }
    package var users: any UserRepository { repositories.users }
    package var units: any UnitRepository { repositories.units }
    package var equipment: any EquipmentRepository { repositories.equipment }
    package var topologies: any TopologyRepository { repositories.topologies }
    package var tokens: any TokenRepository { repositories.tokens }
    package var logins: any LoginRepository { repositories.logins }
    package var idempotency: any IdempotencyRepository { repositories.idempotency }

    /// Runs `body` and undoes just what it did if it throws; a failure of the storage itself is thrown on.
    package func attempt<Value>(_ body: () throws(DomainError) -> Value) throws(DomainError) -> Result<Value, DomainError> {
        try repositories.attempt(body)
    }

    /// Runs `body`, which stores some of very many rows, until it answers false, in the way that is fastest for that; it all stays within the
    /// transaction.
    package func loadingInBulk(while body: () throws(DomainError) -> Bool) throws(DomainError) {
        try repositories.loadingInBulk(while: body)
    }
}
