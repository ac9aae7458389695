import Domain
import HTTP
import Security

extension Request {
    /// The token of the `Authorization` header; nil when there is none of the scheme Bearer.
    var bearerToken: Substring? {
        guard let header = headers["authorization"] else { return nil }
        let scheme = header.utf8.prefix(7)
        guard scheme.count == 7, String(scheme)?.lowercased() == "bearer " else { return nil }
        return header.dropFirst(7)
    }

    /// Whether `?dry_run=true` asks for a write without effect.
    func isDryRun() throws(Problem) -> Bool {
        if target.query.isEmpty { return false }
        var query = Query(self)
        let flag = query.flag("dry_run")
        try query.finish()
        return flag ?? false
    }

    /// The `{…}` segment of the route at `index`, read as an id; a text of another form names nothing.
    func identifier<Entity>(at index: Int = 0, as type: Identifier<Entity>.Type = Identifier<Entity>.self) throws(Problem) -> Identifier<
        Entity
    > {
        guard parameters.indices.contains(index), let id = Identifier<Entity>(parameters[index]) else { throw Problem(.notFound) }
        return id
    }

    /// The `{id}` segment, read as the id or the number of a case.
    func caseReference<Kind: Case>(to type: Kind.Type = Kind.self) throws(Problem) -> CaseReference<Kind> {
        guard let text = parameters.first, let reference = CaseReference<Kind>(text) else { throw Problem(.notFound) }
        return reference
    }

    /// The versions that `If-Match` names; nil without the header. A tag that is no version of ours matches nothing.
    var ifMatch: ExpectedVersion? {
        switch EntityTags(headers["if-match"]) {
        case nil: nil
        case .any: .any
        case .tags(let tags): .oneOf(tags.compactMap { Self.version(ofTag: $0) })
        }
    }

    /// The version in a strong tag such as `"3"` or `"3-…"`; anything else, a tag without its quotes too, is no version of ours.
    private static func version(ofTag tag: String) -> Int? {
        guard tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        let digits = tag.dropFirst().dropLast().prefix { $0 != "-" }
        // Tags are compared as they are: "+3" and "03" are none of ours.
        return Int(digits).flatMap { String($0) == digits ? $0 : nil }
    }

    /// The versions that `If-Match` names; throws `precondition_required` without the header.
    func requiredIfMatch() throws(Problem) -> ExpectedVersion {
        guard let expected = ifMatch else { throw Problem(.preconditionRequired) }
        return expected
    }

    /// The idempotency key of this request, quoted or bare; nil without the header.
    func idempotencyKey(of principal: Principal) throws(Problem) -> IdempotencyKey? {
        guard method == .post, var key = headers["idempotency-key"] else { return nil }
        if key.utf8.count > 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = String(key.dropFirst().dropLast()) }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            let detail = language == .english ? "It must be 1 to 255 visible characters." : "Harus 1 sampai 255 karakter yang terlihat."
            throw Problem(.invalidParameter, errors: [FieldError(.parameter("Idempotency-Key"), code: "bad_format", detail: detail)])
        }
        return IdempotencyKey(userID: principal.userID, route: "\(method.rawValue) \(target.path)", key: key)
    }

    /// The SHA-256 over what makes two requests the same: path, query and body.
    var contentHash: [UInt8] {
        var bytes = Array(target.path.utf8)
        for item in target.query { bytes += "\u{0}\(item.name)=\(item.value)".utf8 }
        bytes.append(0)
        bytes += body
        return Digest.sha256(bytes)
    }
}

extension Response {
    /// 200 with JSON and, for a single resource, its version as a strong entity tag.
    static func ok(_ body: some JSONWritable, version: Int? = nil) -> Response { json(200, body, version: version) }

    /// 201 with the new object and where it is, if it has a place of its own.
    static func created(_ body: some JSONWritable, at location: String? = nil, version: Int? = nil) -> Response {
        var response = json(201, body, version: version)
        if let location { response.headers.append("location", location) }
        return response
    }

    /// 304: the client has the version under this tag already.
    static func notModified(_ tag: String) -> Response { Response(status: 304, headers: ["etag": tag]) }

    static let noContent = Response(status: 204)

    private static func json(_ status: Int, _ body: some JSONWritable, version: Int?) -> Response {
        var json = JSONWriter(capacity: 2048)
        body.write(to: &json)
        var headers = Headers()
        headers.append("content-type", MediaType.json.rawValue)
        if let version { headers.append("etag", "\"\(version)\"") }
        return Response(status: status, headers: headers, body: json.body())
    }
}

extension JSONWriter {
    /// Writes `[…]` with one element for each of `elements`.
    // Here, since the compiler specialises only within a target: it would copy each element through a table of functions.
    mutating func array<Element>(_ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void) {
        array { json in
            for element in elements { body(&json, element) }
        }
    }

    mutating func member(_ name: StaticString, _ instant: Instant) {
        self.name(name)
        let text = instant.rfc3339Bytes
        plain(text.span)
    }

    mutating func member(_ name: StaticString, _ instant: Instant?) {
        if let instant {
            member(name, instant)
        } else {
            self.name(name)
            null()
        }
    }

    mutating func member<Entity>(_ name: StaticString, _ id: Identifier<Entity>) { member(name, id.characters) }

    mutating func member<Entity>(_ name: StaticString, _ id: Identifier<Entity>?) { member(name, id?.characters) }

    private mutating func member(_ name: StaticString, _ characters: ShortText?) {
        self.name(name)
        if let characters { characters.withBytes { value(utf8: $0) } } else { null() }
    }
}

/// What the texts of an API value are: shared by the bodies of all requests.
enum Rules {
    static let note = TextRule.lines(1...2000)
    static let reason = TextRule.lines(1...2000)
    static let identifier = (id: "id objek", en: "the id of an object")
    static let date = (id: "tanggal seperti 2026-11-21", en: "a date such as 2026-11-21")
    static let instant = (id: "waktu RFC 3339", en: "a time of RFC 3339")
}

extension Fields {
    /// A required id; a wrong one reads as an id that names nothing.
    mutating func identifier<Entity>(_ name: String) -> Identifier<Entity> {
        parsed(name, or: Identifier(stored: ""), Rules.identifier) { Identifier<Entity>($0) }
    }

    mutating func optionalIdentifier<Entity>(_ name: String) -> Identifier<Entity>? {
        optionalParsed(name, Rules.identifier) { Identifier<Entity>($0) }
    }
}

extension Query {
    mutating func identifier<Entity>(_ name: String) -> Identifier<Entity>? {
        parsed(name, Rules.identifier) { Identifier<Entity>($0) }
    }

    mutating func instant(_ name: String) -> Instant? { parsed(name, Rules.instant) { Instant(rfc3339: $0) } }

    mutating func date(_ name: String) -> CivilDate? { parsed(name, Rules.date) { CivilDate($0) } }

    /// The bounds `name.gte`, `.gt`, `.lt` and `.lte` as a range.
    mutating func timeRange(_ name: String) -> TimeRange {
        var range = TimeRange(from: instant("\(name).gte"), to: instant("\(name).lt"))
        if let after = instant("\(name).gt")?.advanced(byMilliseconds: 1) { range.from = max(after, range.from ?? after) }
        if let last = instant("\(name).lte")?.advanced(byMilliseconds: 1) { range.to = min(last, range.to ?? last) }
        return range
    }

    static func timeRangeNames(_ name: String) -> [String] { ["gte", "gt", "lt", "lte"].map { "\(name).\($0)" } }
}
