import CMicroHTTPD
import Glibc

/// What the reaper saw of an answer on its way.
struct Observation {
    var acknowledged: UInt64 = 0
    var progressedAt: UInt64 = 0
    /// Until when a request that has begun on a kept connection must have its request line.
    var headDeadline: UInt64?
    /// When the client was first seen to send no more, and the deadline that stood then.
    var halfClosed: (deadline: UInt64, since: UInt64)?
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
            for connection in core.registry.pick({ isOverdue($0, now, deadlines) }) {
                if connection.deadline.phase == .handler { connection.expire() } else { connection.endFeed() }
            }
        }
    }

    /// Shuts an overdue socket down; true when a handler is overdue, or a feed to be ended.
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
        case .rest:
            guard isGone(connection, deadline, now, deadlines) else { break }
            shutdown(connection.socket, Int32(SHUT_RDWR))
            return true
        case .idle, .fresh, .head, .body:
            let traffic = Traffic(connection.socket)
            if now > deadline.time, deadline.phase == .head || deadline.phase == .body { connection.refuseSlowness() }
            if now > deadline.time || sendsNoMore(connection, deadline, traffic, now, deadlines) {
                shutdown(connection.socket, Int32(SHUT_RDWR))
            }
            if deadline.phase == .idle {
                if isLate(connection, deadline, traffic, now, deadlines) { shutdown(connection.socket, Int32(SHUT_RDWR)) }
                return false
            }
        }
        connection.observed.headDeadline = nil
        return false
    }

    /// Whether the client of a feed at rest left, or has not read for too long what was sent to it.
    private static func isGone(
        _ connection: Connection,
        _ deadline: Deadline,
        _ now: UInt64,
        _ deadlines: HTTPServer.Deadlines
    ) -> Bool {
        // POLLRDHUP, which glibc names for GNU sources only.
        var event = pollfd(fd: connection.socket, events: 0x2000, revents: 0)
        // A client that ends its side alone cannot be told from one that left; none that reads events does.
        if poll(&event, 1, 0) > 0 { return true }
        if sikimr_unacknowledged(connection.socket) == 0 {
            connection.observed.progressedAt = now
            return false
        }
        let sent = Traffic(connection.socket)?.acknowledged ?? connection.observed.acknowledged
        if sent != connection.observed.acknowledged {
            connection.observed.acknowledged = sent
            connection.observed.progressedAt = now
        }
        return now > Deadline(.rest, at: max(deadline.time, connection.observed.progressedAt), after: deadlines.stall).time
    }

    /// Whether the client ended its side and nothing moved since: libmicrohttpd misses an end that comes together with data.
    private static func sendsNoMore(
        _ connection: Connection,
        _ deadline: Deadline,
        _ traffic: Traffic?,
        _ now: UInt64,
        _ deadlines: HTTPServer.Deadlines
    ) -> Bool {
        guard let traffic, traffic.isHalfClosed else {
            connection.observed.halfClosed = nil
            return false
        }
        guard let seen = connection.observed.halfClosed, seen.deadline == deadline.word else {
            connection.observed.halfClosed = (deadline.word, now)
            return false
        }
        // A request that is there but not read yet may still become whole.
        let patience = deadline.phase == .idle ? 0 : min(1, deadlines.head / 10)
        return now > Deadline(deadline.phase, at: seen.since, after: patience).time
    }

    /// Whether part of a next request came on a kept connection, too long ago; its time counts from the first part on.
    private static func isLate(
        _ connection: Connection,
        _ deadline: Deadline,
        _ traffic: Traffic?,
        _ now: UInt64,
        _ deadlines: HTTPServer.Deadlines
    ) -> Bool {
        let idle = Deadline(.idle, at: 0, after: deadlines.idle).time
        let idleSince = deadline.time - min(deadline.time, idle)
        if connection.observed.headDeadline == nil {
            // The kernel counts in milliseconds, and the answer left a moment after the request came.
            guard let since = traffic?.sinceLastReceived, now > since, now - since > idleSince + 5_000_000 else { return false }
        }
        let limit = connection.observed.headDeadline ?? Deadline(.head, at: now, after: deadlines.head).time
        connection.observed.headDeadline = limit
        return now > limit
    }
}

/// What the kernel counts on a TCP socket.
private struct Traffic {
    let acknowledged: UInt64
    /// Nanoseconds since data came last.
    let sinceLastReceived: UInt64
    /// Whether the client has ended its side.
    let isHalfClosed: Bool

    init?(_ socket: Int32) {
        // Offsets in linux/tcp.h's `struct tcp_info`, which the kernel only ever extends; glibc's copy lacks the counters.
        let traffic = withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { info -> (UInt64, UInt32, UInt8)? in
            var size = socklen_t(info.count)
            guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, info.baseAddress, &size) == 0, size == 128 else { return nil }
            return (info.load(fromByteOffset: 120, as: UInt64.self), info.load(fromByteOffset: 52, as: UInt32.self), info[0])
        }
        guard let traffic else { return nil }
        acknowledged = traffic.0
        sinceLastReceived = UInt64(traffic.1) * 1_000_000
        // TCP_CLOSE_WAIT
        isHalfClosed = traffic.2 == 8
    }
}
