import Domain

/// The history of a demonstration: every event of every case, in the order of time, by the rules of the service itself.
struct DemoHistory: Sendable {
    let stories: [any DemoStory]

    var begun: Int { stories.reduce(0) { $0 + $1.begun } }

    /// Plays the next `most` events; false when there are none left.
    func advance(_ most: Int, in tx: borrowing Transaction) throws(DomainError) -> Bool {
        for _ in 0..<most {
            var first: (time: Instant, story: any DemoStory)?
            for story in stories {
                guard let time = story.next else { continue }
                if first.map({ time < $0.time }) ?? true { first = (time, story) }
            }
            guard let first else { return false }
            try first.story.play(in: tx)
        }
        return true
    }
}
