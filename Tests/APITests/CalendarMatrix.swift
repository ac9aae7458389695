import HTTP
import TestSupport

extension PrivilegeMatrix {
    /// The rows of all tables with these columns.
    static let allRows = rows + calendarRows

    private static let onlyAdmin = [401, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]

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
        Row("getUnitCalendar", .get, "/v1/units/{own}/calendar", [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        Row("replaceUnitCalendar", .put, "/v1/units/{own}/calendar", CalendarBody.standard(zone: "Asia/Makassar"), onlyAdmin),
        Row(
            "deleteUnitCalendar of none",
            .delete,
            "/v1/units/{own}/calendar",
            [401, 404, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]
        ),
    ]
}
