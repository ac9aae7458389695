/// A kind of thing in a demonstration.
enum DemoPart: UInt64 {
    case equipment, consultations, workspaceItems, tickets, recaps, runs, serviceComplaints, topologies, schedules
}

/// Generators of random numbers, one for each kind, so that how many there are of one changes nothing in the others.
struct DemoGenerators: Sendable {
    let seed: UInt64

    subscript(part: DemoPart) -> SplitMix64 { SplitMix64(seed: seed &+ part.rawValue) }
}

/// How many there are of a kind beside the consultations, unless they are counted by hand.
struct DemoShare {
    /// One for so many consultations.
    let part: Int
    var least = 0
    let most: Int

    static let workspaceItems = DemoShare(part: 10, most: 1000)
    static let tickets = DemoShare(part: 10, most: 1000)
    static let runs = DemoShare(part: 200, least: DemoRuns.least, most: 200)
    static let serviceComplaints = DemoShare(part: 200, least: DemoServiceComplaints.least, most: 200)
    static let equipment = DemoShare(part: 500, least: DemoEquipment.least, most: 200)

    func count(beside consultations: Int) -> Int { min(max(consultations / part, least), most) }

    /// The same in words.
    var text: String { "one for \(part) consultations, \(least > 0 ? "\(least) to \(most)" : "\(most) at most")" }
}
