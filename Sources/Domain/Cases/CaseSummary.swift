/// What one line of a list of mixed cases says of a case.
package struct CaseSummary: Sendable {
    package let kind: CaseKind
    package let id: String
    package let number: String
    package let status: String
    package let title: String

    package init(kind: CaseKind, id: String, number: String, status: String, title: String) {
        self.kind = kind
        self.id = id
        self.number = number
        self.status = status
        self.title = title
    }

    package init<Kind: Case>(_ subject: Kind) {
        self.init(
            kind: Kind.kind,
            id: subject.id.text,
            number: subject.number,
            status: subject.state.rawValue,
            title: subject.title
        )
    }

    /// The first line of a text, 200 code points of it at most: what a case without a title is called by.
    package static func title(of text: String) -> String {
        let line = text.unicodeScalars.drop { $0.properties.isWhitespace }.prefix { $0 != "\n" && $0 != "\r" }
        return String(String.UnicodeScalarView(line.prefix(200)))
    }
}

/// A case of any kind by its id or its number.
package enum AnyCaseReference: Sendable {
    case consultation(CaseReference<Consultation>)
    case workspaceItem(CaseReference<WorkspaceItem>)
    case ticket(CaseReference<Ticket>)
    case serviceComplaint(CaseReference<ServiceComplaint>)
    case run(CaseReference<ProcedureRun>)

    /// Reads either form of any kind; nil when a text is none of them.
    package init?(_ text: String) {
        if let reference = CaseReference<Consultation>(text) {
            self = .consultation(reference)
        } else if let reference = CaseReference<WorkspaceItem>(text) {
            self = .workspaceItem(reference)
        } else if let reference = CaseReference<Ticket>(text) {
            self = .ticket(reference)
        } else if let reference = CaseReference<ServiceComplaint>(text) {
            self = .serviceComplaint(reference)
        } else if let reference = CaseReference<ProcedureRun>(text) {
            self = .run(reference)
        } else {
            return nil
        }
    }
}
