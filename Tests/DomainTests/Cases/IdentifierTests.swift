import Domain
import Testing

@Suite struct IdentifierTests {
    @Test func `a hundred thousand ids of one moment are unique and in the order of their making`() {
        let source = IdentifierSource()
        let now = Instant(milliseconds: 1_794_790_800_000)
        let ids = (0..<100_000).map { _ in source.make(Event.ID.self, at: now).text }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.allSatisfy { Event.ID($0) != nil && $0.utf8.count == 30 && $0.hasPrefix("evt_") })
    }

    @Test func `ids sort by their time, and a bound lies below all of its moment`() {
        let source = IdentifierSource()
        var last = ""
        for step in 0..<100_000 {
            let now = Instant(milliseconds: 1_794_790_800_000 + Int64(step) * 7)
            let id = source.make(Event.ID.self, at: now).text
            guard id > last, Event.ID.least(at: now).text <= id, Event.ID.least(at: now.advanced(byMilliseconds: 1)).text > id else {
                Issue.record("\(step): \(last) \(id)")
                return
            }
            last = id
        }
    }

    @Test func `ids of many makers at once are unique`() async {
        let source = IdentifierSource()
        let now = Instant(milliseconds: 1_794_790_800_000)
        let all = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { (0..<12_500).map { _ in source.make(Event.ID.self, at: now).text } } }
            return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        #expect(all.count == 100_000)
    }

    @Test func `a bound at a known time has the known form`() {
        // 48 bits of the milliseconds, version 7, variant 2, in base 32.
        #expect(Event.ID.least(at: Instant(milliseconds: 0)).text == "evt_0000000000e008000000000000")
    }

    @Test(arguments: [
        "", "evt_", "evt_1", "usr_01m7gxwem0fzhv5fr8qf9gzfez", "evt-01m7gxwem0fzhv5fr8qf9gzfez", "EVT_01m7gxwem0fzhv5fr8qf9gzfez",
        "evt_01M7GXWEM0FZHV5FR8QF9GZFEZ", "evt_01m7gxwem0fzhv5fr8qf9gzfe'", "evt_01m7gxwem0fzhv5fr8qf9gzfez01m7gxwem0fzhv5f",
    ])
    func `another text is no id of this kind`(_ text: String) {
        #expect(Event.ID(text) == nil)
    }
}
