import CMicroHTTPD
import Glibc

/// What the reaper saw of an answer on its way.
struct Observation {
    var acknowledged: UInt64 = 0
    var progressedAt: UInt64 = 0
    /// Until when a request that has begun on a kept connection must have its request line.
    var headDeadline: UInt64?
}

/// The thread that enforces the deadlines: it shuts sockets down, which libmicrohttpd then sees as closed.
final class Reaper: Sendable {
    private let core: Core
    private let wake: (read: Int32, write: Int32)
    private let thread: pthread_t

    init(_ core: Core) {
        self.core = core
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "the system has no descriptor left")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let wake = (read: ends[0], write: ends[1])
        self.wake = wake
        thread = Reaper.startThread { Reaper.run(core, wake: wake.read) }
    }

    /// Ends the thread and waits for it.
    func stop() {
        close(wake.write)
        pthread_join(thread, nil)
        close(wake.read)
    }

    /// Starts a thread that runs `body`.
    static func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                return nil
            },
            Unmanaged.passRetained(Box(body)).toOpaque()
        )
        precondition(status == 0, "the system has no thread left")
        return thread
    }

    private static func run(_ core: Core, wake: Int32) {
        let deadlines = core.configuration.deadlines
        let shortest = min(deadlines.head, deadlines.body, deadlines.handler, deadlines.stall, deadlines.idle)
        let pause = Int32(max(5, min(500, shortest * 1000 / 8)))
        var event = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
        while poll(&event, 1, pause) <= 0 {
            let now = core.configuration.clock()
            // Answers are brought after the registry's lock is released, since resuming takes libmicrohttpd's own.
            for connection in core.registry.pick({ isOverdue($0, now, deadlines) }) { connection.expire() }
        }
    }

    /// Shuts an overdue socket down; true when a handler is overdue instead.
    private static func isOverdue(_ connection: Connection, _ now: UInt64, _ deadlines: HTTPServer.Deadlines) -> Bool {
        let deadline = connection.deadline
        switch deadline.phase {
        case .handler: return now > deadline.time
        case .answer:
            let sent = Traffic(connection.socket)?.acknowledged ?? connection.observed.acknowledged
            if sent != connection.observed.acknowledged {
                connection.observed.acknowledged = sent
                connection.observed.progressedAt = now
            }
            let stall = Deadline(.answer, at: connection.observed.progressedAt, after: deadlines.stall)
            if now > deadline.time && now > stall.time { shutdown(connection.socket, Int32(SHUT_RDWR)) }
        case .idle:
            let idleSince = deadline.time - min(deadline.time, Deadline(.idle, at: 0, after: deadlines.idle).time)
            if let sinceLast = Traffic(connection.socket)?.sinceLastReceived, now > sinceLast, now - sinceLast > idleSince + 2_000_000 {
                // Part of a next request came: its time counts from here on, whatever else trickles in.
                let limit = connection.observed.headDeadline ?? Deadline(.head, at: now, after: deadlines.head).time
                connection.observed.headDeadline = limit
                if now > limit { shutdown(connection.socket, Int32(SHUT_RDWR)) }
            }
            if now > deadline.time { shutdown(connection.socket, Int32(SHUT_RDWR)) }
            return false
        case .fresh, .head, .body:
            if now > deadline.time { shutdown(connection.socket, Int32(SHUT_RDWR)) }
        }
        connection.observed.headDeadline = nil
        return false
    }
}

/// What the kernel counts on a TCP socket.
private struct Traffic {
    let acknowledged: UInt64
    /// Nanoseconds since data came last.
    let sinceLastReceived: UInt64

    init?(_ socket: Int32) {
        // Offsets in linux/tcp.h's `struct tcp_info`, which the kernel only ever extends; glibc's copy lacks the counters.
        let traffic = withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { info -> (UInt64, UInt32)? in
            var size = socklen_t(info.count)
            guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &size) == 0, size == 128 else { return nil }
            return (info.load(fromByteOffset: 120, as: UInt64.self), info.load(fromByteOffset: 52, as: UInt32.self))
        }
        guard let traffic else { return nil }
        acknowledged = traffic.0
        sinceLastReceived = UInt64(traffic.1) * 1_000_000
    }
}
