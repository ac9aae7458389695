import API
import Domain
import HTTP
import Synchronization
import TestSupport
import Testing

/// The rate limit, the language of problems, and what no route takes.
@Suite struct LimitTests {
    @Test func `a caller has his quota, is told of it, and gets it back with time`() async throws {
        try await APIHouse.with(rateLimit: 60) { house throws in
            let cast = try await Cast(in: house)
            for left in (0..<60).reversed() {
                let answer = try await house.send(.get, "/v1/me", as: cast.asker)
                #expect(answer.status == 200 && answer.headers["ratelimit-policy"] == "\"default\";q=60;w=60")
                #expect(answer.headers["ratelimit"] == "\"default\";r=\(left);t=\(60 - left)", "\(left)")
            }
            let refused = try await house.send(.get, "/v1/me", as: cast.asker)
            #expect(refused.status == 429 && refused.code == "rate_limited" && refused.headers["retry-after"] == "1")
            #expect(refused.headers["ratelimit"] == "\"default\";r=0;t=1")
            // Writes draw on the same; another token and what is open do not.
            #expect(try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.asker).status == 429)
            #expect(try await house.send(.get, "/v1/me", as: cast.colleague).status == 200)
            #expect(try await house.send(.get, "/livez").headers["ratelimit"] == nil)
            house.pass(milliseconds: 999)
            #expect(try await house.send(.get, "/v1/me", as: cast.asker).status == 429)
            house.pass(milliseconds: 1)
            #expect(try await house.send(.get, "/v1/me", as: cast.asker).status == 200)
            #expect(try await house.send(.get, "/v1/me", as: cast.asker).status == 429)
            house.pass(seconds: 3600)
            #expect(try await house.send(.get, "/v1/me", as: cast.asker).headers["ratelimit"] == "\"default\";r=59;t=1")
        }
    }

    @Test func `a caller whose time was read before that of another gains nothing by it`() {
        let times = Mutex<[UInt64]>([5_000_000_000, 4_999_999_000, 5_000_000_000])
        let limiter = RateLimiter("default", quota: 1) { times.withLock { $0.removeFirst() } }
        #expect(limiter.take(for: "a").isGranted)
        #expect(!limiter.take(for: "a").isGranted)
        #expect(!limiter.take(for: "a").isGranted)
    }

    @Test func `without a valid token the address counts`() async throws {
        try await APIHouse.with(rateLimit: 60) { house throws in
            for _ in 0..<30 {
                #expect(try await house.send(.get, "/v1/me").status == 401)
                #expect(try await house.send(.get, "/v1/me", headers: ["authorization": "Bearer kimr_p_x"]).status == 401)
            }
            #expect(try await house.send(.get, "/v1/consultations").status == 429)
            #expect(try await house.send(.post, "/v1/sessions", "{}").status == 429)
            #expect(try await house.send(.get, "/v1/me", from: "192.0.2.2").status == 401)
        }
    }

    @Test func `exports have a limit of their own, a sixtieth`() async throws {
        try await APIHouse.with(rateLimit: 120) { house throws in
            let cast = try await Cast(in: house)
            let exports = "\"exports\";q=2;w=60"
            func ask(_ path: String, _ headers: [String: String] = [:]) async throws -> (status: Int, policy: String?) {
                let answer = try await house.send(.get, path, as: cast.asker, headers: headers)
                return (answer.status, answer.headers["ratelimit-policy"])
            }
            #expect(try await ask("/v1/consultations?format=csv") == (200, exports))
            #expect(try await ask("/v1/tickets", ["accept": "text/csv"]) == (200, exports))
            #expect(try await ask("/v1/consultations?format=csv") == (429, exports))
            #expect(try await ask("/v1/step-timings?format=csv", ["accept": "application/json"]) == (429, exports))
            // What is read as JSON goes on, and nobody else is meant.
            #expect(try await ask("/v1/consultations?format=json", ["accept": "text/csv"]) == (200, "\"default\";q=120;w=60"))
            #expect(try await ask("/v1/workflows/consultation", ["accept": "text/vnd.mermaid"]) == (200, "\"default\";q=120;w=60"))
            #expect(try await house.send(.get, "/v1/consultations?format=csv", as: cast.colleague).status == 200)
            house.pass(seconds: 30)
            #expect(try await ask("/v1/consultations?format=csv") == (200, exports))
        }
    }

    @Test func `without a limit no answer speaks of one`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let answer = try await house.send(.get, "/v1/me", as: cast.asker)
            #expect(answer.headers["ratelimit"] == nil && answer.headers["ratelimit-policy"] == nil)
        }
    }

    @Test func `problems speak the language asked for, and codes never change`() async throws {
        try await APIHouse.with { house throws in
            let languages = [
                (String?.none, "id", "Belum masuk"), ("id", "id", "Belum masuk"), ("en", "en", "Not signed in"),
                ("en-GB,id;q=0.5", "en", "Not signed in"), ("fr, id;q=0.8, en;q=0.2", "id", "Belum masuk"), ("fr", "id", "Belum masuk"),
                ("en;q=0, id", "id", "Belum masuk"),
            ]
            for (accepted, language, title) in languages {
                let refused = try await house.send(.get, "/v1/me", headers: accepted.map { ["accept-language": $0] } ?? [:])
                #expect(refused.text("title") == title && refused.headers["content-language"] == language, "\(accepted ?? "-")")
                #expect(refused.headers["content-type"] == "application/problem+json")
                #expect(refused.code == "unauthenticated" && refused.text("type") == "/problems/unauthenticated")
                #expect(refused.integer("status") == 401 && refused.text("request_id")?.hasPrefix("test-") == true)
            }
            let cast = try await Cast(in: house)
            let english = ["accept-language": "en"]
            let fields = try await house.send(.post, "/v1/consultations", "{}", as: cast.asker, headers: english)
            #expect(fields.text("errors.0.detail") == "This member is required." && fields.text("errors.0.code") == "required")
            let felder = try await house.send(.post, "/v1/consultations", "{}", as: cast.asker)
            #expect(felder.text("errors.0.detail") == "Isian ini wajib." && felder.text("errors.0.code") == "required")
        }
    }

    @Test func `a parameter that is unknown or given twice is refused by every route`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for route in house.application.routes where route.needs != nil {
                let path = route.path.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }.joined(separator: "/")
                let refused = try await house.send(route.method, "/\(path)?no_such=1", as: cast.admin)
                #expect(refused.status == 400 && refused.text("errors.0.parameter") == "no_such", "\(route.path): \(refused.text)")
                #expect(refused.text("errors.0.code") == "unknown")
                guard let name = route.query.first else { continue }
                let value = name == "dry_run" ? "true" : "5"
                let twice = try await house.send(route.method, "/\(path)?\(name)=\(value)&\(name)=\(value)", as: cast.admin)
                #expect(twice.status == 400 && twice.text("errors.0.code") == "duplicate", "\(route.path): \(twice.text)")
            }
        }
    }

    @Test func `what a client accepts and sends is looked at`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for (accept, status) in [("text/csv", 200), ("application/json", 200), ("*/*", 200), ("image/png", 406), ("text/csv;q=0", 406)]
            {
                let answer = try await house.send(.get, "/v1/consultations", as: cast.asker, headers: ["accept": accept])
                #expect(answer.status == status, "\(accept)")
            }
            #expect(try await house.send(.get, "/v1/me", as: cast.asker, headers: ["accept": "text/csv"]).status == 406)
            func create(_ body: String, _ type: String) async throws -> APIHouse.Answer {
                try await house.send(.post, "/v1/consultations", body, as: cast.asker, headers: ["content-type": type])
            }
            #expect(try await create(APIHouse.newConsultation, "text/plain").status == 415)
            #expect(try await create(APIHouse.newConsultation, "application/json; charset=utf-8").status == 201)
            for (coding, status) in [("gzip", 415), ("identity, br", 415), ("identity", 201), ("Identity", 201)] {
                let headers = ["content-type": "application/json", "content-encoding": coding]
                let answer = try await house.send(.post, "/v1/consultations", APIHouse.newConsultation, as: cast.asker, headers: headers)
                #expect(answer.status == status, "\(coding)")
                if status == 415 { #expect(answer.headers["accept-encoding"] == "identity") }
            }
            for body in ["{", "[1", #"{"subject":"a","subject":"b"}"#, "nul", "{}{}"] {
                #expect(try await create(body, "application/json").code == "malformed_json", "\(body)")
            }
            for body in ["[]", "1", "\"text\"", "null"] { #expect(try await create(body, "application/json").status == 422, "\(body)") }
            let limits = [(2, 422), (3, 201), (200, 201), (201, 422)]
            for (count, status) in limits {
                let subject = String(repeating: "é", count: count)
                #expect(try await create(#"{"subject":"\#(subject)","detail":"x"}"#, "application/json").status == status, "\(count)")
            }
            for (detail, status) in [(String(repeating: "x", count: 20_000), 201), (String(repeating: "x", count: 20_001), 422), ("", 422)]
            {
                #expect(try await create(#"{"subject":"Long","detail":"\#(detail)"}"#, "application/json").status == status)
            }
        }
    }

    @Test func `a body is refused where none belongs, after the route is found`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            for path in ["/v1/consultations", "/v1/me", "/livez"] {
                let answer = try await house.send(.get, path, "{}", as: cast.asker)
                #expect(answer.status == 400 && answer.code == "malformed_request", "\(path)")
                #expect(try await house.send(.head, path, "{}", as: cast.asker).status == 400, "\(path)")
            }
            let event = "/v1/consultations/con_01k9ab3cd4ef5gh6jk7mn8pqrs/submit"
            #expect(try await house.send(.get, event, "{}", as: cast.asker).status == 405)
            #expect(try await house.send(.get, "/nowhere", "{}", as: cast.asker).status == 404)
        }
    }
}
