import HTTP

/// The peer of a connection, and who it speaks for.
struct Peer {
    let address: IPAddress?
    let text: String
    private let isTrusted: Bool

    init(_ address: IPAddress?, trusting proxies: [CIDR]) {
        self.address = address
        // Only a local proxy that the file's mode lets in reaches a Unix socket.
        text = address?.text ?? "127.0.0.1"
        isTrusted = address.map { address in proxies.contains { $0.contains(address) } } ?? true
    }

    /// The client's address: the peer's, or the one that trusted proxies name, walking from the right.
    func client(_ headers: Headers, trusting proxies: [CIDR]) -> String {
        guard isTrusted else { return text }
        var named = headers.fields.filter { $0.name == "x-forwarded-for" }.flatMap { Self.list($0.value) }
        if named.isEmpty {
            named = headers.fields.filter { $0.name == "forwarded" }.flatMap { Self.list($0.value).map(Self.forwardedFor) }
        }
        var client = text
        for name in named.reversed() {
            guard let address = IPAddress(Self.withoutPort(name)) else { break }
            client = address.text
            guard proxies.contains(where: { $0.contains(address) }) else { break }
        }
        return client
    }

    private static func list(_ value: String) -> [String] {
        value.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// The `for` of one element of `Forwarded` (RFC 7239), without its quotes.
    private static func forwardedFor(_ element: String) -> String {
        for pair in element.split(separator: ";") {
            let pair = trimmed(pair)
            guard pair.lowercased().hasPrefix("for=") else { continue }
            return pair.dropFirst(4).filter { $0 != "\"" }
        }
        return ""
    }

    private static func withoutPort(_ name: String) -> String {
        if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            return String(name[name.index(after: name.startIndex)..<end])
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[0]) : name
    }
}
