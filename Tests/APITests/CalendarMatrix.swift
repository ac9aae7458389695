import HTTP
import TestSupport

extension PrivilegeMatrix {
    private static let onlyAdmin = [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]

    private static let all = [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let nothing = [401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]

    /// The calendar: all read it, the super admin changes it.
    static let calendarRows: [Row] = [
        Row("replaceCalendar", .put, "/v1/calendar", CalendarBody.standard(holidays: [("2026-12-25", "Natal")]), onlyAdmin),
        Row("addRamadan", .post, "/v1/calendar/ramadan", #"{"from":"2027-02-08","to":"2027-03-09"}"#, onlyAdmin),
        Row(
            "importHolidays",
            .post,
            "/v1/calendar/holidays",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Natal\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            onlyAdmin
        ),
        Row("summariseStepTimings", .get, "/v1/step-timings/summary", all),
        Row("explainStepTiming of none", .get, "/v1/step-timings/tim_00000000000000000000000000/explain", nothing),
        Row("analyseProcedure", .get, "/v1/procedures/consultation/analysis", all),
        Row(
            "pauseConsultation",
            .post,
            "/v1/consultations/{assigned}/pause",
            #"{"reason":"Because"}"#,
            [401, 200, 403, 403, 404, 200, 404, 403, 403, 403, 403, 403, 403]
        ),
        Row(
            "resumeConsultation of what runs",
            .post,
            "/v1/consultations/{assigned}/resume",
            "{}",
            [401, 409, 403, 403, 404, 409, 404, 403, 403, 403, 403, 403, 403]
        ),
        // The other officer does the step that is open.
        Row(
            "pauseProcedureRun",
            .post,
            "/v1/procedure-runs/{run}/pause",
            #"{"reason":"Because"}"#,
            [401, 200, 404, 404, 404, 200, 200, 403, 403, 404, 404, 404, 404]
        ),
        Row(
            "resumeProcedureRun of what runs",
            .post,
            "/v1/procedure-runs/{run}/resume",
            "{}",
            [401, 409, 404, 404, 404, 409, 409, 403, 403, 404, 404, 404, 404]
        ),
        Row("getUnitCalendar", .get, "/v1/units/{own}/calendar", all),
        Row("replaceUnitCalendar", .put, "/v1/units/{own}/calendar", CalendarBody.standard(zone: "Asia/Makassar"), onlyAdmin),
        Row(
            "deleteUnitCalendar of none",
            .delete,
            "/v1/units/{own}/calendar",
            [401, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
    ]
}
