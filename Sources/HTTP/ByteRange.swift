/// A range of the bytes of a representation, both ends included (RFC 9110, section 14).
package struct ByteRange: Sendable, Equatable {
    package let first: Int
    package let last: Int

    package init(first: Int, last: Int) {
        self.first = first
        self.last = last
    }

    /// How many bytes it has.
    package var count: Int { last - first + 1 }

    /// What to send of a representation.
    package enum Selection: Sendable, Equatable {
        /// All of it, with 200.
        case full
        /// A part, with 206 and `Content-Range`.
        case partial(ByteRange)
        /// Nothing, with 416 and `Content-Range`.
        case unsatisfiable

        /// The `Content-Range` that belongs to it; nil for all of it.
        package func contentRange(of size: Int) -> String? {
            switch self {
            case .full: nil
            case .partial(let range): "bytes \(range.first)-\(range.last)/\(size)"
            case .unsatisfiable: "bytes */\(size)"
            }
        }
    }

    /// What a GET with these header fields gets of `size` bytes under a strong `entityTag`.
    ///
    /// One range of bytes is served; several, another unit or bad syntax are ignored, and so is `Range` when `If-Range` names
    /// anything but this very tag.
    package static func select(_ headers: Headers, size: Int, entityTag: String?) -> Selection {
        let ranges = headers.fields.filter { $0.name == "range" }
        guard ranges.count == 1, let range = ranges.first?.value else { return .full }
        if let condition = headers["if-range"] {
            guard let entityTag, entityTag.hasPrefix("\""), condition == entityTag else { return .full }
        }
        return select(range, size: size)
    }

    private static func select(_ header: String, size: Int) -> Selection {
        let parts = header.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, String(Substring(parts[0])).lowercased() == "bytes" else { return .full }
        // A list may have empty elements (RFC 9110, section 5.6.1.2).
        let elements = parts[1].split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }
        guard elements.count == 1, let element = elements.first else { return .full }
        let ends = element.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count == 2 else { return .full }
        switch (number(ends[0]), number(ends[1])) {
        case (let first?, let last?):
            guard first <= last else { return .full }
            return first < size ? .partial(ByteRange(first: first, last: min(last, size - 1))) : .unsatisfiable
        case (let first?, nil):
            guard ends[1].isEmpty else { return .full }
            return first < size ? .partial(ByteRange(first: first, last: size - 1)) : .unsatisfiable
        case (nil, let length?):
            guard ends[0].isEmpty else { return .full }
            if length == 0 { return .unsatisfiable }
            // No `Content-Range` can say a part of nothing.
            return size > 0 ? .partial(ByteRange(first: max(0, size - length), last: size - 1)) : .full
        case (nil, nil): return .full
        }
    }

    private static func trimmed(_ element: Substring.UTF8View) -> Substring.UTF8View {
        var element = element
        while let byte = element.first, byte == 0x20 || byte == 0x09 { element.removeFirst() }
        while let byte = element.last, byte == 0x20 || byte == 0x09 { element.removeLast() }
        return element
    }

    /// A decimal number, `Int.max` if it is larger; nil when it is none.
    private static func number(_ digits: Substring.UTF8View) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        return Int(Substring(digits)) ?? Int.max
    }
}
