/// One version of a standard operating procedure: what the running and timing of its steps needs, and its whole document.
package struct Procedure: Sendable {
    package let code: String
    package let version: Int
    package let number: String?
    package let title: Text
    package let issuer: String
    package let effectiveDate: String?
    /// The codes of its roles.
    package let roles: [String]
    package let steps: [Step]
    /// Whether the decisions that a verifying verb only implies are taken.
    package let takesImpliedDecisions: Bool
    /// The catalogue entry as JSON, all of it.
    package let document: String

    package init(
        code: String,
        version: Int,
        number: String?,
        title: Text,
        issuer: String,
        effectiveDate: String?,
        roles: [String],
        steps: [Step],
        takesImpliedDecisions: Bool = false,
        document: String
    ) {
        self.code = code
        self.version = version
        self.number = number
        self.title = title
        self.issuer = issuer
        self.effectiveDate = effectiveDate
        self.roles = roles
        self.steps = steps
        self.takesImpliedDecisions = takesImpliedDecisions
        self.document = document
    }

    /// What one pass takes: how many steps have a standard, and their sum in milliseconds of working time.
    package static func total(of steps: [Step]) -> (timedSteps: Int, milliseconds: Int64) {
        let standards = steps.compactMap(\.standard)
        return (standards.count, standards.reduce(0, +))
    }
}

extension Procedure {
    /// One step of the table of the SOP.
    package struct Step: Sendable, Equatable {
        /// Counts from 1 within the procedure.
        package let number: Int
        package let code: String
        package let title: Text
        package let role: String
        /// The roles whose holders do the step beside those of `role`, each for himself.
        package let parallel: [String]
        package let scope: Scope
        /// Working time, in milliseconds; nil when the SOP states none.
        package let standard: Int64?
        /// How many items its checklist has.
        package let checklist: Int
        package let decision: Decision?
        /// The decision that its verb implies, taken only where the version says so.
        package let impliedDecision: Decision?
        /// How often the SOP says it is done; nil when it does not say.
        package let recurrence: Recurrence?

        package init(
            number: Int,
            code: String,
            title: Text,
            role: String,
            parallel: [String] = [],
            scope: Scope = .case,
            standard: Int64? = nil,
            checklist: Int = 0,
            decision: Decision? = nil,
            impliedDecision: Decision? = nil,
            recurrence: Recurrence? = nil
        ) {
            self.number = number
            self.code = code
            self.title = title
            self.role = role
            self.parallel = parallel
            self.scope = scope
            self.standard = standard
            self.checklist = checklist
            self.decision = decision
            self.impliedDecision = impliedDecision
            self.recurrence = recurrence
        }
    }

    /// How often a step is done: once a case, once a month, or once for each invited party.
    package enum Scope: String, Sendable, CaseIterable {
        case `case`
        case period
        case participant
    }

    /// Where a step leads.
    package enum Target: Sendable, Hashable {
        case step(Int)
        case end
    }

    /// The two ways out of a gate.
    package struct Decision: Sendable, Hashable {
        package let yes: Target
        package let no: Target

        package init(yes: Target, no: Target) {
            self.yes = yes
            self.no = no
        }
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

extension Transaction {
    /// Stores a version of a procedure; cases that run stay on theirs.
    package func publish(_ procedure: Procedure, by principal: Principal, at now: Instant, ids: IdentifierSource) throws(DomainError) {
        try procedures.insert(procedure, at: now)
        try note("publish", of: .procedure, procedure.code, in: nil, by: principal, at: now, ids: ids, changed: ["version"])
    }
}
