package import Domain

/// The repositories, written once for every engine, over one connection.
package final class SQLRepositories: Repositories {
    let connection: any Connection
    /// What waits to be stored while very many rows are; full-text rows and the tally are then left to a rebuild at the end.
    var held: HeldRows?
    private let newTexts = NewTexts()
    private let knownSteps = KnownSteps()
    private let knownCalendars = KnownCalendars()
    private let knownCredentials = KnownCredentials()
    private let knownLoads = KnownLoads()
    private let digest: @Sendable ([UInt8]) -> [UInt8]

    /// `digest` is SHA-256; the log of events is chained with it.
    package init(_ connection: any Connection, digest: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.connection = connection
        self.digest = digest
    }

    package var consultations: any CaseRepository<Consultation> { cases() }
    package var workspaceItems: any CaseRepository<WorkspaceItem> { cases() }
    package var tickets: any CaseRepository<Ticket> { cases() }
    package var serviceComplaints: any CaseRepository<ServiceComplaint> { cases() }
    package var runs: any CaseRepository<ProcedureRun> {
        SQLRuns(connection: connection, runs: cases(), procedures: procedures, timings: stepTimings)
    }
    package var runWaits: any RunWaitRepository { SQLRunWaits(connection: connection) }
    package var progress: any ProgressRepository { SQLProgress(connection: connection) }
    package var links: any LinkRepository { SQLLinks(connection: connection) }
    package var comments: any CommentRepository { SQLComments(connection: connection, newTexts: newTexts) }
    package var attachments: any AttachmentRepository { SQLAttachments(connection: connection) }
    package var timings: any TimingRepository { stepTimings }
    package var pauses: any PauseRepository { SQLPauses(connection: connection, timings: stepTimings) }
    package var overview: any OverviewRepository { SQLOverview(connection: connection, known: knownLoads) }
    package var points: any PointRepository { SQLPoints(connection: connection) }
    package var recaps: any RecapRepository { SQLRecaps(connection: connection) }
    package var events: any EventRepository { SQLEvents(connection: connection, digest: digest) }
    package var procedures: any ProcedureRepository { SQLProcedures(connection: connection, known: knownSteps) }
    package var schedules: any ScheduleRepository { SQLSchedules(connection: connection) }
    package var sequences: any SequenceRepository { SQLSequences(connection: connection) }
    package var users: any UserRepository { SQLUsers(connection: connection) }
    package var units: any UnitRepository { SQLUnits(connection: connection) }
    package var equipment: any EquipmentRepository { SQLEquipment(connection: connection) }
    package var topologies: any TopologyRepository { SQLTopologies(connection: connection) }
    package var tokens: any TokenRepository { SQLTokens(connection: connection, known: knownCredentials) }
    package var logins: any LoginRepository { SQLLogins(connection: connection) }
    package var idempotency: any IdempotencyRepository { SQLIdempotency(connection: connection) }
    package var calendars: any CalendarRepository { SQLCalendars(connection: connection, known: knownCalendars) }

    package func attempt<Value>(_ body: () throws(DomainError) -> Value) throws(DomainError) -> Result<Value, DomainError> {
        try connection.execute("savepoint attempt")
        let noted = connection.notes.content
        do throws(DomainError) {
            let value = try body()
            try connection.execute("release savepoint attempt")
            return .success(value)
        } catch .unavailable(let text) {
            throw .unavailable(text)
        } catch .fault(let text) {
            throw .fault(text)
        } catch {
            try connection.execute("rollback to savepoint attempt")
            connection.notes.content = noted
            try connection.execute("release savepoint attempt")
            return .failure(error)
        }
    }

    package func committed() { knownSteps.uncertain = [] }

    package func complete() throws(DomainError) {
        try SQLTally(connection: connection).store()
        guard newTexts.mayWait else { return }
        switch connection.dialect {
        case .sqlite: for index in TextIndex.all { try index.takeInNewRows(connection) }
        }
        newTexts.mayWait = false
    }

    private var tally: SQLTally? { held == nil ? SQLTally(connection: connection) : nil }

    var stepTimings: SQLTimings { SQLTimings(connection: connection, calendars: calendars, tally: tally, held: held?.timings) }

    func cases<Kind: StoredCase>(_ kind: Kind.Type = Kind.self) -> SQLCases<Kind> {
        SQLCases(connection: connection, newTexts: newTexts, keepsIndex: held == nil, tally: tally, held: held?.cases(kind))
    }
}
