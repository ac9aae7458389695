/// The monthly report on the cases of one kind that ended: compiled by the super admin, received by the director, then settled.
package struct Recap: Sendable, Identified {
    package typealias ID = Identifier<Recap>
    package static let idPrefix = "rcp"

    package enum Kind: String, Sendable, CaseIterable {
        case consultation
        case workspace

        /// The rule by which its cases earn points.
        package var rule: PointRule.Code {
            switch self {
            case .consultation: .consultationClosed
            case .workspace: .workspaceItemCompleted
            }
        }

        package var caseKind: CaseKind {
            switch self {
            case .consultation: .consultation
            case .workspace: .workspaceItem
            }
        }

        /// The procedure with the steps of its recap.
        package var procedure: String {
            switch self {
            case .consultation: "consultation"
            case .workspace: "workspace"
            }
        }

        package var workflow: Workflow<State, Event> {
            switch self {
            case .consultation: Recap.consultation
            case .workspace: Recap.workspace
            }
        }
    }

    package enum State: String, Sendable, CaseIterable {
        case draft, submitted, received, settled
    }

    package enum Event: String, CaseEventName {
        case submit, receive, settle

        package var required: [EventMember] { [] }
        package var optional: [EventMember] { [] }
    }

    /// What the submission froze beside the rows.
    package struct Frozen: Sendable {
        /// Of the rows as CSV, in hexadecimal digits.
        package let sha256: String
        package let institution: String
        package let compilerName: String
        package let compilerNIP: String?

        package init(sha256: String, institution: String, compilerName: String, compilerNIP: String?) {
            self.sha256 = sha256
            self.institution = institution
            self.compilerName = compilerName
            self.compilerNIP = compilerNIP
        }
    }

    package let id: ID
    package let kind: Kind
    package let period: CivilMonth
    package var state: State
    /// The version of the procedure whose steps are timed on it.
    package let procedureVersion: Int
    package var compilerID: User.ID
    package var receiverID: User.ID?
    package var settlerID: User.ID?
    package let createdAt: Instant
    package var updatedAt: Instant
    /// Since when no further case comes in.
    package var sealedAt: Instant?
    package var submittedAt: Instant?
    package var receivedAt: Instant?
    package var settledAt: Instant?
    package var frozen: Frozen?
    package var version: Int

    package init(
        id: ID,
        kind: Kind,
        period: CivilMonth,
        state: State,
        procedureVersion: Int,
        compilerID: User.ID,
        receiverID: User.ID? = nil,
        settlerID: User.ID? = nil,
        createdAt: Instant,
        updatedAt: Instant,
        sealedAt: Instant? = nil,
        submittedAt: Instant? = nil,
        receivedAt: Instant? = nil,
        settledAt: Instant? = nil,
        frozen: Frozen? = nil,
        version: Int = 1
    ) {
        self.id = id
        self.kind = kind
        self.period = period
        self.state = state
        self.procedureVersion = procedureVersion
        self.compilerID = compilerID
        self.receiverID = receiverID
        self.settlerID = settlerID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.sealedAt = sealedAt
        self.submittedAt = submittedAt
        self.receivedAt = receivedAt
        self.settledAt = settledAt
        self.frozen = frozen
        self.version = version
    }

    /// Whether `principal` may see recaps at all.
    package static func isVisible(to principal: Principal) -> Bool { principal.roles.areLeading }
}

extension Recap {
    /// The way of a recap of consultations (domain guide, section 6); its requester is the one who compiled it.
    package static let consultation = workflow(
        "consultation-recap",
        .consultation,
        compile: 8,
        receive: 9,
        award: 10,
        .consultationOfficer
    )
    package static let workspace = workflow("workspace-recap", .workspace, compile: 6, receive: 7, award: 8, .assignedOfficer)

    private static func workflow(
        _ code: String,
        _ kind: Kind,
        compile: Int,
        receive: Int,
        award: Int,
        _ officer: Role
    ) -> Workflow<State, Event> {
        Workflow(
            code,
            procedure: kind.procedure,
            startsAt: .draft,
            creators: [.superAdmin],
            creation: (stops: nil, starts: compile),
            edits: [],
            officerRole: officer,
            transitions: [
                .init(from: .draft, on: .submit, by: .superAdmin, to: .submitted, stops: compile, starts: receive),
                .init(from: .submitted, on: .receive, by: .director, to: .received, stops: receive, starts: award, bars: [.requester]),
                .init(from: .received, on: .settle, by: .superAdmin, to: .settled, stops: award),
            ]
        )
    }
}

/// One way in which recaps wait for a caller: read from a row of their workflow.
package struct RecapWait: Sendable {
    package let kind: Recap.Kind
    package let state: Recap.State
    /// Whether four eyes keep those that he compiled himself from him.
    package let barsCompiler: Bool
}

extension Recap {
    /// Every way in which recaps wait for `principal`; none if he does not see them.
    package static func waits(for principal: Principal) -> [RecapWait] {
        guard isVisible(to: principal), principal.may(.recapsRead) else { return [] }
        return Kind.allCases.flatMap { kind in
            kind.workflow.transitions
                .filter { !principal.roles.isDisjoint(with: $0.performer.roles) }
                .map { RecapWait(kind: kind, state: $0.from, barsCompiler: $0.bars.contains(.requester)) }
        }
    }
}

/// What a list of recaps is filtered by.
package struct RecapQuery: Sendable {
    package var kind: Recap.Kind?
    package var period: CivilMonth?
    package var states: [Recap.State] = []
    package var page: PageRequest

    package init(page: PageRequest) { self.page = page }
}

/// Recaps and their rows in storage.
package protocol RecapRepository {
    func insert(_ row: RecapRow) throws(DomainError)
    /// The first `limit` rows of a recap behind `last`, in the order of the ids of their cases.
    func rows(_ kind: Recap.Kind, _ period: CivilMonth, after last: String?, limit: Int) throws(DomainError) -> [RecapRow]
    /// The first `limit` rows of one officer's cases of a month behind `last`, in the order of their ids.
    func rows(of officer: User.ID, in period: CivilMonth, after last: String?, limit: Int) throws(DomainError) -> [RecapRow]
    /// The first `limit` recaps after `place` that wait so for `user`, in the order of an inbox.
    func waiting(_ waits: [RecapWait], for user: User.ID, after place: InboxPlace?, limit: Int) throws(DomainError) -> [InboxEntry]
    /// How many wait so in each state, counted no further than `most`; states without any are left out.
    func countWaiting(_ waits: [RecapWait], for user: User.ID, most: Int) throws(DomainError) -> [(state: Recap.State, count: Int)]
    func isSealed(_ kind: Recap.Kind, _ period: CivilMonth) throws(DomainError) -> Bool

    /// Throws `conflict` if there is one of that kind and month already.
    func insert(_ recap: Recap) throws(DomainError)
    func find(_ id: Recap.ID) throws(DomainError) -> Recap?
    /// Throws `stale` if `version` is not what is stored any more.
    func update(_ recap: Recap, from version: Int) throws(DomainError)
    func list(_ query: RecapQuery) throws(DomainError) -> Page<Recap>
    func count(_ query: RecapQuery, most: Int) throws(DomainError) -> Int
    func insert(_ totals: RecapTotals, of recap: Recap.ID) throws(DomainError)
    func totals(of recap: Recap.ID) throws(DomainError) -> RecapTotals
}
