import Dispatch
import Synchronization
import Testing

@testable import Security

struct WorkerPoolTests {
    private final class Log: Sendable {
        let entries = Mutex<[Int]>([])

        func add(_ entry: Int) {
            entries.withLock { $0.append(entry) }
        }
    }

    @Test
    func `the caller goes on while its work runs`() async throws {
        let pool = WorkerPool(name: "test", width: 1, queueLimit: 0)
        let gate = DispatchSemaphore(value: 0)
        // Were the work run on this thread, the gate would never open.
        let answer = Task.immediate {
            try await pool.run {
                gate.wait()
                return 42
            }
        }
        gate.signal()
        #expect(try await answer.value == 42)
    }

    @Test
    func `one runs, two wait, the fourth is refused, and all that were taken end in order`() async throws {
        let pool = WorkerPool(name: "test", width: 1, queueLimit: 2)
        let gate = DispatchSemaphore(value: 0)
        let log = Log()
        try await withThrowingTaskGroup { group in
            group.addImmediateTask {
                try await pool.run {
                    gate.wait()
                    log.add(0)
                }
            }
            for number in 1...2 {
                group.addImmediateTask { try await pool.run { log.add(number) } }
            }
            let fourth = Task.immediate { try await pool.run { log.add(3) } }
            gate.signal()
            await #expect(throws: WorkerPool.Overloaded.self) { try await fourth.value }
            try await group.waitForAll()
        }
        #expect(log.entries.withLock { $0 } == [0, 1, 2])
        #expect(try await pool.run { 1 } == 1)
    }

    @Test
    func `as many run at once as the pool is wide, and no more`() async throws {
        let pool = WorkerPool(name: "test", width: 2, queueLimit: 0)
        let (left, right, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        try await withThrowingTaskGroup { group in
            // Each waits for the other, so neither ends unless both run at once.
            group.addImmediateTask {
                try await pool.run {
                    left.signal()
                    right.wait()
                    gate.wait()
                }
            }
            group.addImmediateTask {
                try await pool.run {
                    right.signal()
                    left.wait()
                    gate.wait()
                }
            }
            let third = Task.immediate { try await pool.run {} }
            gate.signal()
            gate.signal()
            await #expect(throws: WorkerPool.Overloaded.self) { try await third.value }
            try await group.waitForAll()
        }
    }
}
