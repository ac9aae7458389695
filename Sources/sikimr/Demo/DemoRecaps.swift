import API
import Domain

/// The recaps of a demonstration: each month's is compiled, received and settled in the days after it.
final class DemoRecaps: DemoStory {
    enum Act {
        case create(Recap.Kind, CivilMonth)
        case submit(Recap.ID)
        case receive(Recap.ID)
        case settle(Recap.ID)
    }

    private let people: DemoPeople
    private let store: any Store
    private let ids: IdentifierSource
    let timeline: DemoTimeline<Act>

    init(
        span: DemoCommand.Span,
        people: DemoPeople,
        calendar: WorkingCalendar,
        random: SplitMix64,
        ids: IdentifierSource,
        store: any Store
    ) {
        (self.people, self.ids, self.store) = (people, ids, store)
        timeline = DemoTimeline(count: 0, span: span, calendar: calendar, random: random)
        var month = calendar.month(of: span.from)
        while month.next <= calendar.month(of: span.until) {
            for kind in Recap.Kind.allCases { timeline.agree(.create(kind, month), after: calendar.firstWork(after: month), in: 5...120) }
            month = month.next
        }
    }

    func begin(_ ordinal: Int, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {}

    func play(_ act: Act, at now: Instant, in tx: borrowing Transaction) throws(DomainError) {
        let administrator = people.administrator
        // One step in six takes longer than the standard of one working day.
        let minutes = chance(6) == 0 ? 460...900 : 60...400
        switch act {
        case .create(let kind, let period):
            let made = try tx.recaps.create(kind, period, by: administrator, at: now, ids: ids)
            timeline.agree(.submit(made.recap.id), after: now, in: minutes)
        case .submit(let id):
            try tx.recaps.seal(id, expecting: nil, by: administrator, at: now)
            let compiled = try RecapCompilation(of: tx.recaps.get(id, for: administrator).recap, in: tx, store: store)
            let frozen = try Recap.Frozen(sha256: compiled.sha256, by: administrator, in: tx)
            _ = try tx.recaps.submit(id, compiled.totals, frozen, expecting: nil, by: administrator, at: now, ids: ids)
            timeline.agree(.receive(id), after: now, in: minutes)
        case .receive(let id):
            _ = try tx.recaps.receive(id, expecting: nil, by: people.director, at: now, ids: ids)
            timeline.agree(.settle(id), after: now, in: minutes)
        case .settle(let id):
            var last: PerformancePoint.ID?
            repeat {
                last = try tx.recaps.postPortion(of: id, after: last, limit: 1000, expecting: nil, by: administrator, at: now, ids: ids)
            } while last != nil
            _ = try tx.recaps.settle(id, expecting: nil, by: administrator, at: now, ids: ids)
        }
    }
}
