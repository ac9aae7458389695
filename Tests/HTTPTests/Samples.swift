import HTTP

/// SplitMix64: the same seed gives the same case on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Parses a JSON text written in a test.
func parse(_ text: String) throws -> JSONValue { try JSONReader.parse(Array(text.utf8)) }

/// The request that a test sends to a part of the HTTP layer.
func request(
    _ method: HTTP.Method = .post,
    _ target: String = "/v1/things",
    headers: Headers = ["content-type": "application/json", "accept-language": "en"],
    body: String = ""
) throws -> Request {
    Request(
        method: method,
        target: try Target(parsing: target.utf8),
        headers: headers,
        body: Array(body.utf8),
        clientAddress: "192.0.2.1",
        id: "req-1"
    )
}

/// The text of an answer that holds its body whole.
func text(of response: Response) -> String {
    guard case .bytes(let block) = response.body else { return "" }
    return String(decoding: block.array, as: UTF8.self)
}
