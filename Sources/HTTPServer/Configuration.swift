import Glibc

extension HTTPServer {
    /// Where the server listens.
    package enum Endpoint: Sendable, Equatable {
        /// An IPv4 or IPv6 address; port 0 takes any free one.
        case address(String, port: UInt16)
        /// A socket file, replaced if a stale one is there.
        case unixSocket(path: String)
        /// A socket that listens already, handed over by systemd.
        case inherited(descriptor: Int32)

        /// The socket that systemd activation hands to this process, if it does (`LISTEN_FDS`).
        package static func activated(listenProcess: String?, listenDescriptors: String?) -> Endpoint? {
            guard let process = listenProcess.flatMap(Int32.init), process == getpid() else { return nil }
            guard let count = listenDescriptors.flatMap(Int.init), count >= 1 else { return nil }
            return .inherited(descriptor: 3)
        }
    }

    /// How long each part of an exchange may take, in seconds of the monotonic clock.
    package struct Deadlines: Sendable {
        package var head = 10.0
        package var body = 30.0
        /// The slowest rate, in bytes a second, that earns a large body more time.
        package var slowestBody = 65_536.0
        package var handler = 30.0
        package var stall = 30.0
        package var idle = 75.0

        package init() {}
    }

    /// How the server listens, and its limits.
    package struct Configuration: Sendable {
        package var endpoint: Endpoint
        package var threads = 1
        package var mostConnections = Self.share(ofDescriptors: Self.descriptorLimit())
        package var mostRequestsPerConnection = 1000
        package var bodyLimit = 1 << 20
        package var targetLimit = 8 << 10
        package var headerLimit = 16 << 10
        package var mostHeaderFields = 64
        package var trustedProxies: [CIDR] = []
        package var corsOrigins: [String] = []
        /// Whether TLS ends in front of the service, so that browsers may be held to it.
        package var strictTransportSecurity = false
        package var gzipThreshold = 1024
        package var deadlines = Deadlines()
        /// Makes the id of a request that came without one.
        package var makeRequestID: @Sendable () -> String
        /// Nanoseconds of a clock that never goes back.
        package var clock: @Sendable () -> UInt64 = Self.monotonicClock

        package init(endpoint: Endpoint = .address("127.0.0.1", port: 0), makeRequestID: @escaping @Sendable () -> String) {
            self.endpoint = endpoint
            self.makeRequestID = makeRequestID
        }

        /// How many connections a process may have that may open this many descriptors: three quarters, 8192 at most; files and
        /// the database have the rest.
        package static func share(ofDescriptors limit: UInt64) -> Int { Int(min(limit / 4 * 3, 8192)) }

        private static func descriptorLimit() -> UInt64 {
            var limit = rlimit()
            return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? UInt64(limit.rlim_cur) : 1024
        }

        /// The system's monotonic clock.
        @Sendable package static func monotonicClock() -> UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
        }
    }

    /// Why the server could not start.
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case badAddress(String)
        case cannotListen(endpoint: String, error: Int32)
        case cannotStart

        package var description: String {
            switch self {
            case .badAddress(let address): "\(address) is not an address to listen on."
            case .cannotListen(let endpoint, let error): "Cannot listen on \(endpoint): \(String(cString: strerror(error)))."
            case .cannotStart: "libmicrohttpd did not start."
            }
        }
    }
}
