import Domain
import HTTP

/// Step timings, as a list.
enum TimingListing {
    static func response(
        to request: Request,
        _ page: PageParameters,
        _ query: TimingQuery,
        visible: [Visibility],
        in tx: borrowing Transaction,
        store: any Store
    ) throws -> Response {
        let view = Schema.View(now: query.now, calendars: try tx.calendars)
        return try Listing(
            parameters: page,
            columns: columns(in: view),
            key: { $0.id.text },
            fetch: { page, tx throws(DomainError) in
                var query = query
                query.page = page
                return try tx.timings.list(query, visible: visible)
            },
            count: { most, tx throws(DomainError) in try tx.timings.count(query, visible: visible, most: most) },
            write: { Schema.StepTiming(timing: $1, view: view).write(to: &$0) }
        ).response(to: request, in: tx, store: store)
    }

    private static func columns(in view: Schema.View) -> [Column<StepTiming>] {
        [
            Column("id") { $0.id.text },
            Column("procedure") { $0.procedure },
            Column("procedure_version") { String($0.procedureVersion) },
            Column("subject_type") { $0.subjectKind.rawValue },
            Column("subject_id") { $0.subjectID },
            Column("participant_id") { $0.participantID?.text ?? "" },
            Column("unit_id") { $0.unitID.text },
            Column("step_no") { String($0.clock.stepNumber) },
            Column("step_code") { $0.clock.stepCode },
            Column("attempt") { String($0.clock.attempt) },
            Column("performer_id") { $0.performerID?.text ?? "" },
            Column("role") { $0.role },
            Column("started_at") { $0.clock.startedAt.rfc3339 },
            Column("finished_at") { $0.clock.finishedAt?.rfc3339 ?? "" },
            Column("elapsed_s") { String($0.clock.elapsed(at: view.now, by: view.calendars[$0.unitID]) / 1000) },
            Column("standard_s") { $0.clock.standard.map { String($0 / 1000) } ?? "" },
            Column("due_at") { $0.clock.dueAt?.rfc3339 ?? "" },
            Column("outcome") { $0.outcome?.rawValue ?? "" },
            Column("verdict") { $0.clock.verdict(at: view.now).rawValue },
        ]
    }
}

extension Schema {
    /// A step timing at one moment.
    struct StepTiming: JSONWritable {
        let timing: Domain.StepTiming
        let view: View

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("id", timing.id)
                json.member("procedure", timing.procedure)
                json.member("procedure_version", timing.procedureVersion)
                json.member("subject_type", timing.subjectKind.rawValue)
                json.member("subject_id", timing.subjectID)
                json.member("participant_id", timing.participantID)
                json.member("unit_id", timing.unitID)
                json.member("step_no", timing.clock.stepNumber)
                json.member("step_code", timing.clock.stepCode)
                json.member("attempt", timing.clock.attempt)
                json.member("performer_id", timing.performerID)
                json.member("role", timing.role)
                json.member("started_at", timing.clock.startedAt)
                json.member("finished_at", timing.clock.finishedAt)
                json.member("elapsed_s", timing.clock.elapsed(at: view.now, by: view.calendars[timing.unitID]) / 1000)
                json.member("standard_s", timing.clock.standard.map { $0 / 1000 })
                json.member("due_at", timing.clock.dueAt)
                json.member("outcome", timing.outcome?.rawValue)
                json.member("verdict", timing.clock.verdict(at: view.now).rawValue)
            }
        }
    }
}
