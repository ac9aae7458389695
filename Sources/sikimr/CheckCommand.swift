import API
import Domain
import Files
import StorageSQLite

/// `sikimr check`: holds the log of events, what the overview keeps, the ledger of points, the recaps and the files of attachments against their sums and hashes,
/// while the service is down.
struct CheckCommand {
    let house: House
    let files: FileStore

    func run() async throws {
        let faults = try await checkEvents() + checkTally() + checkPoints() + checkRecaps() + checkAttachments()
        if faults > 0 { throw Exit(code: 65, line: "\(faults) faults were found; restore what is named above from a backup.") }
    }

    private func checkEvents() async throws -> Int {
        guard let broken = try await house.store.read({ tx throws(DomainError) in try tx.events.firstBroken() }) else {
            print("Events: the chain is whole.")
            return 0
        }
        print("Events: broken at entry \(broken), which does not follow from the one before it.")
        return 1
    }

    private func checkTally() async throws -> Int {
        let faults = try await house.store.read { tx throws(DomainError) in try tx.tallyFaults() }
        if faults == 0 {
            print("Overview: what is kept of each hour is what the cases say.")
        } else {
            print("Overview: \(faults) entries of what is kept of each hour differ from what the cases say.")
        }
        return faults
    }

    /// Adds the ledger up again, and looks for each case that ended.
    private func checkPoints() async throws -> Int {
        let (balances, cases) = try await house.store.read { tx throws(DomainError) in
            (try tx.ledger.wrongBalances(), try tx.ledger.wrongCases())
        }
        for wrong in balances {
            let (user, period) = (wrong.userID?.text ?? "", wrong.period?.description ?? "")
            print("Points of \(user) in \(period): the entries have \(wrong.pending) pending and \(wrong.posted) posted more than is kept.")
        }
        for id in cases { print("Points: the entries of case \(id) are not those of its recap.") }
        if balances.isEmpty, cases.isEmpty { print("Points: the entries add up.") }
        return balances.count + cases.count
    }

    /// Compiles every recap that is frozen again.
    private func checkRecaps() async throws -> Int {
        var query = RecapQuery(page: PageRequest(limit: 200))
        var (count, faults) = (0, 0)
        while true {
            let page = try await house.store.read { [query] tx throws(DomainError) in try tx.recaps.list(query) }
            for recap in page.elements {
                guard let frozen = recap.frozen else { continue }
                let totals = try await house.store.read { tx throws(DomainError) in try tx.recaps.totals(of: recap) }
                let compiled = try RecapCompilation(of: recap, names: totals.names, store: house.store)
                count += 1
                guard compiled.sha256 != frozen.sha256 || compiled.totals != totals else { continue }
                faults += 1
                print("Recap \(recap.id) of \(recap.kind.rawValue) \(recap.period): its rows or totals have changed.")
            }
            guard page.hasMore else { break }
            query.page.after = page.elements.last?.id.text
        }
        print("Recaps: \(count) frozen, \(faults) changed.")
        return faults
    }

    private func checkAttachments() async throws -> Int {
        var (last, count, faults): (Attachment.ID?, Int, Int) = (nil, 0, 0)
        var findings: [[UInt8]: FileStore.Finding] = [:]
        while true {
            let page = try await house.store.read { tx throws(DomainError) in try tx.attachments.all(after: last, limit: 500) }
            for attachment in page {
                let finding = try findings[attachment.file.hash] ?? files.inspect(attachment.file.hash)
                findings[attachment.file.hash] = finding
                count += 1
                guard finding != .whole else { continue }
                faults += 1
                let what = finding == .missing ? "its file is missing" : "its file has changed"
                print("Attachment \(attachment.id) of \(attachment.subjectKind.rawValue) \(attachment.subjectID): \(what).")
            }
            guard let end = page.last else { break }
            last = end.id
        }
        print("Attachments: \(count) in \(findings.count) files, \(faults) faulty.")
        return faults
    }
}
