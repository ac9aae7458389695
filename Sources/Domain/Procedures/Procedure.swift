/// One version of a standard operating procedure: what the timing of its steps needs, and its whole document.
package struct Procedure: Sendable {
    /// One step of the table of the SOP.
    package struct Step: Sendable, Equatable {
        package let number: Int
        package let code: String
        package let role: String
        package let scope: String
        /// Working time, in milliseconds; nil when the SOP states none.
        package let standard: Int64?

        package init(number: Int, code: String, role: String, scope: String, standard: Int64?) {
            self.number = number
            self.code = code
            self.role = role
            self.scope = scope
            self.standard = standard
        }
    }

    package let code: String
    package let version: Int
    package let number: String?
    package let title: Text
    package let issuer: String
    package let effectiveDate: String?
    package let steps: [Step]
    /// The catalogue entry as JSON, all of it.
    package let document: String

    package init(
        code: String,
        version: Int,
        number: String?,
        title: Text,
        issuer: String,
        effectiveDate: String?,
        steps: [Step],
        document: String
    ) {
        self.code = code
        self.version = version
        self.number = number
        self.title = title
        self.issuer = issuer
        self.effectiveDate = effectiveDate
        self.steps = steps
        self.document = document
    }
}

/// A procedure as it stands in a list.
package struct ProcedureSummary: Sendable {
    package let code: String
    package let version: Int
    package let number: String?
    package let title: Text
    package let issuer: String
    package let effectiveDate: String?
    package let steps: Int
    package let timedSteps: Int

    package init(
        code: String,
        version: Int,
        number: String?,
        title: Text,
        issuer: String,
        effectiveDate: String?,
        steps: Int,
        timedSteps: Int
    ) {
        self.code = code
        self.version = version
        self.number = number
        self.title = title
        self.issuer = issuer
        self.effectiveDate = effectiveDate
        self.steps = steps
        self.timedSteps = timedSteps
    }
}
