package import Domain
import Glibc
import Storage

extension SQLiteStore {
    /// Copies the database, as it is now, into a new file, on a thread of its own; reads and writes go on meanwhile.
    package func backup(to target: String) async throws(DomainError) {
        let result: Result<Void, DomainError> = await withCheckedContinuation { continuation in
            let started = startThread { [self] in
                continuation.resume(returning: copy(to: target))
            }
            if !started { continuation.resume(returning: .failure(.unavailable("no thread for the backup"))) }
        }
        try result.get()
    }

    private func copy(to target: String) -> Result<Void, DomainError> {
        guard !health.isFailed else { return .failure(.unavailable("the storage has failed")) }
        // SQLite would take a name such as `file:…` for a URI.
        guard target.hasPrefix("/") else { return .failure(.fault("the path of a backup is not absolute")) }
        // SQLite fills an empty file; made here, it is for this user alone from the start and never replaces another.
        let descriptor = open(target, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return .failure(.unavailable("\(target): \(DatabaseFile.reason)")) }
        defer { Glibc.close(descriptor) }
        do throws(StorageError) {
            let connection = try SQLiteConnection(path: path, role: .backup, configuration: configuration, health: health)
            try connection.run("vacuum into \(target)") { _ in true }
        } catch {
            unlink(target)
            return .failure(error.domain)
        }
        guard fsync(descriptor) == 0, DatabaseFile.syncDirectory(of: target) else {
            let reason = DatabaseFile.reason
            unlink(target)
            return .failure(.unavailable("the backup did not reach the disk: \(reason)"))
        }
        return .success(())
    }
}
