/// The condition of an `If-Match` or `If-None-Match` header (RFC 9110, section 13.1).
package enum EntityTags: Sendable, Equatable {
    case any
    case tags([String])

    /// Parses a header value; nil when there is none. Weak tags are kept with their `W/`.
    package init?(_ header: String?) {
        guard let header else { return nil }
        let trimmed = header.filter { $0 != " " && $0 != "\t" }
        self = trimmed == "*" ? .any : .tags(trimmed.split(separator: ",").map(String.init))
    }

    /// Strong comparison, for `If-Match`.
    package func matchesStrongly(_ tag: String) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains(tag)
        }
    }

    /// Weak comparison, for `If-None-Match`.
    package func matchesWeakly(_ tag: String) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0 == tag || $0 == "W/\(tag)" }
        }
    }
}

extension Request {
    /// The body as a JSON object of the type `Body`; throws `unsupported_media_type`, `malformed_json` or `invalid`.
    ///
    /// An event whose members are all optional may come without any body.
    package func json<Body: RequestBody>(as type: Body.Type = Body.self, allowsPatch: Bool = false) throws(Problem) -> Body {
        var fields = try jsonFields(allowsPatch: allowsPatch)
        let result = Body(&fields)
        try fields.finish()
        return result
    }

    /// The members of the body, to be read one by one and then finished.
    package func jsonFields(allowsPatch: Bool = false) throws(Problem) -> Fields {
        var object = JSONObject()
        if !body.isEmpty || headers["content-type"] != nil {
            try requireJSON(allowsPatch: allowsPatch)
        }
        if !body.isEmpty {
            let value: JSONValue
            do { value = try JSONReader.parse(body) } catch { throw Problem(.malformedJSON, detail: error.detail(in: language)) }
            guard case .object(let members) = value else {
                let detail = language == .english ? "The body must be an object." : "Isi harus berupa objek."
                throw Problem(.invalid, errors: [FieldError(.pointer(""), code: "wrong_type", detail: detail)])
            }
            object = members
        }
        return Fields(object, language: language)
    }

    private func requireJSON(allowsPatch: Bool) throws(Problem) {
        let type = (headers["content-type"] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard type == "application/json" || (allowsPatch && type == "application/merge-patch+json") else {
            throw Problem(.unsupportedMediaType)
        }
    }
}

/// The body of a call that takes none: any member is refused.
package struct EmptyBody: RequestBody, Sendable {
    package init(_ fields: inout Fields) {}
}
