import API
import Domain
import Glibc

let usage = """
    sikimr [COMMAND] [FLAGS]

    serve     serve the API (the command when none is named)
    migrate   create the database or bring it up to date, then end
    user      list, create and reset users while the service is down
    token     list, create and revoke tokens while the service is down
    check     hold log, points, recaps and attachments against their sums and hashes while the service is down
    demo      fill a database with a believable history

    sikimr COMMAND --help tells the flags. Settings come from flags, then from the environment:

    \(Setting.all.map { "  \($0.variable)\(String(repeating: " ", count: max(1, 26 - $0.variable.utf8.count)))\($0.help)\($0.value.isEmpty ? "" : " [\($0.value)]")" }.joined(separator: "\n"))
    """

func run(_ arguments: [String]) async throws {
    var arguments = arguments
    var name = "serve"
    if let first = arguments.first, !first.hasPrefix("-") { name = arguments.removeFirst() }
    guard let command = Command.all.first(where: { $0.name == name }) else {
        throw Exit.configuration("There is no command \(name); see sikimr --help.")
    }
    let parsed = try Arguments(arguments, flags: Setting.all.filter(\.isFlag).map(\.name) + command.flags.map(\.name))
    if parsed.wantsHelp {
        print(arguments.count == CommandLine.arguments.count - 1 ? usage : command.help)
        return
    }
    try await command.run(parsed, Settings(flags: parsed.flags))
}

func end(_ exit: Exit) -> Never {
    say("sikimr: \(exit.line)")
    Glibc.exit(exit.code)
}

do {
    try await run(Array(CommandLine.arguments.dropFirst()))
} catch let exit as Exit {
    end(exit)
} catch let error as DomainError {
    end(error.exit)
} catch {
    say("sikimr: \(error)")
    Glibc.exit(70)
}
