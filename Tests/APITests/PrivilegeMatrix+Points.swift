import HTTP

extension PrivilegeMatrix {
    private static let internals = [401, 200, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let admins = [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
    private static let leaders = [401, 200, 403, 403, 403, 403, 403, 200, 200, 403, 403, 403, 403]
    private static let reason = #"{"reason":"Because"}"#

    /// Points, recaps and appraisals; the columns are those of `rows`. `{point}` is a pending entry of the officer.
    static let pointRows: [Row] = [
        // The ledger: officers see their own entries, leaders all, units none; the super admin keeps it.
        Row("listPointRules", .get, "/v1/point-rules", internals),
        Row("setPointRule", .put, "/v1/point-rules/consultation.closed", #"{"points":2}"#, admins),
        Row("listPerformancePoints", .get, "/v1/performance-points", internals),
        Row("getPointSummary", .get, "/v1/performance-points/summary", internals),
        Row(
            "getPerformancePoint",
            .get,
            "/v1/performance-points/{point}",
            [401, 200, 403, 403, 403, 200, 404, 200, 200, 404, 404, 404, 404]
        ),
        Row(
            "createPerformancePoint",
            .post,
            "/v1/performance-points",
            #"{"user_id":"{officer}","points":1,"reason":"Because"}"#,
            [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "objectPerformancePoint",
            .post,
            "/v1/performance-points/{point}/object",
            reason,
            [401, 403, 403, 403, 403, 200, 404, 403, 403, 404, 404, 404, 404]
        ),
        Row(
            "upholdPerformancePoint",
            .post,
            "/v1/performance-points/{point}/uphold",
            reason,
            [401, 409, 403, 403, 403, 403, 404, 403, 403, 404, 404, 404, 404]
        ),
        Row(
            "reversePerformancePoint",
            .post,
            "/v1/performance-points/{point}/reverse",
            reason,
            [401, 200, 403, 403, 403, 403, 404, 403, 403, 404, 404, 404, 404]
        ),
        Row(
            "getUserAppraisal",
            .get,
            "/v1/users/{officer}/appraisal",
            [401, 200, 403, 403, 403, 200, 403, 200, 200, 403, 403, 403, 403]
        ),

        // Recaps: compiled and settled by the super admin, received by the director, read by the leaders.
        Row("listRecaps", .get, "/v1/recaps", leaders),
        Row("getRecap", .get, "/v1/recaps/{recapDraft}", leaders),
        Row(
            "createRecap",
            .post,
            "/v1/recaps",
            #"{"kind":"workspace","period":"2026-08"}"#,
            [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
        Row("submitRecap", .post, "/v1/recaps/{recapDraft}/submit", "{}", admins),
        Row(
            "receiveRecap",
            .post,
            "/v1/recaps/{recapSubmitted}/receive",
            "{}",
            [401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403]
        ),
        Row("settleRecap", .post, "/v1/recaps/{recapReceived}/settle", "{}", admins),
    ]
}
