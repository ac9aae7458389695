/// What is wrong with one field or parameter.
package struct FieldError: Sendable, Equatable {
    /// Where the field is.
    package enum Place: Sendable, Equatable {
        /// A JSON pointer into the body (RFC 6901).
        case pointer(String)
        /// The name of a query, path or header parameter.
        case parameter(String)
    }

    package let place: Place
    package let code: String
    package let detail: String

    package init(_ place: Place, code: String, detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }
}

/// A problem document (RFC 9457), thrown by whatever finds the problem and rendered once, at the edge.
package struct Problem: Error, Sendable, Equatable {
    package let code: ProblemCode
    /// The explanation of this occurrence; nil for the general one of the code.
    package var detail: String?
    package var errors: [FieldError] = []
    /// The present state and the events it allows, for `transition_refused`.
    package var state: String?
    package var allowed: [String]?
    /// The field that collides, for `conflict`.
    package var pointer: String?
    /// Which operation of a batch it is, counted from 0.
    package var operation: Int?
    package var headers: Headers = [:]

    package init(_ code: ProblemCode, detail: String? = nil, errors: [FieldError] = [], headers: Headers = [:]) {
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    /// The answer that carries this problem to the client.
    package func response(requestID: String, language: Language) -> Response {
        var json = JSONWriter()
        json.object { json in
            json.member("type", "/problems/\(code.rawValue)")
            json.member("title", code.title(in: language))
            json.member("status", code.status)
            json.member("detail", detail ?? code.explanation(in: language))
            json.member("instance", "urn:request:\(requestID)")
            json.member("code", code.rawValue)
            json.member("request_id", requestID)
            if !errors.isEmpty {
                json.name("errors")
                json.array { json in
                    for error in errors {
                        json.object { json in
                            switch error.place {
                            case .pointer(let pointer): json.member("pointer", pointer)
                            case .parameter(let name): json.member("parameter", name)
                            }
                            json.member("code", error.code)
                            json.member("detail", error.detail)
                        }
                    }
                }
            }
            if let state { json.member("state", state) }
            if let allowed { json.member("allowed", allowed) }
            if let pointer { json.member("pointer", pointer) }
            if let operation { json.member("operation", operation) }
        }
        var headers = headers
        headers.append("content-type", "application/problem+json")
        headers.append("content-language", language.rawValue)
        switch code {
        case .unauthenticated, .invalidCredentials:
            if headers["www-authenticate"] == nil { headers.append("www-authenticate", #"Bearer realm="kimr""#) }
        case .tokenExpired: headers.append("www-authenticate", #"Bearer realm="kimr", error="invalid_token""#)
        case .insufficientScope: headers.append("www-authenticate", #"Bearer realm="kimr", error="insufficient_scope""#)
        case .unavailable, .idempotencyInFlight: if headers["retry-after"] == nil { headers.append("retry-after", "1") }
        default: break
        }
        return Response(status: code.status, headers: headers, body: json.body())
    }
}
