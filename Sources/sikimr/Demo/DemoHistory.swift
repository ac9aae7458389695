import Domain

/// The history of a demonstration: every event of every case, in the order of time, by the rules of the service itself.
struct DemoHistory: Sendable {
    let stories: [any DemoStory]

    var begun: Int { stories.reduce(0) { $0 + $1.begun } }

    /// Plays the next `most` events; false when there are none left.
    func advance(_ most: Int, in tx: borrowing Transaction) throws(DomainError) -> Bool {
        // What happens in one story changes nothing in the times of the others.
        var times = stories.map { $0.next ?? .latest }
        for _ in 0..<most {
            guard let (place, time) = times.enumerated().min(by: { $0.element < $1.element }), time < .latest else { return false }
            try stories[place].play(in: tx)
            times[place] = stories[place].next ?? .latest
        }
        return true
    }
}
