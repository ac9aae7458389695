/// An entry of the one append-only log: history, audit and, later, streams read it.
package struct Event: Sendable, Identified {
    package typealias ID = Identifier<Event>
    package static let idPrefix = "evt"

    /// What an event is about.
    package enum Subject: String, Sendable, CaseIterable {
        case consultation
        case workspaceItem = "workspace_item"
        case ticket
        case serviceComplaint = "service_complaint"
        case procedureRun = "procedure_run"
        case user
        case unit
        case token
        case session
        case procedure
        case calendar
        case equipment
        case topology
        case pointRule = "point_rule"
        case performancePoint = "performance_point"
        case recap
    }

    package let id: ID
    /// Counts up by one; 0 until the log has taken the event in.
    package internal(set) var sequence: Int
    package internal(set) var time: Instant
    /// Subject and what happened, such as `consultation.approve`; of a step on a case `step` and what is noticed.
    package let type: String
    package let subject: Subject
    package let subjectID: String
    package let unitID: Unit.ID?
    package let actorID: User.ID?
    package let tokenID: Token.ID?
    package let requestID: String?
    package let from: String?
    package let to: String?
    package let reason: String?
    package let note: String?
    /// The names of the fields that changed; their values are not in the log.
    package let changed: [String]

    package init(
        id: ID,
        time: Instant,
        subject: Subject,
        subjectID: String,
        name: String,
        unitID: Unit.ID? = nil,
        by principal: Principal? = nil,
        from: String? = nil,
        to: String? = nil,
        reason: String? = nil,
        note: String? = nil,
        changed: [String] = []
    ) {
        self.id = id
        sequence = 0
        self.time = time
        type = "\(subject.rawValue).\(name)"
        self.subject = subject
        self.subjectID = subjectID
        self.unitID = unitID
        actorID = principal?.userID
        tokenID = principal?.tokenID
        requestID = principal?.requestID
        self.from = from
        self.to = to
        self.reason = reason
        self.note = note
        self.changed = changed
    }

    /// An event as the log holds it.
    package init(
        id: ID,
        sequence: Int,
        time: Instant,
        type: String,
        subject: Subject,
        subjectID: String,
        unitID: Unit.ID?,
        actorID: User.ID?,
        tokenID: Token.ID?,
        requestID: String?,
        from: String?,
        to: String?,
        reason: String?,
        note: String?,
        changed: [String]
    ) {
        self.id = id
        self.sequence = sequence
        self.time = time
        self.type = type
        self.subject = subject
        self.subjectID = subjectID
        self.unitID = unitID
        self.actorID = actorID
        self.tokenID = tokenID
        self.requestID = requestID
        self.from = from
        self.to = to
        self.reason = reason
        self.note = note
        self.changed = changed
    }

    /// What happened, without the subject: `approve` of `consultation.approve`.
    package var name: String { String(type.drop { $0 != "." }.dropFirst()) }

    /// The place of the event in the log; its time never falls below that of the entry before it.
    package func placed(at sequence: Int, after last: Instant) -> Event {
        var event = self
        event.sequence = sequence
        event.time = max(time, last)
        return event
    }

    /// The bytes whose SHA-256 is the event's hash: a domain tag, the hash before it, and each field behind its length.
    package func chained(after previous: [UInt8]) -> [UInt8] {
        var bytes = Array("kimr-audit-1".utf8)
        bytes.reserveCapacity(384)
        bytes += previous
        func addLength(_ length: Int) {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: length).bigEndian) { bytes.append(contentsOf: $0) }
        }
        // A missing field has a length of its own, so that it differs from an empty one.
        func add(_ field: String?) {
            addLength(field?.utf8.count ?? -1)
            if let field { bytes.append(contentsOf: field.utf8) }
        }
        func add(_ id: ShortText?) {
            guard let id else { return addLength(-1) }
            id.withBytes { text in
                addLength(text.count)
                bytes.append(contentsOf: text)
            }
        }
        add(String(sequence))
        add(String(time.milliseconds))
        add(id.characters)
        add(type)
        add(subjectID)
        add(unitID?.characters)
        add(actorID?.characters)
        add(tokenID?.characters)
        add(requestID)
        add(from)
        add(to)
        add(reason)
        add(note)
        add(changed.joined(separator: " "))
        return bytes
    }
}
