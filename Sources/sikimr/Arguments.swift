import HTTP

/// A command line taken apart: flags with values, as `--name value` or `--name=value`, and what is left.
///
/// By hand, since the Glibc module of Swift does not offer `getopt_long`.
struct Arguments {
    private(set) var flags: [String: String] = [:]
    private(set) var rest: [String] = []
    private(set) var wantsHelp = false

    /// Parses `arguments`; every flag of `names` takes a value, `--help` and `-h` take none.
    init(_ arguments: [String], flags names: [String]) throws(Exit) {
        var remaining = arguments[...]
        while let argument = remaining.popFirst() {
            if argument == "--help" || argument == "-h" {
                wantsHelp = true
            } else if argument.hasPrefix("-") {
                let parts = argument.drop { $0 == "-" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = parts.first.map(String.init), names.contains(name) else {
                    // Not its value: it may be a password.
                    throw .configuration("There is no flag --\(parts.first ?? ""); see --help.")
                }
                guard let value = parts.count == 2 ? String(parts[1]) : remaining.popFirst() else {
                    throw .configuration("--\(name) needs a value.")
                }
                flags[name] = value
            } else {
                rest.append(argument)
            }
        }
    }

    /// The value of a flag that must be there.
    func required(_ name: String) throws(Exit) -> String {
        guard let value = flags[name] else { throw .configuration("--\(name) is needed; see --help.") }
        return value
    }

    /// The value of a flag that must be there and be text on one line.
    func requiredLine(_ name: String, most: Int) throws(Exit) -> String {
        let value = try required(name)
        if let fault = TextRule.line(1...most).fault(of: value) { throw .configuration("--\(name): \(fault.en)") }
        return value
    }
}
