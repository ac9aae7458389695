import HTTP
import Synchronization

/// What every connection of one server shares.
final class Core: Sendable {
    let configuration: HTTPServer.Configuration
    let responder: any Responder
    let gzip = GzipPool()
    let cors: CORS
    let constants: ConstantHeaders
    let registry = Registry()
    /// Set when the server stops: answers say `Connection: close` from then on.
    let isDraining = Atomic(false)
    /// Set when the time to finish is over: nothing may be suspended any more.
    let isClosing = Atomic(false)

    init(_ configuration: HTTPServer.Configuration, responder: any Responder) {
        self.configuration = configuration
        self.responder = responder
        cors = CORS(configuration.corsOrigins)
        constants = ConstantHeaders(strictTransportSecurity: configuration.strictTransportSecurity)
    }
}

/// The open connections.
final class Registry: Sendable {
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])

    var count: Int { connections.withLock { $0.count } }

    func insert(_ connection: Connection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
    }

    /// Forgets the connection; when this returns, nobody else uses its socket any more.
    func remove(_ connection: Connection) {
        _ = connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    /// Runs `body` on each connection while its socket is sure to be open, and returns those it picks.
    func pick(_ body: (Connection) -> Bool) -> [Connection] {
        connections.withLock { $0.values.filter(body) }
    }
}
