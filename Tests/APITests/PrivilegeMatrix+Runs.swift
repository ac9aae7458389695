import HTTP

extension PrivilegeMatrix {
    /// The rows of every file.
    static var allRows: [Row] { rows + runRows + calendarRows + pointRows }

    private static let onlyAdminPublishes = [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]

    /// Versions of procedures and runs of them; the columns are those of `rows`.
    static let runRows: [Row] = [
        Row("createProcedureVersion", .post, "/v1/procedures/brand-new/versions", version, onlyAdminPublishes),
        Row(
            "getProcedureSchedule",
            .get,
            "/v1/procedure-schedules/it-planning",
            [401, 200, 403, 403, 403, 200, 200, 200, 200, 200, 200, 200, 200]
        ),
        Row(
            "replaceProcedureSchedule",
            .put,
            "/v1/procedure-schedules/it-planning",
            #"{"assignments":{}}"#,
            [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),

        // Runs: begun by anyone of the directorate, seen by leaders and those with a part in them; `{run}` is the officer's, and its first
        // step is the other officer's.
        Row("listProcedureRuns", .get, "/v1/procedure-runs", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        Row(
            "createProcedureRun",
            .post,
            "/v1/procedure-runs",
            run,
            [401, 201, 403, 403, 403, 201, 201, 201, 201, 201, 201, 201, 201]
        ),
        Row("getProcedureRun", .get, "/v1/procedure-runs/{run}", seen),
        Row("getProcedureRunHistory", .get, "/v1/procedure-runs/{run}/history", seen),
        Row("getProcedureRunResults", .get, "/v1/procedure-runs/{assessment}/results", seen),
        Row("getProcedureRunTimings", .get, "/v1/procedure-runs/{run}/timings", seen),
        Row(
            "updateProcedureRun",
            .patch,
            "/v1/procedure-runs/{run}",
            #"{"title":"Changed"}"#,
            [401, 403, 404, 404, 404, 200, 403, 403, 403, 404, 404, 404, 404]
        ),
        Row(
            "completeProcedureRunStep",
            .post,
            "/v1/procedure-runs/{run}/steps/1/complete",
            "{}",
            [401, 200, 404, 404, 404, 403, 200, 403, 403, 404, 404, 404, 404]
        ),
        Row(
            "cancelProcedureRun",
            .post,
            "/v1/procedure-runs/{run}/cancel",
            #"{"reason":"Because"}"#,
            [401, 200, 404, 404, 404, 200, 403, 403, 403, 404, 404, 404, 404]
        ),
        Row("listProcedureRunComments", .get, "/v1/procedure-runs/{run}/comments", seen),
        Row(
            "createProcedureRunComment",
            .post,
            "/v1/procedure-runs/{run}/comments",
            #"{"text":"A remark"}"#,
            [401, 201, 404, 404, 404, 201, 201, 201, 201, 404, 404, 404, 404]
        ),
        Row("listProcedureRunAttachments", .get, "/v1/procedure-runs/{run}/attachments", seen),
        Row(
            "createProcedureRunAttachment",
            .post,
            "/v1/procedure-runs/{run}/attachments",
            "{}",
            [401, 422, 404, 404, 404, 422, 422, 422, 422, 404, 404, 404, 404]
        ),
        Row("listProcedureRunLinks", .get, "/v1/procedure-runs/{run}/links", seen),
        // The other officer sees the run, but not the consultation of the first.
        Row(
            "createProcedureRunLink",
            .post,
            "/v1/procedure-runs/{run}/links",
            #"{"type":"blocks","target":"{assigned}"}"#,
            [401, 201, 404, 404, 404, 201, 422, 201, 201, 404, 404, 404, 404]
        ),
        Row(
            "deleteProcedureRunLink",
            .delete,
            "/v1/procedure-runs/{run}/links/lnk_0000000000000000000000000a",
            [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]
        ),
    ]

    private static let seen = [401, 200, 404, 404, 404, 200, 200, 200, 200, 404, 404, 404, 404]

    /// The other officer divides and assesses.
    static let assessment = #"""
        {"procedure":"pemantik-assessment","title":"A run","assignments":{"informatics-division":"{otherOfficer}",
        "assessor":"{otherOfficer}"},"participants":[{"name":"Regency A"}]}
        """#

    /// A run in which the other officer does all.
    static let run = #"""
        {"procedure":"it-planning","title":"A run","assignments":{"planning-it-head":"{otherOfficer}","secretary":"{otherOfficer}",
        "chair":"{otherOfficer}","admin-operator":"{otherOfficer}"}}
        """#

    private static let version = #"""
        {"title":{"id":"x","en":"x"},"issuer":"KI","roles":[{"code":"clerk","title":{"id":"x","en":"x"}}],"steps":[{"no":1,"code":"a",
        "title":{"id":"x","en":"x"},"role":"clerk","also":[],"role_basis":"stated","scope":"case","inputs":[],"outputs":[],"checklist":[],
        "standard":null,"recurrence":null,"decision":null,"implied_decision":null}]}
        """#
}
