import API
import Domain
import HTTP
import Synchronization
import TestSupport
import Testing

/// Sends requests to a house and holds every answer against the document.
final class Witness: Sendable {
    let house: ContractHouse
    let contract: Contract
    private let succeeded = Mutex<Set<String>>([])

    /// The operations that have answered with success before this witness.
    var successes: Set<String> { succeeded.withLock { $0 } }

    init(_ house: ContractHouse) throws {
        self.house = house
        contract = try #require(Contract.current)
    }

    /// Sends one request of an operation; `id` stands in the place of every `{…}`.
    @discardableResult
    func send(
        _ id: String,
        _ parameters: [String] = [],
        query: String = "",
        as role: Role? = nil,
        token: String? = nil,
        body: String? = nil,
        headers: [(String, String)] = [],
        expecting status: Int? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> ContractHouse.Answer {
        let operation = try #require(contract.operation(id), sourceLocation: sourceLocation)
        var rest = parameters[...]
        let path = operation.path.split(separator: "/").map { $0.hasPrefix("{") ? rest.popFirst() ?? "x" : String($0) }
        let target = "/" + path.joined(separator: "/") + (query.isEmpty ? "" : "?\(query)")
        let answer = await house.send(operation.method, target, as: role, token: token, body: body, headers: headers)
        if let status { #expect(answer.status == status, "\(id): \(answer.text)", sourceLocation: sourceLocation) }
        check(answer, of: operation, sourceLocation)
        if (200...299).contains(answer.status) { succeeded.withLock { _ = $0.insert(id) } }
        return answer
    }

    /// Status, media type, headers and body of an answer must be those of the document.
    private func check(_ answer: ContractHouse.Answer, of operation: Contract.Operation, _ location: SourceLocation) {
        guard let response = operation.response(answer.status) else {
            Issue.record(
                "\(operation.id) answers \(answer.status), which the document does not list: \(answer.text)",
                sourceLocation: location
            )
            return
        }
        let label: Comment = "\(operation.id) \(answer.status)"
        checkHeaders(answer, response, label, location)
        let content = response["content"]?.members ?? []
        guard !content.isEmpty else {
            #expect(answer.body.isEmpty && answer.mediaType == nil, label, sourceLocation: location)
            return
        }
        guard let entry = content.first(where: { $0.name.prefix { $0 != ";" } == answer.mediaType ?? "" }) else {
            Issue.record("\(label): \(answer.mediaType ?? "no media type") is not in the document", sourceLocation: location)
            return
        }
        let isJSON = entry.name.hasSuffix("json")
        let value = isJSON ? answer.json : .string(answer.text)
        guard let value, let schema = entry.value["schema"] else {
            Issue.record("\(label): the body is no \(entry.name)", sourceLocation: location)
            return
        }
        // The document itself is served as YAML: an object, though not written as JSON.
        if entry.name == "application/yaml" { return }
        let faults = SchemaValidator(contract: contract).faults(of: value, against: schema)
        #expect(faults == [], label, sourceLocation: location)
        if answer.status >= 400 {
            #expect(entry.name == "application/problem+json", label, sourceLocation: location)
            #expect(answer["status"]?.number == answer.status, label, sourceLocation: location)
            #expect(answer.string("type") == "/problems/\(answer.string("code"))", label, sourceLocation: location)
        }
    }

    /// What an answer carries beyond the headers of its content must be listed, and what is listed for always must be there.
    private func checkHeaders(_ answer: ContractHouse.Answer, _ response: JSONValue, _ label: Comment, _ location: SourceLocation) {
        let listed = Set((response["headers"]?.members ?? []).map { $0.name.lowercased() })
        let carried = Set(answer.headers.fields.map(\.name))
        let ofContent: Set = ["content-type", "content-language", "content-disposition"]
        let ofLimits: Set = ["ratelimit", "ratelimit-policy"]
        let unlisted = carried.subtracting(listed).subtracting(ofContent).subtracting(answer.status < 400 ? [] : ofLimits)
        #expect(unlisted == [], label, sourceLocation: location)
        var always: Set = ["etag", "location", "ratelimit", "ratelimit-policy"]
        if answer.status == 401 { always.insert("www-authenticate") }
        #expect(listed.intersection(always).subtracting(carried) == [], label, sourceLocation: location)
    }
}
