import Domain

extension SQL {
    /// Adds the bounds, the order and the length of a page that runs over the time-ordered column `id`.
    ///
    /// One row more than asked for is read, which tells whether there are more.
    mutating func appendPage(_ page: PageRequest, over id: SQLFragment, created: (from: String?, to: String?) = (nil, nil)) {
        if let from = created.from { append(" and \(id) >= \(from)") }
        if let to = created.to { append(" and \(id) < \(to)") }
        if let after = page.after {
            if page.isAscending { append(" and \(id) > \(after)") } else { append(" and \(id) < \(after)") }
        }
        append(" order by \(id) ")
        append(page.isAscending ? "asc" : "desc")
        append(" limit \(page.limit + 1)")
    }

    /// Several statements over the same column `id`, joined without doubles.
    static func union(_ branches: [SQL]) -> SQL {
        var joined: SQL = ""
        for (index, branch) in branches.enumerated() {
            if index > 0 { joined.append(" union ") }
            joined.append("select id from (\(branch))")
        }
        return joined
    }
}

extension TimeRange {
    /// The range as bounds on time-ordered ids of `Entity`.
    func bounds<Entity>(of type: Identifier<Entity>.Type) -> (from: String?, to: String?) {
        (from.map { Identifier<Entity>.least(at: $0).text }, to.map { Identifier<Entity>.least(at: $0).text })
    }
}
