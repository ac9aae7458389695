package import Domain

/// The repositories, written once for every engine, over one connection.
package final class SQLRepositories: Repositories {
    let connection: any Connection
    /// Whether full-text rows are left to a rebuild at the end.
    var isLoadingInBulk = false
    private let knownSteps = KnownSteps()
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
    package var progress: any ProgressRepository { SQLProgress(connection: connection) }
    package var timings: any TimingRepository { SQLTimings(connection: connection) }
    package var events: any EventRepository { SQLEvents(connection: connection, digest: digest) }
    package var procedures: any ProcedureRepository { SQLProcedures(connection: connection, known: knownSteps) }
    package var sequences: any SequenceRepository { SQLSequences(connection: connection) }
    package var users: any UserRepository { SQLUsers(connection: connection) }
    package var units: any UnitRepository { SQLUnits(connection: connection) }
    package var equipment: any EquipmentRepository { SQLEquipment(connection: connection) }
    package var topologies: any TopologyRepository { SQLTopologies(connection: connection) }
    package var tokens: any TokenRepository { SQLTokens(connection: connection) }
    package var logins: any LoginRepository { SQLLogins(connection: connection) }
    package var idempotency: any IdempotencyRepository { SQLIdempotency(connection: connection) }
    package var calendar: WorkingCalendar { .standard }

    private func cases<Kind: StoredCase>() -> SQLCases<Kind> { SQLCases(connection: connection, keepsIndex: !isLoadingInBulk) }
}
