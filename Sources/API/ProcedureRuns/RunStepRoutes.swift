import Domain
import HTTP

/// The steps of a run: completing one is what moves it.
struct RunStepRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .post(
                "/v1/procedure-runs/{id}/steps/{no}/complete",
                .completeProcedureRunStep,
                needs: .procedureRunsWrite,
                use: completeProcedureRunStep
            )
        ]
    }

    func completeProcedureRunStep(_ request: Request, by principal: Principal) async throws -> Response {
        let reference = try request.caseReference(to: ProcedureRun.self)
        let completion = try request.json(as: Schema.StepCompletion.self)
        guard request.parameters.count > 1, let number = Int(request.parameters[1]) else { throw Problem(.notFound) }
        let (expected, ids) = (request.ifMatch, environment.ids)
        return try await environment.commit(request, by: principal) { tx, now throws(DomainError) in
            let changed = try tx.runs.complete(
                number,
                with: completion.work,
                for: completion.participantID,
                of: reference,
                expecting: expected,
                by: principal,
                at: now,
                ids: ids
            )
            let body = Schema.CaseView(changed, for: principal, in: Schema.View(now: now, calendars: try tx.calendars))
            return .ok(body, version: changed.subject.version)
        }
    }
}

extension Schema {
    struct StepCompletion: RequestBody {
        private enum Decision: String, CaseIterable { case yes, no }

        let participantID: RunParticipant.ID?
        let work: StepWork

        init(_ fields: inout Fields) {
            participantID = fields.optionalIdentifier("participant_id")
            work = StepWork(
                decision: fields.optionalChoice("decision", Decision.self).map { $0 == .yes },
                note: fields.optionalText("note", Rules.note),
                outputs: fields.optionalTexts("outputs", count: 0...50, RunRules.output) ?? [],
                checklist: fields.optionalIntegers("checklist", count: 0...200, 0...199) ?? [],
                answers: fields.optionalList("answers", count: 0...500) { fields, _ in
                    RunAnswer(
                        indicator: fields.parsed("indicator", or: "", ProcedureRules.code) { ProcedureRules.isCode($0) ? $0 : nil },
                        answer: fields.text("answer", RunRules.answer),
                        evidence: fields.evidence()
                    )
                } ?? [],
                scores: fields.optionalList("scores", count: 0...50) { fields, _ in
                    RunScore(
                        dimension: fields.parsed("dimension", or: "", ProcedureRules.code) { ProcedureRules.isCode($0) ? $0 : nil },
                        score: fields.integer("score", 0...RunRules.highestScore)
                    )
                } ?? []
            )
        }
    }
}

extension Fields {
    /// Ids of attachments.
    fileprivate mutating func evidence() -> [String] {
        let ids = optionalTexts("evidence", count: 0...50, .line(1...44)) ?? []
        for (place, id) in ids.enumerated() where !id.hasPrefix("att_") || !RunRules.isAttachmentID(id) {
            note(at: "evidence/\(place)", "bad_format", "Harus id lampiran.", "It must be the id of an attachment.")
        }
        return ids
    }
}
