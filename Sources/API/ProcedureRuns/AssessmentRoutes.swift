import Documents
import Domain
import HTTP
import Security

/// The results of runs that are assessments.
struct AssessmentRoutes {
    let environment: Environment

    var routes: [Route] {
        [
            .document(
                "/v1/procedure-runs/{id}/results",
                .getProcedureRunResults,
                query: ["format"],
                produces: [.json, .csv, .xlsx],
                needs: .procedureRunsRead,
                use: getProcedureRunResults
            )
        ]
    }

    private enum Format: String, CaseIterable {
        case json, csv, xlsx
    }

    func getProcedureRunResults(_ request: Request, by principal: Principal) async throws -> Response {
        var parameters = Query(request)
        let asked: Format? = parameters.choice("format")
        try parameters.finish()
        let accepted = MediaType.negotiate(request.headers["accept"], among: [.json, .csv, .xlsx])
        let reference = try request.caseReference(to: ProcedureRun.self)
        let (run, offset) = try await environment.store.read { tx throws(DomainError) in
            let run = try tx.runs.get(reference, for: principal).subject
            return (run, try tx.calendars[run.unitID].timeZone.offsetSeconds)
        }
        guard let work = run.work, work.isAssessment else { throw Problem(.notFound) }
        let results = Schema.AssessmentResults(results: work.results(for: principal))
        switch asked ?? (accepted == .csv ? .csv : accepted == .xlsx ? .xlsx : .json) {
        case .json: return .ok(results, version: run.version)
        case .csv: return file(.csv, results.csv, of: run, type: "\(MediaType.csv.rawValue); charset=utf-8; header=present")
        case .xlsx:
            let workbook = results.workbook(of: run, utcOffsetSeconds: Int32(offset))
            let bytes = try await environment.documents.run { Result { try workbook.xlsx() } }.get()
            return file(.xlsx, bytes, of: run, type: MediaType.xlsx.rawValue)
        }
    }

    private func file(_ format: Format, _ bytes: [UInt8], of run: ProcedureRun, type: String) -> Response {
        let headers: Headers = [
            "content-type": type,
            "content-disposition": "attachment; filename=\"results.\(format.rawValue)\"",
            "etag": "\"\(run.version)-\(format.rawValue)\"",
        ]
        return Response(status: 200, headers: headers, body: .bytes(bytes))
    }
}

extension RunWork {
    /// The results as `principal` sees them: those outside see their own, and those once they are final.
    fileprivate func results(for principal: Principal) -> Domain.AssessmentResults {
        let results = results
        if principal.roles.isInternal { return results }
        let own = results.frozenAt == nil ? [] : participants(of: principal).map(\.id)
        return results.only { own.contains($0.id) }
    }
}

extension Schema {
    struct AssessmentResults: JSONWritable {
        let results: Domain.AssessmentResults

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.member("frozen_at", results.frozenAt)
                json.name("dimensions")
                json.array(results.dimensions) { $1.write(to: &$0) }
                json.name("participants")
                json.array(results.rows) { write($1, to: &$0) }
            }
        }

        private func write(_ row: Domain.AssessmentResults.Row, to json: inout JSONWriter) {
            json.object { json in
                json.member("rank", row.rank)
                json.member("participant_id", row.participant.id)
                json.member("name", row.participant.name)
                json.member("overall", row.overall)
                json.member("spread", row.spread)
                json.name("dimensions")
                json.array(row.dimensions) { json, dimension in
                    json.object { json in
                        json.member("dimension", dimension.code)
                        json.member("mean", dimension.mean)
                        json.member("lowest", dimension.lowest)
                        json.member("highest", dimension.highest)
                        json.member("spread", dimension.spread)
                        json.member("assessors", dimension.assessors)
                    }
                }
            }
        }

        /// One row for each participant, with two columns for each dimension.
        var csv: [UInt8] {
            var csv = CSVWriter()
            csv.row(
                ["rank", "participant_id", "name", "overall", "spread"] + results.dimensions.flatMap { [$0.code, "\($0.code)_spread"] }
            )
            for row in results.rows {
                let cells = results.dimensions.flatMap { dimension -> [String] in
                    guard let result = row.dimensions.first(where: { $0.code == dimension.code }) else { return ["", ""] }
                    return [result.mean.description, String(result.spread)]
                }
                let head = [
                    row.rank.map { String($0) } ?? "", row.participant.id.text, row.participant.name, row.overall?.description ?? "",
                    row.spread?.description ?? "",
                ]
                csv.row(head + cells)
            }
            return csv.finish()
        }
    }
}

extension Questionnaire.Dimension {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("code", code)
            json.member("title", title)
            json.member("weight", weight)
            json.member("maximum", maximum)
            json.name("indicators")
            json.array(indicators) { json, indicator in
                json.object { json in
                    json.member("code", indicator.code)
                    json.member("title", indicator.title)
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: StaticString, _ number: Hundredths?) {
        self.name(name)
        if let number { raw(number.description) } else { null() }
    }
}
