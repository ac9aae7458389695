package import Domain
import HTTP
import Synchronization

/// Writes one line for each thing that happened; values that could be personal or secret have no way in.
package final class Log: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case text, json, off
    }

    package enum Level: String, Sendable {
        case info, warning, error
    }

    package enum Value: Sendable {
        case text(String)
        case number(Int)
        /// Microseconds, written in milliseconds.
        case microseconds(Int)
    }

    private let format: Format
    private let clock: @Sendable () -> Instant
    private let sink: @Sendable ([UInt8]) -> Void

    /// `sink` takes one whole line.
    package init(format: Format, clock: @escaping @Sendable () -> Instant, sink: @escaping @Sendable ([UInt8]) -> Void) {
        self.format = format
        self.clock = clock
        self.sink = sink
    }

    package func write(_ level: Level, _ event: String, _ fields: [(String, Value?)] = []) {
        switch format {
        case .off: if level == .error { sink(text(level, event, fields)) }
        case .text: sink(text(level, event, fields))
        case .json: sink(json(level, event, fields))
        }
    }

    private func json(_ level: Level, _ event: String, _ fields: [(String, Value?)]) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.member("time", clock())
            json.member("level", level.rawValue)
            json.member("event", event)
            for (name, value) in fields {
                guard let value else { continue }
                json.name(dynamic: name)
                switch value {
                case .text(let text): json.value(text)
                case .number(let number): json.value(number)
                case .microseconds(let count): json.raw(Self.milliseconds(count))
                }
            }
        }
        return json.finish() + [0x0A]
    }

    private func text(_ level: Level, _ event: String, _ fields: [(String, Value?)]) -> [UInt8] {
        var line = "\(clock().rfc3339) \(level.rawValue) \(event)"
        for (name, value) in fields {
            switch value {
            case nil: continue
            // Controls are cut out, so that no value can make a line of its own.
            case .text(let text): line += " \(name)=\(String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))"
            case .number(let number): line += " \(name)=\(number)"
            case .microseconds(let count): line += " \(name)=\(Self.milliseconds(count))"
            }
        }
        return Array("\(line)\n".utf8)
    }

    private static func milliseconds(_ microseconds: Int) -> String {
        let rest = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest)"
    }
}
