/// What the rows of a recap add up to, as a whole and by everything they are counted by.
package struct RecapTotals: Sendable, Equatable {
    /// What the rows are counted by.
    package enum Part: String, Sendable, CaseIterable {
        /// One line for all of them.
        case all
        case status, unit, officer, topic, step, day

        fileprivate var place: Int {
            switch self {
            case .all: 0
            case .status: 1
            case .unit: 2
            case .officer: 3
            case .topic: 4
            case .step: 5
            case .day: 6
            }
        }
    }

    /// How many cases, or attempts at a step, have something in common.
    package struct Line: Sendable, Equatable {
        /// The id, code or date that they have in common.
        package let key: String
        /// The name of a unit or an officer, and the code of a step, as it was then.
        package var name: String
        package var count: Int
        package var onTime: Int
        package var late: Int
        package var points: Int

        package init(key: String, name: String = "", count: Int = 0, onTime: Int = 0, late: Int = 0, points: Int = 0) {
            self.key = key
            self.name = name
            self.count = count
            self.onTime = onTime
            self.late = late
            self.points = points
        }

        /// The share on time of what was timed; nil where nothing was.
        package var onTimeRate: Double? { onTime + late == 0 ? nil : Double(onTime) / Double(onTime + late) }
    }

    /// The lines of each part, in the order of the parts.
    private var parts = [[String: Line]](repeating: [:], count: Part.allCases.count)

    package init() {}

    /// Totals as they were stored.
    package init(_ lines: [(part: Part, line: Line)]) {
        for (part, line) in lines { parts[part.place][line.key] = line }
    }

    package var all: Line { parts[Part.all.place][""] ?? Line(key: "") }

    /// The lines of a part: units and officers by name, the others by key.
    package subscript(part: Part) -> [Line] {
        let lines = Array(parts[part.place].values)
        switch part {
        case .unit, .officer: return lines.sorted { ($0.name, $0.key) < ($1.name, $1.key) }
        case .step: return lines.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
        case .all, .status, .topic, .day: return lines.sorted { $0.key < $1.key }
        }
    }

    /// Counts a row; `day` is the date of its closing.
    package mutating func add(_ row: RecapRow, closedOn day: String) {
        let isOnTime = row.isOnTime
        count(.all, "", row, isOnTime)
        count(.status, row.status, row, isOnTime)
        count(.unit, row.unitID.text, row, isOnTime)
        if let officer = row.officerID { count(.officer, officer.text, row, isOnTime) }
        count(.topic, row.topic ?? "", row, isOnTime)
        count(.day, day, row, isOnTime)
        for tally in row.steps {
            let key = String(tally.step)
            parts[Part.step.place][key, default: Line(key: key)].add(tally)
        }
    }

    private mutating func count(_ part: Part, _ key: String, _ row: RecapRow, _ isOnTime: Bool?) {
        parts[part.place][key, default: Line(key: key)].add(onTime: isOnTime == true, late: isOnTime == false, row.points)
    }

    /// Gives each line of a part its name.
    package mutating func name(_ part: Part, _ name: (String) throws(DomainError) -> String?) throws(DomainError) {
        for key in parts[part.place].keys { parts[part.place][key]?.name = try name(key) ?? key }
    }

    /// The names that the lines of a part have, by their keys.
    package func names(of part: Part) -> [String: String] { parts[part.place].mapValues(\.name) }
}

extension RecapTotals.Line {
    fileprivate mutating func add(onTime isOnTime: Bool, late isLate: Bool, _ points: Int) {
        count += 1
        onTime += isOnTime ? 1 : 0
        late += isLate ? 1 : 0
        self.points += points
    }

    fileprivate mutating func add(_ tally: StepTally) {
        count += tally.onTime + tally.late
        onTime += tally.onTime
        late += tally.late
    }
}
