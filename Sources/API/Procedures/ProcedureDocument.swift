import Domain
import HTTP

extension Schema {
    /// The document of a procedure, checked whole: what the catalogue holds, what is exported, and what a new version is made of.
    struct NewProcedureVersion: RequestBody, Sendable {
        let code: String?
        private let number: String?
        private let title: Text
        private let issuer: String
        private let effectiveDate: CivilDate?
        private let roles: [String]
        private let steps: [Procedure.Step]
        private let takesImpliedDecisions: Bool
        /// The document as it came, but for its version.
        private let document: JSONObject

        init(_ fields: inout Fields) {
            code = fields.optionalParsed("code", ProcedureRules.code) { ProcedureRules.isCode($0) ? $0 : nil }
            _ = fields.optionalInteger("version", 1...1_000_000)
            number = fields.optionalText("number", ProcedureRules.name)
            title = fields.nested("title") { $0.localized() } ?? Text(id: "", en: "")
            issuer = fields.text("issuer", ProcedureRules.name)
            effectiveDate = fields.optionalParsed("effective_date", Rules.date) { CivilDate($0) }
            let dayMinutes = fields.optionalInteger("working_day_minutes", 1...1440) ?? ProcedureRules.dayMinutes
            takesImpliedDecisions = fields.optionalFlag("takes_implied_decisions") ?? false
            let roles = fields.list("roles", count: 1...50) { fields, _ in fields.role() }
            self.roles = roles
            steps = fields.list("steps", count: 1...200) { fields, place in fields.step(place, roles: roles, dayMinutes: dayMinutes) }
            fields.readMetadata(steps: steps.count)
            fields.checkTotals(of: steps, dayMinutes: dayMinutes)
            let graph = StepGraph(steps, takesImpliedDecisions: takesImpliedDecisions)
            for issue in graph.faults(roles: roles) {
                fields.note(at: String(issue.pointer.dropFirst()), issue.code, issue.detail.id, issue.detail.en)
            }
            document = fields.object
        }

        /// The procedure as version `version` under `code`: its document says so, and has every member that a document has.
        func procedure(_ code: String, version: Int) -> Procedure {
            var object = JSONObject()
            object.insert("code", .string(code), at: 0)
            object.insert("version", .integer(Int64(version)), at: 1)
            for member in document.members where !Self.isLeftOut(member.name, member.value) {
                object.insert(member.name, member.value, at: .max)
            }
            for (name, value) in Self.defaults(for: steps) where object[name] == nil { object.insert(name, value, at: .max) }
            var json = JSONWriter(capacity: 16_384)
            JSONValue.object(object).write(to: &json)
            return Procedure(
                code: code,
                version: version,
                number: number,
                title: title,
                issuer: issuer,
                effectiveDate: effectiveDate?.description,
                roles: roles,
                steps: steps,
                takesImpliedDecisions: takesImpliedDecisions,
                document: String(decoding: json.finish(), as: UTF8.self)
            )
        }

        /// Whether a member is not taken over: null stands for one that was left out, but where it is a value.
        private static func isLeftOut(_ name: String, _ value: JSONValue) -> Bool {
            name == "code" || name == "version" || (value == .null && !nullable.contains(name))
        }

        private static let nullable: Set = [
            "number", "source", "issuer_en", "effective_date", "created_date", "revised_date", "approver", "warning", "stated_total",
            "computed_total", "computed_total_minutes", "computed_total_minutes_at_480", "total_note", "points",
        ]

        /// What the workflows of cases time must be there, or no such case could go on.
        func missingSteps(of code: String) -> [Issue] {
            let timed = CaseKind.timedSteps(of: code)
            return timed.filter { number in !steps.contains { $0.number == number } }.map { number in
                Issue(
                    "/steps",
                    code: "missing_step",
                    detail: Text(
                        id: "Langkah \(number) dipakai oleh alur kasus dan harus ada.",
                        en: "Step \(number) is part of the workflow of cases and must be there."
                    )
                )
            }
        }

        /// The members that a document always has, as they are when the author leaves them out.
        private static func defaults(for steps: [Procedure.Step]) -> [(String, JSONValue)] {
            let total = Procedure.total(of: steps)
            return [
                ("number", .null), ("issuer_en", .null), ("effective_date", .null),
                ("working_day_minutes", .integer(Int64(ProcedureRules.dayMinutes))), ("stated_total", .null), ("computed_total", .null),
                ("computed_total_minutes", total.timedSteps == 0 ? .null : .integer(total.milliseconds / 60_000)),
                ("timed_steps", .integer(Int64(total.timedSteps))), ("points", .null), ("forms", .array([])), ("records", .array([])),
                ("reports", .array([])), ("related", .array([])), ("rules", .array([])),
            ]
        }
    }
}

/// What the parts of a procedure's document must be.
enum ProcedureRules {
    static let dayMinutes = 450
    static let name = TextRule.line(1...500)
    static let long = TextRule.lines(1...4000)
    static let code = (id: "kode huruf kecil seperti it-planning", en: "a lower-case code such as it-planning")

    static func isCode(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
    }
}

extension Fields {
    fileprivate mutating func localized() -> Text {
        Text(id: text("id", ProcedureRules.long), en: text("en", ProcedureRules.long))
    }

    fileprivate mutating func code(_ name: String) -> String {
        parsed(name, or: "", ProcedureRules.code) { ProcedureRules.isCode($0) ? $0 : nil }
    }

    fileprivate mutating func role() -> String {
        let code = code("code")
        _ = nested("title") { $0.localized() }
        return code
    }

    fileprivate mutating func localizedList(_ name: String) -> Int {
        (optionalList(name, count: 0...200) { fields, _ in fields.localized() })?.count ?? 0
    }

    fileprivate mutating func step(_ place: Int, roles: [String], dayMinutes: Int) -> Procedure.Step {
        require("also", "role_basis", "scope", "inputs", "outputs", "checklist", "standard", "recurrence", "decision", "implied_decision")
        refuseNull("also", "role_basis", "scope", "inputs", "outputs", "checklist", "parallel", "evidence_note")
        let title = nested("title") { $0.localized() } ?? Text(id: "", en: "")
        for (index, role) in (optionalTexts("also", count: 0...50, ProcedureRules.name) ?? []).enumerated() where !roles.contains(role) {
            note(at: "also/\(index)", "unknown_role", "Peran tidak terdaftar.", "The role is not in the list.")
        }
        _ = optionalChoice("role_basis", Basis.self)
        _ = (localizedList("inputs"), localizedList("outputs"), optionalText("evidence_note", ProcedureRules.long))
        let recurrence = optionalNested("recurrence") { $0.recurrence() }
        return Procedure.Step(
            number: integer("no", 1...200),
            code: code("code"),
            title: title,
            role: code("role"),
            parallel: optionalTexts("parallel", count: 0...50, ProcedureRules.name) ?? [],
            scope: optionalChoice("scope") ?? .case,
            standard: optionalNested("standard") { fields in fields.standard(dayMinutes: dayMinutes) },
            checklist: localizedList("checklist"),
            decision: optionalNested("decision") { $0.decision() },
            impliedDecision: optionalNested("implied_decision") { $0.decision() },
            recurrence: recurrence
        )
    }

    private enum Basis: String, CaseIterable { case stated, inferred }

    private enum StandardUnit: String, CaseIterable { case minute, hour, day }

    /// How often something is done.
    mutating func recurrence() -> Recurrence {
        Recurrence(every: integer("every", 1...1000), unit: choice("unit", or: .month))
    }

    /// Milliseconds of working time; a day is the working day of the procedure.
    private mutating func standard(dayMinutes: Int) -> Int64 {
        _ = (text("raw", ProcedureRules.name), optionalFlag("derived"))
        refuseNull("derived")
        let minutes =
            switch choice("unit", or: StandardUnit.minute) {
            case .minute: 1
            case .hour: 60
            case .day: dayMinutes
            }
        return Int64(integer("value", 1...10_000) * minutes) * 60_000
    }

    private mutating func decision() -> Procedure.Decision {
        _ = nested("question") { $0.localized() }
        return Procedure.Decision(
            yes: nested("yes") { $0.target() } ?? .end,
            no: nested("no") { $0.target() } ?? .end
        )
    }

    /// The number of a step, or `end`.
    private mutating func target() -> Procedure.Target {
        if object["goto"] == .string("end") {
            _ = text("goto", ProcedureRules.name)
            return .end
        }
        return .step(integer("goto", 1...200))
    }

    /// Notes each member that is not there at all; null may be one of its values.
    private mutating func require(_ names: String...) {
        for name in names where !has(name) { note(name, "required", "Isian ini wajib.", "This member is required.") }
    }

    /// Notes each member that is null: inside a document null stands for a value only where the exported one has it.
    private mutating func refuseNull(_ names: String...) {
        for name in names where object[name] == .null { note(name, "wrong_type", "Tidak boleh null.", "It must not be null.") }
    }

    /// What the SOP says about itself; the service keeps it and gives it back.
    fileprivate mutating func readMetadata(steps: Int) {
        for name in ["source", "issuer_en", "approver"] { _ = optionalText(name, ProcedureRules.name) }
        for name in ["created_date", "revised_date"] { _ = optionalParsed(name, Rules.date) { CivilDate($0) } }
        for name in ["legal_basis", "qualifications", "equipment", "records", "reports", "related"] { _ = localizedList(name) }
        for name in ["rules", "document_notes"] { _ = optionalTexts(name, count: 0...200, ProcedureRules.long) }
        _ = optionalNested("warning") { $0.localized() }
        _ = optionalText("total_note", ProcedureRules.long)
        _ = optionalNested("stated_total") { fields in
            (
                fields.require("raw", "minutes", "text_minutes_at_450"), fields.text("raw", ProcedureRules.name),
                fields.optionalInteger("minutes", 0...10_000_000),
                fields.optionalInteger("text_minutes_at_450", 0...10_000_000)
            )
        }
        _ = optionalNested("points") { fields in
            (
                fields.require("value"), fields.text("awarded_to", ProcedureRules.name), fields.text("per", ProcedureRules.name),
                fields.integer("step", 1...max(1, steps)), fields.optionalInteger("value", 0...1_000_000)
            )
        }
        _ = optionalList("forms", count: 0...50) { fields, _ in
            _ = (fields.code("code"), fields.nested("title") { $0.localized() })
            _ = fields.list("fields", count: 0...200) { fields, _ in
                fields.refuseNull("note")
                return (fields.code("code"), fields.nested("label") { $0.localized() }, fields.optionalText("note", ProcedureRules.long))
            }
        }
    }

    /// Sums that the document states about its own steps must be those of its steps.
    fileprivate mutating func checkTotals(of steps: [Procedure.Step], dayMinutes: Int) {
        let total = Procedure.total(of: steps)
        let minutes = total.timedSteps == 0 ? nil : Int(total.milliseconds / 60_000)
        _ = optionalInteger("computed_total_minutes_at_480", 0...10_000_000)
        let sum = optionalNested("computed_total") { fields in
            (days: fields.integer("days", 0...10_000), minutes: fields.integer("minutes", 0...10_000_000))
        }
        let isWrong = [
            ("computed_total_minutes", optionalInteger("computed_total_minutes", 0...10_000_000).map { $0 != minutes } ?? false),
            ("computed_total", sum.map { $0.days * dayMinutes + $0.minutes != minutes } ?? false),
            ("timed_steps", optionalInteger("timed_steps", 0...200).map { $0 != total.timedSteps } ?? false),
        ]
        for (name, isWrong) in isWrong where isWrong {
            note(name, "wrong_total", "Tidak sama dengan jumlah langkah.", "It differs from the sum over the steps.")
        }
    }
}

extension CaseKind {
    /// The steps of a procedure whose clocks the workflows of cases stop and start, in order.
    static func timedSteps(of procedure: String) -> [Int] {
        func steps<Kind: Case>(_ kind: Kind.Type) -> [Int] {
            Kind.workflows.filter { $0.procedure == procedure }.flatMap { workflow in
                [workflow.creation.stops, workflow.creation.starts] + workflow.transitions.flatMap { [$0.stops, $0.starts] }
            }.compactMap { $0 }
        }
        return Set(steps(Consultation.self) + steps(WorkspaceItem.self) + steps(Ticket.self)).sorted()
    }
}
