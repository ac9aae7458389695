/// The kinds of cases: the one list behind numbers, collections and subjects of events.
package enum CaseKind: String, Sendable, CaseIterable {
    case consultation
    case workspaceItem = "workspace_item"
    case ticket
    case serviceComplaint = "service_complaint"
    case procedureRun = "procedure_run"

    /// The first part of a case number, as in `KON-2026-000001`.
    package var numberPrefix: String {
        switch self {
        case .consultation: "KON"
        case .workspaceItem: "WSP"
        case .ticket: "TIK"
        case .serviceComplaint: "PLY"
        case .procedureRun: "RUN"
        }
    }

    /// The collection of the API that holds the cases of this kind.
    package var collection: String {
        switch self {
        case .consultation: "consultations"
        case .workspaceItem: "workspace-items"
        case .ticket: "tickets"
        case .serviceComplaint: "service-complaints"
        case .procedureRun: "procedure-runs"
        }
    }

    /// What the events of a case of this kind are about.
    package var eventSubject: Event.Subject {
        switch self {
        case .consultation: .consultation
        case .workspaceItem: .workspaceItem
        case .ticket: .ticket
        case .serviceComplaint: .serviceComplaint
        case .procedureRun: .procedureRun
        }
    }

    /// What the step timings of a case of this kind belong to.
    package var timingSubject: StepTiming.SubjectKind {
        switch self {
        case .consultation: .consultation
        case .workspaceItem: .workspaceItem
        case .ticket: .ticket
        case .serviceComplaint: .serviceComplaint
        case .procedureRun: .procedureRun
        }
    }

    /// What a token needs to read and to write cases of this kind.
    package var permissions: (read: Permission, write: Permission) {
        switch self {
        case .consultation: (.consultationsRead, .consultationsWrite)
        case .workspaceItem: (.workspaceItemsRead, .workspaceItemsWrite)
        case .ticket: (.ticketsRead, .ticketsWrite)
        case .serviceComplaint: (.serviceComplaintsRead, .serviceComplaintsWrite)
        case .procedureRun: (.procedureRunsRead, .procedureRunsWrite)
        }
    }

    /// A case number with its six digits or more.
    package func number(year: Int, ordinal: Int) -> String {
        let digits = String(ordinal)
        return "\(numberPrefix)-\(year)-\(String(repeating: "0", count: max(0, 6 - digits.utf8.count)))\(digits)"
    }

    /// Whether a text has the form of a number of this kind.
    package func isNumber(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].elementsEqual(numberPrefix.utf8) && parts[1].count == 4 && (6...12).contains(parts[2].count)
            && parts.dropFirst().allSatisfy { $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
    }
}
