import HTTP

/// Comments and attachments: read as the case is, written by those who see it and may write such cases.
extension PrivilegeMatrix {
    private static let comment = #"{"text":"A remark"}"#

    /// The columns are those of `rows`; `{file}` is an attachment of the requester's on the assigned consultation.
    static let attachmentRows: [Row] =
        [
            Row(
                "listConsultationComments",
                .get,
                "/v1/consultations/{assigned}/comments",
                [401, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403]
            ),
            Row(
                "createConsultationComment",
                .post,
                "/v1/consultations/{assigned}/comments",
                comment,
                [401, 201, 201, 201, 404, 201, 404, 201, 403, 403, 403, 403, 403]
            ),
            Row(
                "listConsultationAttachments",
                .get,
                "/v1/consultations/{assigned}/attachments",
                [401, 200, 200, 200, 404, 200, 404, 200, 200, 403, 403, 403, 403]
            ),
            // Whoever may attach is told that JSON without a name is no file.
            Row(
                "createConsultationAttachment",
                .post,
                "/v1/consultations/{assigned}/attachments",
                "{}",
                [401, 422, 422, 422, 404, 422, 404, 422, 403, 403, 403, 403, 403]
            ),
            Row(
                "listWorkspaceItemComments",
                .get,
                "/v1/workspace-items/{item}/comments",
                [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 404, 404, 404]
            ),
            Row(
                "createWorkspaceItemComment",
                .post,
                "/v1/workspace-items/{item}/comments",
                comment,
                [401, 201, 404, 404, 404, 403, 403, 403, 403, 201, 404, 403, 403]
            ),
            Row(
                "listWorkspaceItemAttachments",
                .get,
                "/v1/workspace-items/{item}/attachments",
                [401, 200, 404, 404, 404, 404, 404, 200, 200, 200, 404, 404, 404]
            ),
            Row(
                "createWorkspaceItemAttachment",
                .post,
                "/v1/workspace-items/{item}/attachments",
                "{}",
                [401, 422, 404, 404, 404, 403, 403, 403, 403, 422, 404, 403, 403]
            ),
            Row(
                "listTicketComments",
                .get,
                "/v1/tickets/{ticket}/comments",
                [401, 200, 200, 404, 404, 404, 404, 200, 200, 404, 404, 200, 200]
            ),
            Row(
                "createTicketComment",
                .post,
                "/v1/tickets/{ticket}/comments",
                comment,
                [401, 201, 201, 404, 404, 404, 404, 201, 201, 404, 404, 201, 201]
            ),
            Row(
                "listTicketAttachments",
                .get,
                "/v1/tickets/{ticket}/attachments",
                [401, 200, 200, 404, 404, 404, 404, 200, 200, 404, 404, 200, 200]
            ),
            Row(
                "createTicketAttachment",
                .post,
                "/v1/tickets/{ticket}/attachments",
                "{}",
                [401, 422, 422, 404, 404, 404, 404, 422, 422, 404, 404, 422, 422]
            ),
            Row("getAttachment", .get, "/v1/attachments/{file}", [401, 200, 200, 200, 404, 200, 404, 200, 200, 404, 404, 404, 404]),
            Row(
                "getAttachmentContent",
                .get,
                "/v1/attachments/{file}/content",
                [401, 200, 200, 200, 404, 200, 404, 200, 200, 404, 404, 404, 404]
            ),
            Row(
                "deleteAttachment",
                .delete,
                "/v1/attachments/{file}",
                [401, 204, 204, 403, 404, 403, 404, 403, 403, 404, 404, 404, 404]
            ),
        ]
}
