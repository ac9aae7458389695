import Domain
import HTTP
import TestSupport
import Testing

/// The rows of the privilege matrix beyond one case, cell by cell.
@Suite struct DeskPrivilegeTests {
    @Test func `every caller may do beyond one case what the matrix says and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let desk = try await Desk(in: house)
            let cast = desk.cast
            let callers: [PrivilegeMatrix.Caller: APIHouse.Person] = [
                .superAdmin: cast.admin, .requester: cast.asker, .colleague: cast.colleague, .stranger: cast.stranger,
                .officer: cast.officer,
                .otherOfficer: cast.otherOfficer, .head: cast.head, .director: cast.director, .taskGiver: desk.giver,
                .assignedOfficer: desk.worker, .ictManager: desk.manager, .ictOfficer: desk.technician,
            ]
            var places = [
                "{assigned}": try await house.consultation(cast, upTo: .assigned), "{other}": try await house.consultation(cast),
                "{item}": try await house.workItem(desk), "{ticket}": try await house.ticket(by: cast.asker),
            ]
            func filled(_ text: String) -> String {
                places.reduce(text) { text, place in
                    text.split(separator: place.key, omittingEmptySubsequences: false).joined(separator: place.value)
                }
            }
            for (name, of) in [
                ("{link}", "consultations/{assigned}"), ("{itemLink}", "workspace-items/{item}"), ("{ticketLink}", "tickets/{ticket}"),
            ] {
                let body = filled(#"{"type":"caused_by","target":"{other}"}"#)
                places[name] = try await house.expect(201, .post, filled("/v1/\(of)/links"), body, as: cast.admin).text("id")
            }
            for row in DeskMatrix.rows {
                #expect(row.statuses.count == PrivilegeMatrix.Caller.allCases.count, "\(row.operation)")
                let target = filled(row.target) + (row.method == .get ? "" : "?dry_run=true")
                for (caller, status) in zip(PrivilegeMatrix.Caller.allCases, row.statuses) {
                    let answer = try await house.send(row.method, target, row.body.map(filled), as: callers[caller])
                    #expect(answer.status == status, "\(row.operation) by \(caller.rawValue): \(answer.text)")
                }
            }
        }
    }
}
