import Domain
import HTTP

/// Runs of procedures: anyone of the directorate begins one and says who holds its roles.
extension ProcedureRun: CaseResource {
    static var operations: CaseOperations {
        CaseOperations(
            list: .listProcedureRuns,
            create: .createProcedureRun,
            get: .getProcedureRun,
            update: .updateProcedureRun,
            history: .getProcedureRunHistory,
            timings: .getProcedureRunTimings,
            listLinks: .listProcedureRunLinks,
            createLink: .createProcedureRunLink,
            deleteLink: .deleteProcedureRunLink,
            listComments: .listProcedureRunComments,
            createComment: .createProcedureRunComment,
            listAttachments: .listProcedureRunAttachments,
            createAttachment: .createProcedureRunAttachment,
            pause: .pauseProcedureRun,
            resume: .resumeProcedureRun
        )
    }

    static func operation(of event: Event) -> Operation {
        switch event {
        case .cancel: .cancelProcedureRun
        }
    }

    static var hasManySteps: Bool { true }

    static var filterNames: [String] { ["procedure"] }

    static func filter(_ query: inout Query) -> Filter {
        var filter = Filter()
        filter.procedure = query.text("procedure", longest: 64)
        return filter
    }

    static func make(
        _ new: Schema.NewProcedureRun,
        by principal: Principal,
        at now: Instant,
        ids: IdentifierSource,
        in tx: borrowing Transaction
    ) throws(DomainError) -> ProcedureRun {
        // Who may make no run at all is not told what is wrong with it.
        guard principal.roles.isInternal else { throw .forbidden }
        guard let version = try tx.procedures.document(of: new.procedure, version: nil)?.version else {
            throw .invalid([.unknownReference("/procedure")])
        }
        let graph = try tx.procedures.graph(of: new.procedure, version: version)
        let roles = try tx.procedures.roles(of: new.procedure, version: version)
        var issues: [Issue] = []
        for (role, users) in new.assignments {
            let pointer = "/assignments/\(role)"
            if !roles.contains(role) {
                issues.append(Issue(pointer, code: "unknown_role", detail: Text(id: "Peran tidak ada.", en: "There is no such role.")))
            }
            for user in users where try tx.users.find(user)?.isActive != true { issues.append(.unknownReference(pointer)) }
        }
        for role in RunWork.neededRoles(of: graph) where !new.assignments.contains(where: { $0.role == role }) {
            issues.append(.missing("/assignments/\(role)"))
        }
        for (place, participant) in new.participants.enumerated() {
            if let id = participant.userID, try tx.users.find(id)?.isActive != true {
                issues.append(.unknownReference("/participants/\(place)/user_id"))
            }
            if let id = participant.unitID, try tx.units.find(id) == nil {
                issues.append(.unknownReference("/participants/\(place)/unit_id"))
            }
        }
        if new.participants.isEmpty, graph.steps.contains(where: { $0.scope == .participant }) { issues.append(.missing("/participants")) }
        if new.questionnaire != nil, !graph.steps.contains(where: { $0.code == AssessmentStep.scores }) {
            let detail = Text(id: "Prosedur ini bukan penilaian.", en: "This procedure is no assessment.")
            issues.append(Issue("/questionnaire", code: "not_allowed", detail: detail))
        }
        guard issues.isEmpty else { throw .invalid(issues) }

        let work = RunWork(
            graph: graph,
            requesterID: principal.userID,
            assignments: new.assignments.flatMap { role, users in users.map { RunAssignment(role: role, userID: $0) } },
            participants: new.participants.map { participant in
                RunParticipant(id: ids.make(at: now), name: participant.name, userID: participant.userID, unitID: participant.unitID)
            },
            questionnaire: new.questionnaire
        )
        let head = try tx.runs.head(following: workflow(of: new.procedure), unit: principal.unitID, by: principal, at: now, ids: ids)
        return ProcedureRun(head, procedure: new.procedure, title: new.title, work: work)
    }

    mutating func change(_ patch: Schema.ProcedureRunPatch) -> [String] {
        var changes = FieldChanges()
        changes.apply(patch.title, "title", to: &title)
        return changes.names
    }

    func writeOwn(to json: inout JSONWriter, for principal: Principal) {
        json.member("procedure", procedure)
        json.member("procedure_version", procedureVersion)
        json.member("title", title)
        json.member("only_step", onlyStep)
    }

    func writeDetail(to json: inout JSONWriter, for principal: Principal, in view: Schema.View) {
        guard let work else { return }
        Schema.RunView(work: work, unitID: unitID, principal: principal, view: view).writeMembers(to: &json)
    }

    /// The steps that `principal` may complete now, for each participant where each does it.
    func ownActions(for principal: Principal) -> [Schema.Action] {
        guard state == .running, let work else { return [] }
        let isSuperAdmin = principal.roles.contains(.superAdmin)
        var actions: [Schema.Action] = []
        for task in isSuperAdmin ? work.openTasks : work.tasks(for: principal) {
            let href = "\(location)/steps/\(task.step)/complete"
            if !actions.contains(where: { $0.href == href }) {
                actions.append(Schema.Action(name: "complete", method: .post, href: href, required: work.required(of: task)))
            }
        }
        return actions
    }

    static var ownColumns: [Column<(ProcedureRun, Principal)>] {
        [
            Column("procedure") { $0.0.procedure },
            Column("procedure_version") { String($0.0.procedureVersion) },
            Column("title") { $0.0.title },
            Column("only_step") { $0.0.onlyStep.map { String($0) } ?? "" },
        ]
    }
}

extension Schema {
    struct NewProcedureRun: RequestBody {
        struct Participant: Sendable {
            let name: String
            let userID: Domain.User.ID?
            let unitID: Domain.Unit.ID?
        }

        let procedure: String
        let title: String
        /// The users of each role, in the order of the roles.
        let assignments: [(role: String, users: [Domain.User.ID])]
        let participants: [Participant]
        let questionnaire: Questionnaire?

        init(_ fields: inout Fields) {
            procedure = fields.parsed("procedure", or: "", ProcedureRules.code) { ProcedureRules.isCode($0) ? $0 : nil }
            title = fields.text("title", RunRules.title)
            assignments =
                fields.nested("assignments") { fields in
                    fields.object.members.map { ($0.name, fields.users($0.name)) }.sorted { $0.0 < $1.0 }
                } ?? []
            participants =
                fields.optionalList("participants", count: 0...RunRules.mostParticipants) { fields, _ in
                    Participant(
                        name: fields.text("name", RunRules.title),
                        userID: fields.optionalIdentifier("user_id"),
                        unitID: fields.optionalIdentifier("unit_id")
                    )
                } ?? []
            questionnaire = fields.optionalNested("questionnaire") { $0.questionnaire() }
        }
    }

    struct ProcedureRunPatch: RequestBody {
        let title: Change<String>

        init(_ fields: inout Fields) { title = fields.changedText("title", RunRules.title) }
    }
}

enum RunRules {
    static let title = TextRule.line(3...200)
    static let mostParticipants = 600
    static let mostUsersOfRole = 50
    static let output = TextRule.line(1...500)
    static let answer = TextRule.lines(1...4000)
    static let highestScore = 1000

    /// Whether a text has the form of an attachment's id.
    static func isAttachmentID(_ text: String) -> Bool {
        (24...44).contains(text.utf8.count)
            && text.utf8.dropFirst(4).allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            }
    }
}

extension Fields {
    /// One user, or an array of several.
    mutating func users(_ name: String) -> [Domain.User.ID] {
        guard case .array = object[name] else { return [identifier(name)] }
        let texts = optionalTexts(name, count: 1...RunRules.mostUsersOfRole, .line(1...44)) ?? []
        var users: [Domain.User.ID] = []
        for (place, text) in texts.enumerated() {
            guard let id = Domain.User.ID(text), !users.contains(id) else {
                note(at: "\(Self.escape(name))/\(place)", "bad_format", "Harus id pengguna, sekali.", "It must be the id of a user, once.")
                continue
            }
            users.append(id)
        }
        return users
    }
}

extension Fields {
    fileprivate mutating func questionnaire() -> Questionnaire {
        var (dimensions, indicators): (Set<String>, Set<String>) = ([], [])
        return Questionnaire(
            dimensions: list("dimensions", count: 1...50) { fields, _ in
                Questionnaire.Dimension(
                    code: fields.newCode(&dimensions),
                    title: fields.text("title", RunRules.title),
                    weight: fields.optionalInteger("weight", 1...1000) ?? 1,
                    maximum: fields.optionalInteger("maximum", 1...RunRules.highestScore) ?? 100,
                    indicators: fields.optionalList("indicators", count: 0...100) { fields, _ in
                        Questionnaire.Indicator(code: fields.newCode(&indicators), title: fields.text("title", RunRules.title))
                    } ?? []
                )
            }
        )
    }

    /// A code that no other has.
    private mutating func newCode(_ known: inout Set<String>) -> String {
        let code = parsed("code", or: "", ProcedureRules.code) { ProcedureRules.isCode($0) ? $0 : nil }
        if !code.isEmpty, !known.insert(code).inserted { note("code", "duplicate", "Kode ganda.", "The code is repeated.") }
        return code
    }
}
