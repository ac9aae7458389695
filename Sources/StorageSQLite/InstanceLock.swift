import Glibc
import Synchronization

/// The lock file beside the database: it keeps a second instance out and remembers whether the last one ended well.
final class InstanceLock: Sendable {
    private let descriptor: Int32
    private let isHeld = Atomic<Bool>(true)
    /// Whether the last instance ended without saying so.
    let followsUncleanStop: Bool

    /// Takes the lock, or throws when another instance has it.
    init(path: String) throws(SQLiteOpenError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen("\(path): \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            throw .alreadyRunning
        }
        fchmod(descriptor, 0o600)
        var mark: UInt8 = 0
        followsUncleanStop = pread(descriptor, &mark, 1, 0) > 0
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    /// Notes on disk that an instance runs.
    func markRunning() throws(SQLiteOpenError) {
        let mark: [UInt8] = Array("running\n".utf8)
        guard pwrite(descriptor, mark, mark.count, 0) == mark.count, fsync(descriptor) == 0 else {
            throw .cannotOpen("the lock file: \(String(cString: strerror(errno)))")
        }
    }

    /// Lets the next instance in, and notes for it whether this one ended well.
    func release(isClean: Bool) {
        // A second release must not touch what by now may be another's.
        guard isHeld.exchange(false, ordering: .acquiringAndReleasing) else { return }
        if isClean {
            ftruncate(descriptor, 0)
            fsync(descriptor)
        }
        flock(descriptor, LOCK_UN)
    }
}
