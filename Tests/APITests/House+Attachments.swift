import API
import Domain
import FoundationEssentials
import HTTP
import TestSupport

extension APIHouse {
    /// Sends a file as the body of a request to the attachments of the case at `path`.
    func attach(
        _ content: String,
        as name: String,
        _ type: String,
        to path: String,
        by person: Person?,
        query: String = "",
        headers: [String: String] = [:]
    ) async throws -> Answer {
        let own = ["content-type": type, "content-disposition": "attachment; filename=\"\(name)\""]
        return try await send(.post, "\(path)/attachments\(query)", content, as: person, headers: own.merging(headers) { $1 })
    }

    /// How many files lie in the directory of attachments, half written ones too.
    var storedFiles: Int {
        ((try? FileManager.default.subpathsOfDirectory(atPath: directory + "/attachments")) ?? []).count { $0.contains("/") }
    }

    /// The head of a request, as the server shows it before the body.
    func reception(_ target: String, as person: Person?, headers: [String: String]) throws -> Reception {
        var fields = Headers()
        if let person { fields.append("authorization", "Bearer \(person.token)") }
        for (name, value) in headers { fields.append(name, value) }
        return application.reception(
            of: Request(method: .post, target: try Target(parsing: target.utf8), headers: fields, clientAddress: "192.0.2.1", id: "head")
        )
    }
}
