import Glibc

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

/// A state that threads take turns with and may wait for a change of.
///
/// `Mutex` cannot be waited on, and the thread sanitizer does not see into it.
final class Monitor<State>: @unchecked Sendable {
    // Safety: `state` is touched only under the lock; lock and condition never move and are freed with the last owner.
    private var state: State
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>

    init(_ state: State) {
        self.state = state
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
        change = .allocate(capacity: 1)
        change.initialize(to: pthread_cond_t())
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        change.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Runs `body` while no other thread touches the state.
    func withLock<Value, Failure>(_ body: (inout State) throws(Failure) -> Value) throws(Failure) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&state)
    }

    /// Runs `body` under the lock, again after each change, until it answers.
    func wait<Value>(_ body: (inout State) -> Value?) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let value = body(&state) { return value }
            pthread_cond_wait(change, lock)
        }
    }

    /// Wakes the threads that wait.
    func announce() { pthread_cond_broadcast(change) }
}
