import API
import Domain
import HTTP
import TestSupport
import Testing

/// The privilege matrix, cell by cell.
@Suite struct PrivilegeTests {
    @Test func `the matrix has a row for every operation there is, and every row all columns`() {
        let named = Set(PrivilegeMatrix.allRows.map { String($0.operation.prefix { $0 != " " }) })
        #expect(named == Set(Operation.allCases.map(\.rawValue)))
        for row in PrivilegeMatrix.allRows { #expect(row.statuses.count == PrivilegeMatrix.Caller.allCases.count, "\(row.operation)") }
    }

    /// A version where one is asked for, and the type of a body that is no JSON.
    private func headers(of row: PrivilegeMatrix.Row) -> [String: String] {
        if row.operation == "importHolidays" { return ["content-type": "text/calendar"] }
        return [.patch, .put, .delete].contains(row.method) ? ["if-match": "*"] : [:]
    }

    @Test func `every caller may do to every object what the matrix says and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            var callers: [PrivilegeMatrix.Caller: APIHouse.Person] = [
                .superAdmin: cast.admin, .requester: cast.asker, .colleague: cast.colleague, .stranger: cast.stranger,
                .officer: cast.officer,
                .otherOfficer: cast.otherOfficer, .head: cast.head, .director: cast.director,
            ]
            let others: [(PrivilegeMatrix.Caller, Role)] = [
                (.taskGiver, .taskGiver), (.assignedOfficer, .assignedOfficer), (.ictManager, .ictManager), (.ictOfficer, .ictOfficer),
            ]
            for (caller, role) in others { callers[caller] = try await house.person(role.rawValue, [role], in: cast.directorate) }
            var places = [
                "{own}": cast.unit.id.text, "{user}": cast.asker.id, "{officer}": cast.officer.id, "{token}": cast.asker.tokenID.text,
            ]
            let stages: [(String, Stage)] = [
                ("{draft}", .draft), ("{submitted}", .submitted), ("{assigned}", .assigned), ("{inVerification}", .inVerification),
                ("{verified}", .verified), ("{answered}", .answered),
            ]
            for (name, stage) in stages { places[name] = try await house.consultation(cast, upTo: stage) }
            func filled(_ text: String) -> String {
                places.reduce(text) { text, place in
                    text.split(separator: place.key, omittingEmptySubsequences: false).joined(separator: place.value)
                }
            }
            for row in PrivilegeMatrix.allRows {
                let isPlain = [.get, .head].contains(row.method) || ["createSession", "calculateWorkingTime"].contains(row.operation)
                let target = filled(row.target) + (isPlain ? "" : "?dry_run=true")
                for (caller, status) in zip(PrivilegeMatrix.Caller.allCases, row.statuses) {
                    let answer = try await house.send(
                        row.method,
                        target,
                        row.body.map(filled),
                        as: callers[caller],
                        headers: headers(of: row)
                    )
                    #expect(answer.status == status, "\(row.operation) by \(caller.rawValue): \(answer.text)")
                    if status == 401 { #expect(answer.headers["www-authenticate"] != nil) }
                }
            }
        }
    }
}
