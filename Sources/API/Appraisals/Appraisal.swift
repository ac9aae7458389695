import Domain
import HTTP

/// One user's points, cases and step times of one month.
struct Appraisal: Sendable {
    /// How many cases it lists; its totals count all of them, and the recaps of the month list them.
    static let mostCases = 20_000

    let user: User
    let unit: String
    let period: CivilMonth
    let balance: PointBalance
    let cases: [NamedRow]
    let totals: RecapTotals.Line
    let steps: [StepPerformance]
    /// The titles of the procedures, by their codes, and of the steps, by their procedure and number.
    let titles: [String: Text]
    let calendar: WorkingCalendar

    /// Whether there are more cases than it lists.
    var isCapped: Bool { cases.count < totals.count }

    /// Reads all of it, this month's without a period; throws `notFound` for an unknown user.
    init(of id: User.ID, in named: CivilMonth?, at now: Instant, _ store: any Store) throws(DomainError) {
        let calendar = try store.readNow { tx throws(DomainError) in try tx.calendars.service.calendar }
        let period = named ?? calendar.month(of: now)
        let range = TimeRange(from: calendar.start(of: period), to: calendar.start(of: period.next))
        let found = try store.readNow { tx throws(DomainError) in
            guard let user = try tx.users.find(id) else { throw .notFound("user") }
            return (
                user: user, unit: try tx.units.find(user.unitID)?.name ?? "",
                balances: try tx.ledger.balances(by: [.user], in: period, of: id),
                steps: try tx.timings.performance(of: id, in: range)
            )
        }
        titles = try store.readNow { tx throws(DomainError) in
            let procedures = try tx.procedures.summaries()
            var titles = Dictionary(uniqueKeysWithValues: procedures.map { ($0.code, $0.title) })
            for step in found.steps {
                let version = try tx.procedures.latestVersion(of: step.procedure)
                let known = try tx.procedures.step(step.step, of: step.procedure, version: version)
                titles["\(step.procedure) \(step.step)"] = known?.title
            }
            return titles
        }
        var reader = RecapReader(.officer(id, period), store: store)
        var cases: [NamedRow] = []
        var totals = RecapTotals()
        while let rows = try reader.next() {
            for named in rows { totals.add(named.row, closedOn: calendar.localDate(of: named.row.closedAt).description) }
            cases += rows.prefix(Self.mostCases - cases.count)
        }
        (self.user, unit, self.period, self.cases, self.totals) = (found.user, found.unit, period, cases, totals.all)
        (steps, self.calendar) = (found.steps, calendar)
        balance = found.balances.first ?? PointBalance(userID: id, pending: 0, posted: 0)
    }

    var json: [UInt8] {
        var json = JSONWriter(capacity: 4096 + cases.count * 512)
        json.object { json in
            json.name("user")
            json.object { json in
                json.member("id", user.id)
                json.member("name", user.name)
                json.member("unit_id", user.unitID)
                json.member("unit", unit)
            }
            json.member("period", period.description)
            json.name("points")
            json.object { json in
                json.member("posted", balance.posted)
                json.member("pending", balance.pending)
                json.member("total", balance.total)
                json.member("href", "/v1/performance-points?user_id=\(user.id.text)&period=\(period)")
            }
            json.name("totals")
            Schema.RecapTally(part: .all, line: totals).write(to: &json)
            json.name("steps")
            json.array(steps) { json, step in
                json.object { json in
                    json.member("procedure", step.procedure)
                    json.member("step_no", step.step)
                    json.member("step_code", step.stepCode)
                    json.member("count", step.count)
                    json.member("on_time", step.onTime)
                    json.member("late", step.late)
                    json.member("no_standard", step.noStandard)
                    json.member("on_time_rate", share: step.onTimeRate)
                    json.member("mean_s", step.elapsed.map { $0.mean / 1000 })
                    json.member("max_s", step.elapsed.map { $0.longest / 1000 })
                }
            }
            json.name("cases")
            json.array(cases) { Schema.RecapCase(named: $1).write(to: &$0) }
            json.member("cases_capped", isCapped)
        }
        return json.finish()
    }
}
