import API
import Domain
import Files
import Glibc
import Security
import StorageSQLite

/// One command of the program, with its own flags.
struct Command: Sendable {
    struct Flag: Sendable {
        let name: String
        let help: String
    }

    let name: String
    let summary: String
    let flags: [Flag]
    let run: @Sendable (Arguments, Settings) async throws -> Void

    var help: String {
        let own = flags.map { "  --\($0.name)\(String(repeating: " ", count: max(1, 24 - $0.name.utf8.count)))\($0.help)" }
        let shared = Setting.all.filter(\.isFlag)
            .map { "  --\($0.name)\(String(repeating: " ", count: max(1, 24 - $0.name.utf8.count)))\($0.help) [\($0.value)]" }
        return (["sikimr \(name)", "", summary, ""] + own + (own.isEmpty ? [] : [""]) + shared).joined(separator: "\n")
    }

    static let all: [Command] = [
        Command(name: "serve", summary: "Serves the API until SIGTERM or SIGINT.", flags: []) { _, settings in
            try await Serve(settings: settings).run()
        },
        Command(name: "migrate", summary: "Creates the database or brings its schema up to date.", flags: []) { _, settings in
            try await withHouse(settings) { _ in print("The database is up to date.") }
        },
        Command(
            name: "user",
            summary: "sikimr user list | create | reset-password: while the service is down; while it runs, the API does the same.",
            flags: [
                Flag(name: "username", help: "the username"),
                Flag(name: "name", help: "create: the name of the person"),
                Flag(name: "unit", help: "create: the code of the unit [KI]"),
                Flag(name: "roles", help: "create: roles, separated by commas"),
            ]
        ) { arguments, settings in try await withHouse(settings) { try await UserCommand(house: $0, arguments: arguments).run() } },
        Command(
            name: "token",
            summary: "sikimr token list | create | revoke: while the service is down; while it runs, the API does the same.",
            flags: [
                Flag(name: "username", help: "whose token"),
                Flag(name: "name", help: "create: what it is for"),
                Flag(name: "scopes", help: "create: scopes, separated by commas [read]"),
                Flag(name: "id", help: "revoke: the id of the token"),
            ]
        ) { arguments, settings in try await withHouse(settings) { try await TokenCommand(house: $0, arguments: arguments).run() } },
        Command(
            name: "check",
            summary:
                "Holds the log of events, the overview, the points, the frozen recaps and the attachments against their sums and hashes, while the service is down; 65 when any is wrong.",
            flags: []
        ) { _, settings in
            let reserve = try settings.attachmentReserve()
            // Opening a database that is not there would make one.
            guard access(settings.database, F_OK) == 0 else { throw Exit.configuration("\(settings.database): there is no database.") }
            // The log may be long: it has a day.
            try await withHouse(settings, readDeadline_ms: 86_400_000) { house in
                let files: FileStore
                do { files = try FileStore(directory: settings.attachments, reserve: reserve) } catch {
                    throw Exit.configuration("SIKIMR_ATTACHMENTS: \(error)")
                }
                try await CheckCommand(house: house, files: files).run()
            }
        },
        Command(
            name: "demo",
            summary:
                "Fills a database with units, users and two years of cases, recaps, topologies and equipment. The same seed gives the same history.",
            flags: [
                Flag(name: "consultations", help: "how many [1000]"),
                Flag(name: "workspace-items", help: "how many [\(DemoShare.workspaceItems.text)]"),
                Flag(name: "tickets", help: "how many, complaints and service requests [\(DemoShare.tickets.text)]"),
                Flag(name: "procedure-runs", help: "how many, of all procedures [\(DemoShare.runs.text)]"),
                Flag(name: "service-complaints", help: "how many [\(DemoShare.serviceComplaints.text)]"),
                Flag(name: "equipment", help: "how many pieces [\(DemoShare.equipment.text)]"),
                Flag(name: "seed", help: "a number that the history follows from [1]"),
                Flag(name: "until", help: "the date at which the history ends [today]"),
                Flag(name: "password", help: "the password of all users made [a random one, shown]"),
            ]
        ) { arguments, settings in
            let span = try DemoCommand.Span(arguments)
            try await withHouse(settings, firstStart: span.from) { house in
                try await DemoCommand(house: house, arguments: arguments, span: span).run()
            }
        },
    ]

    private static func withHouse(
        _ settings: Settings,
        firstStart: Instant? = nil,
        readDeadline_ms: Int? = nil,
        _ body: (House) async throws -> Void
    ) async throws {
        let log = Log(format: .text, clock: House.clock) { line in say(String(decoding: line.dropLast(), as: UTF8.self)) }
        let house = try await House(settings, log: log, firstStart: firstStart, readDeadline_ms: readDeadline_ms)
        do { try await body(house) } catch {
            await house.store.close()
            throw error
        }
        await house.store.close()
    }
}
