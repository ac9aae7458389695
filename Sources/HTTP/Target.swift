/// A request target in origin form, taken apart: decoded path segments and query items.
package struct Target: Sendable, Equatable {
    /// The path as it was sent, without the query.
    package let path: String
    /// The segments between the slashes, each percent-decoded once.
    package let segments: [String]
    /// Query items in the order they came, decoded.
    package let query: [(name: String, value: String)]

    /// The path `/`.
    package static let root = Target(path: "/")

    private init(path: String) { (self.path, segments, query) = (path, [], []) }

    /// The most query items one request may carry.
    package static let mostQueryItems = 64

    /// Why a target was refused.
    package enum Fault: Error, Sendable, Equatable {
        case badEscape
        case badSegment
        case tooManyQueryItems
        case notOriginForm

        /// What a client is told of it.
        package func detail(in language: Language) -> String {
            let (id, en) =
                switch self {
                case .badEscape: ("Alamat memuat % yang tidak sah, atau bukan UTF-8.", "The address has a bad % or is not UTF-8.")
                case .badSegment: ("Alamat memuat bagian yang tidak boleh.", "The address has a segment that is not allowed.")
                case .tooManyQueryItems:
                    ("Paling banyak \(Target.mostQueryItems) parameter.", "There may be \(Target.mostQueryItems) parameters at most.")
                case .notOriginForm: ("Alamat harus diawali dengan /.", "The address must begin with /.")
                }
            return language == .english ? en : id
        }
    }

    /// Parses the raw bytes of a target: splits on `/` first, then decodes each segment once.
    package init(parsing raw: some Collection<UInt8>) throws(Fault) {
        let bytes = Array(raw)
        guard bytes.first == UInt8(ascii: "/") else { throw .notOriginForm }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        var segments: [String] = []
        segments.reserveCapacity(6)
        for part in bytes[1..<mark].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            segments.append(try Self.segment(part))
        }
        if segments == [""] { segments = [] }
        self.segments = segments
        path = String(decoding: bytes[..<mark], as: UTF8.self)
        query = mark < bytes.endIndex ? try Self.items(bytes[(mark + 1)...]) : []
    }

    private static func segment(_ part: ArraySlice<UInt8>) throws(Fault) -> String {
        var isPlain = true
        for byte in part { isPlain = isPlain && byte < 0x80 && byte != UInt8(ascii: "%") }
        let decoded = isPlain ? part : try decode(part, plusIsSpace: false)[...]
        for byte in decoded where byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") {
            throw .badSegment
        }
        // The validating form is not specialised; to ASCII nothing can be wrong.
        guard let text = isPlain ? String(decoding: decoded, as: UTF8.self) : String(validating: decoded, as: UTF8.self) else {
            throw .badEscape
        }
        if text == "." || text == ".." { throw .badSegment }
        return text
    }

    private static func items(_ raw: ArraySlice<UInt8>) throws(Fault) -> [(name: String, value: String)] {
        var items: [(name: String, value: String)] = []
        for part in raw.split(separator: UInt8(ascii: "&")) {
            guard items.count < mostQueryItems else { throw .tooManyQueryItems }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = try decode(part[..<equals], plusIsSpace: true)
            let value = equals < part.endIndex ? try decode(part[(equals + 1)...], plusIsSpace: true) : []
            guard !name.contains(0), !value.contains(0),
                let nameText = String(validating: name, as: UTF8.self),
                let valueText = String(validating: value, as: UTF8.self)
            else { throw .badEscape }
            items.append((nameText, valueText))
        }
        return items
    }

    private static func decode(_ part: ArraySlice<UInt8>, plusIsSpace: Bool) throws(Fault) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(part.count)
        var bytes = part.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = bytes.next().flatMap(hexadecimal), let low = bytes.next().flatMap(hexadecimal) else { throw .badEscape }
                out.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: out.append(UInt8(ascii: " "))
            default: out.append(byte)
            }
        }
        return out
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    package static func == (left: Target, right: Target) -> Bool {
        left.path == right.path && left.query.elementsEqual(right.query) { $0.name == $1.name && $0.value == $1.value }
    }
}
