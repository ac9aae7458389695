import Domain
import HTTP

/// Several writes in one request and one transaction: each goes through the very handler that answers it alone.
struct BatchRoutes {
    private let environment: Environment
    private let limiter: RateLimiter?
    private let router: Router<Route>

    /// `routes` are all there are; those of them that only prepare a change may be part of a batch.
    init(environment: Environment, limiter: RateLimiter?, routes: [Route]) {
        self.environment = environment
        self.limiter = limiter
        var router = Router<Route>()
        for route in routes { if case .change = route.action { router.add(route.method, route.path, route) } }
        self.router = router
    }

    var routes: [Route] { [.post("/v1/batch", .runBatch, needs: .meRead, use: runBatch)] }

    func runBatch(_ request: Request, by principal: Principal) async throws -> Response {
        let batch = try request.json(as: Schema.Batch.self)
        try charge(principal, for: batch.operations.count - 1)
        let writes = try batch.operations.map { operation in try prepare(operation, of: request, by: principal) }
        switch batch.mode {
        case .atomic: return try await runTogether(writes, request, principal)
        case .independent: return try await runEach(writes, request, principal)
        }
    }

    /// All or nothing: what is wrong with the form of any is said before one runs, and the first that fails undoes those before it.
    private func runTogether(
        _ writes: [Result<PreparedWrite, Problem>],
        _ request: Request,
        _ principal: Principal
    ) async throws -> Response {
        var prepared: [PreparedWrite] = []
        for (index, write) in writes.enumerated() {
            do throws(Problem) { prepared.append(try write.get()) } catch { throw error.inBatch(at: index) }
        }
        return try await environment.commit(request, by: principal) { [prepared] tx, now throws(DomainError) in
            var answers: [Response] = []
            for (index, write) in prepared.enumerated() {
                do throws(DomainError) { answers.append(try write(tx, now)) } catch { throw .inBatch(index, error) }
            }
            return .ok(Schema.BatchResult(answers: answers))
        }
    }

    /// Each for itself: one that fails leaves the others as they are.
    private func runEach(_ writes: [Result<PreparedWrite, Problem>], _ request: Request, _ principal: Principal) async throws -> Response {
        let (id, language) = (request.id, request.language)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            var answers: [Response] = []
            for write in writes {
                switch write {
                case .failure(let problem): answers.append(problem.response(requestID: id, language: language))
                case .success(let write):
                    switch try tx.attempt({ () throws(DomainError) in try write(tx, now) }) {
                    case .success(let answer): answers.append(answer)
                    case .failure(let error):
                        answers.append(Problem(error, language: language).response(requestID: id, language: language))
                    }
                }
            }
            return .ok(Schema.BatchResult(answers: answers))
        }
    }

    /// Each operation counts as a request of its own; the batch has paid for the first.
    private func charge(_ principal: Principal, for more: Int) throws(Problem) {
        guard let limiter, let id = principal.tokenID, more > 0 else { return }
        let allowance = limiter.take(for: id.text, cost: Double(more))
        guard allowance.isGranted else { throw Problem(.rateLimited, headers: ["retry-after": String(allowance.seconds)]) }
    }

    /// The checks of a single call, in their order.
    private func prepare(
        _ operation: Schema.BatchOperation,
        of batch: Request,
        by principal: Principal
    ) throws -> Result<PreparedWrite, Problem> {
        do {
            var headers: Headers = ["accept-language": batch.language.rawValue]
            if operation.body != nil { headers.append("content-type", "application/json") }
            if let tag = operation.ifMatch { headers.append("if-match", tag) }
            var request = Request(
                method: operation.method.method,
                target: operation.target,
                headers: headers,
                body: operation.body ?? [],
                clientAddress: batch.clientAddress,
                id: batch.id
            )
            guard case .found(let route, let parameters) = router.find(request.method, operation.target.segments),
                case .change(let permission, let prepare) = route.action
            else { throw Problem(.noSuchRoute) }
            request.parameters = parameters
            try principal.authorize(for: permission)
            return .success(try prepare(request, principal))
        } catch let problem as Problem {
            return .failure(problem)
        } catch let error as DomainError {
            return .failure(Problem(error, language: batch.language))
        }
    }
}

extension Schema {
    struct Batch: RequestBody {
        enum Mode: String, CaseIterable {
            case atomic, independent
        }

        let mode: Mode
        let operations: [BatchOperation]

        init(_ fields: inout Fields) {
            mode = fields.choice("mode", or: .atomic)
            operations = fields.objects("operations", count: 1...100) { BatchOperation(&$0) }
        }
    }

    /// One write of a batch.
    struct BatchOperation {
        enum WriteMethod: String, CaseIterable {
            case post = "POST"
            case patch = "PATCH"
            case delete = "DELETE"

            var method: Method {
                switch self {
                case .post: .post
                case .patch: .patch
                case .delete: .delete
                }
            }
        }

        let method: WriteMethod
        let target: Target
        /// The body as JSON; nil without one.
        let body: [UInt8]?
        let ifMatch: String?

        init(_ fields: inout Fields) {
            method = fields.choice("method", or: .post)
            target = fields.parsed("path", or: Target.root, (id: "alamat seperti /v1/tickets", en: "a path such as /v1/tickets")) {
                guard let target = try? Target(parsing: $0.utf8), target.query.isEmpty, !$0.utf8.contains(UInt8(ascii: "?")) else {
                    return nil
                }
                return target
            }
            body = fields.optionalObject("body")
            ifMatch = fields.optionalText("if_match", .line(1...200))
        }
    }

    /// The answers of a batch, in the order of its operations.
    struct BatchResult: JSONWritable {
        let answers: [Response]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("results")
                json.array(answers) { json, answer in
                    json.object { json in
                        json.member("status", answer.status)
                        json.name("headers")
                        json.object { json in
                            if let tag = answer.headers["etag"] { json.member("ETag", tag) }
                            if let location = answer.headers["location"] { json.member("Location", location) }
                        }
                        json.name("body")
                        if case .bytes(let block) = answer.body {
                            block.withBytes { json.raw(utf8: $0) }
                        } else {
                            json.null()
                        }
                    }
                }
            }
        }
    }
}

extension Problem {
    /// The problem of one operation as that of its whole batch: it says which one, and its pointers lead into it.
    func inBatch(at index: Int) -> Problem {
        var problem = self
        problem.operation = index
        problem.pointer = pointer.map { "/operations/\(index)/body\($0)" }
        problem.errors = errors.map { error in
            guard case .pointer(let pointer) = error.place else { return error }
            return FieldError(.pointer("/operations/\(index)/body\(pointer)"), code: error.code, detail: error.detail)
        }
        return problem
    }
}
