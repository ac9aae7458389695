extension String {
    /// This text without what neither a page nor XML can hold: controls and noncharacters go, every line end becomes U+000A, a tab a space.
    var cleaned: String {
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
        String(cleaned.map { $0 == "\n" ? " " : $0 })
    }
}
