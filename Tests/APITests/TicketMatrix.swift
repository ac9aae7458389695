import HTTP
import TestSupport

/// Who may do what to tickets, written by hand from the domain guide: everyone complains and sees his own; the ICT desk and leaders see all.
enum TicketMatrix {
    /// The columns of the table.
    enum Caller: String, CaseIterable {
        case nobody
        case superAdmin = "super-admin"
        /// The unit's user who filed the ticket.
        case complainant
        /// Another user of the same unit.
        case colleague
        /// A user of another unit.
        case stranger
        case consultant = "consultation-officer"
        case head = "subdirectorate-head"
        case director
        case taskGiver = "task-giver"
        case assignedOfficer = "assigned-officer"
        case manager = "ict-manager"
        /// The ICT officer in charge.
        case technician
        /// An ICT officer who is not in charge.
        case otherTechnician = "other-technician"
    }

    /// Who stands in each column.
    static func columns(_ cast: CaseCast) -> [(name: String, person: APIHouse.Person?)] {
        let callers: [Caller: APIHouse.Person] = [
            .superAdmin: cast.admin, .complainant: cast.complainant, .colleague: cast.colleague, .stranger: cast.stranger,
            .consultant: cast.consultant, .head: cast.head, .director: cast.director, .taskGiver: cast.giver,
            .assignedOfficer: cast.officer, .manager: cast.manager, .technician: cast.technician,
            .otherTechnician: cast.otherTechnician,
        ]
        return Caller.allCases.map { ($0.rawValue, callers[$0]) }
    }

    private static let ticket = "/v1/tickets"
    private static let reason = #"{"reason":"Because"}"#
    private static let officer = #"{"officer_id":"{technician}"}"#

    private static let seen = [401, 200, 200, 404, 404, 404, 200, 200, 404, 404, 200, 200, 200]
    private static let onlyComplainant = [401, 403, 200, 404, 404, 404, 403, 403, 404, 404, 403, 403, 403]
    private static let onlyHead = [401, 403, 403, 404, 404, 404, 200, 403, 404, 404, 403, 403, 403]
    private static let onlyDirector = [401, 403, 403, 404, 404, 404, 403, 200, 404, 404, 403, 403, 403]
    private static let onlyManager = [401, 403, 403, 404, 404, 404, 403, 403, 404, 404, 200, 403, 403]
    private static let onlyTechnician = [401, 403, 403, 404, 404, 404, 403, 403, 404, 404, 403, 200, 403]
    private static let desk = [401, 403, 403, 404, 404, 404, 403, 403, 404, 404, 200, 200, 200]

    /// Columns: nobody, super-admin, complainant, colleague, stranger, consultation-officer, head, director, task-giver, assigned-officer,
    /// ict-manager, technician, other technician. `{r.…}` are service requests, the others complaints.
    static let rows: [PrivilegeMatrix.Row] = [
        .init("listTickets", .get, ticket, [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]),
        .init(
            "createTicket",
            .post,
            ticket,
            #"{"kind":"complaint","problem":"x"}"#,
            [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]
        ),
        .init(
            "createTicket for a service",
            .post,
            ticket,
            #"{"kind":"service_request","problem":"x"}"#,
            [401, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201, 201]
        ),
        .init("getTicket of a draft", .get, ticket + "/{draft}", seen),
        .init("getTicket", .get, ticket + "/{assigned}", seen),
        .init("getTicket for a service", .get, ticket + "/{r.considered}", seen),
        .init("getTicketHistory", .get, ticket + "/{assigned}/history", seen),
        .init("getTicketTimings", .get, ticket + "/{assigned}/timings", seen),
        .init("getTicketForm", .get, ticket + "/{assigned}/form?format=html", seen),
        .init("updateTicket", .patch, ticket + "/{draft}", #"{"problem":"Changed"}"#, onlyComplainant),
        .init("submitTicket", .post, ticket + "/{draft}/submit", "{}", onlyComplainant),
        .init("submitTicket for a service", .post, ticket + "/{r.draft}/submit", "{}", onlyComplainant),
        .init("cancelTicket", .post, ticket + "/{inProgress}/cancel", reason, onlyComplainant),
        .init("cancelTicket for a service", .post, ticket + "/{r.assigned}/cancel", reason, onlyComplainant),

        .init(
            "pauseTicket",
            .post,
            ticket + "/{inProgress}/pause",
            reason,
            [401, 200, 403, 404, 404, 404, 403, 403, 404, 404, 403, 200, 403]
        ),
        .init(
            "resumeTicket of what runs",
            .post,
            ticket + "/{inProgress}/resume",
            "{}",
            [401, 409, 403, 404, 404, 404, 403, 403, 404, 404, 403, 409, 403]
        ),

        // The complaint.
        .init("dispatchTicket", .post, ticket + "/{submitted}/dispatch", officer, onlyManager),
        .init("startTicket", .post, ticket + "/{assigned}/start", "{}", onlyTechnician),
        .init("followUpTicket", .post, ticket + "/{inProgress}/follow-up", #"{"result":"x"}"#, onlyTechnician),
        .init("notSolvedTicket", .post, ticket + "/{awaitingCheck}/not-solved", reason, onlyComplainant),
        .init("solvedTicket", .post, ticket + "/{awaitingCheck}/solved", "{}", onlyComplainant),
        .init("reportTicket", .post, ticket + "/{resolved}/report", #"{"summary":"x"}"#, onlyTechnician),
        .init("closeTicket", .post, ticket + "/{reported}/close", "{}", onlyManager),

        // The gates of the service request.
        .init("registerTicket", .post, ticket + "/{r.submitted}/register", "{}", desk),
        .init("disposeTicket", .post, ticket + "/{r.registered}/dispose", #"{"instruction":"x"}"#, onlyManager),
        .init("examineTicket", .post, ticket + "/{r.disposed}/examine", #"{"findings":"x"}"#, desk),
        .init("classifyTicket", .post, ticket + "/{r.examined}/classify", #"{"category":"data"}"#, desk),
        .init("verifyTicket", .post, ticket + "/{r.classified}/verify", "{}", onlyManager),
        .init(
            "prioritiseTicket",
            .post,
            ticket + "/{r.verified}/prioritise",
            #"{"urgency":"low","priority":"low"}"#,
            onlyManager
        ),
        .init("considerTicket", .post, ticket + "/{r.prioritised}/consider", #"{"recommendation":"x"}"#, onlyHead),
        .init("approveTicket", .post, ticket + "/{r.considered}/approve", "{}", onlyDirector),
        .init("rejectTicket", .post, ticket + "/{r.considered}/reject", reason, onlyDirector),
        .init("assignTicket", .post, ticket + "/{r.approved}/assign", officer, onlyManager),
        .init("handleTicket", .post, ticket + "/{r.assigned}/handle", #"{"result":"x"}"#, onlyTechnician),
    ]
}
