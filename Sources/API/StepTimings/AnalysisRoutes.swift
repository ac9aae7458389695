import Domain
import HTTP

/// Where the time of a procedure goes.
extension StepTimingRoutes {
    /// The longest period that is analysed at once, and the one that is when none is named, in milliseconds.
    private static let longest: Int64 = 366 * 86_400_000
    private static let usual: Int64 = 90 * 86_400_000

    func analyseProcedure(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let now = environment.clock()
        let last = parameters.instant("to") ?? now
        let first = parameters.instant("from") ?? last.advanced(byMilliseconds: -Self.usual)
        if first >= last || last.milliseconds - first.milliseconds > Self.longest {
            let (id, en) = ("Harus sebelum `to`, paling lama 366 hari.", "It must be before `to`, by 366 days at most.")
            parameters.note("from", "out_of_range", id, en)
        }
        try parameters.finish()
        guard let code = request.parameters.first else { throw Problem(.notFound) }
        let version = try tx.procedures.latestVersion(of: code)
        let period = TimeRange(from: first, to: last)
        let attempts = try tx.timings.attempts(at: code, started: period, visible: Visibility.stepTimings(for: principal))
        let analysis = ProcedureAnalysis(of: attempts, steps: try tx.procedures.graph(of: code, version: version).steps)
        return .ok(Schema.ProcedureAnalysis(procedure: code, version: version, from: first, to: last, analysis: analysis))
    }
}

extension Schema {
    /// Where the time of a procedure went in a period.
    struct ProcedureAnalysis: JSONWritable {
        let procedure: String
        let version: Int
        let from: Instant
        let to: Instant
        let analysis: Domain.ProcedureAnalysis

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("procedure", procedure)
                json.member("procedure_version", version)
                json.member("from", from)
                json.member("to", to)
                json.member("runs", analysis.runs)
                json.member("attempts", analysis.attempts)
                json.name("steps")
                json.array(analysis.steps) { Self.write($1, to: &$0) }
                json.name("loops")
                json.array(analysis.steps.filter { $0.repeatedAttempts > 0 }) { json, step in
                    json.object { json in
                        json.member("step_no", step.number)
                        json.member("step_code", step.code)
                        json.member("runs", step.repeatedRuns)
                        json.member("attempts", step.repeatedAttempts)
                        json.member("working_s", step.repeatedWorking / 1000)
                    }
                }
                json.name("slowest")
                json.array(analysis.slowest) { json, run in
                    json.object { json in
                        json.member("subject_type", run.subjectKind.rawValue)
                        json.member("subject_id", run.subjectID)
                        json.member("attempts", run.attempts)
                        json.member("working_s", run.working / 1000)
                        json.member("waiting_s", run.waiting / 1000)
                        json.member("paused_s", run.paused / 1000)
                    }
                }
                json.name("total")
                Self.write(analysis.total, to: &json)
            }
        }

        private static func write(_ step: Domain.ProcedureAnalysis.Step, to json: inout JSONWriter) {
            json.object { json in
                json.member("step_no", step.number)
                json.member("step_code", step.code)
                json.member("runs", step.runs)
                json.member("attempts", step.summary.count)
                json.member("working_s", step.working / 1000)
                json.member("waiting_s", step.waiting / 1000)
                json.member("paused_s", step.paused / 1000)
                json.name("elapsed_s")
                json.object { json in
                    json.member("mean", step.summary.mean / 1000)
                    json.member("p50", step.summary.median / 1000)
                    json.member("p90", step.summary.ninetieth / 1000)
                    json.member("max", step.summary.longest / 1000)
                }
                json.member("standard_s", step.summary.standard.map { $0 / 1000 })
                json.member("on_time", step.summary.onTime)
                json.member("late", step.summary.late)
            }
        }

        private static func write(_ total: Domain.ProcedureAnalysis.Comparison, to json: inout JSONWriter) {
            json.object { json in
                json.member("stated_s", total.stated.map { $0 / 1000 })
                json.member("runs", total.runs)
                json.member("within", total.within)
                json.name("elapsed_s")
                json.object { json in
                    json.member("mean", total.mean / 1000)
                    json.member("p50", total.median / 1000)
                    json.member("p90", total.ninetieth / 1000)
                    json.member("max", total.longest / 1000)
                }
            }
        }
    }
}
