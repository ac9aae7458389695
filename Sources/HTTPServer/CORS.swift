import HTTP

/// Answers browsers of the configured origins (Fetch standard, section 3.2); of no other.
struct CORS {
    private let origins: Set<String>

    init(_ origins: [String]) {
        self.origins = Set(origins)
    }

    var isOn: Bool { !origins.isEmpty }

    /// The configured origin that sent the request, if one did.
    func origin(_ headers: Headers) -> String? {
        guard isOn, let origin = headers["origin"], origins.contains(origin) else { return nil }
        return origin
    }

    /// The answer to a preflight of a configured origin.
    func preflight(_ method: Method, _ headers: Headers) -> Response? {
        guard method == .options, origin(headers) != nil, headers["access-control-request-method"] != nil else { return nil }
        return Response(
            status: 204,
            headers: [
                "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                "access-control-allow-headers":
                    "Authorization, Content-Type, Content-Disposition, If-Match, If-None-Match, If-Range, Range, Last-Event-ID, "
                    + "Idempotency-Key, X-Request-Id, Accept-Language, Traceparent",
                "access-control-max-age": "600",
                "vary": "Access-Control-Request-Method, Access-Control-Request-Headers",
            ]
        )
    }

    /// The fields that every answer carries when origins are configured.
    func fields(for origin: String?) -> [(name: StaticString, value: String)] {
        guard isOn else { return [] }
        guard let origin else { return [("vary", "Origin")] }
        return [
            ("vary", "Origin"),
            ("access-control-allow-origin", origin),
            (
                "access-control-expose-headers",
                "ETag, Link, Location, Allow, WWW-Authenticate, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, "
                    + "Idempotency-Replayed, Dry-Run, Content-Disposition, Content-Range, Accept-Ranges, Repr-Digest"
            ),
        ]
    }
}
