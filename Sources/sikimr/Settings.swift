import Domain
import Glibc
import HTTPServer
import API

/// Why the program ends at once: one line, and an exit code of `sysexits.h`.
struct Exit: Error {
    let code: Int32
    let line: String

    /// A wrong setting or command line: no use in starting again.
    static func configuration(_ line: String) -> Exit { Exit(code: 78, line: line) }
}

/// One setting: the one table behind the environment, the flags and `--help`.
struct Setting {
    let name: String
    let value: String
    let help: String

    /// As in `SIKIMR_LISTEN`.
    var variable: String { "SIKIMR_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined() }

    static let all = [
        Setting(name: "listen", value: "127.0.0.1:8080", help: "address and port, or unix:PATH"),
        Setting(name: "database", value: "var/sikimr.db", help: "the database file"),
        Setting(name: "attachments", value: "var/attachments", help: "the directory of attachments"),
        Setting(name: "attachment-limit", value: "25", help: "MiB of one attachment, 100 at most"),
        Setting(name: "attachment-case-limit", value: "200", help: "MiB of all attachments of a case"),
        Setting(name: "attachment-user-limit", value: "1024", help: "MiB of all attachments of a user"),
        Setting(name: "attachment-user-files", value: "500", help: "attachments of a user"),
        Setting(
            name: "attachment-reserve",
            value: "1024",
            help: "MiB that attachments leave free on their disk, with a twentieth of it; 0: none"
        ),
        Setting(name: "admin-password", value: "", help: "first start only: the password of user admin; never a flag"),
        Setting(name: "swagger-ui", value: "var/swagger-ui", help: "the folder of Swagger UI for /docs; without it /docs is a plain list"),
        Setting(name: "threads", value: "", help: "I/O threads; one for each core when empty"),
        Setting(name: "log", value: "text", help: "text, json or off"),
        Setting(name: "rate-limit", value: "600", help: "requests a minute for each caller, or off"),
        Setting(name: "streams", value: "256", help: "streams of events at once, of all users"),
        Setting(name: "streams-per-user", value: "4", help: "streams of events at once, of one user"),
        Setting(name: "cors-origins", value: "", help: "origins that browsers may call from, separated by commas"),
        Setting(name: "trusted-proxies", value: "", help: "address ranges whose X-Forwarded-For is believed, separated by commas"),
        Setting(name: "plain-http", value: "off", help: "on: allow plain HTTP beyond loopback"),
        Setting(name: "tls-in-front", value: "off", help: "on: a proxy ends TLS, so that browsers are held to it"),
        Setting(name: "password-profile", value: "default", help: "default or spbe-strict"),
    ]

    /// Passwords do not belong on a command line, where every user of the machine reads them.
    var isFlag: Bool { name != "admin-password" }
}

/// The settings in force: flags before the environment before the defaults.
struct Settings {
    private let values: [String: String]

    init(flags: [String: String]) {
        var values: [String: String] = [:]
        for setting in Setting.all {
            values[setting.name] = flags[setting.name] ?? Self.environment(setting.variable) ?? setting.value
        }
        self.values = values
    }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private subscript(name: String) -> String { values[name] ?? "" }

    private func fault(_ name: String, _ what: String) -> Exit {
        .configuration("\(Setting.all.first { $0.name == name }?.variable ?? name): \(what)")
    }

    private func isOn(_ name: String) throws(Exit) -> Bool {
        switch self[name] {
        case "on": return true
        case "off", "": return false
        default: throw fault(name, "it must be on or off.")
        }
    }

    private func list(_ name: String) -> [String] { self[name].split(separator: ",").map { $0.filter { $0 != " " } } }

    var database: String { self["database"] }
    var attachments: String { self["attachments"] }
    var swaggerUI: String { self["swagger-ui"] }
    var adminPassword: String? { self["admin-password"].isEmpty ? nil : self["admin-password"] }
    var passwordProfile: String { self["password-profile"] }

    func log() throws(Exit) -> Log.Format {
        guard let format = Log.Format(rawValue: self["log"]) else { throw fault("log", "it must be text, json or off.") }
        return format
    }

    func rateLimit() throws(Exit) -> Int? {
        if self["rate-limit"] == "off" { return nil }
        guard let limit = Int(self["rate-limit"]), (1...1_000_000).contains(limit) else {
            throw fault("rate-limit", "it must be off or 1 to 1000000.")
        }
        return limit
    }

    func streamLimits() throws(Exit) -> StreamLimits {
        var limits = StreamLimits()
        limits.all = try number("streams", 1...8192)
        limits.perUser = try number("streams-per-user", 1...8192)
        return limits
    }

    func attachmentLimits() throws(Exit) -> AttachmentLimits {
        var limits = AttachmentLimits()
        limits.file = try number("attachment-limit", 1...100) << 20
        limits.perCase = try number("attachment-case-limit", 1...1_048_576) << 20
        limits.perUser = try number("attachment-user-limit", 1...1_048_576) << 20
        limits.filesPerUser = try number("attachment-user-files", 1...1_000_000)
        return limits
    }

    /// Bytes that attachments leave free.
    func attachmentReserve() throws(Exit) -> Int { try number("attachment-reserve", 0...1_048_576) << 20 }

    private func number(_ name: String, _ range: ClosedRange<Int>) throws(Exit) -> Int {
        guard let number = Int(self[name]), range.contains(number) else {
            throw fault(name, "it must be \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func server(makeRequestID: @escaping @Sendable () -> String) throws(Exit) -> HTTPServer.Configuration {
        var configuration = HTTPServer.Configuration(endpoint: try endpoint(), makeRequestID: makeRequestID)
        let threads = self["threads"].isEmpty ? sysconf(Int32(_SC_NPROCESSORS_ONLN)) : Int(self["threads"]) ?? 0
        guard (1...256).contains(threads) else { throw fault("threads", "it must be 1 to 256.") }
        configuration.threads = threads
        for origin in list("cors-origins") {
            guard origin.hasPrefix("https://") || origin.hasPrefix("http://"), origin != "*" else {
                throw fault("cors-origins", "\(origin) is no origin such as https://app.example.go.id.")
            }
            configuration.corsOrigins.append(origin)
        }
        for range in list("trusted-proxies") {
            guard let range = CIDR(range) else { throw fault("trusted-proxies", "\(range) is no address range.") }
            configuration.trustedProxies.append(range)
        }
        configuration.strictTransportSecurity = try isOn("tls-in-front")
        return configuration
    }

    /// What is listened on, as people write it.
    var listen: String { self["listen"] }

    /// Whether plain HTTP goes beyond this machine, which only an explicit setting allows.
    func isExposed() throws(Exit) -> Bool {
        guard case .address(let address, _) = try endpoint() else { return false }
        return !(address.hasPrefix("127.") || address == "::1" || address == "localhost")
    }

    private func endpoint() throws(Exit) -> HTTPServer.Endpoint {
        let process = Self.environment("LISTEN_PID"), descriptors = Self.environment("LISTEN_FDS")
        if let endpoint = HTTPServer.Endpoint.activated(listenProcess: process, listenDescriptors: descriptors) { return endpoint }
        let listen = self["listen"]
        if listen.hasPrefix("unix:") { return .unixSocket(path: String(listen.dropFirst(5))) }
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
            throw fault("listen", "it must be address:port or unix:path.")
        }
        let address = listen[..<colon].filter { $0 != "[" && $0 != "]" }
        guard address == "localhost" || (CIDR(address) != nil && !address.contains("/")) else {
            throw fault("listen", "\(address) is no IP address.")
        }
        return .address(address == "localhost" ? "127.0.0.1" : address, port: port)
    }

    /// Throws when plain HTTP would go beyond this machine unasked.
    func checkExposure() throws(Exit) {
        let isAllowed = try isOn("plain-http")
        if try isExposed(), !isAllowed {
            throw fault("listen", "beyond loopback plain HTTP needs SIKIMR_PLAIN_HTTP=on; better put a proxy with TLS in front.")
        }
    }
}
