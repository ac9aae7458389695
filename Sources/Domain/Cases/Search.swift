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
    package let rank: Int
    /// The names of the members that matched.
    package let matchedIn: [String]
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
            }
        }
        hits.sort { ($0.rank, $1.found.number) < ($1.rank, $0.found.number) }
        return Page(Array(hits.prefix(limit)), hasMore: hits.count > limit)
    }
}
