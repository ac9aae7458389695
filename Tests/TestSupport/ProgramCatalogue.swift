import API
package import Domain
import Resources

/// The catalogue of procedures that the program carries.
package enum ProgramCatalogue {
    /// The procedures, each as its version 1.
    package static func procedures() throws -> [Procedure] {
        // Safety: the resource is a constant of the program, as long as its count says.
        try Catalogue.procedures(in: Array(UnsafeBufferPointer(start: sikimr_procedures.bytes, count: sikimr_procedures.count)))
    }
}
