package import Domain
import HTTP

/// Reads the catalogue of procedures that the program carries.
package enum Catalogue {
    /// What is wrong with the catalogue, in one line.
    package struct Fault: Error {
        package let line: String
    }

    /// The procedures of a catalogue document, each as its version 1.
    package static func procedures(in bytes: [UInt8]) throws(Fault) -> [Procedure] {
        let value: JSONValue
        do { value = try JSONReader.parse(bytes) } catch { throw Fault(line: error.detail(in: .english)) }
        guard case .array(let entries) = value else { throw Fault(line: "The catalogue is no array.") }
        return try entries.map { entry throws(Fault) in try procedure(entry, version: 1) }
    }

    private static func procedure(_ entry: JSONValue, version: Int) throws(Fault) -> Procedure {
        guard case .object(var object) = entry, let code = object.text("code"), let title = object["title"],
            let issuer = object.text("issuer"), case .array(let entries) = object["steps"]
        else { throw Fault(line: "A procedure lacks its code, title, issuer or steps.") }
        let dayMinutes = object.integer("working_day_minutes") ?? 450
        let steps = try entries.map { entry throws(Fault) in
            guard case .object(let step) = entry, let number = step.integer("no"), let stepCode = step.text("code"),
                let role = step.text("role"), let scope = step.text("scope")
            else { throw Fault(line: "A step of \(code) lacks its no, code, role or scope.") }
            return Procedure.Step(
                number: number,
                code: stepCode,
                role: role,
                scope: scope,
                standard: try standard(step["standard"], dayMinutes: dayMinutes, of: "\(code) step \(number)")
            )
        }
        object.insert("version", .integer(Int64(version)), at: 1)
        var json = JSONWriter(capacity: 16_384)
        JSONValue.object(object).write(to: &json)
        return Procedure(
            code: code,
            version: version,
            number: object.text("number"),
            title: Text(id: title.text("id") ?? code, en: title.text("en") ?? code),
            issuer: issuer,
            effectiveDate: object.text("effective_date"),
            steps: steps,
            document: String(decoding: json.finish(), as: UTF8.self)
        )
    }

    /// The standard in milliseconds of working time; a day is the working day of the procedure.
    private static func standard(_ value: JSONValue?, dayMinutes: Int, of step: String) throws(Fault) -> Int64? {
        guard case .object(let standard) = value else { return nil }
        guard let amount = standard.integer("value"), (1...10_000).contains(amount), let unit = standard.text("unit") else {
            throw Fault(line: "The standard of \(step) lacks its value or unit.")
        }
        let minutes: Int
        switch unit {
        case "minute": minutes = 1
        case "hour": minutes = 60
        case "day": minutes = dayMinutes
        default: throw Fault(line: "The standard of \(step) has the unknown unit \(unit).")
        }
        return Int64(amount * minutes) * 60_000
    }
}

extension JSONObject {
    func text(_ name: String) -> String? { if case .string(let text) = self[name] { text } else { nil } }

    func integer(_ name: String) -> Int? { if case .integer(let number) = self[name] { Int(number) } else { nil } }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String? { if case .object(let object) = self { object.text(name) } else { nil } }
}
