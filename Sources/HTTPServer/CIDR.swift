import CMicroHTTPD
import Glibc

/// A range of IP addresses, such as `10.0.0.0/8`, `::1` or `fd00::/8`.
package struct CIDR: Sendable, Equatable {
    private let network: IPAddress
    private let length: Int

    /// Reads an address with an optional prefix length; nil when either is not valid.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(String(first)) else { return nil }
        network = address
        let longest = address.bytes.count * 8
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...longest).contains(length) else { return nil }
            self.length = length
        } else {
            length = longest
        }
    }

    /// Whether `address` is in this range.
    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == network.bytes.count else { return false }
        var left = length
        for (byte, other) in zip(address.bytes, network.bytes) {
            guard left > 0 else { return true }
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            guard byte & mask == other & mask else { return false }
            left -= 8
        }
        return true
    }
}

/// An IPv4 address in 4 bytes or an IPv6 address in 16; an IPv4-mapped one counts as IPv4.
struct IPAddress: Equatable {
    let bytes: [UInt8]

    /// Reads the textual form without port, brackets or zone; nil when it is not valid.
    init?(_ text: String) {
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            let all = withUnsafeBytes(of: sixteen) { Array($0) }
            let mapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = mapped ? Array(all[12...]) : all
        } else {
            return nil
        }
    }

    /// The address of a peer; nil when it is not an IP socket.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let four = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: four) { Array($0) }
        case AF_INET6:
            let sixteen = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).sin6_addr
            let all = withUnsafeBytes(of: sixteen) { Array($0) }
            let mapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = mapped ? Array(all[12...]) : all
        default: return nil
        }
    }

    /// The canonical textual form.
    var text: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            base.initialize(repeating: 0, count: buffer.count)
            let family = bytes.count == 4 ? AF_INET : AF_INET6
            guard inet_ntop(family, bytes, base, socklen_t(buffer.count)) != nil else { return "" }
            return String(cString: base)
        }
    }
}
