import API
import Dispatch
import Domain
import Files
import Glibc
import HTTPServer
import Security
import StorageSQLite
import Synchronization

/// `sikimr serve`: opens the storage, serves until told to stop, and closes in order.
struct Serve {
    let settings: Settings

    /// How long running requests may take to end, in seconds.
    private static let grace = 10.0
    /// How often old tokens, keys and sign-in records are cleared away, in seconds.
    private static let sweepInterval = 3600.0
    /// How often files that nobody holds are cleared away, and how old they are then, in seconds.
    private static let day = 86_400

    func run() async throws {
        // A client that went away must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let log = Log(format: try settings.log(), clock: House.clock) { line in
            _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        }
        // Every setting is read before the storage is touched: a wrong one leaves no half-made first start.
        try settings.checkExposure()
        let rateLimit = try settings.rateLimit()
        let streams = try settings.streamLimits()
        let (limits, reserve) = (try settings.attachmentLimits(), try settings.attachmentReserve())
        let requests = SplitMix64(seed: UInt64.random(in: 0...UInt64.max))
        let configuration = try settings.server { String(requests.next(), radix: 36) + String(requests.next(), radix: 36) }
        let supervisor = Supervisor()
        let ending = Ending()
        let isOpen = Flag()
        let house = try await House(settings, log: log) { detail in
            // What is wrong while it opens is the one line that the program ends with.
            if isOpen.isSet { log.write(.error, "storage_lost", [("detail", .text(detail))]) }
            ending.begin(code: 70)
        }
        isOpen.set()
        let files: FileStore
        do { files = try FileStore(directory: settings.attachments, reserve: reserve) } catch {
            await house.store.close()
            throw Exit.configuration("SIKIMR_ATTACHMENTS: \(error)")
        }
        let isDraining = Flag()
        let application = Application(
            Environment(
                store: house.store,
                files: files,
                attachmentLimits: limits,
                clock: House.clock,
                ids: house.ids,
                hasher: house.hasher,
                passwords: house.passwords
            ),
            document: try document(),
            settings: Application.Settings(
                rateLimit: rateLimit,
                monotonic: HTTPServer.Configuration.monotonicClock,
                storage: { StorageReport(house.store.metrics) },
                isReady: {
                    guard !isDraining.isSet else { return false }
                    return await (try? house.store.read { tx throws(DomainError) in try tx.users.isEmpty() }) == false
                },
                streams: streams,
                swaggerUI: settings.swaggerUI
            ),
            log: log
        )
        let server: HTTPServer
        do {
            server = try HTTPServer(configuration, responder: application)
        } catch {
            await house.store.close()
            throw Exit.configuration("SIKIMR_LISTEN: \(error)")
        }
        if try settings.isExposed() { log.write(.warning, "plain_http_beyond_loopback") }
        log.write(.info, "start", [("listen", .text(settings.listen)), ("port", .number(Int(server.port)))])
        if isatty(STDERR_FILENO) == 1 { say("Serving at http://\(settings.listen), the document is at /docs. Ctrl-C ends it.") }
        supervisor.tell("READY=1")

        let timers = self.timers(house, files, supervisor, log)
        let ticker = Ticker(Clockwork([ScheduledSteps(), StepNotices()]), house, log)
        ticker.start()
        let code = await ending.wait()
        timers.forEach { $0.cancel() }
        ticker.stop()
        isDraining.set()
        supervisor.tell("STOPPING=1")
        log.write(.info, "stopping")
        await server.stop(within: Self.grace)
        await house.store.close()
        log.write(.info, "stop")
        if code != 0 { throw Exit(code: code, line: "The storage failed; see the log.") }
    }

    private func document() throws -> APIDocument {
        do { return try APIDocument() } catch { throw Exit(code: 70, line: error.line) }
    }

    private func timers(_ house: House, _ files: FileStore, _ supervisor: Supervisor, _ log: Log) -> [any DispatchSourceTimer] {
        let queue = DispatchQueue(label: "sikimr.timers")
        var timers: [any DispatchSourceTimer] = []
        func every(_ seconds: Double, _ work: @escaping @Sendable () -> Void) {
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + seconds, repeating: seconds)
            timer.setEventHandler(handler: work)
            timer.resume()
            timers.append(timer)
        }
        every(Self.sweepInterval) {
            Task {
                let now = House.clock()
                do {
                    try await house.store.write { tx throws(DomainError) in
                        try tx.tokens.removeExpired(before: now.advanced(byMilliseconds: -7 * 86_400_000))
                        try tx.idempotency.removeOld(before: now.advanced(byMilliseconds: -IdempotencyKey.life))
                        try tx.logins.removeOld(before: now.advanced(byMilliseconds: -31 * 86_400_000))
                    }
                } catch { log.write(.warning, "sweep_failed") }
            }
        }
        let store = house.store
        let sweepFiles = { @Sendable in
            Task {
                let before = Int(House.clock().milliseconds / 1000) - Self.day
                do {
                    let count = try await files.sweep(storedBefore: before) { try store.holdsFile($0) }
                    if count > 0 { log.write(.info, "files_swept", [("count", .number(count))]) }
                } catch { log.write(.warning, "sweep_failed") }
            }
        }
        _ = sweepFiles()
        every(Double(Self.day)) { _ = sweepFiles() }
        if let heartbeat = supervisor.heartbeat {
            every(heartbeat) {
                // A service whose storage does not answer is not alive.
                let answers = (try? house.store.readNow { tx throws(DomainError) in try tx.users.isEmpty() }) != nil
                if answers { supervisor.tell("WATCHDOG=1") }
            }
        }
        return timers
    }
}

extension StorageReport {
    init(_ metrics: SQLiteStore.Metrics) {
        self.init(
            batches: metrics.batches,
            writes: metrics.bodies,
            batchSizes: metrics.batchSizes.enumerated().map { (most: 1 << $0.offset, count: $0.element) },
            queueDepth: metrics.queueDepth,
            databaseBytes: metrics.database_bytes,
            logBytes: metrics.log_bytes
        )
    }
}

/// A flag that is set once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

/// Waits for SIGTERM, SIGINT or a fault that ends the service.
private final class Ending: Sendable {
    private let stream: AsyncStream<Int32>
    private let continuation: AsyncStream<Int32>.Continuation
    // Safety: the sources are only held; nothing touches them after they were started.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        (self.stream, self.continuation) = (stream, continuation)
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(0) }
            source.resume()
            return source
        }
    }

    /// Ends the service with an exit code.
    func begin(code: Int32) { continuation.yield(code) }

    /// The exit code to end with, once it is time.
    func wait() async -> Int32 {
        for await code in stream { return code }
        return 0
    }
}
