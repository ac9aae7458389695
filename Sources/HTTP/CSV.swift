/// Writes rows of CSV (RFC 4180); a cell that a spreadsheet would take for a formula gets a leading apostrophe.
package struct CSVWriter: ~Copyable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func row(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(cell)
        }
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    /// Ends the writing and gives the bytes away.
    package consuming func finish() -> [UInt8] { bytes }

    private mutating func write(_ cell: String) {
        var cell = cell
        // Most cells are plain and go in as one.
        let isWritten = cell.withUTF8 { text in
            guard let first = text.first, first > 0x40 || (0x30...0x3C).contains(first) else { return text.isEmpty }
            guard !text.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }) else { return false }
            bytes.append(contentsOf: text)
            return true
        }
        if isWritten { return }
        let utf8 = cell.utf8
        var needsQuotes = false
        for byte in utf8 where byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D {
            needsQuotes = true
        }
        let isFormula =
            switch utf8.first {
            case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D, 0x00: true
            default: false
            }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }
}
