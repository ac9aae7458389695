@testable import Domain
@testable import Storage
import StorageSQLite
import Testing

/// Summaries against sums made from the list of timings, one by one.
@Suite struct TimingSummaryTests {
    private static let units = ["unt_a", "unt_b", "unt_c"].map { Domain.Unit.ID(stored: $0) }
    private static let users = ["usr_a", "usr_b", "usr_c", "usr_d"].map { User.ID(stored: $0) }
    private static let count = 3_000

    /// An attempt drawn by its number alone; one of eight still runs.
    private static func timing(_ number: Int) -> StepTiming {
        func draw(_ salt: Int, _ most: Int) -> Int { (number &* 2_654_435_761 &+ salt &* 40_503) >> 7 & 0xFFFF % most }
        let step = draw(1, 4) + 1
        let standard: Int64? = step == 3 ? nil : Int64(step) * 3_600_000
        let start = Instant(milliseconds: 1_790_000_000_000 + Int64(draw(2, 60_000)) * 120_000)
        let isRunning = draw(3, 8) == 0
        let clock = StepClock(
            timingID: StepTiming.ID(stored: "tim_\(String(1_000_000 + number))"),
            stepNumber: step,
            // A step may be called otherwise in another version.
            stepCode: draw(11, 3) == 0 ? "stage-\(step)" : "step-\(step)",
            attempt: number + 1,
            startedAt: start,
            finishedAt: isRunning ? nil : start.advanced(byMilliseconds: 90_000_000),
            elapsed: isRunning ? nil : Int64(draw(4, 20_000)) * 1_000,
            standard: standard,
            dueAt: standard.map { start.advanced(byMilliseconds: $0) }
        )
        return StepTiming(
            procedure: draw(5, 2) == 0 ? "consultation" : "workspace",
            procedureVersion: 1,
            subjectKind: draw(6, 2) == 0 ? .consultation : .workspaceItem,
            subjectID: "con_\(number % 97)",
            unitID: units[draw(7, 3)],
            role: "work-unit",
            performerID: draw(8, 9) == 0 ? nil : users[draw(9, 4)],
            clock: clock,
            outcome: isRunning ? nil : draw(10, 5) == 0 ? .no : .done
        )
    }

    /// The sums over attempts, as slowly and as plainly as can be.
    private static func truth(_ all: [StepTiming], _ query: TimingSummaryQuery) -> [TimingSummary] {
        var groups: [(key: TimingSummary.Key, members: [StepTiming])] = []
        for timing in all where timing.clock.finishedAt != nil {
            var key = TimingSummary.Key()
            if query.grouping.contains(.procedure) || query.grouping.contains(.step) { key.procedure = timing.procedure }
            if query.grouping.contains(.step) { (key.stepNumber, key.stepCode) = (timing.clock.stepNumber, timing.clock.stepCode) }
            if query.grouping.contains(.performer) { key.performerID = timing.performerID }
            if query.grouping.contains(.unit) { key.unitID = timing.unitID }
            if query.grouping.contains(.month) {
                let date = query.timeZone.localDate(of: timing.clock.startedAt)
                key.month = date.year * 12 + date.month - 1
            }
            if let place = groups.firstIndex(where: { $0.key == key }) {
                groups[place].members.append(timing)
            } else {
                groups.append((key, [timing]))
            }
        }
        return groups.map { key, members in
            let times = members.compactMap(\.clock.elapsed).sorted()
            let verdicts = members.map { $0.clock.verdict(at: $0.clock.startedAt) }
            func least(_ share: Int) -> Int64 { times.first { time in times.count { $0 <= time } * 100 >= share * times.count } ?? 0 }
            let standards = Set(members.map(\.clock.standard))
            return TimingSummary(
                key: key,
                count: members.count,
                onTime: verdicts.count { $0 == .onTime },
                late: verdicts.count { $0 == .late },
                noStandard: verdicts.count { $0 == .noStandard },
                returned: members.count { $0.outcome == .no },
                mean: times.reduce(0, +) / Int64(times.count),
                median: least(50),
                ninetieth: least(90),
                longest: times.last ?? 0,
                standard: standards.count == 1 ? standards.first ?? nil : nil
            )
        }.sorted { $0.key < $1.key }
    }

    @Test func `sums and percentiles are those of the rows, for every grouping, sight and filter`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                try await store.write { tx throws(DomainError) in
                    for number in 0..<Self.count {
                        let timing = Self.timing(number)
                        try tx.timings.insert(timing)
                    }
                }
                let all = (0..<Self.count).map(Self.timing)
                let choices: [Set<TimingGrouping>] = [
                    [], [.step], [.procedure], [.month], [.step, .month], [.performer], [.unit], [.unit, .performer, .month],
                    Set(TimingGrouping.allCases),
                ]
                for grouping in choices {
                    for filter in 0..<9 {
                        var query = TimingSummaryQuery(grouping: grouping, timeZone: .jayapura)
                        var rows = all
                        switch filter {
                        case 1:
                            query.procedure = "workspace"
                            rows = rows.filter { $0.procedure == "workspace" }
                        case 2:
                            query.stepNumber = 2
                            rows = rows.filter { $0.clock.stepNumber == 2 }
                        case 3:
                            query.performerID = Self.users[1]
                            rows = rows.filter { $0.performerID == Self.users[1] }
                        case 4:
                            (query.unitID, query.subjectKind) = (Self.units[2], .workspaceItem)
                            rows = rows.filter { $0.unitID == Self.units[2] && $0.subjectKind == .workspaceItem }
                        case 5:
                            let (from, to) = (Instant(milliseconds: 1_792_000_000_000), Instant(milliseconds: 1_794_000_000_000))
                            query.started = TimeRange(from: from, to: to)
                            rows = rows.filter { $0.clock.startedAt >= from && $0.clock.startedAt < to }
                        case 6, 7:
                            (query.procedure, query.stepNumber) = ("workspace", 3)
                            query.started.to = Instant(milliseconds: 1_794_000_000_000)
                            rows = rows.filter {
                                $0.procedure == "workspace" && $0.clock.stepNumber == 3
                                    && $0.clock.startedAt.milliseconds < 1_794_000_000_000
                            }
                        default: break
                        }
                        var visible: [Visibility] = [.all]
                        if filter >= 7 {
                            visible = [.unit(Self.units[0]), .officer(Self.users[2])]
                            rows = rows.filter {
                                $0.unitID == Self.units[0] && $0.subjectKind == .consultation || $0.performerID == Self.users[2]
                            }
                        }
                        let found = try await store.read { [query] tx throws(DomainError) in
                            try tx.timings.summarise(query, visible: visible)
                        }
                        #expect(found == Self.truth(rows, query), "\(grouping) filter \(filter)")
                        #expect(!found.isEmpty)
                    }
                }
            }
        }
    }

    @Test func `a summary over all reads a range of one index for each step, and one over few only theirs`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                let ended = (0..<8).map(Self.timing).first { $0.clock.finishedAt != nil }
                let timing = try #require(ended)
                try await store.write { tx throws(DomainError) in try tx.timings.insert(timing) }
                try await store.read { tx throws(DomainError) in
                    var query = TimingSummaryQuery(grouping: Set(TimingGrouping.allCases), timeZone: .jakarta)
                    query.started = TimeRange(from: Instant(milliseconds: 1), to: timing.clock.startedAt.advanced(byMilliseconds: 1))
                    query.procedure = timing.procedure
                    let plans = try tx.plans { repositories throws(DomainError) in
                        _ = try repositories.timings.summarise(query, visible: [.all])
                        _ = try repositories.timings.summarise(query, visible: [.officer(Self.users[0])])
                        _ = try repositories.timings.summarise(query, visible: [.unit(Self.units[0]), .officer(Self.users[0])])
                    }
                    let index = "USING COVERING INDEX step_timing_ended"
                    let next = "SEARCH step_timing \(index) ((procedure,step_no,step_code,started_at_ms)>(?,?,?,?))"
                    let step = "procedure=? AND step_no=? AND step_code=? AND started_at_ms>? AND started_at_ms<?"
                    let (person, unit) = ("step_timing_by_performer (performer_id=?)", "step_timing_by_unit (unit_id=?)")
                    #expect(
                        plans.map { $0.steps.map(\.text) } == [
                            [next], [next], ["SEARCH t \(index) (\(step))"],
                            ["SEARCH t USING INDEX \(person)"],
                            ["MULTI-INDEX OR", "INDEX 1", "SEARCH t USING INDEX \(unit)", "INDEX 2", "SEARCH t USING INDEX \(person)"],
                        ]
                    )
                }
            }
        }
    }
}
