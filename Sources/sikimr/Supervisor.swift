import Glibc

/// Tells systemd how the service is (sd_notify protocol); libsystemd would be a dependency for one datagram.
struct Supervisor: Sendable {
    private let address: String?
    /// How often systemd wants to hear that the service lives, in seconds; nil when it does not ask.
    let heartbeat: Double?

    init() {
        address = Settings.environment("NOTIFY_SOCKET")
        heartbeat = Settings.environment("WATCHDOG_USEC").flatMap(Double.init).map { $0 / 2_000_000 }
    }

    func tell(_ message: String) {
        guard let address, address.hasPrefix("/") || address.hasPrefix("@") else { return }
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        // A leading @ stands for the NUL of an abstract socket.
        let path = address.utf8.map { $0 == UInt8(ascii: "@") ? 0 : $0 }
        let room = MemoryLayout.size(ofValue: socketAddress.sun_path)
        guard path.count < room else { return }
        withUnsafeMutableBytes(of: &socketAddress.sun_path) { $0.copyBytes(from: path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &socketAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), address, length) }
            }
        }
    }
}
