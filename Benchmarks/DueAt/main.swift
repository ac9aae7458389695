import Domain

/// Prints how many nanoseconds a due time takes, a line for each kind of calendar: its name, a tab, the number.

/// The standard calendar with a Ramadan of 30 days in each of ten years, and 40 holidays a year.
func festive() throws(DomainError) -> WorkingCalendar {
    var calendar = WorkingCalendar.standard
    for year in 0..<10 {
        let first = 20_454 + 354 * year
        calendar = try calendar.addingRamadan(from: CivilDate(daysSinceEpoch: first), to: CivilDate(daysSinceEpoch: first + 29))
    }
    let holidays = (0..<400).map { WorkingCalendar.Holiday(date: CivilDate(daysSinceEpoch: 20_454 + 9 * $0), name: "Libur") }
    return try calendar.taking(holidays, replacingYear: nil)
}

/// The median of some rounds of `due` over random starts and standards, for each of them in nanoseconds.
func nanoseconds(_ due: (_ start: Instant, _ standard: Int64) -> Instant) -> Int {
    let questions = (0..<100_000).map { _ in
        (start: Instant(milliseconds: .random(in: 1_767_200_000_000...2_067_200_000_000)), standard: Int64.random(in: 1...900_000_000))
    }
    var sum: Int64 = 0
    let rounds = (0..<9).map { _ in
        ContinuousClock().measure {
            for question in questions { sum &+= due(question.start, question.standard).milliseconds }
        }
    }
    // What is never looked at might not be computed.
    precondition(sum != 0)
    return Int(rounds.sorted()[rounds.count / 2] / .nanoseconds(questions.count))
}

let (standard, feasts) = (WorkingCalendar.standard, try festive())
for (name, calendar) in [("standard calendar", standard), ("ten years of Ramadan weeks and 400 holidays", feasts)] {
    print("\(name)\t\(nanoseconds { calendar.instant(after: $0, working: $1) })")
}
let paused = nanoseconds { start, standard in
    let pause = feasts.workingMilliseconds(from: start, to: start.advanced(byMilliseconds: standard))
    return feasts.instant(after: start, working: standard + pause)
}
print("the same after a pause\t\(paused)")
