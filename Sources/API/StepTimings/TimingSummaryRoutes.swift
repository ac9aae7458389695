import Domain
import HTTP

/// Ended attempts summed up in groups: the material by which a procedure, a unit or a person is judged.
extension StepTimingRoutes {
    static let summaryParameters = [
        "group_by", "format", "procedure", "subject_type", "step_no", "performer_id", "unit_id", "from", "to",
    ]

    func summariseStepTimings(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let grouping: [TimingGrouping] = parameters.choices("group_by") ?? [.step]
        let format: SummaryFormat? = parameters.choice("format")
        var query = TimingSummaryQuery(grouping: Set(grouping), timeZone: try tx.calendars.service.calendar.timeZone)
        query.procedure = parameters.text("procedure", longest: 64)
        query.subjectKind = parameters.choice("subject_type")
        query.stepNumber = parameters.integer("step_no", 1...1000)
        query.performerID = parameters.identifier("performer_id")
        query.unitID = parameters.identifier("unit_id")
        query.started = TimeRange(from: parameters.instant("from"), to: parameters.instant("to"))
        try parameters.finish()
        let groups = try tx.timings.summarise(query, visible: Visibility.stepTimings(for: principal))
        let accepts = MediaType.negotiate(request.headers["accept"], among: [.json, .csv])
        guard format ?? (accepts == .csv ? .csv : .json) == .csv else {
            return .ok(Schema.TimingSummaryList(groups: groups, grouping: query.grouping))
        }
        var csv = CSVWriter()
        let columns = Schema.TimingSummaryList.columns(by: query.grouping)
        csv.row(columns.map(\.name))
        for group in groups { csv.row(columns.map { $0.text(group) }) }
        let headers: Headers = [
            "content-type": "\(MediaType.csv.rawValue); charset=utf-8; header=present",
            "content-disposition": "attachment; filename=\"summary.csv\"",
        ]
        return Response(status: 200, headers: headers, body: .bytes(csv.finish()))
    }

    private enum SummaryFormat: String, CaseIterable {
        case json, csv
    }
}

extension Schema {
    /// Groups of ended attempts with their sums.
    struct TimingSummaryList: JSONWritable {
        let groups: [TimingSummary]
        let grouping: Set<TimingGrouping>

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("data")
                json.array(groups) { json, group in
                    json.object { json in
                        if grouping.contains(.month) { json.member("month", Self.month(group.key)) }
                        if let procedure = group.key.procedure { json.member("procedure", procedure) }
                        if let number = group.key.stepNumber { json.member("step_no", number) }
                        if let code = group.key.stepCode { json.member("step_code", code) }
                        if grouping.contains(.unit) { json.member("unit_id", group.key.unitID) }
                        if grouping.contains(.performer) { json.member("performer_id", group.key.performerID) }
                        json.member("count", group.count)
                        json.member("on_time", group.onTime)
                        json.member("late", group.late)
                        json.member("no_standard", group.noStandard)
                        json.member("returned", group.returned)
                        json.name("on_time_rate")
                        if let rate = group.onTimeRate { json.raw(Self.rate(rate)) } else { json.null() }
                        json.name("elapsed_s")
                        json.object { json in
                            json.member("mean", group.mean / 1000)
                            json.member("p50", group.median / 1000)
                            json.member("p90", group.ninetieth / 1000)
                            json.member("max", group.longest / 1000)
                        }
                        json.member("standard_s", group.standard.map { $0 / 1000 })
                    }
                }
            }
        }

        static func columns(by grouping: Set<TimingGrouping>) -> [Column<TimingSummary>] {
            var columns: [Column<TimingSummary>] = []
            if grouping.contains(.month) { columns.append(Column("month") { month($0.key) }) }
            if grouping.contains(.procedure) || grouping.contains(.step) { columns.append(Column("procedure") { $0.key.procedure ?? "" }) }
            if grouping.contains(.step) {
                columns.append(Column("step_no") { $0.key.stepNumber.map { String($0) } ?? "" })
                columns.append(Column("step_code") { $0.key.stepCode ?? "" })
            }
            if grouping.contains(.unit) { columns.append(Column("unit_id") { $0.key.unitID?.text ?? "" }) }
            if grouping.contains(.performer) { columns.append(Column("performer_id") { $0.key.performerID?.text ?? "" }) }
            return columns + [
                Column("count") { String($0.count) },
                Column("on_time") { String($0.onTime) },
                Column("late") { String($0.late) },
                Column("no_standard") { String($0.noStandard) },
                Column("returned") { String($0.returned) },
                Column("on_time_rate") { $0.onTimeRate.map(rate) ?? "" },
                Column("elapsed_mean_s") { String($0.mean / 1000) },
                Column("elapsed_p50_s") { String($0.median / 1000) },
                Column("elapsed_p90_s") { String($0.ninetieth / 1000) },
                Column("elapsed_max_s") { String($0.longest / 1000) },
                Column("standard_s") { $0.standard.map { String($0 / 1000) } ?? "" },
            ]
        }

        /// `2026-11`.
        private static func month(_ key: TimingSummary.Key) -> String {
            let months = key.month ?? 0
            let (year, month) = (String(months / 12), String(months % 12 + 1))
            return String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year + (month.utf8.count == 1 ? "-0" : "-") + month
        }

        /// To four digits.
        private static func rate(_ rate: Double) -> String { "\((rate * 10_000).rounded() / 10_000)" }
    }
}
