import Glibc
import Testing

/// One answer as it came over the wire.
struct RawAnswer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    /// False when the connection ended before the body did.
    let isComplete: Bool

    var text: String { String(decoding: body, as: UTF8.self) }

    subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

    func all(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}

/// A TCP client that sends exactly the bytes it is given and takes apart what comes back.
final class RawClient {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        try #require(Self.connect(descriptor, port: port))
        limit(seconds: 10)
    }

    /// Whether anybody listens on the port.
    static func canConnect(to port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return connect(descriptor, port: port)
    }

    private static func connect(_ descriptor: Int32, port: UInt16) -> Bool {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeBytes(of: name) { bytes in
            guard let base = bytes.baseAddress else { return false }
            return Glibc.connect(descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
        }
    }

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
        let connected = withUnsafeBytes(of: name) { bytes in
            bytes.baseAddress.map { Glibc.connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) }
        }
        try #require(connected == 0)
        limit(seconds: 10)
    }

    deinit { close(descriptor) }

    private func limit(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends all bytes, or as many as the server takes before it closes.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes with a reset, as a client that vanishes does.
    func vanish() {
        var choice = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &choice, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer += chunk.prefix(count)
        return true
    }

    /// Whether the server closes the connection; what it still sends is dropped.
    func isClosed() -> Bool {
        while true {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// Everything until the server closes.
    func rest() -> String {
        while fill() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    private func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end]
                buffer.removeSubrange(...end)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    private func take(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard fill() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// The next answer; nil when the connection ends first.
    func answer(toHead: Bool = false) -> RawAnswer? {
        guard let first = line(), let status = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [(name: String, value: String)] = []
        while let line = line(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers.append((String(parts[0]).lowercased(), parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""))
        }
        func answer(_ body: [UInt8], _ isComplete: Bool) -> RawAnswer {
            RawAnswer(status: status, headers: headers, body: body, isComplete: isComplete)
        }
        if toHead || status < 200 || status == 204 || status == 304 { return answer([], true) }
        if let length = headers.first(where: { $0.name == "content-length" }).flatMap({ Int($0.value) }) {
            guard let body = take(length) else { return answer(buffer, false) }
            return answer(body, true)
        }
        var body: [UInt8] = []
        guard headers.contains(where: { $0.name == "transfer-encoding" }) else {
            while fill() {}
            return answer(buffer, true)
        }
        while true {
            guard let size = line().flatMap({ Int($0, radix: 16) }) else { return answer(body, false) }
            guard let chunk = take(size), line() != nil else { return answer(body, false) }
            if size == 0 { return answer(body, true) }
            body += chunk
        }
    }

    /// The head of an answer whose body is read piece by piece.
    func head() -> String? {
        var head = ""
        while let line = line() {
            if line.isEmpty { return head }
            head += line + "\n"
        }
        return nil
    }

    /// The next chunk of a body, or whatever is there of one that is not chunked; nil when the connection ends first.
    func piece(chunked: Bool = true) -> String? {
        if !chunked {
            guard !buffer.isEmpty || fill() else { return nil }
            defer { buffer = [] }
            return String(decoding: buffer, as: UTF8.self)
        }
        guard let size = line().flatMap({ Int($0, radix: 16) }), let chunk = take(size), line() != nil else { return nil }
        return String(decoding: chunk, as: UTF8.self)
    }

    func get(_ path: String, _ headers: String...) -> RawAnswer? {
        send("GET \(path) HTTP/1.1\r\nHost: a\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
        return answer()
    }
}

/// Whether the condition comes true within ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<5000 {
        if condition() { return true }
        usleep(2000)
    }
    return condition()
}
