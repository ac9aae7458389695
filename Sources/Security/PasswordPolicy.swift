/// Which new passwords are good enough.
package struct PasswordPolicy: Sendable {
    /// One reason to refuse a password.
    package enum Problem: Sendable, Hashable {
        /// It has fewer code points than this.
        case tooShort(minimum: Int)
        /// It has more code points than this.
        case tooLong(maximum: Int)
        /// It is among the first an attacker tries: a well-known one, a run of keys, a short piece repeated.
        case common
        /// It is little more than words that are known of its owner or of this service.
        case containsContext
        /// It lacks upper case, lower case, digits or symbols.
        case missingClasses
    }

    /// 15 to 128 code points of any kind.
    package static let `default` = PasswordPolicy(minimum: 15, maximum: 128, needsEveryClass: false)
    /// 12 to 128 code points, with upper case, lower case, digits and symbols.
    package static let spbeStrict = PasswordPolicy(minimum: 12, maximum: 128, needsEveryClass: true)

    /// The fewest code points of a password.
    package let minimum: Int
    /// The most code points of a password.
    package let maximum: Int

    private let needsEveryClass: Bool

    private init(minimum: Int, maximum: Int, needsEveryClass: Bool) {
        self.minimum = minimum
        self.maximum = maximum
        self.needsEveryClass = needsEveryClass
    }

    /// The profile of this name, `default` or `spbe-strict`.
    package init?(named name: String) {
        switch name {
        case "default": self = .default
        case "spbe-strict": self = .spbeStrict
        default: return nil
        }
    }

    /// All reasons to refuse the password; `context` is what is known of its owner: username, name, NIP, birth date.
    package func problems(of password: String, context: [String]) -> [Problem] {
        let length = password.unicodeScalars.count
        // What follows takes time that grows with the square of the length.
        guard length <= maximum else { return [.tooLong(maximum: maximum)] }
        var problems: [Problem] = []
        if length < minimum { problems.append(.tooShort(minimum: minimum)) }
        let lowered = password.lowercased()
        if CommonPasswords.contains(lowered) || PasswordPattern.isSimple(lowered) { problems.append(.common) }
        if PasswordContext(context).isMost(of: lowered) { problems.append(.containsContext) }
        if needsEveryClass, !Self.hasEveryClass(password) { problems.append(.missingClasses) }
        return problems
    }

    private static func hasEveryClass(_ password: String) -> Bool {
        var (hasUpper, hasLower, hasDigit, hasSymbol) = (false, false, false, false)
        for scalar in password.unicodeScalars {
            if scalar.properties.isUppercase {
                hasUpper = true
            } else if scalar.properties.isLowercase {
                hasLower = true
            } else if scalar.properties.numericType == .decimal {
                hasDigit = true
            } else if !scalar.properties.isAlphabetic {
                hasSymbol = true
            }
        }
        return hasUpper && hasLower && hasDigit && hasSymbol
    }
}
