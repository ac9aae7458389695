import Domain
import HTTP
import TestSupport
import Testing

/// The people of all three kinds of cases.
struct Desk {
    let cast: Cast
    let giver: APIHouse.Person
    let worker: APIHouse.Person
    let manager: APIHouse.Person
    let technician: APIHouse.Person

    init(in house: APIHouse) async throws {
        cast = try await Cast(in: house)
        giver = try await house.person("giver", [.taskGiver], in: cast.directorate)
        worker = try await house.person("worker", [.assignedOfficer], in: cast.directorate)
        manager = try await house.person("manager", [.ictManager], in: cast.directorate)
        technician = try await house.person("technician", [.ictOfficer], in: cast.directorate)
    }
}

extension APIHouse {
    /// Sends a request that must end with `status`.
    @discardableResult
    func expect(
        _ status: Int,
        _ method: HTTP.Method,
        _ target: String,
        _ body: String? = nil,
        as person: Person,
        headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await send(method, target, body, as: person, headers: headers)
        #expect(answer.status == status, "\(method) \(target): \(answer.text)", sourceLocation: sourceLocation)
        return answer
    }

    /// A work item, submitted to the officer unless it is to stay a draft; returns its id.
    func workItem(_ desk: Desk, title: String = "A task", isDraft: Bool = false) async throws -> String {
        let body = #"{"title":"\#(title)","description":"What to do","officer_id":"\#(desk.worker.id)"}"#
        let id = try #require(try await send(.post, "/v1/workspace-items", body, as: desk.giver).text("id"))
        if !isDraft { try await expect(200, .post, "/v1/workspace-items/\(id)/submit", "{}", as: desk.giver) }
        return id
    }

    /// A ticket of `person`, submitted unless it is to stay a draft; returns its id.
    func ticket(by person: Person, _ kind: String = "complaint", problem: String = "It is broken", isDraft: Bool = false) async throws
        -> String
    {
        let body = #"{"kind":"\#(kind)","problem":"\#(problem)"}"#
        let id = try #require(try await send(.post, "/v1/tickets", body, as: person).text("id"))
        if !isDraft { try await expect(200, .post, "/v1/tickets/\(id)/submit", "{}", as: person) }
        return id
    }
}
