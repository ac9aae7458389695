import CMicroHTTPD
import Glibc
import HTTP
import Synchronization

/// One client connection and the exchange that is under way on it.
///
/// The race between a handler's task and the I/O thread is settled by `progress`, a state behind a lock:
///
///     resting ──begin──▶ running ──finish──▶ answered ──settle──▶ resting
///                           │                   ▲
///                         settle              finish, or expire with 503; then resume
///                           └───▶ suspended ────┘
///
/// - `begin` and `settle` run only on the connection's I/O thread; `finish` runs wherever the task ends, `expire` on the reaper.
/// - `settle` takes the lock and either finds the answer, or suspends the connection *before* it releases the lock. So the answer
///   comes before the suspension, and the I/O thread sees it; or after, and whoever brings it sees `suspended`.
/// - Only the one who turns `suspended` into `answered` may resume, so it is resumed exactly once. libmicrohttpd neither closes nor
///   frees a suspended connection before it is resumed (nor does the server stop before), so the handle is still valid there.
/// - Each exchange has a number. A task that comes late, after `expire` or the end of the connection, finds another number or
///   state and its answer is dropped; it holds this object, never libmicrohttpd's.
///
/// An answer that is a feed has the same race between the I/O thread, which draws, and the feed, which wakes:
///
///     resting ──beginDraw──▶ drawing ──wake──▶ woken ──beginDraw──▶ drawing
///                            │     ▲
///                         rest     wake; then resume
///                            ▼     │
///                            dormant           drawing, woken or dormant ──endFeed──▶ over ──complete──▶ resting
///
/// - `beginDraw` and `rest` run only on the I/O thread, inside libmicrohttpd's question for more of the body; `wake` runs wherever
///   the feed is, `endFeed` on the reaper or where the server is stopped, which also end a feed that is drawing.
/// - `rest` suspends under the lock, and only from `drawing`: a wake-up since `beginDraw` has made it `woken`, and the feed is
///   drawn again; one after `rest` finds `dormant`. So no wake-up is lost, and one without a feed changes nothing.
/// - Only the one who turns `dormant` into something else may resume, as above. While the server drains `rest` never suspends;
///   that is seen under the lock, so a feed either sees the end or is `dormant` when it is ended.
/// - While it is suspended libmicrohttpd does not see its client go: the reaper does, and ends the feed.
///
/// Safety: `exchange`, `served` and `requests` are used only on the I/O thread of the connection, which libmicrohttpd never changes;
/// all else is immutable, atomic or behind the lock.
final class Connection: @unchecked Sendable {
    private enum Progress: Sendable {
        case resting
        case running(UInt64)
        case suspended(UInt64, Handle, Task<Void, Never>)
        case answered(Response)
        /// The time was up: the answer is 503.
        case expired
        /// A feed is asked for bytes, or these are on their way.
        case drawing
        /// The same, and the feed has called since it was asked.
        case woken
        /// The feed has nothing and the connection is suspended.
        case dormant(Handle)
        /// The feed must end.
        case over
    }

    /// Safety: passed between threads only while the connection is suspended, see above.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    let core: Core
    let socket: Int32
    private let peer: Peer
    private let progress = Mutex(Progress.resting)
    private let deadlineWord: Atomic<UInt64>
    private var exchange: Exchange?
    private var served: UInt64 = 0
    private var requests = 0
    /// What the reaper last saw of the answer's progress; only the reaper uses it, under the registry's lock.
    var observed = Observation()

    init(_ core: Core, socket: Int32, peer: IPAddress?) {
        self.core = core
        self.socket = socket
        self.peer = Peer(peer, trusting: core.configuration.trustedProxies)
        let deadline = Deadline(.fresh, at: core.configuration.clock(), after: core.configuration.deadlines.head)
        deadlineWord = Atomic(deadline.word)
    }

    var deadline: Deadline { Deadline(word: deadlineWord.load(ordering: .relaxed)) }

    private func arm(_ phase: Deadline.Phase, at now: UInt64, _ seconds: Double) {
        deadlineWord.store(Deadline(phase, at: now, after: seconds).word, ordering: .relaxed)
    }

    // MARK: The I/O thread

    /// Takes the raw request target, the first that is known of a request.
    func receive(target: UnsafePointer<CChar>) {
        let now = core.configuration.clock()
        arm(.head, at: now, core.configuration.deadlines.head)
        let bytes = UnsafeRawBufferPointer(start: target, count: strnlen(target, core.configuration.targetLimit + 1))
        exchange = Exchange(target: [UInt8](bytes), startedAt: now)
    }

    /// Goes on with the exchange: the head, a part of the body, or the whole is there.
    func proceed(
        _ handle: OpaquePointer,
        method: UnsafePointer<CChar>,
        version: UnsafePointer<CChar>,
        data: UnsafeRawBufferPointer
    ) -> Bool {
        guard var current = exchange.take() else { return false }
        defer { exchange = current }
        switch current.stage {
        case .head:
            if let refusal = current.readHead(handle, method: method, version: version, core.configuration, peer) {
                return answer(refusal.response(requestID: current.id, language: current.language), &current, handle, closing: true)
            }
            if let refusal = current.admit(handle, core) { return answer(refusal, &current, handle, closing: true) }
            let deadlines = core.configuration.deadlines
            let size = Double(current.contentLength ?? current.bodyLimit)
            if current.hasBody { arm(.body, at: current.startedAt, deadlines.head + deadlines.body + size / deadlines.slowestBody) }
            return true
        case .body:
            if !data.isEmpty { return current.take(data) }
            return respond(&current, handle)
        case .handling:
            return settle(&current, handle, task: nil)
        case .answered:
            return false
        }
    }

    /// Ends the exchange, sent or not, and tells the responder.
    func complete() {
        guard let ended = exchange.take() else { return }
        let now = core.configuration.clock()
        arm(.idle, at: now, core.configuration.deadlines.idle)
        progress.withLock { $0 = .resting }
        guard ended.status != 0 else { return }
        core.responder.finished(ended.summary(endedAt: now))
    }

    /// Counts what a chunked body sends.
    func chunkSent(_ count: Int) {
        exchange?.bytesOut += count
        arm(.answer, at: core.configuration.clock(), core.configuration.deadlines.stall)
    }

    /// Goes on to draw from a feed; false when it must end.
    func beginDraw() -> Bool {
        arm(.answer, at: core.configuration.clock(), core.configuration.deadlines.stall)
        return progress.withLock { progress in
            if case .over = progress { return false }
            progress = .drawing
            return true
        }
    }

    /// Suspends the connection until its feed wakes it; false when the feed must be drawn again or end.
    func rest(_ handle: OpaquePointer) -> Bool {
        let holder = Handle(pointer: handle)
        return progress.withLock { progress in
            guard case .drawing = progress else { return false }
            guard !core.isDraining.load(ordering: .sequentiallyConsistent) else {
                progress = .over
                return false
            }
            arm(.rest, at: core.configuration.clock(), 0)
            MHD_suspend_connection(holder.pointer)
            progress = .dormant(holder)
            return true
        }
    }

    private func respond(_ current: inout Exchange, _ handle: OpaquePointer) -> Bool {
        let request: Request
        switch current.wholeRequest() {
        case .success(let made): request = made
        case .failure(let refusal):
            return answer(refusal.response(requestID: current.id, language: current.language), &current, handle, closing: true)
        }
        if let preflight = core.cors.preflight(request.method, request.headers) {
            return answer(preflight, &current, handle, closing: false)
        }
        current.stage = .handling
        served &+= 1
        let number = served
        arm(.handler, at: core.configuration.clock(), core.configuration.deadlines.handler)
        progress.withLock { $0 = .running(number) }
        let responder = core.responder
        let task = Task.immediate {
            let response = await responder.respond(to: request)
            self.finish(number, response)
        }
        return settle(&current, handle, task: task)
    }

    /// Queues the answer if it is there, else suspends the connection until it is.
    private func settle(_ current: inout Exchange, _ handle: OpaquePointer, task: Task<Void, Never>?) -> Bool {
        let holder = Handle(pointer: handle)
        let isClosing = core.isClosing.load(ordering: .sequentiallyConsistent)
        let unavailable = { [current] in Problem(.unavailable).response(requestID: current.id, language: current.language) }
        let response: Response? = progress.withLock { progress in
            switch progress {
            case .answered(let response):
                progress = .resting
                return response
            case .expired:
                progress = .resting
                return unavailable()
            case .running(let number):
                guard !isClosing, let task else {
                    progress = .resting
                    return nil
                }
                MHD_suspend_connection(holder.pointer)
                progress = .suspended(number, holder, task)
                return nil
            case .resting, .suspended, .drawing, .woken, .dormant, .over: return nil
            }
        }
        if let response { return answer(response, &current, handle, closing: false) }
        return !isClosing
    }

    private func answer(_ response: Response, _ current: inout Exchange, _ handle: OpaquePointer, closing: Bool) -> Bool {
        current.stage = .answered
        current.status = response.status
        current.route = response.route
        current.actor = response.actor
        requests += 1
        let closes = closing || requests >= core.configuration.mostRequestsPerConnection || core.isDraining.load(ordering: .relaxed)
        arm(.answer, at: core.configuration.clock(), core.configuration.deadlines.stall)
        let answer = Answer(
            core: core,
            requestHeaders: current.headers,
            requestID: current.id,
            isHead: current.isHead,
            closes: closes
        )
        guard let count = answer.queue(response, on: self, handle) else { return false }
        current.bytesOut = current.isHead ? 0 : count
        return true
    }

    // MARK: Other threads

    /// Brings the answer of the exchange with this number; dropped if nobody waits for it any more.
    private func finish(_ number: UInt64, _ response: Response) {
        let waiting: Handle? = progress.withLock { progress in
            switch progress {
            case .running(number):
                progress = .answered(response)
                return nil
            case .suspended(number, let handle, _):
                progress = .answered(response)
                return handle
            case .resting, .running, .suspended, .answered, .expired, .drawing, .woken, .dormant, .over: return nil
            }
        }
        if let waiting { MHD_resume_connection(waiting.pointer) }
    }

    /// Answers 503 in the place of a handler that takes too long, and cancels its task.
    func expire() {
        let waiting: (handle: Handle, task: Task<Void, Never>)? = progress.withLock { progress in
            guard case .suspended(_, let handle, let task) = progress else { return nil }
            progress = .expired
            return (handle, task)
        }
        guard let waiting else { return }
        MHD_resume_connection(waiting.handle.pointer)
        waiting.task.cancel()
    }

    /// Lets a feed be drawn again.
    func wake() {
        let resting: Handle? = progress.withLock { progress in
            switch progress {
            case .drawing:
                progress = .woken
                return nil
            case .dormant(let handle):
                progress = .drawing
                return handle
            case .resting, .running, .suspended, .answered, .expired, .woken, .over: return nil
            }
        }
        if let resting { MHD_resume_connection(resting.pointer) }
    }

    /// Ends the feed that is under way, if one is.
    func endFeed() {
        let resting: Handle? = progress.withLock { progress in
            switch progress {
            case .drawing, .woken:
                progress = .over
                return nil
            case .dormant(let handle):
                progress = .over
                return handle
            case .resting, .running, .suspended, .answered, .expired, .over: return nil
            }
        }
        if let resting { MHD_resume_connection(resting.pointer) }
    }

    /// Says 408 to a client whose request did not come in time, before its socket is shut down.
    ///
    /// libmicrohttpd takes no answer while it reads, and writes nothing meanwhile but `100 Continue`: so the bytes go out beside it.
    func refuseSlowness() {
        let id = core.configuration.makeRequestID()
        let problem = Problem(.requestTimeout).response(requestID: id, language: Language(accepting: nil))
        guard case .bytes(let body) = problem.body else { return }
        var head = "HTTP/1.1 \(problem.status) Request Timeout\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
        head += "Content-Type: \(MediaType.exact(problem.headers["content-type"] ?? ""))\r\nX-Request-Id: \(id)\r\n"
        for field in core.constants.fields { head += "\(field.name): \(String(cString: field.cValue))\r\n" }
        let bytes = Array((head + "\r\n").utf8) + body.array
        _ = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)) }
    }
}
