import Domain
import HTTP

/// Performance points: the rules that give them, the ledger, and what officers say against its entries.
struct PointRoutes {
    let environment: Environment

    private static let filters = ["user_id", "unit_id", "period", "status", "rule", "subject_id", "recap_id"]

    var routes: [Route] {
        let (points, one) = ("/v1/performance-points", "/v1/performance-points/{id}")
        return [
            .list("/v1/point-rules", .listPointRules, needs: .performancePointsRead, use: listPointRules),
            .put("/v1/point-rules/{code}", .setPointRule, needs: .pointRulesWrite, use: setPointRule),
            .list(points, .listPerformancePoints, filters: Self.filters, needs: .performancePointsRead, use: listPerformancePoints),
            .post(points, .createPerformancePoint, needs: .performancePointsWrite, prepare: createPerformancePoint),
            .get(
                points + "/summary",
                .getPointSummary,
                query: ["period", "group_by"],
                needs: .performancePointsRead,
                use: getPointSummary
            ),
            .get(one, .getPerformancePoint, needs: .performancePointsRead, use: getPerformancePoint),
            .post(one + "/object", .objectPerformancePoint, needs: .performancePointsWrite, prepare: objectPerformancePoint),
            .post(one + "/uphold", .upholdPerformancePoint, needs: .performancePointsWrite, prepare: upholdPerformancePoint),
            .post(one + "/reverse", .reversePerformancePoint, needs: .performancePointsWrite, prepare: reversePerformancePoint),
        ]
    }

    // MARK: Rules

    func listPointRules(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: [
                Column("code") { $0.code.rawValue },
                Column("points") { String($0.points) },
                Column("on_time_bonus") { String($0.onTimeBonus) },
                Column("version") { String($0.version) },
                Column("created_at") { $0.createdAt.rfc3339 },
            ],
            key: { $0.code.rawValue },
            fetch: { page, tx throws(DomainError) in listPage(try tx.ledger.rules(), page) { $0.code.rawValue } },
            count: { most, tx throws(DomainError) in try tx.ledger.rules().count },
            write: { Schema.PointRule(rule: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func setPointRule(_ request: Request, by principal: Principal) async throws -> Response {
        let new = try request.json(as: Schema.NewPointRule.self)
        guard let code = request.parameters.first.flatMap({ PointRule.Code(rawValue: $0) }) else { throw Problem(.notFound) }
        let (expected, ids) = (request.ifMatch, environment.ids)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let rule = try tx.ledger.set(
                code,
                points: new.points,
                onTimeBonus: new.onTimeBonus,
                expecting: expected,
                by: principal,
                at: now,
                ids: ids
            )
            return .ok(Schema.PointRule(rule: rule), version: rule.version)
        }
    }

    // MARK: Entries

    func listPerformancePoints(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let page = PageParameters(&parameters, of: request)
        var query = PointQuery(page: page.page)
        query.userID = parameters.identifier("user_id")
        query.unitID = parameters.identifier("unit_id")
        query.period = parameters.month("period")
        query.status = parameters.choice("status")
        query.rule = parameters.choice("rule")
        query.subjectID = parameters.text("subject_id", longest: 64)
        query.recapID = parameters.identifier("recap_id")
        try parameters.finish()
        return try Listing(
            parameters: page,
            columns: Schema.PerformancePoint.columns,
            key: { $0.point.id.text },
            fetch: { [query] page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.ledger.list(query, for: principal)
            },
            count: { [query] most, tx throws(DomainError) in try tx.ledger.count(query, for: principal, most: most) },
            write: { Schema.PerformancePoint(record: $1).write(to: &$0) }
        ).response(to: request, in: tx, store: environment.store)
    }

    func getPerformancePoint(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let body = Schema.PerformancePoint(record: try tx.ledger.get(try request.identifier(), for: principal))
        return .ok(body, version: body.version)
    }

    func createPerformancePoint(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let new = try request.json(as: Schema.NewPerformancePoint.self)
        let ids = environment.ids
        return { tx, now throws(DomainError) in
            let made = try tx.ledger.adjust(
                new.userID,
                by: new.points,
                reason: new.reason,
                in: new.period,
                as: principal,
                at: now,
                ids: ids
            )
            let body = Schema.PerformancePoint(record: made)
            return .created(body, at: "/v1/performance-points/\(made.point.id.text)", version: body.version)
        }
    }

    /// The balances that the caller may see, by user unless asked otherwise.
    func getPointSummary(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let period = parameters.month("period")
        let groups: [PointGroup] = parameters.choices("group_by") ?? [.user]
        try parameters.finish()
        return .ok(Schema.PointSummary(balances: try tx.ledger.balances(by: groups, in: period, for: principal)))
    }

    // MARK: Objections and reversals

    func objectPerformancePoint(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let (id, reason, expected, ids) = try reasoned(request)
        return { tx, now throws(DomainError) in
            let record = try tx.ledger.object(to: id, reason: reason, expecting: expected, by: principal, at: now, ids: ids)
            let body = Schema.PerformancePoint(record: record)
            return .ok(body, version: body.version)
        }
    }

    func upholdPerformancePoint(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let (id, reason, expected, ids) = try reasoned(request)
        return { tx, now throws(DomainError) in
            let record = try tx.ledger.uphold(id, reason: reason, expecting: expected, by: principal, at: now, ids: ids)
            let body = Schema.PerformancePoint(record: record)
            return .ok(body, version: body.version)
        }
    }

    /// Answers with the opposite entry.
    func reversePerformancePoint(_ request: Request, by principal: Principal) throws -> PreparedWrite {
        let (id, reason, expected, ids) = try reasoned(request)
        return { tx, now throws(DomainError) in
            let record = try tx.ledger.reverse(id, reason: reason, expecting: expected, by: principal, at: now, ids: ids)
            let body = Schema.PerformancePoint(record: record)
            return .ok(body, version: body.version)
        }
    }

    private func reasoned(_ request: Request) throws -> (PerformancePoint.ID, String, ExpectedVersion?, IdentifierSource) {
        let reason = try request.json(as: Schema.Reason.self).text
        return (try request.identifier(), reason, request.ifMatch, environment.ids)
    }
}

extension Query {
    mutating func month(_ name: String) -> CivilMonth? { parsed(name, Rules.month) { CivilMonth($0) } }
}

extension Rules {
    static let month = (id: "bulan seperti 2026-11", en: "a month such as 2026-11")
}
