import Domain
import HTTP
import Security

/// What one officer's month amounts to: the material that leaders appraise by.
struct AppraisalRoutes {
    let environment: Environment

    private enum Format: String, CaseIterable {
        case json, xlsx, pdf
    }

    var routes: [Route] {
        [
            .document(
                "/v1/users/{id}/appraisal",
                .getUserAppraisal,
                query: ["period", "format"],
                produces: [.json, .xlsx, .pdf],
                needs: .performancePointsRead,
                use: getUserAppraisal
            )
        ]
    }

    /// Leaders read everyone's, an officer his own; without a period it is this month.
    func getUserAppraisal(_ request: Request, by principal: Principal) async throws -> Response {
        var parameters = Query(request)
        let period = parameters.month("period")
        let asked: Format? = parameters.choice("format")
        try parameters.finish()
        let id: Domain.User.ID = try request.identifier()
        if let own = Ledger.sight(of: principal), own != id { throw Problem(.forbidden) }
        let (environment, words) = (environment, RecapWords(request.language))
        let accepted = MediaType.negotiate(request.headers["accept"], among: [.json, .xlsx, .pdf])
        let format = asked ?? (accepted == .pdf ? .pdf : accepted == .xlsx ? .xlsx : .json)
        // A month may have thousands of cases and steps: all of it is read and written on a worker thread.
        let bytes = try await environment.documents.run {
            Result {
                let appraisal = try Appraisal(of: id, in: period, at: environment.clock(), environment.store)
                return switch format {
                case .json: appraisal.json
                case .xlsx: try appraisal.xlsx(words)
                case .pdf: try appraisal.pdf(words)
                }
            }
        }.get()
        let type: MediaType =
            switch format {
            case .json: .json
            case .xlsx: .xlsx
            case .pdf: .pdf
            }
        var headers: Headers = ["content-type": type.rawValue]
        // It has no version of its own: the tag is that of its content.
        headers.append("etag", "\"\(Digest.hex(Array(Digest.sha256(bytes).prefix(8))))\"")
        if format != .json {
            headers.append("content-disposition", "\(format == .pdf ? "inline" : "attachment"); filename=\"appraisal.\(format.rawValue)\"")
        }
        return Response(status: 200, headers: headers, body: .bytes(bytes))
    }
}
