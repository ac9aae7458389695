import Domain
import Glibc
import Security
import StorageSQLite

/// `sikimr demo`: fills a database with a history that follows from a seed.
struct DemoCommand {
    let house: House
    let arguments: Arguments
    let span: Span

    /// The two years that the history covers.
    struct Span: Sendable {
        let from: Instant
        let until: Instant

        init(_ arguments: Arguments) throws(Exit) {
            let calendar = WorkingCalendar.standard
            var date = calendar.localDate(of: House.clock())
            if let text = arguments.flags["until"] {
                guard let given = CivilDate(text) else { throw .configuration("--until: it must be a date such as 2026-11-21.") }
                date = given
            }
            until = calendar.instant(at: 0, on: date)
            from = until.advanced(byMilliseconds: -2 * 365 * 86_400_000)
        }
    }

    /// Events between two looks at the progress; what has ended in them is stored together.
    private static let batch = 10_000

    func run() async throws {
        let count = try number("consultations", 1000, 1...10_000_000)
        let workItems = try number("workspace-items", DemoShare.workspaceItems.count(beside: count), 0...10_000_000)
        let tickets = try number("tickets", DemoShare.tickets.count(beside: count), 0...10_000_000)
        let runs = try number("procedure-runs", DemoShare.runs.count(beside: count), 0...1_000_000)
        let complaints = try number("service-complaints", DemoShare.serviceComplaints.count(beside: count), 0...1_000_000)
        let pieces = try number("equipment", DemoShare.equipment.count(beside: count), 0...1_000_000)
        let seed = try number("seed", 1, 0...Int.max)
        let (span, calendar) = (span, WorkingCalendar.standard)
        if let password = arguments.flags["password"], !house.passwords.problems(of: password, context: []).isEmpty {
            throw Exit.configuration("--password: it must have 15 characters or more and be hard to guess.")
        }
        let password = arguments.flags["password"] ?? OneTimePassword.generate()
        let hash = try await house.hasher.hash(password)

        let source = SplitMix64(seed: UInt64(seed))
        let ids = IdentifierSource { source.next() }
        let isThere = try await house.store.read { tx throws(DomainError) in try tx.units.find(code: DemoPeople.unitCodes[0]) != nil }
        if isThere { throw Exit.configuration("This database has a demonstration, or the people of one that broke off: name a new one.") }
        let people = try await house.store.write { tx throws(DomainError) in
            try DemoPeople(in: tx, hash: hash, at: span.from, ids: ids)
        }
        // Drawn before the ids of any case are.
        let random = DemoGenerators(seed: source.next())
        let equipment = try await house.store.write { tx throws(DomainError) in
            try DemoEquipment(count: pieces, span: span, people: people, calendar: calendar, random: random[.equipment], ids: ids, in: tx)
        }
        var stories: [any DemoStory] = [
            DemoConsultations(count: count, span: span, people: people, calendar: calendar, random: random[.consultations], ids: ids),
            DemoWorkItems(count: workItems, span: span, people: people, calendar: calendar, random: random[.workspaceItems], ids: ids),
            DemoTickets(
                count: tickets,
                span: span,
                people: people,
                equipment: equipment,
                calendar: calendar,
                random: random[.tickets],
                ids: ids
            ),
            DemoRecaps(span: span, people: people, calendar: calendar, random: random[.recaps], ids: ids, store: house.store),
            DemoRuns(count: runs, span: span, people: people, calendar: calendar, random: random[.runs], ids: ids),
            DemoServiceComplaints(
                count: complaints,
                span: span,
                people: people,
                calendar: calendar,
                random: random[.serviceComplaints],
                ids: ids
            ),
            DemoTopologies(span: span, people: people, equipment: equipment, calendar: calendar, random: random[.topologies], ids: ids),
        ]
        // What opens by its schedule is a run, too.
        if runs > 0 { stories.append(DemoSchedules(span: span, people: people, calendar: calendar, random: random[.schedules], ids: ids)) }
        let history = DemoHistory(stories: stories)
        let bar = ProgressBar(total: count + workItems + tickets + runs + complaints)
        // One transaction for all of it: interrupted, it leaves no case.
        try await house.store.write { tx throws(DomainError) in
            try tx.loadingInBulk { () throws(DomainError) -> Bool in
                bar.show(history.begun)
                return try history.advance(Self.batch, in: tx)
            }
        }
        bar.end()
        print(
            """
            \(count) consultations, \(workItems) work items, \(tickets) tickets, \(runs) procedure runs, \(complaints) service complaints, \
            \(pieces) pieces of equipment. Users such as \(people.examples.joined(separator: ", ")); password of all: \(password)
            """
        )
    }

    private func number(_ name: String, _ fallback: Int, _ range: ClosedRange<Int>) throws(Exit) -> Int {
        guard let text = arguments.flags[name] else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw .configuration("--\(name): it must be \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}

/// How far a long command is, for the person at the terminal; nothing where there is no terminal.
private struct ProgressBar: Sendable {
    let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private static let width = 40

    init(total: Int) { self.total = total }

    func show(_ done: Int) {
        guard isTerminal, total > 0 else { return }
        let full = min(Self.width, done * Self.width / total)
        draw("[\(String(repeating: "#", count: full))\(String(repeating: ".", count: Self.width - full))] \(done)/\(total)")
    }

    func end() {
        guard isTerminal else { return }
        show(total)
        say("")
    }

    private func draw(_ line: String) {
        let bytes = Array("\r\(line)".utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
