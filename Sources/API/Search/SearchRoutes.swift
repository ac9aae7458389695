import Domain
import HTTP

/// One search through the cases of all kinds.
struct SearchRoutes {
    var routes: [Route] {
        [.get("/v1/search", .search, query: ["q", "kind", "limit"], needs: .meRead, use: search)]
    }

    func search(_ request: Request, by principal: Principal, in tx: borrowing Transaction) throws -> Response {
        var parameters = Query(request)
        let words = parameters.text("q", longest: 200)
        if parameters.text("q") == nil {
            parameters.note("q", "required", "Parameter ini wajib.", "This parameter is required.")
        }
        let kinds: [CaseKind] = parameters.choices("kind") ?? CaseKind.allCases
        let limit = parameters.integer("limit", 1...100) ?? 20
        try parameters.finish()
        return .ok(Schema.SearchResult(hits: try tx.search(by: principal).hits(of: words ?? "", among: kinds, limit: limit)))
    }
}

extension Schema {
    struct SearchResult: JSONWritable {
        let hits: Page<SearchHit>

        func write(to json: inout JSONWriter) {
            json.object { json in
                json.name("data")
                json.array(hits.elements.enumerated()) { json, element in
                    let (index, hit) = element
                    json.object { json in
                        json.member("rank", index + 1)
                        json.member("kind", hit.found.kind.rawValue)
                        json.member("id", hit.found.id)
                        json.member("number", hit.found.number)
                        json.member("status", hit.found.status)
                        json.member("title", hit.found.title)
                        json.member("href", "/v1/\(hit.found.kind.collection)/\(hit.found.id)")
                        json.member("matched_in", hit.matchedIn)
                        json.name("snippet")
                        json.object { json in
                            json.member("text", hit.snippet.text)
                            json.name("matches")
                            json.array(hit.snippet.matches) { json, match in
                                json.array([match.lowerBound, match.upperBound]) { $0.value($1) }
                            }
                        }
                    }
                }
                json.member("has_more", hits.hasMore)
            }
        }
    }
}
