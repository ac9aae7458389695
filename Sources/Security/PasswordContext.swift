/// Words that an attacker who knows the owner or the service tries first.
struct PasswordContext {
    private static let leastWordLength = 4
    private static let leastRest = 8

    // The product, the offices it serves, and what people there write when asked for a password.
    private static let known = [
        "sikimr", "si-kimr", "kimr", "kepatuhan", "internal", "manajemen", "risiko", "kementerian", "direktorat", "jenderal",
        "inspektorat", "sekretariat", "republik", "indonesia", "pemerintah", "konsultasi", "pengaduan", "pekerjaan", "pegawai",
        "kinerja", "jakarta", "merdeka", "bismillah", "katasandi", "rahasia", "sandi", "password", "passw0rd", "p@ssw0rd",
        "administrator", "admin", "ministry", "compliance", "consultation",
    ]

    private let words: [[Unicode.Scalar]]

    private static let knownWords = words(of: known)

    init(_ context: [String]) {
        // Longest first, or a short word would break up a longer one that holds it.
        words = Self.knownWords.union(Self.words(of: context)).sorted { $0.count > $1.count }
    }

    /// Whether the password, given in lower case, holds such words and fewer than 8 other code points.
    func isMost(of password: String) -> Bool {
        var rest = Array(password.unicodeScalars)
        let length = rest.count
        for word in words {
            rest = Self.removing(word, from: rest)
        }
        return rest.count < length && rest.count < Self.leastRest
    }

    private static func words(of context: [String]) -> Set<[Unicode.Scalar]> {
        Set(context.flatMap { forms(of: $0.lowercased()) }.map { Array($0.unicodeScalars) }.filter { $0.count >= leastWordLength })
    }

    /// The word itself, its parts, and for dates and NIPs the ways to write the birth date.
    private static func forms(of word: String) -> [String] {
        let parts = word.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        let joined = parts.joined()
        var forms = parts + [word, joined]
        // A date comes as 1990-05-17, a NIP starts with 19900517.
        if [8, 18].contains(joined.utf8.count), joined.utf8.allSatisfy({ (48...57).contains($0) }) {
            let date = String(joined.prefix(8))
            let (year, month, day) = (date.prefix(4), date.dropFirst(4).prefix(2), date.suffix(2))
            forms += ["\(year)\(month)\(day)", "\(day)\(month)\(year)", "\(day)\(month)\(year.suffix(2))"]
            forms += ["\(year)-\(month)-\(day)", "\(day)-\(month)-\(year)", "\(day)/\(month)/\(year)", "\(day).\(month).\(year)"]
        }
        return forms
    }

    private static func removing(_ word: [Unicode.Scalar], from text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var rest: [Unicode.Scalar] = []
        var remaining = text[...]
        while let first = remaining.first {
            if remaining.starts(with: word) {
                remaining = remaining.dropFirst(word.count)
            } else {
                rest.append(first)
                remaining = remaining.dropFirst()
            }
        }
        return rest
    }
}
