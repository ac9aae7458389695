@testable import Domain
import Testing

/// The way of a consultation, judged by the table of the domain guide, section 3.
@Suite struct WorkflowTests {
    /// State, event, role, next state, step that stops, step that starts, outcome.
    private static let guide: [(String, String, String, String, Int, Int?, String)] = [
        ("draft", "submit", "work-unit", "submitted", 2, 3, "done"),
        ("draft", "withdraw", "work-unit", "withdrawn", 2, nil, "withdrawn"),
        ("submitted", "assign", "super-admin", "assigned", 3, 4, "done"),
        ("submitted", "withdraw", "work-unit", "withdrawn", 3, nil, "withdrawn"),
        ("assigned", "propose", "consultation-officer", "in_verification", 4, 5, "done"),
        ("assigned", "reassign", "super-admin", "assigned", 4, 4, "reassigned"),
        ("assigned", "withdraw", "work-unit", "withdrawn", 4, nil, "withdrawn"),
        ("in_verification", "approve", "subdirectorate-head", "verified", 5, 6, "yes"),
        ("in_verification", "return", "subdirectorate-head", "assigned", 5, 4, "no"),
        ("in_verification", "withdraw", "work-unit", "withdrawn", 5, nil, "withdrawn"),
        ("verified", "deliver", "consultation-officer", "answered", 6, 7, "done"),
        ("verified", "reassign", "super-admin", "verified", 6, 6, "reassigned"),
        ("answered", "acknowledge", "work-unit", "closed", 7, nil, "done"),
    ]

    @Test func `the table is that of the guide, row by row and no more`() {
        let rows = Consultation.workflow.transitions.map { row in
            "\(row.from.rawValue) \(row.event.rawValue) \(row.performer.roles.roles.map(\.rawValue).joined(separator: "|")) \(row.to.rawValue)"
                + " \(row.stops ?? 0) \(row.starts ?? 0) \(row.outcome.rawValue)"
        }
        for row in Self.guide {
            let line = "\(row.0) \(row.1) \(row.2) \(row.3) \(row.4) \(row.5 ?? 0) \(row.6)"
            #expect(rows.contains(line), "\(line)")
        }
        #expect(rows.count == Self.guide.count)
        #expect(Consultation.workflow.start == .draft && Consultation.workflow.creation == (1, 2))
        #expect(Consultation.State.allCases.filter { Consultation.workflow.isFinal($0) } == [.closed, .withdrawn])
    }

    @Test func `a case that starts a step is never left without a running one`() {
        // A step that stops in a state is the one that started on the way into it.
        for row in Consultation.workflow.transitions {
            let started = Consultation.workflow.transitions.filter { $0.to == row.from }.map(\.starts)
            let expected = row.from == .draft ? started + [2] : started
            #expect(expected.allSatisfy { $0 == row.stops }, "\(row.from) \(row.event)")
        }
    }

    @Test func `only the gates bar the officer of the case`() {
        let gates = Consultation.workflow.transitions.filter { $0.bars == [.officer] }.map(\.event)
        #expect(Set(gates) == [.approve, .return])
        #expect(Consultation.workflow.transitions.allSatisfy { $0.bars.isEmpty || $0.bars == [.officer] })
    }

    @Test func `each event asks for what the contract says`() {
        let members: [(Consultation.Event, [String], [String])] = [
            (.submit, [], []), (.assign, ["officer_id"], ["note"]), (.reassign, ["officer_id", "reason"], []),
            (.propose, ["answer"], ["plan", "note"]), (.return, ["reason"], []), (.approve, [], ["note"]), (.deliver, [], ["note"]),
            (.acknowledge, [], ["note"]), (.withdraw, ["reason"], []),
        ]
        for (name, required, optional) in members {
            #expect(name.required.map(\.rawValue) == required && name.optional.map(\.rawValue) == optional, "\(name)")
        }
        #expect(members.count == Consultation.Event.allCases.count)
    }
}

/// The verdict on an attempt.
@Suite struct StepClockTests {
    private static let monday = Instant(milliseconds: 1_794_790_800_000)

    private func clock(standard: Int64?, elapsed: Int64?) -> StepClock {
        StepClock(
            timingID: StepTiming.ID(stored: "tim_a"),
            stepNumber: 2,
            stepCode: "submit-consultation",
            attempt: 1,
            startedAt: Self.monday,
            finishedAt: elapsed.map { Self.monday.advanced(byMilliseconds: $0) },
            elapsed: elapsed,
            standard: standard,
            dueAt: standard.map { WorkingCalendar.standard.instant(after: Self.monday, working: $0) }
        )
    }

    @Test(
        arguments: [
            (27_000_000, 0, "on_time"), (27_000_000, 26_999_999, "on_time"), (27_000_000, 27_000_000, "on_time"),
            (27_000_000, 27_000_001, "late"), (27_000_000, 27_001_000, "late"), (nil, 0, "no_standard"),
            (nil, 1_000_000_000_000, "no_standard"),
        ] as [(Int64?, Int64, String)]
    )
    func `an ended attempt is on time up to its standard and late from then on`(_ standard: Int64?, _ elapsed: Int64, _ verdict: String) {
        #expect(clock(standard: standard, elapsed: elapsed).verdict(at: .latest).rawValue == verdict)
    }

    @Test(
        arguments: [
            // Due at 08:00 on Tuesday in Jakarta.
            (27_000_000, "2026-11-17T08:00:00+07:00", "running"), (27_000_000, "2026-11-17T08:00:00.001+07:00", "overdue"),
            (nil, "2036-11-17T08:00:00+07:00", "no_standard"),
        ] as [(Int64?, String, String)]
    )
    func `a running attempt is overdue once its due time has passed`(_ standard: Int64?, _ now: String, _ verdict: String) throws {
        #expect(clock(standard: standard, elapsed: nil).verdict(at: try #require(Instant(rfc3339: now))).rawValue == verdict)
    }

    @Test func `an attempt ends once, with its working time`() throws {
        var clock = clock(standard: 27_000_000, elapsed: nil)
        let friday = try #require(Instant(rfc3339: "2026-11-20T17:00:00+07:00"))
        clock.finish(at: friday, by: .standard)
        // Seven hours of Monday and four whole days.
        #expect(clock.elapsed == (7 * 3600 + 4 * 27_000) * 1000 && clock.finishedAt == friday)
        #expect(clock.elapsed(at: .latest, by: .standard) == clock.elapsed)
    }
}
