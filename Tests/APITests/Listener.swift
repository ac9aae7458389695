import API
import Domain
import Dispatch
import HTTP
import Synchronization
import TestSupport
import Testing

/// A client of the stream of events, drawn as the server draws it.
final class Listener: Sendable {
    struct Refused: Error {
        let status: Int
    }

    let feed: any BodyFeed
    private let woken = DispatchSemaphore(value: 0)
    private let text = Mutex("")
    private let ended = Mutex(false)

    init(_ house: APIHouse, as person: APIHouse.Person, after: String? = nil, query: String = "") async throws {
        var headers: Headers = ["accept": "text/event-stream", "authorization": "Bearer \(person.token)"]
        if let after { headers.append("last-event-id", after) }
        let target = try Target(parsing: "/v1/events\(query)".utf8)
        let request = Request(method: .get, target: target, headers: headers, clientAddress: "192.0.2.1", id: "listen")
        let response = await house.application.respond(to: request)
        guard response.status == 200, case .feed(let feed) = response.body else { throw Refused(status: response.status) }
        self.feed = feed
        let woken = woken
        feed.whenReady { woken.signal() }
        drain()
    }

    deinit { feed.close() }

    /// Draws what there is.
    func drain() {
        while true {
            switch try? feed.draw() {
            case .bytes(let bytes): text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
            case .later: return
            case .end, nil:
                ended.withLock { $0 = true }
                return
            }
        }
    }

    /// All that came so far.
    var all: String { text.withLock { $0 } }

    /// The same without heartbeats, which come whenever the right is checked.
    var said: String { all.replacing(":\n\n", with: "") }

    var hasEnded: Bool { ended.withLock { $0 } }

    /// The types of the events that came.
    var types: [String] { all.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) } }

    /// The ids that came, those of events and the one of the beginning.
    var ids: [Int] { all.split(separator: "\n").filter { $0.hasPrefix("id: ") }.compactMap { Int($0.dropFirst(4)) } }

    /// Draws whenever it is woken until `condition` holds, for some seconds at most.
    @discardableResult
    func wait(until condition: (Listener) -> Bool) -> Bool {
        let limit = DispatchTime.now() + 10
        while !condition(self) {
            guard woken.wait(timeout: limit) == .success else { return condition(self) }
            drain()
        }
        return true
    }

    /// Draws for a while without waiting for anything.
    func listen(seconds: Double) {
        let limit = DispatchTime.now() + seconds
        while woken.wait(timeout: limit) == .success { drain() }
    }
}
