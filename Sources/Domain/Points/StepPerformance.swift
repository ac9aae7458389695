/// What one performer's attempts at one step amount to.
package struct StepPerformance: Sendable {
    package let procedure: String
    package let step: Int
    package let stepCode: String
    package let count: Int
    package let onTime: Int
    package let late: Int
    package let noStandard: Int
    /// Working time in milliseconds, the mean and the longest of the ended attempts; nil where none has ended.
    package let elapsed: (mean: Int64, longest: Int64)?

    package init(
        procedure: String,
        step: Int,
        stepCode: String,
        count: Int,
        onTime: Int,
        late: Int,
        noStandard: Int,
        elapsed: (mean: Int64, longest: Int64)?
    ) {
        self.procedure = procedure
        self.step = step
        self.stepCode = stepCode
        self.count = count
        self.onTime = onTime
        self.late = late
        self.noStandard = noStandard
        self.elapsed = elapsed
    }

    /// The share on time of what was timed; nil where nothing was.
    package var onTimeRate: Double? { onTime + late == 0 ? nil : Double(onTime) / Double(onTime + late) }
}
