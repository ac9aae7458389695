import HTTP

/// Who may do what to work items, written by hand from the domain guide: an external user gets 404 everywhere.
enum WorkspaceItemMatrix {
    /// The columns of the table.
    enum Caller: String, CaseIterable {
        case nobody
        case superAdmin = "super-admin"
        /// The task giver who gave the work.
        case giver
        /// Another task giver of the same unit.
        case otherGiver = "other-giver"
        /// The officer in charge.
        case officer
        case otherOfficer = "other-officer"
        case consultant = "consultation-officer"
        case head = "subdirectorate-head"
        case director
        case ictManager = "ict-manager"
        case ictOfficer = "ict-officer"
        /// External, of the very unit that the work belongs to.
        case guest
        /// External, of another unit.
        case stranger
    }

    private static let item = "/v1/workspace-items"
    private static let reason = #"{"reason":"Because"}"#
    private static let officer = #"{"officer_id":"{officer}"}"#

    private static let seenInDraft = [401, 200, 200, 404, 404, 404, 404, 200, 200, 404, 404, 404, 404]
    private static let seen = [401, 200, 200, 404, 200, 404, 404, 200, 200, 404, 404, 404, 404]
    private static let giverInDraft = [401, 403, 200, 404, 404, 404, 403, 403, 403, 403, 403, 404, 404]
    private static let onlyGiver = [401, 403, 200, 404, 403, 404, 403, 403, 403, 403, 403, 404, 404]
    private static let onlyOfficer = [401, 403, 403, 404, 200, 404, 403, 403, 403, 403, 403, 404, 404]
    private static let onlyAdmin = [401, 200, 403, 404, 403, 404, 403, 403, 403, 403, 403, 404, 404]

    /// Columns: nobody, super-admin, giver, other giver, officer, other officer, consultation-officer, head, director, ict-manager,
    /// ict-officer, external of the same unit, external of another. The draft has no officer yet.
    static let rows: [PrivilegeMatrix.Row] = [
        .init("listWorkspaceItems", .get, item, [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 404, 404]),
        .init(
            "createWorkspaceItem",
            .post,
            item,
            #"{"title":"A guide","description":"Text"}"#,
            [401, 403, 201, 201, 403, 403, 403, 403, 403, 403, 403, 404, 404]
        ),
        .init("getWorkspaceItem of a draft", .get, item + "/{draft}", seenInDraft),
        .init("getWorkspaceItem", .get, item + "/{assigned}", seen),
        .init("getWorkspaceItemHistory", .get, item + "/{assigned}/history", seen),
        .init("getWorkspaceItemTimings", .get, item + "/{assigned}/timings", seen),
        .init("listWorkspaceItemProgress", .get, item + "/{inProgress}/progress", seen),
        .init("updateWorkspaceItem of a draft", .patch, item + "/{draft}", #"{"title":"Changed"}"#, giverInDraft),
        .init(
            "updateWorkspaceItem",
            .patch,
            item + "/{assigned}",
            #"{"title":"Changed"}"#,
            [401, 403, 409, 404, 200, 404, 403, 403, 403, 403, 403, 404, 404]
        ),
        .init("submitWorkspaceItem", .post, item + "/{draft}/submit", officer, giverInDraft),
        .init("receiveWorkspaceItem", .post, item + "/{assigned}/receive", "{}", onlyOfficer),
        .init("returnWorkspaceItem", .post, item + "/{inVerification}/return", reason, onlyAdmin),
        .init("approveWorkspaceItem", .post, item + "/{inVerification}/approve", "{}", onlyAdmin),
        .init("acknowledgeWorkspaceItem", .post, item + "/{verified}/acknowledge", "{}", onlyGiver),
        .init("progressWorkspaceItem", .post, item + "/{inProgress}/progress", #"{"percent":1,"note":"x"}"#, onlyOfficer),
        .init("completeWorkspaceItem", .post, item + "/{inProgress}/complete", #"{"result":"x"}"#, onlyOfficer),
        .init("cancelWorkspaceItem of a draft", .post, item + "/{draft}/cancel", reason, giverInDraft),
        .init("cancelWorkspaceItem", .post, item + "/{inProgress}/cancel", reason, onlyGiver),
    ]
}
