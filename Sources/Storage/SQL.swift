package import Domain

/// A value bound to a statement or read from a row.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    /// A text such as an id, which takes no allocation.
    case shortText(ShortText)
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
///
/// It is kept as the places of its literals, so that a prepared statement is found without building its text.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// A piece of a statement.
    enum Part: Sendable, Equatable {
        /// A literal of the program: where it is and how many bytes it has. It is there as long as the program.
        case literal(UInt, Int)
        /// A literal of one character, which has no place of its own.
        case character(Unicode.Scalar)
        case placeholder
    }

    private(set) var parts: [Part]
    package private(set) var bindings: [SQLValue]

    package init(stringLiteral text: StaticString) {
        parts = [Part(text)]
        bindings = []
    }

    package init(stringInterpolation: Interpolation) {
        parts = stringInterpolation.parts
        bindings = stringInterpolation.bindings
    }

    /// What two statements with the same text have in common: the key of a cache of prepared statements.
    package var key: Key { Key(parts: parts) }

    /// The text, with placeholders `$1`, `$2` and so on.
    package var text: String {
        var text = ""
        var count = 0
        for part in parts {
            switch part {
            case .literal(let start, let length):
                // Safety: the place is that of a `StaticString`, whose bytes stay for the life of the program.
                guard let start = UnsafePointer<UInt8>(bitPattern: start) else { continue }
                text += String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
            case .character(let character): text.unicodeScalars.append(character)
            case .placeholder:
                count += 1
                text += "$\(count)"
            }
        }
        return text
    }

    /// Adds the next part of the statement.
    package mutating func append(_ part: SQL) {
        parts += part.parts
        bindings += part.bindings
    }

    /// The identity of a statement's text.
    package struct Key: Hashable, Sendable {
        private let parts: [Part]

        init(parts: [Part]) { self.parts = parts }

        package func hash(into hasher: inout Hasher) {
            // Folded first: what a hasher spends on each part would be more than all the rest of the search.
            var folded: UInt = 0
            for part in parts {
                switch part {
                case .literal(let start, let length): folded = (folded ^ start &+ UInt(bitPattern: length)) &* 0x9E37_79B9_7F4A_7C15
                case .character(let character): folded = (folded ^ UInt(character.value)) &* 0x9E37_79B9_7F4A_7C15
                case .placeholder: folded = folded &* 0x9E37_79B9_7F4A_7C15 &+ 1
                }
            }
            hasher.combine(folded)
        }
    }

    /// Collects the parts and the bindings of an interpolated statement.
    package struct Interpolation: StringInterpolationProtocol {
        var parts: [Part] = []
        var bindings: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(2 * interpolationCount + 1)
            bindings.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { parts.append(Part(literal)) }
        }

        package mutating func appendInterpolation(_ value: some SQLBindable) {
            bindings.append(value.sqlValue)
            parts.append(.placeholder)
        }

        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            bindings.append(value?.sqlValue ?? .null)
            parts.append(.placeholder)
        }

        /// Puts in a fixed fragment, such as a list of columns.
        package mutating func appendInterpolation(_ fragment: SQLFragment) { parts.append(Part(fragment.text)) }

        /// Puts in a part with bindings of its own.
        package mutating func appendInterpolation(_ part: SQL) {
            parts += part.parts
            bindings += part.bindings
        }
    }
}

extension SQL.Part {
    init(_ literal: StaticString) {
        if literal.hasPointerRepresentation {
            self = .literal(UInt(bitPattern: literal.utf8Start), literal.utf8CodeUnitCount)
        } else {
            self = .character(literal.unicodeScalar)
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
