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

    /// Events between two looks at the progress.
    private static let batch = 2000

    func run() async throws {
        let count = try number("consultations", 1000, 1...10_000_000)
        let workItems = try number("workspace-items", count / 10, 0...10_000_000)
        let tickets = try number("tickets", count / 10, 0...10_000_000)
        let runs = try number("procedure-runs", max(DemoRuns.least, count / 200), 0...1_000_000)
        let complaints = try number("service-complaints", max(DemoServiceComplaints.least, count / 200), 0...1_000_000)
        let pieces = try number("equipment", max(DemoEquipment.least, count / 500), 0...1_000_000)
        let seed = try number("seed", 1, 0...Int.max)
        let (span, calendar) = (span, WorkingCalendar.standard)
        if let password = arguments.flags["password"], !house.passwords.problems(of: password, context: []).isEmpty {
            throw Exit.configuration("--password: it must have 15 characters or more and be hard to guess.")
        }
        let password = arguments.flags["password"] ?? OneTimePassword.generate()
        let hash = try await house.hasher.hash(password)

        let random = SplitMix64(seed: UInt64(seed))
        let ids = IdentifierSource { random.next() }
        let people = try await house.store.write { tx throws(DomainError) in
            guard try tx.units.find(code: DemoPeople.unitCodes[0]) == nil else { throw .conflict(pointer: "demo") }
            return try DemoPeople(in: tx, hash: hash, at: span.from, ids: ids)
        }
        // Each kind has a generator of its own: how many there are of one changes nothing in the others. All are drawn before the first id is.
        let generators = (0..<9).map { _ in SplitMix64(seed: random.next()) }
        let equipment = try await house.store.write { tx throws(DomainError) in
            try DemoEquipment(count: pieces, span: span, people: people, calendar: calendar, random: generators[0], ids: ids, in: tx)
        }
        var stories: [any DemoStory] = [
            DemoConsultations(count: count, span: span, people: people, calendar: calendar, random: generators[1], ids: ids),
            DemoWorkItems(count: workItems, span: span, people: people, calendar: calendar, random: generators[2], ids: ids),
            DemoTickets(
                count: tickets,
                span: span,
                people: people,
                equipment: equipment,
                calendar: calendar,
                random: generators[3],
                ids: ids
            ),
            DemoRecaps(span: span, people: people, calendar: calendar, random: generators[4], ids: ids, store: house.store),
            DemoRuns(count: runs, span: span, people: people, calendar: calendar, random: generators[5], ids: ids),
            DemoServiceComplaints(count: complaints, span: span, people: people, calendar: calendar, random: generators[6], ids: ids),
            DemoTopologies(span: span, people: people, equipment: equipment, calendar: calendar, random: generators[7], ids: ids),
        ]
        // What opens by its schedule is a run, too.
        if runs > 0 { stories.append(DemoSchedules(span: span, people: people, calendar: calendar, random: generators[8], ids: ids)) }
        let history = DemoHistory(stories: stories)
        let bar = ProgressBar(total: count + workItems + tickets + runs + complaints)
        // One transaction for all of it: interrupted, it leaves nothing.
        try await house.store.write { tx throws(DomainError) in
            try tx.loadingInBulk { () throws(DomainError) in
                while try history.advance(Self.batch, in: tx) { bar.show(history.begun) }
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
