import HTTP

/// Who may do what beyond one case: the rows of the privilege matrix for links and for what gathers cases of all kinds.
///
/// `{item}` is a work item of the task giver in the hands of the assigned officer, `{ticket}` a ticket of the requester.
enum DeskMatrix {
    private static let link = #"{"type":"blocks","target":"{other}"}"#
    /// Whether a batch may do what is in it is asked for each of its operations.
    private static let batch =
        #"{"mode":"atomic","operations":[{"method":"POST","path":"/v1/consultations/{assigned}/links","body":{"type":"blocks","target":"{other}"}}]}"#
    private static let everyone = [401, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]

    /// The columns are those of `PrivilegeMatrix`.
    static let rows: [PrivilegeMatrix.Row] = [
        .init("search", .get, "/v1/search?q=question", everyone),
        .init("getInbox", .get, "/v1/me/inbox", everyone),
        .init("runBatch", .post, "/v1/batch", batch, [401, 200, 200, 200, 404, 422, 404, 200, 403, 403, 403, 403, 403]),
        .init(
            "listConsultationLinks",
            .get,
            "/v1/consultations/{assigned}/links",
            [401, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403]
        ),
        .init(
            "createConsultationLink",
            .post,
            "/v1/consultations/{assigned}/links",
            link,
            [401, 201, 201, 201, 404, 422, 404, 201, 403, 403, 403, 403, 403]
        ),
        .init(
            "deleteConsultationLink",
            .delete,
            "/v1/consultations/{assigned}/links/{link}",
            [401, 204, 204, 204, 404, 404, 404, 204, 403, 403, 403, 403, 403]
        ),
        .init(
            "listWorkspaceItemLinks",
            .get,
            "/v1/workspace-items/{item}/links",
            [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200, 404, 404]
        ),
        .init(
            "createWorkspaceItemLink",
            .post,
            "/v1/workspace-items/{item}/links",
            link,
            [401, 201, 404, 404, 404, 403, 403, 403, 403, 422, 422, 403, 403]
        ),
        .init(
            "deleteWorkspaceItemLink",
            .delete,
            "/v1/workspace-items/{item}/links/{itemLink}",
            [401, 204, 404, 404, 404, 403, 403, 403, 403, 404, 404, 403, 403]
        ),
        .init("listTicketLinks", .get, "/v1/tickets/{ticket}/links", [401, 200, 200, 404, 404, 404, 404, 200, 200, 404, 404, 200, 200]),
        .init(
            "createTicketLink",
            .post,
            "/v1/tickets/{ticket}/links",
            link,
            [401, 201, 201, 404, 404, 404, 404, 201, 201, 404, 404, 422, 422]
        ),
        .init(
            "deleteTicketLink",
            .delete,
            "/v1/tickets/{ticket}/links/{ticketLink}",
            [401, 204, 204, 404, 404, 404, 404, 204, 204, 404, 404, 404, 404]
        ),
    ]
}
