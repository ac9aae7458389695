/// A piece of a text that was found, with what matched in it.
package struct Snippet: Sendable, Equatable {
    package let text: String
    /// What matched, in code points of `text`: from, inclusive, to, exclusive.
    package let matches: [Range<Int>]

    package init(text: String, matches: [Range<Int>]) {
        self.text = text
        self.matches = matches
    }
}

/// A case that was found.
package struct SearchHit: Sendable {
    package let found: CaseSummary
    /// How well it matches, in trillionths, the best the least: a word of almost every case weighs as little as a millionth.
    package fileprivate(set) var rank: Int
    /// The names of the members that matched; `comments` for those that hang on the case.
    package fileprivate(set) var matchedIn: [String]
    package let snippet: Snippet

    package init(found: CaseSummary, rank: Int, matchedIn: [String], snippet: Snippet) {
        self.found = found
        self.rank = rank
        self.matchedIn = matchedIn
        self.snippet = snippet
    }
}

/// A search through all cases that a caller may see, within one transaction.
package struct Search {
    private let repositories: any Repositories
    private let principal: Principal

    init(_ repositories: any Repositories, by principal: Principal) {
        self.repositories = repositories
        self.principal = principal
    }

    /// The `limit` best hits among cases of `kinds`, and whether there are more.
    package func hits(of words: String, among kinds: [CaseKind], limit: Int) throws(DomainError) -> Page<SearchHit> {
        var hits: [SearchHit] = []
        for kind in kinds {
            let visible = Visibility.cases(of: kind, for: principal)
            if visible.isEmpty { continue }
            switch kind {
            case .consultation: hits += try repositories.consultations.search(words, visible: visible, limit: limit + 1)
            case .workspaceItem: hits += try repositories.workspaceItems.search(words, visible: visible, limit: limit + 1)
            case .ticket: hits += try repositories.tickets.search(words, visible: visible, limit: limit + 1)
            case .serviceComplaint: hits += try repositories.serviceComplaints.search(words, visible: visible, limit: limit + 1)
            case .procedureRun: hits += try repositories.runs.search(words, visible: visible, limit: limit + 1)
            }
        }
        for found in try comments(words, kinds, limit + 1) {
            if let index = hits.firstIndex(where: { $0.found.id == found.subjectID }) {
                hits[index].rank = min(hits[index].rank, found.rank)
                if !hits[index].matchedIn.contains("comments") { hits[index].matchedIn.append("comments") }
            } else if let summary = try summary(found.subjectKind, found.subjectID) {
                hits.append(SearchHit(found: summary, rank: found.rank, matchedIn: ["comments"], snippet: found.snippet))
            }
        }
        hits.sort { ($0.rank, $1.found.number) < ($1.rank, $0.found.number) }
        return Page(Array(hits.prefix(limit)), hasMore: hits.count > limit)
    }

    private func comments(_ words: String, _ kinds: [CaseKind], _ limit: Int) throws(DomainError) -> [CommentHit] {
        let sight = Sight(of: principal, among: kinds)
        return try repositories.comments.search(words, in: sight, internally: principal.roles.isInternal, limit: limit)
    }

    private func summary(_ kind: CaseKind, _ id: String) throws(DomainError) -> CaseSummary? {
        switch kind {
        case .consultation: try repositories.consultations.find(.id(Identifier(stored: id))).map { CaseSummary($0.subject) }
        case .workspaceItem: try repositories.workspaceItems.find(.id(Identifier(stored: id))).map { CaseSummary($0.subject) }
        case .ticket: try repositories.tickets.find(.id(Identifier(stored: id))).map { CaseSummary($0.subject) }
        case .serviceComplaint: try repositories.serviceComplaints.find(.id(Identifier(stored: id))).map { CaseSummary($0.subject) }
        case .procedureRun: try repositories.runs.find(.id(Identifier(stored: id))).map { CaseSummary($0.subject) }
        }
    }
}

/// A comment that was found.
package struct CommentHit: Sendable {
    package let subjectKind: CaseKind
    package let subjectID: String
    /// As that of a case.
    package let rank: Int
    package let snippet: Snippet

    package init(subjectKind: CaseKind, subjectID: String, rank: Int, snippet: Snippet) {
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.rank = rank
        self.snippet = snippet
    }
}
