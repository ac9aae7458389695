import Domain
import HTTP

extension StepTimingRoutes {
    func explainStepTiming(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let now = environment.clock()
        let (timing, calendar, explanation) = try tx.explain(try request.identifier(), for: principal, at: now)
        let told = try owners(of: explanation, toldTo: principal, in: tx)
        return .ok(Schema.Explanation(timing: timing, calendar: calendar, explanation: explanation, told: told, now: now))
    }

    /// Those whose reasons `principal` may read: what the directorate's own people say stays inside it, as in the history of a case.
    private func owners(
        of explanation: TimingExplanation,
        toldTo principal: Principal,
        in tx: borrowing Transaction
    ) throws(DomainError) -> Set<Domain.User.ID> {
        let owners = Set(explanation.stretches.compactMap(\.pause?.ownerID))
        if principal.roles.isInternal { return owners }
        var told: Set<Domain.User.ID> = []
        for owner in owners where try tx.users.find(owner)?.unitID == principal.unitID { told.insert(owner) }
        return told
    }
}

extension Schema {
    /// How the working time of an attempt comes about.
    struct Explanation: JSONWritable {
        let timing: Domain.StepTiming
        let calendar: WorkingCalendar
        let explanation: TimingExplanation
        /// Those whose reasons are told.
        let told: Set<Domain.User.ID>
        let now: Instant

        func write(to json: inout JSONWriter) {
            let clock = timing.clock
            json.object { json in
                json.member("id", timing.id)
                json.member("started_at", clock.startedAt)
                json.member("finished_at", clock.finishedAt)
                json.member("elapsed_s", clock.elapsed(at: now, by: calendar) / 1000)
                json.member("standard_s", clock.standard.map { $0 / 1000 })
                json.member("due_at", clock.dueAt)
                json.member("verdict", clock.verdict(at: now).rawValue)
                json.member("time_zone", calendar.timeZone.rawValue)
                json.name("intervals")
                json.array(explanation.stretches) { write($1, to: &$0) }
                json.member("truncated", explanation.isTruncated)
            }
        }

        private func write(_ stretch: TimingExplanation.Stretch, to json: inout JSONWriter) {
            json.object { json in
                json.member("start", stretch.start)
                json.member("end", stretch.end)
                json.member("duration_s", (stretch.end.milliseconds - stretch.start.milliseconds) / 1000)
                json.member("counted", stretch.isCounted)
                json.member("rule", stretch.pause == nil ? Self.name(of: stretch.rule) : "pause")
                if case .holiday(let name) = stretch.rule { json.member("holiday", name) }
                if let week = stretch.week {
                    json.name("week")
                    json.object { json in
                        json.member("from", week.from.description)
                        json.member("to", week.to?.description)
                    }
                }
                if let pause = stretch.pause {
                    json.member("reason", told.contains(pause.ownerID) ? pause.reason : nil)
                    json.member("owner_id", pause.ownerID)
                }
            }
        }

        private static func name(of rule: WorkingCalendar.Rule) -> String {
            switch rule {
            case .working: "working"
            case .rest: "break"
            case .outsideHours: "outside_hours"
            case .holiday: "holiday"
            case .uncovered: "uncovered"
            }
        }
    }
}
