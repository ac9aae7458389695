import CMicroHTTPD
import Glibc

/// A socket that listens, closed with this value.
struct Listener: ~Copyable {
    let descriptor: Int32
    let port: UInt16
    /// Whether the socket is ours alone, so that it may be shut down when the server stops.
    let isOwn: Bool
    private let path: String?

    /// Binds and listens on `endpoint`.
    init(_ endpoint: HTTPServer.Endpoint) throws(HTTPServer.Failure) {
        switch endpoint {
        case .address(let address, let port):
            descriptor = try Self.listen(on: address, port: port)
            isOwn = true
            path = nil
        case .unixSocket(let path):
            descriptor = try Self.listen(at: path)
            isOwn = true
            self.path = path
        case .inherited(let given):
            var listens: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(given, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens != 0 else {
                throw .cannotListen(endpoint: "descriptor \(given)", error: errno == 0 ? EINVAL : errno)
            }
            _ = fcntl(given, F_SETFD, FD_CLOEXEC)
            descriptor = given
            isOwn = false
            path = nil
        }
        // libmicrohttpd accepts from several threads: a blocking accept would hold one of them for good.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        port = Self.port(of: descriptor)
    }

    deinit {
        close(descriptor)
        if let path { unlink(path) }
    }

    private static func listen(on address: String, port: UInt16) throws(HTTPServer.Failure) -> Int32 {
        guard let parsed = IPAddress(address) else { throw .badAddress(address) }
        let isFour = parsed.bytes.count == 4
        let descriptor = try open(isFour ? AF_INET : AF_INET6, for: "\(address):\(port)")
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let bound: Int32
        if isFour {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &name.sin_addr) { $0.copyBytes(from: parsed.bytes) }
            bound = bind(descriptor, name)
        } else {
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: parsed.bytes) }
            bound = bind(descriptor, name)
        }
        return try finish(descriptor, bound, "\(address):\(port)")
    }

    private static func listen(at path: String) throws(HTTPServer.Failure) -> Int32 {
        var name = sockaddr_un()
        let room = MemoryLayout.size(ofValue: name.sun_path)
        guard !path.isEmpty, path.utf8.count < room else { throw .badAddress(path) }
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = try open(AF_UNIX, for: path)
        // A file that nobody listens on any more is left over from a crash; a live one is not ours to take.
        if connect(descriptor, name) == 0 {
            close(descriptor)
            throw .cannotListen(endpoint: path, error: EADDRINUSE)
        } else if errno == ECONNREFUSED {
            unlink(path)
        }
        return try finish(descriptor, bind(descriptor, name), path)
    }

    private static func open(_ family: Int32, for endpoint: String) throws(HTTPServer.Failure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw .cannotListen(endpoint: endpoint, error: errno) }
        return descriptor
    }

    private static func bind<Name>(_ descriptor: Int32, _ name: Name) -> Int32 {
        withUnsafeBytes(of: name) { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return Glibc.bind(descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    private static func connect(_ descriptor: Int32, _ name: sockaddr_un) -> Int32 {
        withUnsafeBytes(of: name) { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return Glibc.connect(descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    private static func finish(_ descriptor: Int32, _ bound: Int32, _ endpoint: String) throws(HTTPServer.Failure) -> Int32 {
        guard bound == 0, Glibc.listen(descriptor, 1024) == 0 else {
            let error = errno
            close(descriptor)
            throw .cannotListen(endpoint: endpoint, error: error)
        }
        return descriptor
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes -> UInt16 in
            guard let base = bytes.baseAddress,
                getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &size) == 0
            else { return 0 }
            let name = UnsafeRawPointer(base)
            switch Int32(name.loadUnaligned(as: sockaddr.self).sa_family) {
            case AF_INET: return UInt16(bigEndian: name.loadUnaligned(as: sockaddr_in.self).sin_port)
            case AF_INET6: return UInt16(bigEndian: name.loadUnaligned(as: sockaddr_in6.self).sin6_port)
            default: return 0
            }
        }
    }
}
