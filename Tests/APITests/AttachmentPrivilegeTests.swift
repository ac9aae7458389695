import API
import Domain
import HTTP
import TestSupport
import Testing

/// The rows of the matrix on comments and attachments, cell by cell.
@Suite struct AttachmentPrivilegeTests {
    @Test func `every caller may do to comments and attachments what the matrix says and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            var callers: [PrivilegeMatrix.Caller: APIHouse.Person] = [
                .superAdmin: cast.admin, .requester: cast.asker, .colleague: cast.colleague, .stranger: cast.stranger,
                .officer: cast.officer, .otherOfficer: cast.otherOfficer, .head: cast.head, .director: cast.director,
            ]
            let others: [(PrivilegeMatrix.Caller, Role)] = [
                (.taskGiver, .taskGiver), (.assignedOfficer, .assignedOfficer), (.ictManager, .ictManager), (.ictOfficer, .ictOfficer),
            ]
            for (caller, role) in others { callers[caller] = try await house.person(role.rawValue, [role], in: cast.directorate) }
            let assigned = try await house.consultation(cast, upTo: .assigned)
            let item = try await house.send(
                .post,
                "/v1/workspace-items",
                #"{"title":"Work","description":"Text"}"#,
                as: callers[.taskGiver]
            )
            let ticket = try await house.send(.post, "/v1/tickets", #"{"kind":"complaint","problem":"Broken"}"#, as: cast.asker)
            let file = try await house.attach("%PDF-1", as: "a.pdf", "application/pdf", to: "/v1/consultations/\(assigned)", by: cast.asker)
            let places = [
                "{assigned}": assigned, "{item}": try #require(item.text("id")), "{ticket}": try #require(ticket.text("id")),
                "{file}": try #require(file.text("id")),
            ]
            for row in PrivilegeMatrix.attachmentRows {
                #expect(row.statuses.count == PrivilegeMatrix.Caller.allCases.count, "\(row.operation)")
                var target = row.target + (row.method == .get ? "" : "?dry_run=true")
                for (name, id) in places { target = target.split(separator: name, omittingEmptySubsequences: false).joined(separator: id) }
                for (caller, status) in zip(PrivilegeMatrix.Caller.allCases, row.statuses) {
                    let answer = try await house.send(row.method, target, row.body, as: callers[caller])
                    #expect(answer.status == status, "\(row.operation) by \(caller.rawValue): \(answer.text)")
                }
            }
        }
    }
}
