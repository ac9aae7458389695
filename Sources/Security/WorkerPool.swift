import Dispatch
import Synchronization

/// A fixed number of threads for heavy work, with a bounded queue in front of them.
package final class WorkerPool: Sendable {
    /// Every thread is busy and the queue is full: try again in a moment.
    package struct Overloaded: Error {}

    private typealias Job = @Sendable () -> Void

    private struct State {
        var idle: [DispatchQueue]
        var waiting: [Job] = []
    }

    private let state: Mutex<State>
    private let queueLimit: Int

    /// A pool that runs `width` pieces of work at once and lets `queueLimit` more wait.
    package init(name: String, width: Int, queueLimit: Int) {
        // One serial queue a thread: these do not count against the threads that run tasks, which heavy work would starve.
        let workers = (0..<max(1, width)).map { DispatchQueue(label: "\(name)-\($0)") }
        self.state = Mutex(State(idle: workers))
        self.queueLimit = max(0, queueLimit)
    }

    /// Runs the work on one of the pool's threads, oldest first; the caller's thread is free meanwhile.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(Overloaded) -> Value {
        let value: Value? = await withCheckedContinuation { continuation in
            if !submit({ continuation.resume(returning: work()) }) {
                continuation.resume(returning: nil)
            }
        }
        guard let value else { throw Overloaded() }
        return value
    }

    private func submit(_ job: @escaping Job) -> Bool {
        let (isAccepted, worker) = state.withLock { state -> (Bool, DispatchQueue?) in
            if let worker = state.idle.popLast() { return (true, worker) }
            guard state.waiting.count < queueLimit else { return (false, nil) }
            state.waiting.append(job)
            return (true, nil)
        }
        if let worker { worker.async { self.work(from: job, on: worker) } }
        return isAccepted
    }

    private func work(from first: @escaping Job, on worker: DispatchQueue) {
        var next: Job? = first
        while let job = next {
            job()
            next = state.withLock { state in
                if !state.waiting.isEmpty { return state.waiting.removeFirst() }
                state.idle.append(worker)
                return nil
            }
        }
    }
}
