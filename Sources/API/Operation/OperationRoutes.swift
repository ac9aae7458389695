import Domain
import HTTP

/// Health, metrics, the document and the problem types.
struct OperationRoutes {
    let document: APIDocument
    let metrics: Metrics
    let storage: @Sendable () -> StorageReport
    let hub: EventHub
    /// Whether the service takes requests: not while it starts or drains, nor without storage.
    let isReady: @Sendable () async -> Bool

    var routes: [Route] {
        [
            .open(.get, "/livez", .getLiveness, use: getLiveness),
            .open(.get, "/readyz", .getReadiness, use: getReadiness),
            .get("/metrics", .getMetrics, produces: [.plain], needs: .metricsRead, use: getMetrics),
            .open(.get, "/openapi.yaml", .getOpenAPIYAML, produces: [.yaml], use: getOpenAPIYAML),
            .open(.get, "/openapi.json", .getOpenAPIJSON, use: getOpenAPIJSON),
            .open(.get, "/problems", .listProblems, use: listProblems),
            .open(.get, "/problems/{code}", .getProblem, use: getProblem),
        ]
    }

    private static let healthy = Response(
        status: 200,
        headers: ["content-type": MediaType.json.rawValue],
        body: .bytes(Array(#"{"status":"ok"}"#.utf8))
    )

    func getLiveness(_ request: Request) async throws -> Response { Self.healthy }

    func getReadiness(_ request: Request) async throws -> Response {
        guard await isReady() else { throw Problem(.unavailable) }
        return Self.healthy
    }

    func getMetrics(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let headers: Headers = ["content-type": "text/plain; version=0.0.4; charset=utf-8"]
        return Response(status: 200, headers: headers, body: .bytes(Array(metrics.text(storage(), openStreams: hub.openStreams).utf8)))
    }

    func getOpenAPIYAML(_ request: Request) async throws -> Response {
        Response(status: 200, headers: ["content-type": MediaType.yaml.rawValue], body: .bytes(document.yaml))
    }

    func getOpenAPIJSON(_ request: Request) async throws -> Response {
        Response(status: 200, headers: ["content-type": MediaType.json.rawValue], body: .bytes(document.json))
    }

    func listProblems(_ request: Request) async throws -> Response {
        .ok(Schema.ProblemTypeList(language: request.language))
    }

    func getProblem(_ request: Request) async throws -> Response {
        guard let code = request.parameters.first.flatMap({ ProblemCode(rawValue: $0) }) else { throw Problem(.notFound) }
        return .ok(Schema.ProblemType(code: code, language: request.language))
    }
}

extension Schema {
    struct ProblemType: JSONWritable {
        let code: ProblemCode
        let language: Language

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("code", code.rawValue)
                json.member("status", code.status)
                json.member("title", code.title(in: language))
                json.member("description", code.explanation(in: language))
            }
        }
    }

    struct ProblemTypeList: JSONWritable {
        let language: Language

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("data")
                json.array(ProblemCode.allCases) { ProblemType(code: $1, language: language).write(to: &$0) }
                json.name("page")
                json.object { json in
                    json.member("next_cursor", String?.none)
                    json.member("has_more", false)
                }
            }
        }
    }
}
