import Domain
import HTTP
import Security

/// Which steps of a procedure open by themselves, when they do next, and what became of those that were due.
struct ScheduleRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .get("/v1/procedure-schedules/{code}", .getProcedureSchedule, needs: .procedureRunsRead, use: getProcedureSchedule),
            .put("/v1/procedure-schedules/{code}", .replaceProcedureSchedule, needs: .proceduresWrite, use: replaceProcedureSchedule),
        ]
    }

    func getProcedureSchedule(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        // Who does what is the directorate's own business.
        guard principal.roles.isInternal else { throw Problem(.forbidden) }
        let code = request.parameters.first ?? ""
        let now = environment.clock()
        let graph = try tx.latestGraph(of: code)
        let today = try tx.today(in: principal.unitID, at: now)
        let schedule = try tx.schedules.find(code) ?? .proposal(for: code, graph, by: principal, today: today)
        return try answer(schedule, graph, at: now, tx)
    }

    func replaceProcedureSchedule(_ request: Request, by principal: Principal) async throws -> Response {
        let code = request.parameters.first ?? ""
        let new = try request.json(as: Schema.NewProcedureSchedule.self)
        let (expected, ids) = (request.ifMatch, environment.ids)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let graph = try tx.latestGraph(of: code)
            let wanted = try new.schedule(of: code, graph, by: principal, at: now, in: tx)
            let schedule = try tx.schedule(wanted, expecting: expected, by: principal, at: now, ids: ids)
            return try answer(schedule, graph, at: now, tx)
        }
    }

    private func answer(
        _ schedule: ProcedureSchedule,
        _ graph: StepGraph,
        at now: Instant,
        _ tx: borrowing Transaction
    ) throws(DomainError) -> Response {
        var body = JSONWriter(capacity: 4096)
        try Schema.ProcedureSchedule(schedule, graph, at: now, in: tx).write(to: &body)
        let bytes = body.finish()
        // What has opened and what is next changes without the schedule: the tag tells both.
        let tag = "\"\(schedule.version)-\(Digest.hex(Array(Digest.sha256(bytes).prefix(16))))\""
        return Response(status: 200, headers: ["content-type": MediaType.json.rawValue, "etag": tag], body: .bytes(bytes))
    }
}

extension Transaction {
    /// The steps of the latest version of a procedure; throws `notFound` where there is none.
    fileprivate func latestGraph(of code: String) throws(DomainError) -> StepGraph {
        try procedures.graph(of: code, version: try procedures.latestVersion(of: code))
    }

    fileprivate func today(in unit: Domain.Unit.ID, at now: Instant) throws(DomainError) -> CivilDate {
        try calendars[unit].localDate(of: now)
    }
}

extension ProcedureSchedule {
    /// What a procedure that was never scheduled would be scheduled as: the steps of which the SOP says how often.
    fileprivate static func proposal(for code: String, _ graph: StepGraph, by principal: Principal, today: CivilDate) -> ProcedureSchedule {
        ProcedureSchedule(
            procedure: code,
            isActive: false,
            unitID: principal.unitID,
            ownerID: principal.userID,
            assignments: [],
            steps: graph.steps.compactMap { step in
                step.recurrence.map { Step(number: step.number, recurrence: $0, startsOn: today) }
            },
            version: 0
        )
    }
}

extension Schema {
    struct NewProcedureSchedule: RequestBody, Sendable {
        private struct Step: Sendable {
            let number: Int
            let recurrence: Recurrence?
            let startsOn: CivilDate?
        }

        private let isActive: Bool
        private let unitID: Domain.Unit.ID?
        private let steps: [Step]?
        private let assignments: [(role: String, users: [Domain.User.ID])]

        init(_ fields: inout Fields) {
            isActive = fields.optionalFlag("active") ?? true
            unitID = fields.optionalIdentifier("unit_id")
            var numbers: Set<Int> = []
            steps = fields.optionalList("steps", count: 0...200) { fields, _ in
                let number = fields.integer("no", 1...200)
                if !numbers.insert(number).inserted { fields.note("no", "duplicate", "Nilai ganda.", "The value is repeated.") }
                return Step(
                    number: number,
                    recurrence: fields.optionalNested("recurrence") { $0.recurrence() },
                    startsOn: fields.optionalParsed("starts_on", Rules.date) { CivilDate($0) }
                )
            }
            assignments =
                fields.nested("assignments") { fields in
                    fields.object.members.map { ($0.name, fields.users($0.name)) }.sorted { $0.0 < $1.0 }
                } ?? []
        }

        /// The schedule that is asked for, with every fault of it at once.
        func schedule(
            of code: String,
            _ graph: StepGraph,
            by principal: Principal,
            at now: Instant,
            in tx: borrowing Transaction
        ) throws(DomainError) -> Domain.ProcedureSchedule {
            let before = try tx.schedules.find(code)
            let unit = unitID ?? before?.unitID ?? principal.unitID
            var issues: [Issue] = []
            if try tx.units.find(unit) == nil { issues.append(.unknownReference("/unit_id")) }
            let today = try tx.today(in: unit, at: now)
            let steps = steps ?? graph.steps.filter { $0.recurrence != nil }.map { Step(number: $0.number, recurrence: nil, startsOn: nil) }
            var scheduled: [Domain.ProcedureSchedule.Step] = []
            for (place, step) in steps.enumerated() {
                guard let known = graph[step.number] else {
                    issues.append(.unknownReference("/steps/\(place)/no"))
                    continue
                }
                if known.scope == .participant {
                    let detail = Text(id: "Langkah per peserta tidak dapat dijadwalkan.", en: "A step of each participant has no schedule.")
                    issues.append(Issue("/steps/\(place)/no", code: "not_allowed", detail: detail))
                }
                guard let recurrence = step.recurrence ?? known.recurrence else {
                    issues.append(.missing("/steps/\(place)/recurrence"))
                    continue
                }
                let alike = before?.steps.first { $0.number == step.number && $0.recurrence == recurrence }
                let start = step.startsOn ?? alike?.startsOn ?? today
                scheduled.append(Domain.ProcedureSchedule.Step(number: step.number, recurrence: recurrence, startsOn: start))
            }
            let needed = scheduled.compactMap { graph[$0.number] }.flatMap { [$0.role] + $0.parallel }
            for role in Set(needed).sorted() where !assignments.contains(where: { $0.role == role }) {
                issues.append(.missing("/assignments/\(role)"))
            }
            let roles = Set(graph.steps.flatMap { [$0.role] + $0.parallel })
            for (role, users) in assignments {
                let pointer = "/assignments/\(role)"
                if !roles.contains(role) {
                    issues.append(Issue(pointer, code: "unknown_role", detail: Text(id: "Peran tidak ada.", en: "There is no such role.")))
                }
                for user in users where try tx.users.find(user)?.isActive != true { issues.append(.unknownReference(pointer)) }
            }
            guard issues.isEmpty else { throw .invalid(issues) }
            return Domain.ProcedureSchedule(
                procedure: code,
                isActive: isActive,
                unitID: unit,
                ownerID: principal.userID,
                assignments: assignments.flatMap { role, users in users.map { RunAssignment(role: role, userID: $0) } },
                steps: scheduled.sorted { $0.number < $1.number },
                version: 0
            )
        }
    }

    /// A schedule with what is next and what was, as it is at one moment.
    struct ProcedureSchedule: JSONWritable {
        /// How many dates ahead it names, and how many periods back.
        private static let (ahead, back) = (3, 24)

        private struct Next {
            let period: Recurrence.Period
            let opensAt: Instant
            let dueAt: Instant?
        }

        private let schedule: Domain.ProcedureSchedule
        private let steps: [(step: Procedure.Step, scheduled: Domain.ProcedureSchedule.Step, next: [Next], past: [Occasion])]
        private let now: Instant

        init(_ schedule: Domain.ProcedureSchedule, _ graph: StepGraph, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
            self.schedule = schedule
            self.now = now
            let calendar = try tx.calendars[schedule.unitID]
            var steps: [(step: Procedure.Step, scheduled: Domain.ProcedureSchedule.Step, next: [Next], past: [Occasion])] = []
            for scheduled in schedule.steps {
                guard let step = graph[scheduled.number] else { continue }
                var last = try tx.schedules.lastPeriod(of: scheduled.number, in: schedule.procedure)
                var next: [Next] = []
                while next.count < Self.ahead, let found = schedule.next(of: scheduled, after: last, by: calendar) {
                    let due = step.standard.map { calendar.instant(after: found.at, working: $0) }
                    next.append(Next(period: found.period, opensAt: found.at, dueAt: due))
                    last = found.period
                }
                let past = try tx.schedules.occasions(of: scheduled.number, in: schedule.procedure, limit: Self.back)
                steps.append((step, scheduled, next, past))
            }
            self.steps = steps
        }

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("procedure", schedule.procedure)
                json.member("active", schedule.isActive)
                json.member("unit_id", schedule.unitID)
                json.member("owner_id", schedule.ownerID)
                json.member("version", schedule.version)
                json.name("assignments")
                json.members(of: schedule.assignments)
                json.name("steps")
                json.array(steps) { json, entry in
                    json.object { json in
                        json.member("no", entry.step.number)
                        json.member("code", entry.step.code)
                        json.name("recurrence")
                        json.object { json in
                            json.member("every", entry.scheduled.recurrence.every)
                            json.member("unit", entry.scheduled.recurrence.unit.rawValue)
                        }
                        json.member("starts_on", entry.scheduled.startsOn.description)
                        json.name("next")
                        json.array(entry.next) { json, next in
                            json.object { json in
                                json.period(next.period)
                                json.member("opens_at", next.opensAt)
                                json.member("due_at", next.dueAt)
                            }
                        }
                        json.name("occasions")
                        json.array(entry.past) { json, past in
                            json.object { json in
                                json.period(past.period)
                                json.member("opens_at", past.dueAt)
                                json.member("status", past.status(at: now).rawValue)
                                json.member("run_id", past.runID)
                                json.member("opened_at", past.openedAt)
                                json.member("finished_at", past.finishedAt)
                            }
                        }
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func period(_ period: Recurrence.Period) {
        member("from", period.first.description)
        member("to", period.last.description)
    }

    /// The users of each role: one, or an array of several.
    mutating func members(of assignments: [RunAssignment]) {
        object { json in
            for (role, assignments) in Dictionary(grouping: assignments, by: \.role).sorted(by: { $0.key < $1.key }) {
                json.name(dynamic: role)
                if let only = assignments.first, assignments.count == 1 {
                    json.value(only.userID.text)
                } else {
                    json.array(assignments) { $0.value($1.userID.text) }
                }
            }
        }
    }
}
