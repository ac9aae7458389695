import HTTP
import Testing

@Suite struct ProblemTests {
    @Test func `a problem is rendered in Indonesian`() {
        let response = Problem(.stale).response(requestID: "req-1", language: .indonesian)
        #expect(response.status == 412)
        #expect(response.headers["content-type"] == "application/problem+json")
        #expect(response.headers["content-language"] == "id")
        #expect(
            text(of: response)
                == #"{"type":"/problems/stale","title":"Data sudah berubah","status":412,"detail":"Objek berubah sejak Anda baca. Baca lagi.","#
                + #""instance":"urn:request:req-1","code":"stale","request_id":"req-1"}"#
        )
    }

    @Test func `a problem is rendered in English, with its faults`() {
        let errors = [
            FieldError(.pointer("/a~1b"), code: "unknown", detail: "There is no such member."),
            FieldError(.parameter("limit"), code: "out_of_range", detail: "It must be \"less\"."),
        ]
        let response = Problem(.invalid, detail: "Two faults.", errors: errors).response(requestID: "req-2", language: .english)
        #expect(response.status == 422)
        #expect(response.headers["content-language"] == "en")
        #expect(
            text(of: response)
                == #"{"type":"/problems/invalid","title":"Invalid fields","status":422,"detail":"Two faults.","instance":"urn:request:req-2","#
                + #""code":"invalid","request_id":"req-2","errors":[{"pointer":"/a~1b","code":"unknown","detail":"There is no such member."},"#
                + #"{"parameter":"limit","code":"out_of_range","detail":"It must be \"less\"."}]}"#
        )
    }

    @Test func `a refused transition tells the state and the ways on, a conflict the member`() {
        var refused = Problem(.transitionRefused, detail: "No.")
        (refused.state, refused.allowed) = ("draft", ["submit", "withdraw"])
        #expect(
            text(of: refused.response(requestID: "r", language: .english)).hasSuffix(#""state":"draft","allowed":["submit","withdraw"]}"#)
        )
        var conflict = Problem(.conflict)
        conflict.pointer = "/username"
        #expect(text(of: conflict.response(requestID: "r", language: .english)).hasSuffix(#""pointer":"/username"}"#))
    }

    @Test(arguments: [
        (ProblemCode.unauthenticated, "www-authenticate", #"Bearer realm="kimr""#),
        (.invalidCredentials, "www-authenticate", #"Bearer realm="kimr""#),
        (.tokenExpired, "www-authenticate", #"Bearer realm="kimr", error="invalid_token""#),
        (.insufficientScope, "www-authenticate", #"Bearer realm="kimr", error="insufficient_scope""#),
        (.unavailable, "retry-after", "1"),
        (.idempotencyInFlight, "retry-after", "1"),
    ])
    func `a problem carries the headers of its code`(_ code: ProblemCode, _ name: String, _ value: String) {
        #expect(Problem(code).response(requestID: "r", language: .english).headers[name] == value)
    }

    @Test func `headers that the thrower sets are kept`() {
        let problem = Problem(.unavailable, headers: ["retry-after": "30"])
        let response = problem.response(requestID: "r", language: .english)
        #expect(response.headers.fields.filter { $0.name == "retry-after" }.map(\.value) == ["30"])
    }

    @Test(arguments: ProblemCode.allCases)
    func `every code has its texts in both languages and an error status`(_ code: ProblemCode) {
        #expect((400...599).contains(code.status))
        for language in Language.allCases {
            #expect(!code.title(in: language).isEmpty && !code.explanation(in: language).isEmpty)
            #expect(code.explanation(in: language).hasSuffix("."))
        }
        #expect(code.title(in: .indonesian) != code.title(in: .english))
        #expect(code.explanation(in: .indonesian) != code.explanation(in: .english))
        #expect(code.rawValue.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") })
    }

    @Test(arguments: [
        ("malformed_json", 400), ("invalid_parameter", 400), ("unauthenticated", 401), ("invalid_credentials", 401), ("token_expired", 401),
        ("forbidden", 403), ("not_found", 404), ("no_such_route", 404), ("method_not_allowed", 405), ("not_acceptable", 406),
        ("request_timeout", 408), ("transition_refused", 409), ("conflict", 409), ("idempotency_in_flight", 409), ("stale", 412),
        ("too_large", 413), ("target_too_long", 414), ("unsupported_media_type", 415), ("invalid", 422), ("idempotency_reused", 422),
        ("precondition_required", 428), ("rate_limited", 429), ("headers_too_large", 431), ("internal", 500), ("unavailable", 503),
    ])
    func `the codes of the contract have the statuses of the contract`(_ code: String, _ status: Int) {
        #expect(ProblemCode(rawValue: code)?.status == status)
    }
}
