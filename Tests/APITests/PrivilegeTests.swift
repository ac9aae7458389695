import API
import Domain
import HTTP
import TestSupport
import Testing

/// The privilege matrices, cell by cell.
@Suite struct PrivilegeTests {
    @Test func `the matrices have a row for every operation there is, and every row all columns`() {
        let tables = [
            (PrivilegeMatrix.allRows, PrivilegeMatrix.Caller.allCases.count),
            (PrivilegeMatrix.attachmentRows, PrivilegeMatrix.Caller.allCases.count),
            (DeskMatrix.rows, PrivilegeMatrix.Caller.allCases.count),
            (WorkspaceItemMatrix.rows, WorkspaceItemMatrix.Caller.allCases.count),
            (TicketMatrix.rows, TicketMatrix.Caller.allCases.count),
            (RegisterMatrix.rows, TicketMatrix.Caller.allCases.count),
        ]
        let named = Set(tables.flatMap { $0.0 }.map { String($0.operation.prefix { $0 != " " }) })
        #expect(named == Set(Operation.allCases.map(\.rawValue)))
        for (rows, columns) in tables {
            for row in rows { #expect(row.statuses.count == columns, "\(row.operation)") }
        }
    }

    /// A version where one is asked for, and the type of a body that is no JSON.
    private func headers(of row: PrivilegeMatrix.Row) -> [String: String] {
        if row.operation == "importHolidays" { return ["content-type": "text/calendar"] }
        return [.patch, .put, .delete].contains(row.method) ? ["if-match": "*"] : [:]
    }

    /// Asks for every cell of a table; a caller who is nil comes without a token. Writes are dry runs.
    private func check(
        _ rows: [PrivilegeMatrix.Row],
        by callers: [(name: String, person: APIHouse.Person?)],
        at places: [String: String],
        in house: APIHouse
    ) async throws {
        func filled(_ text: String) -> String {
            places.reduce(text) { text, place in
                text.split(separator: place.key, omittingEmptySubsequences: false).joined(separator: place.value)
            }
        }
        for row in rows {
            let isPlain = [.get, .head].contains(row.method) || ["createSession", "calculateWorkingTime"].contains(row.operation)
            let target = filled(row.target) + (isPlain ? "" : "?dry_run=true")
            for (caller, status) in zip(callers, row.statuses) {
                let answer = try await house.send(
                    row.method,
                    target,
                    row.body.map(filled),
                    as: caller.person,
                    headers: headers(of: row)
                )
                #expect(answer.status == status, "\(row.operation) by \(caller.name): \(answer.text)")
                if status == 401 { #expect(answer.headers["www-authenticate"] != nil) }
            }
        }
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
                "{otherOfficer}": cast.otherOfficer.id,
            ]
            let stages: [(String, Stage)] = [
                ("{draft}", .draft), ("{submitted}", .submitted), ("{assigned}", .assigned), ("{inVerification}", .inVerification),
                ("{verified}", .verified), ("{answered}", .answered),
            ]
            for (name, stage) in stages { places[name] = try await house.consultation(cast, upTo: stage) }
            for (name, body) in [("{run}", PrivilegeMatrix.run), ("{assessment}", PrivilegeMatrix.assessment)] {
                let begin = body.split(separator: "{otherOfficer}").joined(separator: cast.otherOfficer.id)
                let run = try await house.send(.post, "/v1/procedure-runs", begin, as: cast.officer)
                let id: String = try #require(run.text("id"), "\(run.text)")
                places[name] = id
            }
            let closed = try await house.consultation(cast, upTo: .closed)
            places["{point}"] = try await house.send(.get, "/v1/performance-points?subject_id=\(closed)", as: cast.admin).text("data.0.id")
            places["{recapDraft}"] = try await house.recap("consultation", "2026-11", cast)
            places["{recapSubmitted}"] = try await house.recap("consultation", "2026-10", cast, ["submit"])
            places["{recapReceived}"] = try await house.recap("consultation", "2026-09", cast, ["submit", "receive"])
            let columns = PrivilegeMatrix.Caller.allCases.map { ($0.rawValue, callers[$0]) }
            try await check(PrivilegeMatrix.allRows, by: columns, at: places, in: house)
        }
    }

    @Test func `every caller may do to every work item what the matrix says and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let callers: [WorkspaceItemMatrix.Caller: APIHouse.Person] = [
                .superAdmin: cast.admin, .giver: cast.giver, .otherGiver: cast.otherGiver, .officer: cast.officer,
                .otherOfficer: cast.otherOfficer, .consultant: cast.consultant, .head: cast.head, .director: cast.director,
                .ictManager: cast.manager, .ictOfficer: cast.technician, .guest: cast.guest, .stranger: cast.stranger,
            ]
            var places = ["{officer}": cast.officer.id]
            for stage in WorkStage.allCases { places["{\(stage)}"] = try await house.workItem(cast, upTo: stage) }
            let columns = WorkspaceItemMatrix.Caller.allCases.map { ($0.rawValue, callers[$0]) }
            try await check(WorkspaceItemMatrix.rows, by: columns, at: places, in: house)
        }
    }

    @Test func `every caller may do to every ticket what the matrix says and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            var places = ["{technician}": cast.technician.id]
            for stage in ComplaintStage.allCases { places["{\(stage)}"] = try await house.complaint(cast, upTo: stage) }
            for stage in RequestStage.allCases { places["{r.\(stage)}"] = try await house.serviceRequest(cast, upTo: stage) }
            try await check(TicketMatrix.rows, by: TicketMatrix.columns(cast), at: places, in: house)
        }
    }

    @Test func `every caller may do to every register what the matrix says and nothing else`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await CaseCast(in: house)
            let places = try await RegisterMatrix.places(cast, in: house)
            try await check(RegisterMatrix.rows, by: TicketMatrix.columns(cast), at: places, in: house)
        }
    }
}
