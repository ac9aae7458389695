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
        return try entries.map { entry throws(Fault) in
            guard case .object(let object) = entry else { throw Fault(line: "A procedure is no object.") }
            var fields = Fields(object, language: .english)
            let document = Schema.NewProcedureVersion(&fields)
            do throws(Problem) {
                try fields.finish()
            } catch {
                let faults = error.errors.map { "\($0.place) \($0.detail)" }
                throw Fault(line: "\(document.code ?? "A procedure"): \(faults.joined(separator: " "))")
            }
            guard let code = document.code else { throw Fault(line: "A procedure lacks its code.") }
            return document.procedure(code, version: 1)
        }
    }
}
