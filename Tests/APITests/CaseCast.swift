import Domain
import HTTP
import TestSupport
import Testing

/// The people of work items and tickets: two units outside, and the directorate with two of each who may stand in for the other.
struct CaseCast {
    let directorate: Domain.Unit
    let unit: Domain.Unit
    let otherUnit: Domain.Unit
    let admin: APIHouse.Person
    let head: APIHouse.Person
    let director: APIHouse.Person
    let giver: APIHouse.Person
    let otherGiver: APIHouse.Person
    /// The one whom the work is given to.
    let officer: APIHouse.Person
    let otherOfficer: APIHouse.Person
    let consultant: APIHouse.Person
    let manager: APIHouse.Person
    /// The one who handles the tickets.
    let technician: APIHouse.Person
    let otherTechnician: APIHouse.Person
    let complainant: APIHouse.Person
    let colleague: APIHouse.Person
    let stranger: APIHouse.Person
    /// External by his role, though of the unit that the work items belong to.
    let guest: APIHouse.Person

    init(in house: APIHouse) async throws {
        directorate = try await house.unit("KI", kind: .directorate)
        unit = try await house.unit("A")
        otherUnit = try await house.unit("B")
        admin = try await house.person("admin", [.superAdmin], in: directorate)
        head = try await house.person("head", [.subdirectorateHead], in: directorate)
        director = try await house.person("director", [.director], in: directorate)
        giver = try await house.person("giver", [.taskGiver], in: directorate)
        otherGiver = try await house.person("other.giver", [.taskGiver], in: directorate)
        officer = try await house.person("officer", [.assignedOfficer], in: directorate)
        otherOfficer = try await house.person("other.officer", [.assignedOfficer], in: directorate)
        consultant = try await house.person("consultant", [.consultationOfficer], in: directorate)
        manager = try await house.person("manager", [.ictManager], in: directorate)
        technician = try await house.person("technician", [.ictOfficer], in: directorate)
        otherTechnician = try await house.person("other.technician", [.ictOfficer], in: directorate)
        complainant = try await house.person("complainant", [.workUnit], in: unit)
        colleague = try await house.person("colleague", [.workUnit], in: unit)
        stranger = try await house.person("stranger", [.workUnit], in: otherUnit)
        guest = try await house.person("guest", [.workUnit], in: directorate)
    }
}

/// The states of a work item on the straight way, in their order.
enum WorkStage: Int, CaseIterable {
    case draft, assigned, inVerification, verified, inProgress, completed
}

/// The states of a complaint on the straight way, in their order.
enum ComplaintStage: Int, CaseIterable {
    case draft, submitted, assigned, inProgress, awaitingCheck, resolved, reported, closed
}

/// The states of a service request on the straight way, in their order.
enum RequestStage: Int, CaseIterable {
    case draft, submitted, registered, disposed, examined, classified, verified, prioritised, considered, approved, assigned, closed
}

extension APIHouse {
    typealias Move = (event: String, body: String, person: Person)

    static let newWorkItem = #"{"title":"A guide","description":"Write the guide."}"#
    static let newComplaint = #"{"kind":"complaint","problem":"The network is down."}"#
    static let newRequest = #"{"kind":"service_request","problem":"An account, please."}"#

    /// Makes a case and moves it; returns its id.
    private func make(_ collection: String, _ body: String, as maker: Person, _ moves: ArraySlice<Move>) async throws -> String {
        let created = try await send(.post, "/v1/\(collection)", body, as: maker)
        let id = try #require(created.text("id"), "\(created.status) \(created.text)")
        for (event, body, person) in moves {
            let moved = try await send(.post, "/v1/\(collection)/\(id)/\(event)", body, as: person)
            try #require(moved.status == 200, "\(event): \(moved.status) \(moved.text)")
        }
        return id
    }

    func workItem(
        _ cast: CaseCast,
        upTo stage: WorkStage = .draft,
        _ body: String = APIHouse.newWorkItem,
        giver: Person? = nil,
        officer: Person? = nil
    ) async throws -> String {
        let (giver, officer) = (giver ?? cast.giver, officer ?? cast.officer)
        let moves: [Move] = [
            ("submit", #"{"officer_id":"\#(officer.id)"}"#, giver), ("receive", "{}", officer), ("approve", "{}", cast.admin),
            ("acknowledge", "{}", giver), ("complete", #"{"result":"Done"}"#, officer),
        ]
        return try await make("workspace-items", body, as: giver, moves.prefix(stage.rawValue))
    }

    func complaint(
        _ cast: CaseCast,
        upTo stage: ComplaintStage = .draft,
        _ body: String = APIHouse.newComplaint,
        by complainant: Person? = nil
    ) async throws -> String {
        let complainant = complainant ?? cast.complainant
        let moves: [Move] = [
            ("submit", "{}", complainant), ("dispatch", #"{"officer_id":"\#(cast.technician.id)"}"#, cast.manager),
            ("start", "{}", cast.technician), ("follow-up", #"{"result":"Restarted"}"#, cast.technician), ("solved", "{}", complainant),
            ("report", #"{"summary":"A switch had hung"}"#, cast.technician), ("close", "{}", cast.manager),
        ]
        return try await make("tickets", body, as: complainant, moves.prefix(stage.rawValue))
    }

    func serviceRequest(
        _ cast: CaseCast,
        upTo stage: RequestStage = .draft,
        _ body: String = APIHouse.newRequest,
        by complainant: Person? = nil,
        category: String = "software",
        priority: String = #"{"urgency":"medium","priority":"medium"}"#
    ) async throws -> String {
        let complainant = complainant ?? cast.complainant
        let moves: [Move] = [
            ("submit", "{}", complainant), ("register", "{}", cast.technician),
            ("dispose", #"{"instruction":"Look into it"}"#, cast.manager), ("examine", #"{"findings":"Fine"}"#, cast.technician),
            ("classify", #"{"category":"\#(category)"}"#, cast.technician), ("verify", "{}", cast.manager),
            ("prioritise", priority, cast.manager), ("consider", #"{"recommendation":"Yes"}"#, cast.head),
            ("approve", "{}", cast.director), ("assign", #"{"officer_id":"\#(cast.technician.id)"}"#, cast.manager),
            ("handle", #"{"result":"Made"}"#, cast.technician),
        ]
        return try await make("tickets", body, as: complainant, moves.prefix(stage.rawValue))
    }

    /// The names of the actions that an answer offers.
    static func actions(_ answer: Answer) -> [String] { answer.json.elements(at: "actions").compactMap { $0.text(at: "name") } }

    /// One line for each timing of a case, the first first: step and attempt, outcome, verdict, seconds and standard.
    func timings(_ path: String, as person: Person) async throws -> [String] {
        try await send(.get, "\(path)/timings?sort=created_at&limit=200", as: person).data.map { row in
            "\(row.integer(at: "step_no") ?? 0).\(row.integer(at: "attempt") ?? 0) \(row.text(at: "outcome") ?? "-")"
                + " \(row.text(at: "verdict") ?? "-") \(row.integer(at: "elapsed_s") ?? -1)"
                + " \(row.integer(at: "standard_s").map(String.init) ?? "-")"
        }
    }

    /// One line for each event of a case, the first first: event, states, reason or note, and who.
    func history(_ path: String, as person: Person) async throws -> [String] {
        try await send(.get, "\(path)/history?sort=created_at&limit=200", as: person).data.map { row in
            "\(row.text(at: "event") ?? "") \(row.text(at: "from") ?? "-") \(row.text(at: "to") ?? "-")"
                + " \(row.text(at: "reason") ?? row.text(at: "note") ?? "-") \(row.text(at: "actor.name") ?? "-")"
        }
    }
}
