/// One attempt at one SOP step: whose it was, when it ran and how it stands to its standard.
package struct StepTiming: Sendable, Identified {
    package typealias ID = Identifier<StepTiming>
    package static let idPrefix = "tim"

    /// What an attempt belongs to: a case, or the recap of a month.
    package enum SubjectKind: String, Sendable, CaseIterable {
        case consultation
        case workspaceItem = "workspace_item"
        case ticket
        case serviceComplaint = "service_complaint"
        case procedureRun = "procedure_run"
        case recap

        /// The subject of what the log says of such a thing.
        package var eventSubject: Event.Subject {
            switch self {
            case .consultation: .consultation
            case .workspaceItem: .workspaceItem
            case .ticket: .ticket
            case .serviceComplaint: .serviceComplaint
            case .procedureRun: .procedureRun
            case .recap: .recap
            }
        }
    }

    /// How an attempt ended.
    package enum Outcome: String, Sendable, CaseIterable {
        case done
        case yes
        case no
        case reassigned
        case withdrawn
        case cancelled
        case declined
    }

    /// How an attempt stands to its standard. A missing standard is never late.
    package enum Verdict: String, Sendable, CaseIterable {
        case onTime = "on_time"
        case late
        case noStandard = "no_standard"
        case running
        case overdue

        /// How an attempt that ended stands to its standard.
        init(elapsed: Int64, standard: Int64?) {
            guard let standard else {
                self = .noStandard
                return
            }
            self = elapsed <= standard ? .onTime : .late
        }
    }

    package let procedure: String
    package let procedureVersion: Int
    package let subjectKind: SubjectKind
    package let subjectID: String
    /// Whose attempt it is, where each participant of a run does the step.
    package let participantID: RunParticipant.ID?
    package let unitID: Unit.ID
    package let role: String
    /// The one whose step it is while it runs, as far as known, and the one who ended it.
    package var performerID: User.ID?
    package var clock: StepClock
    package var outcome: Outcome?

    package var id: ID { clock.timingID }

    package init(
        procedure: String,
        procedureVersion: Int,
        subjectKind: SubjectKind,
        subjectID: String,
        participantID: RunParticipant.ID? = nil,
        unitID: Unit.ID,
        role: String,
        performerID: User.ID?,
        clock: StepClock,
        outcome: Outcome? = nil
    ) {
        self.procedure = procedure
        self.procedureVersion = procedureVersion
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.participantID = participantID
        self.unitID = unitID
        self.role = role
        self.performerID = performerID
        self.clock = clock
        self.outcome = outcome
    }
}
