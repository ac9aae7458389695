import Domain
import Files
package import HTTP
import Security

/// The application: takes each request through router, limits, token check and handler, and every error to its problem.
package final class Application: Responder {
    /// How the application is set up.
    package struct Settings: Sendable {
        /// Requests a minute for one caller; nil for no limit.
        package var rateLimit: Int?
        /// A monotonic time in nanoseconds.
        package var monotonic: @Sendable () -> UInt64
        package var storage: @Sendable () -> StorageReport
        package var isReady: @Sendable () async -> Bool
        package var streams: StreamLimits
        /// The folder where Swagger UI lies, if it is installed.
        package var swaggerUI: String

        package init(
            rateLimit: Int?,
            monotonic: @escaping @Sendable () -> UInt64,
            storage: @escaping @Sendable () -> StorageReport,
            isReady: @escaping @Sendable () async -> Bool,
            streams: StreamLimits = StreamLimits(),
            swaggerUI: String = ""
        ) {
            self.rateLimit = rateLimit
            self.monotonic = monotonic
            self.storage = storage
            self.isReady = isReady
            self.streams = streams
            self.swaggerUI = swaggerUI
        }
    }

    /// Every route there is.
    package let routes: [Route]
    private let router: Router<Route>
    private let environment: Environment
    private let limiters: [LimitClass: RateLimiter]
    private let metrics = Metrics()
    private let log: Log

    package init(_ environment: Environment, document: APIDocument, settings: Settings, log: Log) {
        self.environment = environment
        self.log = log
        limiters =
            settings.rateLimit.map { quota in
                [
                    .standard: RateLimiter("default", quota: quota, now: settings.monotonic),
                    .attachments: RateLimiter("attachments", quota: max(1, quota / 10), now: settings.monotonic),
                    .exports: RateLimiter("exports", quota: max(1, quota / 60), now: settings.monotonic),
                ]
            } ?? [:]
        let hub = EventHub(environment, limits: settings.streams)
        let routes: [Route] =
            SessionRoutes(environment: environment).routes
            + InboxRoutes(environment: environment).routes
            + TokenRoutes(environment: environment).routes
            + UserRoutes(environment: environment).routes
            + UnitRoutes(environment: environment).routes
            + EquipmentRoutes(environment: environment).routes
            + TopologyRoutes(environment: environment).routes
            + TopologyAttachmentRoutes(environment: environment).routes
            + Self.routes(of: Consultation.self, environment)
            + Self.routes(of: WorkspaceItem.self, environment)
            + ProgressRoutes(environment: environment).routes
            + Self.routes(of: Ticket.self, environment)
            + TicketFormRoutes(environment: environment).routes
            + Self.routes(of: ServiceComplaint.self, environment)
            + Self.routes(of: ProcedureRun.self, environment)
            + RunStepRoutes(environment: environment).routes
            + AssessmentRoutes(environment: environment).routes
            + AttachmentRoutes(environment: environment).routes
            + SearchRoutes().routes
            + ProcedureRoutes(environment: environment).routes
            + StepTimingRoutes(environment: environment).routes
            + ScheduleRoutes(environment: environment).routes
            + PointRoutes(environment: environment).routes
            + RecapRoutes(environment: environment).routes
            + AppraisalRoutes(environment: environment).routes
            + CalendarRoutes(environment: environment).routes
            + WorkflowRoutes(environment: environment).routes
            + OverviewRoutes(environment: environment).routes
            + EventRoutes(environment: environment, hub: hub).routes
            + PageRoutes(document: document, swaggerUI: settings.swaggerUI).routes
            + OperationRoutes(
                document: document,
                metrics: metrics,
                storage: settings.storage,
                hub: hub,
                isReady: settings.isReady
            ).routes
        self.routes = routes + BatchRoutes(environment: environment, limiter: limiters[.standard], routes: routes).routes
        var router = Router<Route>()
        for route in self.routes { router.add(route.method, route.path, route) }
        self.router = router
    }

    /// All that hangs on one kind of case.
    private static func routes<Kind: CaseResource>(of kind: Kind.Type, _ environment: Environment) -> [Route] {
        CaseRoutes<Kind>(environment: environment).routes + CommentRoutes<Kind>(environment: environment).routes
            + CaseAttachmentRoutes<Kind>(environment: environment).routes
    }

    /// A body that is streamed comes in only for a caller who may send it; the same is asked again when it is whole.
    package func reception(of head: Request) -> Reception {
        guard case .found(let route, let parameters) = router.find(head.method, head.target.segments), let gate = route.gate,
            case .write(let permission, _) = route.action
        else { return .collected }
        var request = head
        request.parameters = parameters
        var passage = Passage(route: route, limit: route.limit(of: request))
        do {
            try refuseToken(in: request.target.query)
            var receiver: Result<any BodyReceiver, any Error> = .failure(Problem(.internal))
            try environment.store.readNow { tx throws(DomainError) in
                receiver = Result {
                    let principal = Principal(try authenticate(request, &passage, in: tx), requestID: request.id)
                    try principal.authorize(for: permission, allowsOneTimePassword: route.servesOneTimePasswords)
                    try check(request, against: route)
                    return try gate.admit(request, principal, tx)
                }
            }
            return .streamed(try receiver.get(), limit: gate.limit)
        } catch {
            return .refused(dressed(problem(of: error, request), passage))
        }
    }

    package func respond(to request: Request) async -> Response {
        switch router.find(request.method, request.target.segments) {
        case .none: return Problem(.noSuchRoute).response(to: request)
        case .otherMethods(let methods):
            let allow = methods.map(\.rawValue).joined(separator: ", ")
            if request.method == .options { return Response(status: 204, headers: ["allow": allow]) }
            return Problem(.methodNotAllowed, headers: ["allow": allow]).response(to: request)
        case .found(let route, let parameters):
            var request = request
            request.parameters = parameters
            var passage = Passage(route: route, limit: route.limit(of: request))
            let response: Response
            do {
                response = try await answer(request, &passage)
            } catch {
                response = problem(of: error, request)
            }
            return dressed(response, passage)
        }
    }

    /// An answer with what was found out about its request.
    private func dressed(_ response: Response, _ passage: Passage) -> Response {
        var response = response
        if let limiter = limiters[passage.limit], let allowance = passage.allowance {
            for (name, value) in limiter.headers(for: allowance) { response.headers.append(name, value) }
        }
        response.route = passage.route.path
        response.actor = passage.actor
        return response
    }

    /// What is found out about a request on its way.
    private struct Passage {
        let route: Route
        let limit: LimitClass
        var allowance: RateLimiter.Allowance?
        var actor: String?
    }

    private func answer(_ request: Request, _ passage: inout Passage) async throws -> Response {
        let route = passage.route
        try refuseToken(in: request.target.query)
        switch route.action {
        case .open(let handler):
            if route.limit == .standard { try limit(&passage, by: request.clientAddress, request) }
            try check(request, against: route)
            return try await handler(request)
        case .read(let permission, let handler):
            // The handler runs inside the transaction of the token check: one snapshot, and half the cost.
            var response: Result<Response, any Error> = .failure(Problem(.internal))
            try await environment.store.read { tx throws(DomainError) in
                response = Result {
                    let credentials = try authenticate(request, &passage, in: tx)
                    let principal = Principal(credentials, requestID: request.id)
                    try principal.authorize(for: permission, allowsOneTimePassword: route.servesOneTimePasswords)
                    try check(request, against: route)
                    return try handler(request, principal, tx)
                }
            }
            return try response.get().unlessUnchanged(for: request)
        case .write(let permission, let handler):
            return try await handler(request, try await admit(request, permission, &passage)).unlessUnchanged(for: request)
        case .change(let permission, let prepare):
            let principal = try await admit(request, permission, &passage)
            return try await environment.commit(request, by: principal, try prepare(request, principal))
        }
    }

    /// Lets the caller of a write in: finds who he is, and whether he may call the route and calls it rightly.
    private func admit(_ request: Request, _ permission: Permission, _ passage: inout Passage) async throws -> Principal {
        let route = passage.route
        var credentials: Result<Credentials, any Error> = .failure(Problem(.internal))
        try await environment.store.read { tx throws(DomainError) in
            credentials = Result { try authenticate(request, &passage, in: tx) }
        }
        let principal = Principal(try credentials.get(), requestID: request.id)
        try principal.authorize(for: permission, allowsOneTimePassword: route.servesOneTimePasswords)
        try check(request, against: route)
        return principal
    }

    /// Refuses a token in the query, where proxies and histories keep it (RFC 6750, section 2.3).
    private func refuseToken(in query: [(name: String, value: String)]) throws(Problem) {
        guard let item = query.first(where: { $0.name == "access_token" || AccessToken(parsing: $0.value) != nil }) else { return }
        let error = FieldError(.parameter(item.name), code: "token_in_query", detail: "Authorization: Bearer")
        throw Problem(.invalidParameter, errors: [error])
    }

    /// What the route takes and gives: no body where none belongs, known parameters once each, a media type it has.
    private func check(_ request: Request, against route: Route) throws(Problem) {
        if route.method == .get, !request.body.isEmpty {
            throw Problem(.malformedRequest, detail: request.language == .english ? "GET takes no body." : "GET tidak memakai isi.")
        }
        if [.post, .put, .patch].contains(route.method), let coding = request.headers["content-encoding"],
            coding.lowercased() != "identity"
        {
            throw Problem(.unsupportedMediaType, headers: ["accept-encoding": "identity"])
        }
        var errors: [FieldError] = []
        var seen: [String] = []
        for item in request.target.query {
            let isKnown = route.query.contains(item.name)
            if isKnown, !seen.contains(item.name) {
                seen.append(item.name)
                continue
            }
            let detail: String
            switch (isKnown, request.language) {
            case (true, .english): detail = "It may be given once."
            case (true, .indonesian): detail = "Hanya boleh sekali."
            case (false, .english): detail = "There is no such parameter."
            case (false, .indonesian): detail = "Parameter ini tidak dikenal."
            }
            errors.append(FieldError(.parameter(item.name), code: isKnown ? "duplicate" : "unknown", detail: detail))
        }
        guard errors.isEmpty else { throw Problem(.invalidParameter, errors: errors) }
        // `format` goes before `Accept`.
        let namesFormat = route.query.contains("format") && seen.contains("format")
        guard namesFormat || MediaType.negotiate(request.headers["accept"], among: route.produces) != nil else {
            throw Problem(.notAcceptable)
        }
    }

    private func limit(_ passage: inout Passage, by caller: String, _ request: Request) throws(Problem) {
        guard let limiter = limiters[passage.limit] else { return }
        // What was streamed was counted with its head.
        let allowance = limiter.take(for: caller, cost: request.receiver == nil ? 1 : 0)
        passage.allowance = allowance
        guard allowance.isGranted else { throw Problem(.rateLimited, headers: ["retry-after": String(allowance.seconds)]) }
    }

    /// Finds who asks by his token; a failure counts against the address, a success against the token.
    private func authenticate(_ request: Request, _ passage: inout Passage, in tx: borrowing Transaction) throws -> Credentials {
        var problem = Problem(.unauthenticated)
        if let text = request.bearerToken {
            problem = Problem(.unauthenticated, headers: ["www-authenticate": #"Bearer realm="kimr", error="invalid_token""#])
            if let secret = AccessToken(parsing: String(text)), let found = try tx.tokens.credentials(hash: secret.hash), found.isActive {
                if found.life.isOver(at: environment.clock()) {
                    problem = Problem(.tokenExpired)
                } else {
                    try limit(&passage, by: found.tokenID.text, request)
                    passage.actor = found.userID.text
                    touch(found)
                    return found
                }
            }
        }
        try limit(&passage, by: request.clientAddress, request)
        throw problem
    }

    /// Notes the use of a token, to the minute. It is no part of the request, which neither waits for it nor fails with it.
    private func touch(_ credentials: Credentials) {
        let now = environment.clock()
        guard credentials.life.needsTouch(at: now) else { return }
        let (store, id) = (environment.store, credentials.tokenID)
        Task { _ = try? await store.write { tx throws(DomainError) in try tx.tokens.touch(id, at: now) } }
    }

    private func problem(of error: any Error, _ request: Request) -> Response {
        let problem: Problem
        switch error {
        case let error as Problem: problem = error
        case let error as DomainError:
            problem = Problem(error, language: request.language)
            switch error {
            case .unavailable(let line), .fault(let line):
                log.write(.error, "storage_failed", [("request_id", .text(request.id)), ("detail", .text(line))])
            case .notFound, .forbidden, .fourEyes, .refused, .stale, .conflict, .invalid, .inBatch, .quotaExceeded: break
            }
        case let error as FileStore.Failure:
            problem = Problem(.unavailable)
            log.write(.error, "files_failed", [("request_id", .text(request.id)), ("detail", .text(String(describing: error)))])
        case is PasswordHasher.Failure, is WorkerPool.Overloaded: problem = Problem(.unavailable)
        default:
            problem = Problem(.internal)
            log.write(.error, "fault", [("request_id", .text(request.id)), ("detail", .text(String(describing: type(of: error))))])
        }
        return problem.response(to: request)
    }

    package func finished(_ exchange: Exchange) {
        metrics.record(exchange)
        log.write(
            exchange.status >= 500 ? .error : .info,
            "request",
            [
                ("request_id", .text(exchange.requestID)),
                ("trace_id", exchange.traceparent.map { .text(String($0.dropFirst(3).prefix(32))) }),
                ("method", .text(exchange.method)),
                ("route", exchange.route.map { .text($0) }),
                ("status", .number(exchange.status)),
                ("ms", .microseconds(Int(clamping: exchange.durationNanoseconds / 1000))),
                ("bytes", .number(exchange.bytesOut)),
                ("actor", exchange.actor.map { .text($0) }),
                ("address", .text(exchange.clientAddress)),
            ]
        )
    }
}

extension Problem {
    fileprivate func response(to request: Request) -> Response { response(requestID: request.id, language: request.language) }
}

extension Principal {
    /// Throws the problem of a caller who may not call a route that needs `permission`.
    func authorize(for permission: Permission, allowsOneTimePassword: Bool = false) throws(Problem) {
        if mustChangePassword, !allowsOneTimePassword { throw Problem(.passwordChangeRequired) }
        guard may(permission) else {
            if permission.isHidden, !roles.isInternal { throw Problem(.notFound) }
            throw Problem(roles.permissions.contains(permission) ? .insufficientScope : .forbidden)
        }
    }
}

extension Response {
    /// 304 without a body where the client has this version already (RFC 9110, section 13.1.2).
    fileprivate func unlessUnchanged(for request: Request) -> Response {
        guard request.method == .get, [200, 206].contains(status), let tag = headers["etag"],
            let tags = EntityTags(request.headers["if-none-match"]),
            tags.matchesWeakly(tag)
        else {
            return self
        }
        return .notModified(tag)
    }
}
