import HTTP

/// Who may do what, written by hand from the roles of the domain guide: one row for each operation and object.
enum PrivilegeMatrix {
    /// The columns of the table.
    enum Caller: String, CaseIterable {
        /// Without a token.
        case nobody
        case superAdmin = "super-admin"
        /// The unit's user who asked.
        case requester
        /// Another user of the same unit.
        case colleague
        /// A user of another unit.
        case stranger
        /// The officer in charge.
        case officer
        /// An officer who is not in charge.
        case otherOfficer = "other-officer"
        case head = "subdirectorate-head"
        case director
        case taskGiver = "task-giver"
        case assignedOfficer = "assigned-officer"
        case ictManager = "ict-manager"
        case ictOfficer = "ict-officer"
    }

    struct Row {
        let operation: String
        let method: HTTP.Method
        /// `{own}` is the unit of the requester, `{user}` the requester, `{officer}` the officer; `{stage}` a consultation in that stage.
        let target: String
        let body: String?
        /// In the order of the columns.
        let statuses: [Int]

        init(_ operation: String, _ method: HTTP.Method, _ target: String, _ body: String? = nil, _ statuses: [Int]) {
            self.operation = operation
            self.method = method
            self.target = target
            self.body = body
            self.statuses = statuses
        }
    }

    private static let officerBody = #"{"officer_id":"{officer}"}"#
    private static let reason = #"{"reason":"Because"}"#
    private static let unit = #"{"code":"NEW","name":"New","kind":"satker"}"#
    private static let user = #"{"username":"brand.new","name":"New","unit_id":"{own}","roles":["director"]}"#

    /// Any caller with a token; anyone at all.
    private static let signedIn = [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let anyone = [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let onlyAdmin = [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
    private static let onlyAdminCreates = [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
    private static let directorate = [401, 200, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 200]

    /// Columns: nobody, super-admin, requester, colleague, stranger, officer, other officer, head, director, task-giver, assigned-officer,
    /// ict-manager, ict-officer. Writes are dry runs, so that each cell finds its object as it was.
    static let rows: [Row] = [
        // Health and documents are open; metrics are the super admin's.
        Row("getLiveness", .get, "/livez", anyone),
        Row("getReadiness", .get, "/readyz", anyone),
        Row("getMetrics", .get, "/metrics", onlyAdmin),
        Row("getOpenAPIYAML", .get, "/openapi.yaml", anyone),
        Row("getOpenAPIJSON", .get, "/openapi.json", anyone),
        Row("getDocs", .get, "/docs", anyone),
        Row("getDocsFile", .get, "/docs/docs.js", anyone),
        Row("getMonitor", .get, "/monitor", anyone),
        Row("getMonitorFile", .get, "/monitor/monitor.js", anyone),
        Row("listProblems", .get, "/problems", anyone),
        Row("getProblem", .get, "/problems/stale", anyone),

        // Everyone sees to himself.
        Row("createSession", .post, "/v1/sessions", "{}", [422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
        Row("deleteCurrentSession", .delete, "/v1/sessions/current", [401, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204, 204]),
        Row("getMe", .get, "/v1/me", signedIn),
        Row("changeMyPassword", .put, "/v1/me/password", "{}", [401, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422, 422]),
        Row("listTokens", .get, "/v1/tokens", signedIn),
        Row(
            "listTokens of the requester",
            .get,
            "/v1/tokens?user_id={user}",
            [401, 200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "createToken",
            .post,
            "/v1/tokens",
            #"{"name":"t","scopes":["units:read"]}"#,
            [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]
        ),
        Row(
            "createToken for the requester",
            .post,
            "/v1/tokens",
            #"{"name":"t","scopes":["units:read"],"user_id":"{user}"}"#,
            [401, 201, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "deleteToken of the requester",
            .delete,
            "/v1/tokens/{token}",
            [401, 204, 204, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]
        ),

        // The user list is the super admin's; the directorate reads who is who.
        Row("listUsers", .get, "/v1/users", directorate),
        Row("getUser", .get, "/v1/users/{user}", directorate),
        Row("createUser", .post, "/v1/users", user, onlyAdminCreates),
        Row("updateUser", .patch, "/v1/users/{user}", #"{"name":"Changed"}"#, onlyAdmin),
        Row("deactivateUser", .post, "/v1/users/{user}/deactivate", "{}", onlyAdmin),
        Row("activateUser", .post, "/v1/users/{user}/activate", "{}", onlyAdmin),
        Row("resetUserPassword", .post, "/v1/users/{user}/reset-password", "{}", onlyAdmin),

        // Units: all read, the super admin writes.
        Row("listUnits", .get, "/v1/units", signedIn),
        Row("getUnit", .get, "/v1/units/{own}", signedIn),
        Row("createUnit", .post, "/v1/units", unit, onlyAdminCreates),
        Row("updateUnit", .patch, "/v1/units/{own}", #"{"name":"Changed"}"#, onlyAdmin),

        // Consultations: units ask; who has no part in them has no way in.
        Row("listConsultations", .get, "/v1/consultations", [401, 200, 200, 200, 200, 200, 200, 200, 200, 403, 403, 403, 403]),
        Row(
            "createConsultation",
            .post,
            "/v1/consultations",
            #"{"subject":"A question","detail":"Text"}"#,
            [401, 403, 201, 201, 201, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
        Row("getConsultation", .get, "/v1/consultations/{draft}", [401, 200, 200, 200, 404, 404, 404, 200, 200, 403, 403, 403, 403]),
        Row(
            "getConsultation assigned",
            .get,
            "/v1/consultations/{assigned}",
            [401, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403]
        ),
        Row(
            "getConsultationHistory",
            .get,
            "/v1/consultations/{assigned}/history",
            [401, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403]
        ),
        Row(
            "getConsultationTimings",
            .get,
            "/v1/consultations/{assigned}/timings",
            [401, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403]
        ),
        Row(
            "updateConsultation",
            .patch,
            "/v1/consultations/{draft}",
            #"{"subject":"Changed"}"#,
            [401, 403, 200, 403, 404, 404, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "submitConsultation",
            .post,
            "/v1/consultations/{draft}/submit",
            "{}",
            [401, 403, 200, 200, 404, 404, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "withdrawConsultation",
            .post,
            "/v1/consultations/{assigned}/withdraw",
            reason,
            [401, 403, 200, 403, 404, 403, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "assignConsultation",
            .post,
            "/v1/consultations/{submitted}/assign",
            officerBody,
            [401, 200, 403, 403, 404, 404, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "reassignConsultation",
            .post,
            "/v1/consultations/{assigned}/reassign",
            #"{"officer_id":"{officer}","reason":"Because"}"#,
            [401, 200, 403, 403, 404, 403, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "proposeConsultation",
            .post,
            "/v1/consultations/{assigned}/propose",
            #"{"answer":"An answer"}"#,
            [401, 403, 403, 403, 404, 200, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "returnConsultation",
            .post,
            "/v1/consultations/{inVerification}/return",
            reason,
            [401, 403, 403, 403, 404, 403, 404, 200, 403, 403, 403, 403, 403]
        ),
        Row(
            "approveConsultation",
            .post,
            "/v1/consultations/{inVerification}/approve",
            "{}",
            [401, 403, 403, 403, 404, 403, 404, 200, 403, 403, 403, 403, 403]
        ),
        Row(
            "deliverConsultation",
            .post,
            "/v1/consultations/{verified}/deliver",
            "{}",
            [401, 403, 403, 403, 404, 200, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "acknowledgeConsultation",
            .post,
            "/v1/consultations/{answered}/acknowledge",
            "{}",
            [401, 403, 200, 200, 404, 403, 404, 403, 403, 403, 403, 403, 403]
        ),

        // Procedures, calendar, workflows and step times: for all who are signed in, the last each in his own part.
        Row("listProcedures", .get, "/v1/procedures", signedIn),
        Row("getProcedure", .get, "/v1/procedures/consultation", signedIn),
        Row("getProcedureVersion", .get, "/v1/procedures/consultation/versions/1", signedIn),
        Row("listStepTimings", .get, "/v1/step-timings", signedIn),
        Row("getCalendar", .get, "/v1/calendar", signedIn),
        Row("calculateWorkingTime", .post, "/v1/calendar/calculate", #"{"start":"2026-11-16T01:00:00Z","duration_s":60}"#, signedIn),
        // The picture of all is the leaders'.
        Row("getOverview", .get, "/v1/overview", [401, 200, 403, 403, 403, 403, 403, 200, 200, 403, 403, 403, 403]),
        Row("listEvents", .get, "/v1/events", signedIn),
        Row("listWorkflows", .get, "/v1/workflows", signedIn),
        Row("getWorkflow", .get, "/v1/workflows/consultation", signedIn),
    ]
}

extension PrivilegeMatrix.Row {
    init(_ operation: String, _ method: HTTP.Method, _ target: String, _ statuses: [Int]) {
        self.init(operation, method, target, nil, statuses)
    }
}
