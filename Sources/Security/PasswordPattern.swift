/// Passwords that follow a rule so plain that no list needs to name them.
enum PasswordPattern {
    private static let mostSimpleLetters = 3
    // Repeated, a piece is as weak as alone, and alone it would be too short for every policy.
    private static let longestRepeatedPiece = 11

    // Each is a ring: 1234567890123 goes on after the end.
    private static let tracks: [[Unicode.Scalar]] = [
        "abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm",
        "1234567890qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
        "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p",
    ].map { Array($0.unicodeScalars) }

    /// Whether the password, given in lower case, has 3 letters at most, repeats a short piece, or is a run, once or repeated.
    static func isSimple(_ password: String) -> Bool {
        let scalars = Array(password.unicodeScalars)
        guard let period = period(of: scalars) else { return false }
        let isRepeated = period <= longestRepeatedPiece && period * 2 <= scalars.count
        return isRepeated || Set(scalars).count <= mostSimpleLetters || isRun(scalars.prefix(period))
    }

    /// The length of the shortest piece that gives the text when written again and again, its last copy cut short or not.
    private static func period(of scalars: [Unicode.Scalar]) -> Int? {
        scalars.indices.dropFirst().first { scalars.dropFirst($0).elementsEqual(scalars.dropLast($0)) }
            ?? (scalars.isEmpty ? nil : scalars.count)
    }

    /// Whether each letter is the next one on the same track, all forward or all backward.
    private static func isRun(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        guard scalars.count > mostSimpleLetters else { return false }
        return tracks.contains { track in
            isRun(scalars, along: track) || isRun(scalars, along: track.reversed())
        }
    }

    private static func isRun(_ scalars: ArraySlice<Unicode.Scalar>, along track: [Unicode.Scalar]) -> Bool {
        guard let first = scalars.first, let start = track.firstIndex(of: first) else { return false }
        return zip(scalars, 0...).allSatisfy { scalar, step in track[(start + step) % track.count] == scalar }
    }
}
