import Domain
import HTTP

extension Schema {
    /// A recap as one caller sees it at one moment; its rows follow where it is read alone.
    struct Recap: JSONWritable {
        let timed: TimedRecap
        let totals: RecapTotals?
        let principal: Principal
        let view: View
        /// Whether it says how its step stands and what the caller may do now; lists do not.
        var isWhole = true

        static func location(of id: Domain.Recap.ID) -> String { "/v1/recaps/\(id.text)" }

        func write(to json: inout JSONWriter) {
            json.object { writeMembers(to: &$0) }
        }

        func writeMembers(to json: inout JSONWriter) {
            let recap = timed.recap
            json.member("id", recap.id)
            json.member("kind", recap.kind.rawValue)
            json.member("period", recap.period.description)
            json.member("status", recap.state.rawValue)
            json.member("compiler_id", recap.compilerID)
            json.member("receiver_id", recap.receiverID)
            json.member("settler_id", recap.settlerID)
            json.member("sha256", recap.frozen?.sha256)
            json.member("created_at", recap.createdAt)
            json.member("updated_at", recap.updatedAt)
            json.member("sealed_at", recap.sealedAt)
            json.member("submitted_at", recap.submittedAt)
            json.member("received_at", recap.receivedAt)
            json.member("settled_at", recap.settledAt)
            json.member("version", recap.version)
            guard isWhole else { return }
            json.name("clock")
            if let clock = timed.clock {
                Clock(clock, by: view.calendars.service.calendar, isClosed: recap.state == .settled, at: view.now).write(to: &json)
            } else {
                json.null()
            }
            json.name("actions")
            json.array(actions) { $1.write(to: &$0) }
            guard let totals else { return }
            json.name("totals")
            write(totals, to: &json)
        }

        private var actions: [Action] {
            guard principal.may(.recapsWrite) else { return [] }
            return timed.recap.events(for: principal).map { event in
                let href = "\(Self.location(of: timed.recap.id))/\(event.rawValue)"
                return Action(name: event.rawValue, method: .post, href: href, required: [])
            }
        }

        private func write(_ totals: RecapTotals, to json: inout JSONWriter) {
            json.object { json in
                json.name("all")
                RecapTally(part: .all, line: totals.all).write(to: &json)
                for part in RecapTotals.Part.allCases where part != .all {
                    json.name(dynamic: "by_\(part.rawValue)")
                    json.array(totals[part]) { RecapTally(part: part, line: $1).write(to: &$0) }
                }
            }
        }
    }

    /// How many cases, or attempts at a step, have something in common.
    struct RecapTally: JSONWritable {
        let part: RecapTotals.Part
        let line: RecapTotals.Line

        func write(to json: inout JSONWriter) {
            json.object { json in
                if part != .all {
                    json.member("key", line.key.isEmpty ? nil : line.key)
                    json.member("name", line.name.isEmpty ? nil : line.name)
                }
                json.member("count", line.count)
                json.member("on_time", line.onTime)
                json.member("late", line.late)
                json.member("on_time_rate", share: line.onTimeRate)
                if part != .step { json.member("points", line.points) }
            }
        }
    }

    /// A case as it ended, in a recap.
    struct RecapCase: JSONWritable {
        let named: NamedRow

        func write(to json: inout JSONWriter) {
            let row = named.row
            json.object { json in
                json.member("id", row.caseID)
                json.member("number", row.number)
                json.member("href", "/v1/\(row.kind.caseKind.collection)/\(row.caseID)")
                json.member("status", row.status)
                json.member("title", row.title)
                json.member("unit_id", row.unitID)
                json.member("unit", named.unit)
                json.member("officer_id", row.officerID)
                json.member("officer", row.officerID == nil ? nil : named.officer)
                json.member("topic", row.topic)
                json.member("created_at", row.createdAt)
                json.member("closed_at", row.closedAt)
                json.member("on_time_steps", row.onTimeSteps)
                json.member("late_steps", row.lateSteps)
                json.name("on_time")
                if let isOnTime = row.isOnTime { json.value(isOnTime) } else { json.null() }
                json.member("points", row.points)
            }
        }

        /// The rows with commas between, and one before them if they go on from others.
        static func bytes(_ rows: [NamedRow], isFirst: Bool) -> [UInt8] {
            var json = JSONWriter(capacity: rows.count * 512)
            json.array(rows) { RecapCase(named: $1).write(to: &$0) }
            let bytes = json.finish().dropFirst().dropLast()
            return isFirst || bytes.isEmpty ? Array(bytes) : [UInt8(ascii: ",")] + bytes
        }
    }

    struct NewRecap: RequestBody {
        let kind: Domain.Recap.Kind
        let period: CivilMonth

        init(_ fields: inout Fields) {
            kind = fields.choice("kind", or: .consultation)
            period = fields.parsed("period", or: CivilMonth(of: CivilDate(daysSinceEpoch: 0)), Rules.month) { CivilMonth($0) }
        }
    }
}

extension JSONWriter {
    /// A share, to four digits behind the point and no more than it has; null where there is none.
    mutating func member(_ name: StaticString, share: Double?) {
        self.name(name)
        guard let share else { return null() }
        let parts = Int((share * 10_000).rounded())
        var digits = String(10_000 + parts % 10_000).dropFirst()
        while digits.last == "0" { digits = digits.dropLast() }
        raw(digits.isEmpty ? String(parts / 10_000) : "\(parts / 10_000).\(digits)")
    }
}
