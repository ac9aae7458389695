import Domain
import HTTP

/// The wire types, named as in the document.
enum Schema {}

extension Schema {
    /// A consultation as one caller sees it at one moment.
    struct Consultation: JSONWritable {
        let subject: Domain.Consultation
        let clock: Clock
        let showsAnswer: Bool
        /// What the caller may do now; nil in lists.
        let actions: [Action]?

        init(_ clocked: Clocked<Domain.Consultation>, for principal: Principal, in view: View, withActions: Bool = true) {
            subject = clocked.subject
            clock = Clock(clocked.timing, isClosed: clocked.subject.closedAt != nil, in: view)
            showsAnswer = clocked.subject.showsAnswer(to: principal)
            actions = withActions ? Action.all(on: clocked.subject, for: principal) : nil
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", subject.id)
                json.member("number", subject.number)
                json.member("status", subject.state.rawValue)
                json.member("unit_id", subject.unitID)
                json.member("requester_id", subject.requesterID)
                json.member("officer_id", subject.officerID)
                json.member("subject", subject.subject)
                json.member("detail", subject.detail)
                json.member("topic", subject.topic?.rawValue)
                json.member("plan", showsAnswer ? subject.plan : nil)
                json.member("answer", showsAnswer ? subject.answer : nil)
                json.member("created_at", subject.createdAt)
                json.member("updated_at", subject.updatedAt)
                json.member("closed_at", subject.closedAt)
                json.member("version", subject.version)
                json.member("clock", clock)
                if let actions {
                    json.name("actions")
                    json.array(actions) { $1.write(to: &$0) }
                }
            }
        }

        static let columns: [Column<(Domain.Consultation, Clock, Bool)>] = [
            Column("id") { $0.0.id.text },
            Column("number") { $0.0.number },
            Column("status") { $0.0.state.rawValue },
            Column("unit_id") { $0.0.unitID.text },
            Column("requester_id") { $0.0.requesterID.text },
            Column("officer_id") { $0.0.officerID?.text ?? "" },
            Column("subject") { $0.0.subject },
            Column("detail") { $0.0.detail },
            Column("topic") { $0.0.topic?.rawValue ?? "" },
            Column("plan") { $0.2 ? $0.0.plan ?? "" : "" },
            Column("answer") { $0.2 ? $0.0.answer ?? "" : "" },
            Column("created_at") { $0.0.createdAt.rfc3339 },
            Column("updated_at") { $0.0.updatedAt.rfc3339 },
            Column("closed_at") { $0.0.closedAt?.rfc3339 ?? "" },
            Column("version") { String($0.0.version) },
            Column("step_no") { String($0.1.timing.stepNumber) },
            Column("step_code") { $0.1.timing.stepCode },
            Column("clock_state") { $0.1.state },
            Column("due_at") { $0.1.timing.dueAt?.rfc3339 ?? "" },
        ]
    }

    /// The moment and the calendar by which clocks are read.
    struct View: Sendable {
        let now: Instant
        let calendar: WorkingCalendar
    }

    /// The clock of the step that a case stands on.
    struct Clock: JSONWritable, Sendable {
        let timing: Domain.StepTiming
        let state: String
        private let elapsed: Int64

        init(_ timing: Domain.StepTiming, isClosed: Bool, in view: View) {
            self.timing = timing
            elapsed = timing.elapsed(at: view.now, by: view.calendar)
            state =
                if isClosed || timing.finishedAt != nil {
                    "stopped"
                } else {
                    timing.verdict(at: view.now).rawValue
                }
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("step_no", timing.stepNumber)
                json.member("step_code", timing.stepCode)
                json.member("attempt", timing.attempt)
                json.member("state", state)
                json.member("started_at", timing.startedAt)
                json.member("due_at", timing.dueAt)
                json.member("standard_s", timing.standard.map { $0 / 1000 })
                json.member("elapsed_s", elapsed / 1000)
                // Below zero once the standard has passed: standard_s = elapsed_s + remaining_s at any time.
                json.member("remaining_s", timing.standard.map { $0 / 1000 - elapsed / 1000 })
            }
        }
    }

    /// Something that the caller may do now.
    struct Action: JSONWritable {
        let name: String
        let method: Method
        let href: String
        let required: [String]

        static func all(on subject: Domain.Consultation, for principal: Principal) -> [Action] {
            guard principal.may(.consultationsWrite) else { return [] }
            let base = "/v1/consultations/\(subject.id.text)"
            var actions: [Action] = []
            if subject.state == Domain.Consultation.workflow.start, subject.requesterID == principal.userID {
                actions.append(Action(name: "edit", method: .patch, href: base, required: []))
            }
            for event in subject.events(for: principal) {
                let name = event.rawValue
                actions.append(Action(name: name, method: .post, href: "\(base)/\(name)", required: event.required))
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

    struct NewConsultation: RequestBody {
        let subject: String
        let detail: String
        let topic: Domain.Consultation.Topic?
        let unitID: Domain.Unit.ID?

        init(_ fields: inout Fields) {
            subject = fields.text("subject", ConsultationRules.subject)
            detail = fields.text("detail", ConsultationRules.long)
            topic = fields.optionalChoice("topic")
            unitID = fields.optionalIdentifier("unit_id")
        }
    }

    struct ConsultationPatch: RequestBody {
        let subject: Change<String>
        let detail: Change<String>
        let topic: Change<Domain.Consultation.Topic>

        init(_ fields: inout Fields) {
            subject = fields.changedText("subject", ConsultationRules.subject)
            detail = fields.changedText("detail", ConsultationRules.long)
            topic = fields.clearableChoice("topic")
        }

        /// Changes a draft; returns the names of the fields that differ afterwards.
        func apply(to consultation: inout Domain.Consultation) -> [String] {
            let before = consultation
            consultation.subject = subject.applied(to: before.subject)
            consultation.detail = detail.applied(to: before.detail)
            consultation.topic = topic.applied(to: before.topic)
            var changed: [String] = []
            if consultation.subject != before.subject { changed.append("subject") }
            if consultation.detail != before.detail { changed.append("detail") }
            if consultation.topic != before.topic { changed.append("topic") }
            return changed
        }
    }

    struct Note: RequestBody {
        let note: String?

        init(_ fields: inout Fields) { note = fields.optionalText("note", Rules.note) }
    }

    struct Reason: RequestBody {
        let reason: String

        init(_ fields: inout Fields) { reason = fields.text("reason", Rules.reason) }
    }

    struct Assignment: RequestBody {
        let officerID: Domain.User.ID
        let note: String?

        init(_ fields: inout Fields) {
            officerID = fields.identifier("officer_id")
            note = fields.optionalText("note", Rules.note)
        }
    }

    struct Reassignment: RequestBody {
        let officerID: Domain.User.ID
        let reason: String

        init(_ fields: inout Fields) {
            officerID = fields.identifier("officer_id")
            reason = fields.text("reason", Rules.reason)
        }
    }

    struct Proposal: RequestBody {
        let answer: String
        let plan: String?
        let note: String?

        init(_ fields: inout Fields) {
            answer = fields.text("answer", ConsultationRules.long)
            plan = fields.optionalText("plan", ConsultationRules.long)
            note = fields.optionalText("note", Rules.note)
        }
    }
}

private enum ConsultationRules {
    static let subject = TextRule.line(3...200)
    static let long = TextRule.lines(1...20_000)
}
