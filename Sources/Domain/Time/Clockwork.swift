/// Work that comes due by the clock, such as the notices of steps.
///
/// Storage alone knows what is due, so that it outlives any stop; and storage alone decides that it is done once.
package protocol DueWork: Sendable {
    /// When there is something to do next, which may be long past; nil while nothing is foreseen.
    func next(in tx: borrowing Transaction) throws(DomainError) -> Instant?

    /// Does some of what is due at `now`, as much as a short transaction holds, and counts it; what was done is due no more.
    func perform(at now: Instant, ids: IdentifierSource, in tx: borrowing Transaction) throws(DomainError) -> Int
}

/// All the work that comes due by the clock.
package struct Clockwork: Sendable {
    private let works: [any DueWork]

    package init(_ works: [any DueWork]) { self.works = works }

    /// When there is something to do next; nil while nothing is foreseen.
    package func next(in tx: borrowing Transaction) throws(DomainError) -> Instant? {
        var next: Instant?
        for work in works {
            guard let due = try work.next(in: tx) else { continue }
            next = min(next ?? due, due)
        }
        return next
    }

    /// Does all that is due at `now`, each piece of work in transactions of its own; counts what was done.
    @discardableResult
    package func run(at now: Instant, in store: any Store, ids: IdentifierSource) async throws(DomainError) -> Int {
        var total = 0
        for work in works {
            while let due = try store.readNow({ tx throws(DomainError) in try work.next(in: tx) }), due <= now {
                let done = try await store.write { tx throws(DomainError) in try work.perform(at: now, ids: ids, in: tx) }
                // What is due and yet not done must not keep the rest from its turn.
                if done == 0 { break }
                total += done
            }
        }
        return total
    }
}
