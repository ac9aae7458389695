import Domain
import HTTP
import TestSupport
import Testing

/// The people of a consultation: two units, two officers, and the leaders.
struct Cast {
    let directorate: Domain.Unit
    let unit: Domain.Unit
    let otherUnit: Domain.Unit
    let asker: APIHouse.Person
    let colleague: APIHouse.Person
    let stranger: APIHouse.Person
    let admin: APIHouse.Person
    let officer: APIHouse.Person
    let otherOfficer: APIHouse.Person
    let head: APIHouse.Person
    let director: APIHouse.Person

    init(in house: APIHouse) async throws {
        directorate = try await house.unit("KI", kind: .directorate)
        unit = try await house.unit("A")
        otherUnit = try await house.unit("B")
        asker = try await house.person("asker", [.workUnit], in: unit)
        colleague = try await house.person("colleague", [.workUnit], in: unit)
        stranger = try await house.person("stranger", [.workUnit], in: otherUnit)
        admin = try await house.person("admin", [.superAdmin], in: directorate)
        officer = try await house.person("officer", [.consultationOfficer], in: directorate)
        otherOfficer = try await house.person("other.officer", [.consultationOfficer], in: directorate)
        head = try await house.person("head", [.subdirectorateHead], in: directorate)
        director = try await house.person("director", [.director], in: directorate)
    }
}

/// The states on the straight way, in their order.
enum Stage: Int, CaseIterable {
    case draft, submitted, assigned, inVerification, verified, answered, closed
}

extension APIHouse {
    static let newConsultation = #"{"subject":"A question","detail":"What does the rule ask of us?"}"#

    /// Makes a consultation and takes it along the straight way; returns its id.
    func consultation(
        _ cast: Cast,
        upTo stage: Stage = .draft,
        _ body: String = APIHouse.newConsultation,
        asker: Person? = nil,
        officer: Person? = nil
    ) async throws -> String {
        let (asker, officer) = (asker ?? cast.asker, officer ?? cast.officer)
        let created = try await send(.post, "/v1/consultations", body, as: asker)
        let id = try #require(created.text("id"), "\(created.status) \(created.text)")
        let steps: [(String, String, Person)] = [
            ("submit", "{}", asker),
            ("assign", #"{"officer_id":"\#(officer.id)"}"#, cast.admin),
            ("propose", #"{"answer":"The hidden answer","plan":"The hidden plan"}"#, officer),
            ("approve", "{}", cast.head),
            ("deliver", "{}", officer),
            ("acknowledge", "{}", asker),
        ]
        for (event, body, person) in steps.prefix(stage.rawValue) {
            let moved = try await send(.post, "/v1/consultations/\(id)/\(event)", body, as: person)
            try #require(moved.status == 200, "\(event): \(moved.status) \(moved.text)")
        }
        return id
    }
}

/// The rows of a CSV document (RFC 4180).
func csvRows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending: UnicodeScalar?
    while let scalar = pending ?? scalars.next() {
        pending = nil
        switch (scalar, isQuoted) {
        case ("\"", true):
            pending = scalars.next()
            if pending == "\"" {
                cell.unicodeScalars.append("\"")
                pending = nil
            } else {
                isQuoted = false
            }
        case ("\"", false): isQuoted = true
        case (",", false):
            row.append(cell)
            cell = ""
        case ("\r", false): break
        case ("\n", false):
            rows.append(row + [cell])
            (row, cell) = ([], "")
        default: cell.unicodeScalars.append(scalar)
        }
    }
    return rows
}
