import Domain
import HTTP

extension Schema {
    /// A recap that waits for the caller, in the form of a case: what a recap has not is null.
    struct InboxRecap: JSONWritable {
        private let timed: TimedRecap
        private let dueAt: Instant?
        private let notice: StepNotice?
        private let actions: [String]
        private let title: String
        private let view: View

        init(
            _ entry: Domain.InboxEntry,
            for principal: Principal,
            in view: View,
            _ language: Language,
            _ tx: borrowing Transaction
        ) throws(DomainError) {
            timed = try tx.recaps.get(Identifier(stored: entry.id), for: principal)
            dueAt = timed.clock?.dueAt
            notice = entry.notice(at: view.now, by: view.calendars)
            actions = principal.may(.recapsWrite) ? timed.recap.events(for: principal).map(\.rawValue) : []
            let words = RecapWords(language)
            title = "\(words.title(timed.recap.kind)) \(words.month(timed.recap.period))"
            self.view = view
        }

        func write(to json: inout JSONWriter) {
            let recap = timed.recap
            json.object { json in
                json.member("kind", Domain.StepTiming.SubjectKind.recap.rawValue)
                json.member("id", recap.id)
                json.member("number", String?.none)
                json.member("status", recap.state.rawValue)
                json.member("title", title)
                json.member("href", Recap.location(of: recap.id))
                json.member("unit_id", String?.none)
                json.member("requester_id", recap.compilerID)
                json.member("officer_id", String?.none)
                json.member("created_at", recap.createdAt)
                json.member("updated_at", recap.updatedAt)
                json.member("version", recap.version)
                json.member("due_at", dueAt)
                json.member("notice", notice?.name)
                json.name("clock")
                if let clock = timed.clock {
                    Clock(clock, by: view.calendars.service.calendar, isClosed: false, at: view.now).write(to: &json)
                } else {
                    json.null()
                }
                json.member("actions", actions)
            }
        }
    }
}
