import HTTP

extension PrivilegeMatrix {
    /// The rows of every file.
    static var allRows: [Row] { rows + runRows }

    private static let onlyAdminPublishes = [401, 201, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 403]

    /// Versions of procedures and runs of them; the columns are those of `rows`.
    static let runRows: [Row] = [
        Row("createProcedureVersion", .post, "/v1/procedures/brand-new/versions", version, onlyAdminPublishes)
    ]

    private static let version = #"""
        {"title":{"id":"x","en":"x"},"issuer":"KI","roles":[{"code":"clerk","title":{"id":"x","en":"x"}}],"steps":[{"no":1,"code":"a",
        "title":{"id":"x","en":"x"},"role":"clerk","also":[],"role_basis":"stated","scope":"case","inputs":[],"outputs":[],"checklist":[],
        "standard":null,"recurrence":null,"decision":null,"implied_decision":null}]}
        """#
}
