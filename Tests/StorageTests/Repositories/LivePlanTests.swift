@testable import Domain
@testable import Storage
import StorageSQLite
import Testing

/// What the live picture is read from stays as quick with a million cases as with a hundred.
@Suite struct LivePlanTests {
    @Test func `the next notice, the log and the overview are read along an index`() async throws {
        try await withDirectory { directory throws in
            try await withServiceStore(in: directory) { store throws in
                let now = Instant(milliseconds: 1_794_790_800_000)
                let plans = try await store.read { tx throws(DomainError) in
                    try tx.plans { repositories throws(DomainError) in
                        _ = try repositories.timings.nextNotice()
                        _ = try repositories.timings.pendingNotices(at: now, limit: 10)
                        _ = try repositories.events.entries(beyond: 5, isAscending: true, limit: 10)
                        _ = try repositories.events.entries(beyond: 5, isAscending: false, limit: 10)
                        _ = try repositories.overview.hours(since: now)
                        for kind in CaseKind.allCases { _ = try repositories.overview.open(kind, at: now, endOfDay: now) }
                    }
                }
                #expect(plans.count == 5 + 2 * CaseKind.allCases.count)
                for plan in plans.prefix(2) { #expect(plan.steps.contains { $0.text.contains("INDEX step_timing_notice") }) }
                for plan in plans.prefix(4) { #expect(!plan.steps.contains { $0.text.contains("TEMP B-TREE") }) }
                for plan in plans[2..<4] { #expect(plan.steps.first?.text.contains("INTEGER PRIMARY KEY (rowid") == true) }
                #expect(plans[4].steps.first?.text.contains("PRIMARY KEY (hour>?") == true)
                for (place, plan) in plans.dropFirst(5).enumerated() {
                    if place.isMultiple(of: 2) {
                        // The few that have paused, and of each its case.
                        #expect(plan.steps.first?.text.contains("INDEX step_timing_paused") == true, "\(plan)")
                        #expect(plan.steps.contains { $0.text.hasPrefix("SEARCH c USING") }, "\(plan)")
                    } else {
                        // One walk along the open cases, and for each group three searches within the same index.
                        #expect(plan.steps.count { $0.text.contains("_waiting_by_officer") } == 4, "\(plan)")
                    }
                }
            }
        }
    }
}
