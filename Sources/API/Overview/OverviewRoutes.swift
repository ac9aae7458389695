import Domain
import HTTP

/// The leaders' live picture in numbers.
struct OverviewRoutes {
    let environment: Environment

    var routes: [Route] { [.get("/v1/overview", .getOverview, needs: .overviewRead, use: getOverview)] }

    func getOverview(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        let now = environment.clock()
        let picture = try tx.overview(for: principal).picture(at: now)
        var names: [Domain.User.ID: String] = [:]
        for officer in picture.officers { names[officer.officerID] = officer.name }
        return .ok(Schema.Overview(picture: picture, now: now, names: names))
    }
}

extension Schema {
    /// How all cases stand.
    struct Overview: JSONWritable {
        let picture: Domain.Overview.Picture
        let now: Instant
        /// Of all officers with open cases.
        let names: [Domain.User.ID: String]

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("generated_at", now)
                write(picture.load, to: &json)
                json.name("kinds")
                json.array(picture.kinds) { json, kind in
                    json.object { json in
                        json.member("kind", kind.kind.rawValue)
                        write(kind.load, to: &json)
                        write(onTime: kind.onTime, late: kind.late, to: &json)
                        json.name("states")
                        json.array(kind.states) { json, state in
                            json.object { json in
                                json.member("status", state.state)
                                write(state.load, to: &json)
                            }
                        }
                    }
                }
                write(onTime: picture.onTime, late: picture.late, to: &json)
                json.name("throughput")
                json.array(picture.days) { json, day in
                    json.object { json in
                        json.member("date", day.date.description)
                        json.member("opened", day.opened)
                        json.member("closed", day.closed)
                    }
                }
                json.name("officers")
                json.array(picture.officers) { json, officer in
                    json.object { json in
                        json.name("officer")
                        write(officer.officerID, to: &json)
                        write(officer.load, to: &json)
                    }
                }
                json.name("overdue_cases")
                json.array(picture.overdue) { json, overdue in write(overdue, to: &json) }
            }
        }

        private func write(_ load: Domain.Overview.Load, to json: inout JSONWriter) {
            json.member("open", load.open)
            json.member("overdue", load.overdue)
            json.member("due_today", load.dueToday)
        }

        private func write(onTime: Int, late: Int, to json: inout JSONWriter) {
            json.member("on_time", onTime)
            json.member("late", late)
            json.name("on_time_rate")
            guard onTime + late > 0 else { return json.null() }
            let rate = Double(onTime) / Double(onTime + late)
            JSONValue.number((rate * 10_000).rounded() / 10_000).write(to: &json)
        }

        private func write(_ officer: Domain.User.ID, to json: inout JSONWriter) {
            json.object { json in
                json.member("id", officer)
                json.member("name", names[officer] ?? "")
            }
        }

        private func write(_ overdue: Domain.Overview.OverdueCase, to json: inout JSONWriter) {
            let summary = overdue.summary
            json.object { json in
                json.member("kind", summary.kind.rawValue)
                json.member("id", summary.id)
                json.member("number", summary.number)
                json.member("status", summary.status)
                json.member("title", summary.title)
                json.member("href", "/v1/\(summary.kind.collection)/\(summary.id)")
                json.name("officer")
                if let officer = overdue.officerID { write(officer, to: &json) } else { json.null() }
                json.member("step_code", overdue.stepCode)
                json.member("due_at", overdue.dueAt)
            }
        }
    }
}
