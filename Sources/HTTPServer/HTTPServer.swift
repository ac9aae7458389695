import CMicroHTTPD
import Glibc
package import HTTP
import Synchronization

/// An HTTP/1.1 server on libmicrohttpd: guards what comes in, asks the responder, frames what goes out.
///
/// libmicrohttpd 0.9.75 decides some things below this guard. `LibraryTests` holds each of them with a raw socket:
///
/// - Answered by the library in HTML, after which it closes: a `Content-Length` that is not a number (400; its head comes
///   twice) or beyond 64 bits (413); a request line that is not three words with an HTTP version (400); a major version other than 1 (505);
///   a field line without a colon (400); a malformed chunk (400) or one of more than 64 bits (413); a head that does not fit
///   its memory of 32 KiB (431, or 414 if the target alone does not).
/// - Closed without an answer: a head or body that ends early, bytes that are no request line.
/// - Taken, which a strict server would refuse: folded field lines, lines that end in LF alone (chunks too), empty field
///   names, several spaces in the request line, empty lines before it, and what follows a NUL in a value or the target, which is dropped.
/// - Dropped: trailer fields.
///
/// So beyond loopback the server stands only behind a proxy that rewrites requests.
package final class HTTPServer: Sendable {
    private let core: Core
    private let life: Mutex<Life?>
    package let port: UInt16

    /// What runs until the server stops.
    private struct Life: ~Copyable, @unchecked Sendable {
        // Safety: libmicrohttpd's calls on a daemon may come from any thread; it is stopped once, by the one who took it.
        let daemon: OpaquePointer
        let listener: Listener
        let reaper: Reaper
    }

    /// Binds and serves.
    package init(_ configuration: Configuration, responder: any Responder) throws(Failure) {
        signal(SIGPIPE, SIG_IGN)
        let listener = try Listener(configuration.endpoint)
        let core = Core(configuration, responder: responder)
        let context = Unmanaged.passUnretained(core).toOpaque()
        let started = sikimr_start(
            listener.descriptor,
            UInt32(clamping: max(1, configuration.threads)),
            UInt32(clamping: max(configuration.threads, configuration.mostConnections)),
            // Room for the largest head we take and the head of its answer; it is cleared for each request, so no larger.
            32 << 10,
            context,
            { _, handle, _, method, version, data, size, state in
                guard let state = state?.pointee, let handle, let method, let version, let size else { return .NO }
                let connection = Unmanaged<Connection>.fromOpaque(state).takeUnretainedValue()
                let bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : size.pointee)
                let goesOn = connection.proceed(handle, method: method, version: version, data: bytes)
                size.pointee = 0
                return goesOn ? .YES : .NO
            },
            { _, target, handle in
                guard let target, let handle, let state = sikimr_context(handle) else { return nil }
                Unmanaged<Connection>.fromOpaque(state).takeUnretainedValue().receive(target: target)
                sikimr_hide_query(target)
                return state
            },
            { _, _, state, _ in
                guard let state = state?.pointee else { return }
                Unmanaged<Connection>.fromOpaque(state).takeUnretainedValue().complete()
            },
            { context, handle, state, event in
                guard let context, let handle, let state else { return }
                HTTPServer.notice(event, of: handle, state, Unmanaged<Core>.fromOpaque(context).takeUnretainedValue())
            }
        )
        guard let started else { throw .cannotStart }
        port = listener.port
        self.core = core
        life = Mutex(Life(daemon: started, listener: listener, reaper: Reaper(core)))
    }

    deinit {
        if let life = life.withLock({ $0.take() }) {
            core.isDraining.store(true, ordering: .sequentiallyConsistent)
            Self.end(life, core)
        }
    }

    /// How many connections are open.
    package var connections: Int { core.registry.count }

    /// Stops accepting, lets what runs finish within the limit, and closes.
    package func stop(within seconds: Double) async {
        guard let life = life.withLock({ $0.take() }) else { return }
        core.isDraining.store(true, ordering: .sequentiallyConsistent)
        MHD_quiesce_daemon(life.daemon)
        if life.listener.isOwn { shutdown(life.listener.descriptor, Int32(SHUT_RD)) }
        let limit = Deadline(.answer, at: core.configuration.clock(), after: seconds).time
        while core.configuration.clock() < limit, closeIdle() > 0 {
            try? await Task.sleep(nanoseconds: 5_000_000)
        }
        let core = core
        let ending = Ending(life)
        await withCheckedContinuation { continuation in
            let thread = Reaper.startThread {
                if let life = ending.life.withLock({ $0.take() }) { Self.end(life, core) }
                continuation.resume()
            }
            pthread_detach(thread)
        }
    }

    private final class Ending: Sendable {
        let life: Mutex<Life?>
        init(_ life: consuming sending Life) { self.life = Mutex(life) }
    }

    /// Closes the connections that carry no request, ends feeds, and counts what is left.
    private func closeIdle() -> Int {
        let now = core.configuration.clock()
        let grace = Deadline(.fresh, at: 0, after: core.configuration.deadlines.head - 1).time
        let open = core.registry.pick { connection in
            let deadline = connection.deadline
            switch deadline.phase {
            case .idle: shutdown(connection.socket, Int32(SHUT_RDWR))
            // A client that has just connected may be sending: it has a second.
            case .fresh: if now + grace > deadline.time { shutdown(connection.socket, Int32(SHUT_RDWR)) }
            case .head, .body, .handler, .answer, .rest: break
            }
            return true
        }
        for connection in open { connection.endFeed() }
        return open.count
    }

    /// Breaks off what still runs and stops the threads; it blocks until they end.
    private static func end(_ life: consuming Life, _ core: Core) {
        // From here on nothing is suspended; what is, is resumed with a 503: libmicrohttpd must not stop before.
        core.isClosing.store(true, ordering: .sequentiallyConsistent)
        MHD_quiesce_daemon(life.daemon)
        breakOff(core)
        let limit = core.configuration.clock() + 250_000_000
        while core.registry.pick({ [.answer, .handler, .rest].contains($0.deadline.phase) }).isEmpty == false,
            core.configuration.clock() < limit
        { usleep(2000) }
        breakOff(core)
        MHD_stop_daemon(life.daemon)
        life.reaper.stop()
    }

    /// Resumes whatever is suspended, to be answered 503 or ended.
    private static func breakOff(_ core: Core) {
        for connection in core.registry.pick({ _ in true }) {
            connection.expire()
            connection.endFeed()
        }
    }

    private static func notice(
        _ event: MHD_ConnectionNotificationCode,
        of handle: OpaquePointer,
        _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
        _ core: Core
    ) {
        if event.rawValue == 0 {
            let connection = Connection(core, socket: sikimr_socket(handle), peer: sikimr_peer(handle).flatMap(IPAddress.init))
            core.registry.insert(connection)
            state.pointee = Unmanaged.passRetained(connection).toOpaque()
        } else if let held = state.pointee {
            let connection = Unmanaged<Connection>.fromOpaque(held)
            core.registry.remove(connection.takeUnretainedValue())
            connection.release()
            state.pointee = nil
        }
    }
}
