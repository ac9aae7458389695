import Domain
import HTTP

/// Step timings over all cases: leaders see all, officers their own, units those of their cases.
struct StepTimingRoutes {
    let environment: Environment

    private static let filters = [
        "procedure", "subject_type", "subject_id", "step_no", "step_code", "attempt", "performer_id", "role", "outcome", "verdict", "from",
        "to",
    ]

    var routes: [Route] {
        [
            .list("/v1/step-timings", .listStepTimings, filters: Self.filters, needs: .stepTimingsRead, use: listStepTimings),
            .get(
                "/v1/step-timings/summary",
                .summariseStepTimings,
                query: Self.summaryParameters,
                produces: [.json, .csv],
                needs: .stepTimingsRead,
                use: summariseStepTimings
            ),
            .get(
                "/v1/procedures/{code}/analysis",
                .analyseProcedure,
                query: ["from", "to"],
                needs: .stepTimingsRead,
                use: analyseProcedure
            ),
            .get("/v1/step-timings/{id}/explain", .explainStepTiming, needs: .stepTimingsRead, use: explainStepTiming),
        ]
    }

    func listStepTimings(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = TimingQuery(now: environment.clock(), page: page.page)
        query.procedure = parameters.text("procedure", longest: 64)
        query.subjectKind = parameters.choice("subject_type")
        query.subjectID = parameters.text("subject_id", longest: 64)
        query.stepNumber = parameters.integer("step_no", 1...1000)
        query.stepCode = parameters.text("step_code", longest: 64)
        query.attempt = parameters.integer("attempt", 1...1_000_000)
        query.performerID = parameters.identifier("performer_id")
        query.role = parameters.text("role", longest: 64)
        query.outcome = parameters.choice("outcome")
        query.verdict = parameters.choice("verdict")
        query.started = TimeRange(from: parameters.instant("from"), to: parameters.instant("to"))
        try parameters.finish()
        let visible = Visibility.stepTimings(for: principal)
        return try TimingListing.response(to: request, page, query, visible: visible, in: tx, store: environment.store)
    }
}
