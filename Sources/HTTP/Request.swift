/// One request: the server hands it to a handler only after its head and body passed the limits.
package struct Request: Sendable {
    package let method: Method
    package let target: Target
    package let headers: Headers
    /// The body; empty when it was streamed, and while only the head is there.
    package var body: [UInt8]
    /// What took the body as it came, if it was streamed.
    package var receiver: (any BodyReceiver)?
    /// The address of the client; behind a trusted proxy the one the proxy names.
    package let clientAddress: String
    /// The request id: the client's `X-Request-Id` if it is well formed, else one made by the server.
    package let id: String
    /// The values of the `{…}` segments of the route, filled in by the router.
    package var parameters: [String] = []
    /// The language of the texts of the answer.
    package let language: Language

    package init(
        method: Method,
        target: Target,
        headers: Headers,
        body: [UInt8] = [],
        clientAddress: String,
        id: String
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.clientAddress = clientAddress
        self.id = id
        language = Language(accepting: headers["accept-language"])
    }

    /// Whether a client's `X-Request-Id` may be taken over: 1 to 128 of `[A-Za-z0-9._-]`.
    package static func isRequestID(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...128).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}

/// The languages of the service.
package enum Language: String, Sendable, CaseIterable {
    case indonesian = "id"
    case english = "en"

    /// The better of the two by `Accept-Language` (RFC 9110, section 12.5.4); Indonesian when it names neither.
    package init(accepting header: String?) {
        self = .indonesian
        guard let header else { return }
        var best = 0.0
        for range in header.utf8.split(separator: UInt8(ascii: ",")) {
            let parts = Weighted(range)
            guard let language = Language(rawValue: String(parts.value.prefix(2))), parts.weight > best else { continue }
            guard parts.value.utf8.count == 2 || parts.value.utf8.dropFirst(2).first == UInt8(ascii: "-") else { continue }
            best = parts.weight
            self = language
        }
    }
}

/// One element of a weighted list such as `Accept`: its value in lower case and its `q`.
struct Weighted {
    let value: String
    let weight: Double

    init(_ element: Substring.UTF8View) {
        var parts = Substring(element).split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        value = parts.isEmpty ? "" : parts.removeFirst()
        var weight = 1.0
        for part in parts where part.hasPrefix("q=") {
            weight = Double(part.dropFirst(2)).map { min(max($0, 0), 1) } ?? 0
        }
        self.weight = weight.isNaN ? 0 : weight
    }
}
