/// Why a database cannot be served.
package enum SQLiteOpenError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another instance serves this database.
    case alreadyRunning
    /// The file belongs to another program.
    case foreign(applicationID: Int)
    /// The check after an unclean stop found damage.
    case damaged(String)
    case cannotOpen(String)

    package var description: String {
        switch self {
        case .alreadyRunning: "another instance serves this database"
        case .foreign(let applicationID): "the file belongs to another program (application_id \(applicationID))"
        case .damaged(let finding): "the database is damaged: \(finding)"
        case .cannotOpen(let reason): "cannot open the database: \(reason)"
        }
    }
}
