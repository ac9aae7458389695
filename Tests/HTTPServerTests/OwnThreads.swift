import Glibc

/// Runs each job on a thread of its own, so that a client that blocks does not hold a thread the handlers need.
final class OwnThreads: TaskExecutor {
    private final class Work {
        let job: UnownedJob
        let executor: OwnThreads

        init(_ job: UnownedJob, _ executor: OwnThreads) {
            self.job = job
            self.executor = executor
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let work = Unmanaged.passRetained(Work(UnownedJob(job), self))
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                work.job.runSynchronously(on: work.executor.asUnownedTaskExecutor())
                return nil
            },
            work.toOpaque()
        )
        precondition(status == 0)
        pthread_detach(thread)
    }
}
