import Domain
import HTTP

/// The wire types, named as in the document.
enum Schema {}

extension Schema {
    /// A case as one caller sees it at one moment.
    struct CaseView<Kind: CaseResource>: JSONWritable {
        private let clocked: Clocked<Kind>
        private let principal: Principal
        private let view: View

        init(_ clocked: Clocked<Kind>, for principal: Principal, in view: View) {
            self.clocked = clocked
            self.principal = principal
            self.view = view
        }

        func write(to json: inout JSONWriter) { Self.write(clocked, for: principal, in: view, withActions: true, to: &json) }

        /// Writes a case with what the caller may do now, or as it stands in a list, without.
        // A row of a list is written from where it lies: to copy it into a view first would take a quarter of the time of its writing.
        static func write(_ clocked: Clocked<Kind>, for principal: Principal, in view: View, withActions: Bool, to json: inout JSONWriter) {
            let head = clocked.subject.head
            json.object { json in
                json.member("id", head.id)
                json.member("number", head.number)
                json.member("status", head.state.rawValue)
                json.member("unit_id", head.unitID)
                json.member("requester_id", head.requesterID)
                json.member("officer_id", head.officerID)
                clocked.subject.writeOwn(to: &json, for: principal)
                if withActions { clocked.subject.writeDetail(to: &json, for: principal, in: view) }
                json.member("created_at", head.createdAt)
                json.member("updated_at", head.updatedAt)
                json.member("closed_at", head.closedAt)
                json.member("version", head.version)
                json.name("clock")
                if let clock = clocked.clock {
                    Clock(clock, of: head.unitID, isClosed: head.closedAt != nil, in: view).write(to: &json)
                } else {
                    json.null()
                }
                if withActions {
                    json.name("actions")
                    json.array(Action.all(on: clocked.subject, clock: clocked.clock, for: principal)) { $1.write(to: &$0) }
                }
            }
        }

        /// The columns of a list of such cases as CSV.
        static func columns(for principal: Principal, in view: View) -> [Column<Clocked<Kind>>] {
            @Sendable func clock(_ clocked: Clocked<Kind>) -> Clock? {
                let head = clocked.subject.head
                return clocked.clock.map { Clock($0, of: head.unitID, isClosed: head.closedAt != nil, in: view) }
            }
            let before: [Column<Clocked<Kind>>] = [
                Column("id") { $0.subject.id.text },
                Column("number") { $0.subject.number },
                Column("status") { $0.subject.state.rawValue },
                Column("unit_id") { $0.subject.unitID.text },
                Column("requester_id") { $0.subject.requesterID.text },
                Column("officer_id") { $0.subject.officerID?.text ?? "" },
            ]
            let own = Kind.ownColumns.map { column in
                Column<Clocked<Kind>>(column.name) { column.text(($0.subject, principal)) }
            }
            let after: [Column<Clocked<Kind>>] = [
                Column("created_at") { $0.subject.head.createdAt.rfc3339 },
                Column("updated_at") { $0.subject.head.updatedAt.rfc3339 },
                Column("closed_at") { $0.subject.head.closedAt?.rfc3339 ?? "" },
                Column("version") { String($0.subject.version) },
                Column("step_no") { $0.clock.map { String($0.stepNumber) } ?? "" },
                Column("step_code") { $0.clock?.stepCode ?? "" },
                Column("clock_state") { clock($0)?.state ?? "" },
                Column("due_at") { $0.clock?.dueAt?.rfc3339 ?? "" },
            ]
            return before + own + after
        }
    }

    /// The moment and the calendars by which clocks are read.
    struct View: Sendable {
        let now: Instant
        let calendars: Calendars
    }

    /// The clock of the step that a case stands on.
    struct Clock: JSONWritable, Sendable {
        let clock: StepClock
        let state: String
        private let elapsed: Int64

        init(_ clock: StepClock, of unit: Domain.Unit.ID, isClosed: Bool, in view: View) {
            self.init(clock, by: view.calendars[unit], isClosed: isClosed, at: view.now)
        }

        init(_ clock: StepClock, by calendar: @autoclosure () -> WorkingCalendar, isClosed: Bool, at now: Instant) {
            self.clock = clock
            elapsed = clock.elapsed(at: now, by: calendar())
            state = isClosed || clock.finishedAt != nil ? "stopped" : clock.pausedAt != nil ? "paused" : clock.verdict(at: now).rawValue
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("step_no", clock.stepNumber)
                json.member("step_code", clock.stepCode)
                json.member("attempt", clock.attempt)
                json.member("state", state)
                json.member("started_at", clock.startedAt)
                json.member("due_at", clock.dueAt)
                json.member("standard_s", clock.standard.map { $0 / 1000 })
                json.member("elapsed_s", elapsed / 1000)
                // Below zero once the standard has passed: standard_s = elapsed_s + remaining_s at any time.
                json.member("remaining_s", clock.standard.map { $0 / 1000 - elapsed / 1000 })
            }
        }
    }

    /// Something that the caller may do now.
    struct Action: JSONWritable {
        let name: String
        let method: Method
        let href: String
        let required: [String]

        static func all<Kind: CaseResource>(on subject: Kind, clock: StepClock?, for principal: Principal) -> [Action] {
            guard principal.may(Kind.kind.permissions.write) else { return [] }
            let base = subject.location
            var actions: [Action] = []
            if subject.isEditable(by: principal) {
                actions.append(Action(name: "edit", method: .patch, href: base, required: []))
            }
            for event in subject.events(for: principal) {
                let name = event.rawValue
                actions.append(Action(name: name, method: .post, href: "\(base)/\(name)", required: event.required.map(\.rawValue)))
            }
            actions += subject.ownActions(for: principal)
            guard subject.mayPause(principal, at: nil) else { return actions }
            let clocks = subject.clocks(at: nil, standing: clock, for: principal)
            if clocks.contains(where: { $0.pausedAt == nil }) {
                actions.append(Action(name: "pause", method: .post, href: "\(base)/pause", required: ["reason"]))
            }
            if clocks.contains(where: { $0.pausedAt != nil }) {
                actions.append(Action(name: "resume", method: .post, href: "\(base)/resume", required: []))
            }
            return actions
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("name", name)
                json.member("method", method.rawValue)
                json.member("href", href)
                json.member("required", required)
            }
        }
    }
}

/// How long the texts of cases may be.
enum CaseRules {
    static let long = TextRule.lines(1...20_000)

    /// What a text that an event brings must be.
    static func text(_ member: EventMember) -> TextRule {
        switch member {
        case .reason: Rules.reason
        case .note: Rules.note
        case .meetingPlace: .line(1...200)
        default: long
        }
    }
}

extension Request {
    /// The body as the members of an event; throws `invalid` with every fault.
    func event<Name: CaseEventName>(_ name: Name) throws(Problem) -> CaseEvent<Name> {
        var fields = try jsonFields()
        var members: [EventMember: String] = [:]
        for member in name.required { members[member] = fields.required(member) }
        for member in name.optional { members[member] = fields.optional(member) }
        try fields.finish()
        return CaseEvent(name, members)
    }
}

extension Fields {
    fileprivate mutating func required(_ member: EventMember) -> String {
        let name = member.rawValue
        switch member {
        case .officerID:
            let id: Domain.User.ID = identifier(name)
            return id.text
        case .percent: return String(integer(name, 0...100))
        case .meetingDate: return parsed(name, or: "", Rules.date) { CivilDate($0)?.description }
        case .category: return choice(name, or: Ticket.Category.other).rawValue
        case .urgency: return choice(name, or: Ticket.Urgency.low).rawValue
        case .priority: return choice(name, or: Ticket.Priority.low).rawValue
        case .reason, .note, .answer, .plan, .result, .summary, .instruction, .findings, .recommendation,
            .meetingPlace, .minutes:
            return text(name, CaseRules.text(member))
        }
    }

    fileprivate mutating func optional(_ member: EventMember) -> String? {
        let name = member.rawValue
        switch member {
        case .officerID:
            let id: Domain.User.ID? = optionalIdentifier(name)
            return id?.text
        case .percent, .category, .urgency, .priority, .meetingDate: return has(name) ? required(member) : nil
        case .reason, .note, .answer, .plan, .result, .summary, .instruction, .findings, .recommendation,
            .meetingPlace, .minutes:
            return optionalText(name, CaseRules.text(member))
        }
    }
}
