import Domain
import HTTP
import TestSupport
import Testing

/// One event on the way of a case, and what the answer to it must say.
struct CaseStep {
    /// The local time in Jakarta.
    let at: String
    /// `edit` is a PATCH.
    let event: String
    let body: String
    let person: APIHouse.Person
    let status: String
    let version: Int
    /// Number and attempt, code and state of the clock, such as `3.1 receive-task no_standard`.
    let clock: String
    let due: String?
    /// What the actor may do next.
    let actions: [String]

    init(
        _ at: String,
        _ event: String,
        _ body: String = "{}",
        by person: APIHouse.Person,
        _ status: String,
        _ version: Int,
        _ clock: String,
        due: String? = nil,
        _ actions: [String] = []
    ) {
        (self.at, self.event, self.body, self.person) = (at, event, body, person)
        (self.status, self.version, self.clock, self.due, self.actions) = (status, version, clock, due, actions)
    }
}

extension APIHouse.Answer {
    /// The clock in the form of `CaseStep.clock`; nil where the case has none.
    var clock: String? {
        guard let number = integer("clock.step_no"), let attempt = integer("clock.attempt") else { return nil }
        return "\(number).\(attempt) \(text("clock.step_code") ?? "") \(text("clock.state") ?? "")"
    }
}

extension APIHouse {
    /// Takes the case at `path` along `steps` and holds each answer, and a second reading, against what they say.
    func walk(_ path: String, _ steps: [CaseStep]) async throws {
        for step in steps {
            set(try #require(Instant(rfc3339: "2026-11-\(step.at):00+07:00")))
            let answer =
                step.event == "edit"
                ? try await send(.patch, path, step.body, as: step.person, headers: ["if-match": "\"\(step.version - 1)\""])
                : try await send(.post, "\(path)/\(step.event)", step.body, as: step.person)
            let label: Comment = "\(step.event) at \(step.at): \(answer.text)"
            try #require(answer.status == 200, label)
            #expect(answer.text("status") == step.status, label)
            #expect(answer.integer("version") == step.version && answer.headers["etag"] == "\"\(step.version)\"", label)
            #expect(answer.clock == step.clock, label)
            #expect(answer.text("clock.due_at") == step.due, label)
            #expect(APIHouse.actions(answer) == step.actions, label)
            #expect(try await send(.get, path, as: step.person).json == answer.json, label)
        }
    }
}
