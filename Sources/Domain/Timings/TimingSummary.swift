/// By what ended attempts are put together.
package enum TimingGrouping: String, Sendable, CaseIterable {
    case step, performer, unit, procedure, month
}

/// Which ended attempts are summed up, and how they are put together.
package struct TimingSummaryQuery: Sendable {
    package var grouping: Set<TimingGrouping>
    package var procedure: String?
    package var subjectKind: StepTiming.SubjectKind?
    package var stepNumber: Int?
    package var performerID: User.ID?
    package var unitID: Unit.ID?
    package var started = TimeRange()
    /// The zone in which a month begins.
    package var timeZone: IndonesianTimeZone

    package init(grouping: Set<TimingGrouping>, timeZone: IndonesianTimeZone) {
        self.grouping = grouping
        self.timeZone = timeZone
    }
}

/// What ended attempts of one group have in common, and the sums over them; times are working time in milliseconds.
package struct TimingSummary: Sendable, Equatable {
    /// What a group is told apart by: only what it is grouped by has values.
    package struct Key: Sendable, Hashable {
        package var procedure: String?
        package var stepNumber: Int?
        package var stepCode: String?
        package var performerID: User.ID?
        package var unitID: Unit.ID?
        /// Months since the year 0; the month in which an attempt began.
        package var month: Int?

        package init() {}
    }

    package let key: Key
    package let count: Int
    package let onTime: Int
    package let late: Int
    package let noStandard: Int
    /// The attempts that ended with a return.
    package let returned: Int
    package let mean: Int64
    /// The least time that at least half of the attempts kept to.
    package let median: Int64
    /// The least time that at least nine of ten attempts kept to.
    package let ninetieth: Int64
    package let longest: Int64
    /// The standard, where all attempts have the same.
    package let standard: Int64?

    /// The share of those with a standard that kept to it; nil when none has one.
    package var onTimeRate: Double? { onTime + late == 0 ? nil : Double(onTime) / Double(onTime + late) }
}

extension TimingSummary.Key: Comparable {
    package static func < (left: TimingSummary.Key, right: TimingSummary.Key) -> Bool {
        let (one, other) = (left.month ?? 0, right.month ?? 0)
        if one != other { return one < other }
        if left.procedure != right.procedure { return left.procedure ?? "" < right.procedure ?? "" }
        if left.stepNumber != right.stepNumber { return left.stepNumber ?? 0 < right.stepNumber ?? 0 }
        if left.stepCode != right.stepCode { return left.stepCode ?? "" < right.stepCode ?? "" }
        if left.unitID != right.unitID { return left.unitID?.text ?? "" < right.unitID?.text ?? "" }
        return left.performerID?.text ?? "" < right.performerID?.text ?? ""
    }
}

/// Gathers the ended attempts of one group.
package struct TimingTally: Sendable {
    private var elapsed: [Int64] = []
    private var sum: Int64 = 0
    private var verdicts = (onTime: 0, late: 0, noStandard: 0)
    private var returned = 0
    private var standard: Int64??

    package init() {}

    package mutating func add(elapsed time: Int64, standard: Int64?, isReturn: Bool) {
        elapsed.append(time)
        sum &+= time
        switch StepTiming.Verdict(elapsed: time, standard: standard) {
        case .onTime: verdicts.onTime += 1
        case .late: verdicts.late += 1
        case .noStandard, .running, .overdue: verdicts.noStandard += 1
        }
        if isReturn { returned += 1 }
        if let before = self.standard, before != standard { self.standard = .some(nil) } else { self.standard = .some(standard) }
    }

    /// The sums; nil when there was nothing to gather.
    package consuming func summary(of key: TimingSummary.Key) -> TimingSummary? {
        elapsed.sort()
        guard let longest = elapsed.last else { return nil }
        return TimingSummary(
            key: key,
            count: elapsed.count,
            onTime: verdicts.onTime,
            late: verdicts.late,
            noStandard: verdicts.noStandard,
            returned: returned,
            mean: sum / Int64(elapsed.count),
            median: Self.percentile(50, of: elapsed),
            ninetieth: Self.percentile(90, of: elapsed),
            longest: longest,
            standard: standard ?? nil
        )
    }

    /// By the nearest rank: the least of the ascending values that so many of a hundred do not exceed; 0 of none.
    package static func percentile(_ percent: Int, of ascending: [Int64]) -> Int64 {
        let place = max(0, (ascending.count * percent + 99) / 100 - 1)
        return ascending.indices.contains(place) ? ascending[place] : 0
    }
}
