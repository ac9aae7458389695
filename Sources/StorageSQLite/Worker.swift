import Glibc
import Synchronization

/// Runs `body` on a thread of its own; answers whether the thread could be started.
func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    // Safety: the box is retained once here and released once, by the thread, or below when there is no thread.
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread,
        nil,
        { context in
            guard let context else { return nil }
            Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            return nil
        },
        box.toOpaque()
    )
    guard code == 0 else {
        box.release()
        return false
    }
    pthread_detach(thread)
    return true
}

/// A bell that one thread waits for; a ring that comes before the wait is not lost.
final class Bell: @unchecked Sendable {
    // Safety: a POSIX semaphore is made for several threads; its memory never moves and is freed with the last owner.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func ring() { sem_post(semaphore) }

    func wait() {
        // A signal may interrupt the wait.
        while sem_wait(semaphore) != 0 {}
    }
}
