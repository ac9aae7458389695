extension String {
    /// This text without what neither a page nor XML can hold: controls and noncharacters go, every line end becomes U+000A, a tab a space.
    var cleaned: String {
        // Most cells of a table need nothing.
        if utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return self }
        var clean = String.UnicodeScalarView()
        clean.reserveCapacity(utf8.count)
        var followsReturn = false
        for scalar in unicodeScalars {
            let isSecondHalf = followsReturn && scalar == "\n"
            followsReturn = scalar == "\r"
            switch scalar.value {
            case 0x0A where isSecondHalf: continue
            case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: clean.append("\n")
            case 0x09: clean.append(" ")
            case 0x00...0x1F, 0x7F...0x9F, 0xFDD0...0xFDEF, 0xFEFF: continue
            case let value where value & 0xFFFE == 0xFFFE: continue
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }

    /// This text on one line, cleaned.
    var cleanedLine: String {
        let clean = cleaned
        return clean.utf8.contains(0x0A) ? String(clean.map { $0 == "\n" ? " " : $0 }) : clean
    }

    /// This text with a place to break, U+200B, after every 20 signs of a word that is longer than 80.
    ///
    /// Pango searches a word without one again for every line: 20 000 signs took a second, 260 000 minutes.
    var withBreaksInLongWords: String {
        guard utf8.count > 80 else { return self }
        var run = 0
        let isLong = unicodeScalars.contains { scalar in
            run = scalar.properties.isWhitespace ? 0 : run + 1
            return run > 80
        }
        guard isLong else { return self }
        var broken = ""
        for word in split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
            if word.unicodeScalars.count > 80 {
                for (index, sign) in word.enumerated() {
                    if index > 0, index.isMultiple(of: 20) { broken.append("\u{200B}") }
                    broken.append(sign)
                }
            } else {
                broken += word
            }
            if word.endIndex < endIndex { broken.append(self[word.endIndex]) }
        }
        return broken
    }
}
