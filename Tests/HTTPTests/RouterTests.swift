import HTTP
import Testing

@Suite struct RouterTests {
    private let router: Router<String> = {
        var router = Router<String>()
        router.add(.get, "/", "root")
        router.add(.get, "/v1/things", "list")
        router.add(.post, "/v1/things", "create")
        router.add(.get, "/v1/things/{id}", "get")
        router.add(.patch, "/v1/things/{id}", "update")
        router.add(.delete, "/v1/things/current", "end")
        router.add(.post, "/v1/things/{id}/parts/{part}/turn", "turn")
        return router
    }()

    private func found(_ method: HTTP.Method, _ segments: [String]) -> String? {
        guard case .found(let destination, let parameters) = router.find(method, segments) else { return nil }
        return ([destination] + parameters).joined(separator: " ")
    }

    private func allowed(_ method: HTTP.Method, _ segments: [String]) -> [String]? {
        guard case .otherMethods(let methods) = router.find(method, segments) else { return nil }
        return methods.map(\.rawValue)
    }

    private func isUnknown(_ segments: [String]) -> Bool {
        if case .none = router.find(.get, segments) { return true }
        return false
    }

    @Test func `a path leads to its destination, the wildcards in order`() {
        #expect(found(.get, []) == "root")
        #expect(found(.get, ["v1", "things"]) == "list")
        #expect(found(.post, ["v1", "things"]) == "create")
        #expect(found(.get, ["v1", "things", "7"]) == "get 7")
        #expect(found(.post, ["v1", "things", "7", "parts", "x", "turn"]) == "turn 7 x")
    }

    @Test func `HEAD leads where GET does`() {
        #expect(found(.head, ["v1", "things", "7"]) == "get 7")
        #expect(found(.head, ["v1", "things", "7", "parts", "x", "turn"]) == nil)
    }

    @Test func `a fixed segment goes before a wildcard`() {
        #expect(found(.delete, ["v1", "things", "current"]) == "end")
        #expect(allowed(.get, ["v1", "things", "current"]) == ["DELETE", "OPTIONS"])
    }

    @Test func `a known path with another method names its methods`() {
        #expect(allowed(.delete, ["v1", "things"]) == ["GET", "HEAD", "OPTIONS", "POST"])
        #expect(allowed(.put, ["v1", "things", "7"]) == ["GET", "HEAD", "OPTIONS", "PATCH"])
        #expect(allowed(.get, ["v1", "things", "7", "parts", "x", "turn"]) == ["OPTIONS", "POST"])
        #expect(allowed(.options, ["v1", "things"]) == ["GET", "HEAD", "OPTIONS", "POST"])
    }

    @Test(arguments: [
        ["v1"], ["v2", "things"], ["v1", "things", ""], ["v1", "things", "7", "parts"], ["v1", "things", "7", "x"], ["", "v1"],
        ["V1", "things"],
    ])
    func `a path that is none leads nowhere`(_ segments: [String]) {
        #expect(isUnknown(segments))
    }

    @Test func `a second destination in one place is refused`() {
        var router = Router<String>()
        let added = [router.add(.get, "/a/{id}", "one"), router.add(.get, "/a/{other}", "two"), router.add(.post, "/a/{id}", "three")]
        #expect(added == [true, false, true])
    }
}
