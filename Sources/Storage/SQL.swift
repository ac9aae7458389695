/// A value bound to a statement or read from a row.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// A type whose values can be bound to a statement.
package protocol SQLBindable {
    var sqlValue: SQLValue { get }
}

extension String: SQLBindable {
    package var sqlValue: SQLValue { .text(self) }
}

extension Int: SQLBindable {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Int64: SQLBindable {
    package var sqlValue: SQLValue { .integer(self) }
}

extension Bool: SQLBindable {
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension [UInt8]: SQLBindable {
    package var sqlValue: SQLValue { .blob(self) }
}

/// One statement with its bindings; an interpolated value becomes a binding, never text.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    package private(set) var text: String
    package private(set) var bindings: [SQLValue] = []

    package init(stringLiteral text: StaticString) {
        self.text = text.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }

    package init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
        bindings = stringInterpolation.bindings
    }

    /// Adds the next part of the statement; its bindings are numbered on.
    package mutating func append(_ part: SQL) {
        if part.bindings.isEmpty || bindings.isEmpty {
            text += part.text
        } else {
            text += part.renumbered(after: bindings.count)
        }
        bindings += part.bindings
    }

    private func renumbered(after count: Int) -> String {
        var out = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            out += rest[..<dollar]
            let digits = rest[rest.index(after: dollar)...].prefix { $0.isASCII && $0.isNumber }
            out += "$\((Int(digits) ?? 0) + count)"
            rest = rest[digits.endIndex...]
        }
        return out + rest
    }

    /// Collects the text and the bindings of an interpolated statement.
    package struct Interpolation: StringInterpolationProtocol {
        var text = ""
        var bindings: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            bindings.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
        }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            bindings.append(value.sqlValue)
            text += "$\(bindings.count)"
        }

        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            bindings.append(value?.sqlValue ?? .null)
            text += "$\(bindings.count)"
        }

        /// Puts in a fixed fragment, such as a list of columns.
        package mutating func appendInterpolation(_ fragment: SQLFragment) {
            fragment.text.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
        }

        /// Puts in a part with bindings of its own.
        package mutating func appendInterpolation(_ part: SQL) {
            text += bindings.isEmpty || part.bindings.isEmpty ? part.text : part.renumbered(after: bindings.count)
            bindings += part.bindings
        }
    }
}

/// A piece of SQL that is fixed at compile time, so that no live value can enter it.
package struct SQLFragment: Sendable, ExpressibleByStringLiteral {
    let text: StaticString

    package init(stringLiteral text: StaticString) {
        self.text = text
    }
}
