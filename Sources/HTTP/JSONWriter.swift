/// A value that can write itself as JSON.
package protocol JSONWritable {
    func write(to json: inout JSONWriter)
}

/// Writes JSON straight into the bytes of an answer; Foundation's encoder takes eight times as long.
package struct JSONWriter: ~Copyable {
    // Safety: the writer owns this memory alone, frees it when it ends unless `body` gives it away, and writes only below `capacity`, which
    // `room` makes sure of.
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var needsComma = false

    package init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        memory = .allocate(capacity: self.capacity)
    }

    deinit { memory.deallocate() }

    /// Ends the writing and gives the bytes.
    package consuming func finish() -> [UInt8] { Array(UnsafeBufferPointer(start: memory, count: count)) }

    /// Ends the writing and gives the bytes where they are, as the body of an answer.
    package consuming func body() -> Response.Body {
        let block = ByteBlock(owning: memory, count: count)
        // The block frees the memory.
        discard self
        return .bytes(block)
    }

    @inline(__always)
    private mutating func room(for more: Int) {
        if capacity - count < more { grow(by: more) }
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        capacity = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: memory, count: count)
        memory.deallocate()
        memory = larger
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        room(for: 1)
        memory[count] = byte
        count += 1
    }

    @inline(__always)
    private mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        room(for: bytes.count)
        (memory + count).initialize(from: start, count: bytes.count)
        count += bytes.count
    }

    private mutating func put(_ text: StaticString) { text.withUTF8Buffer { put($0) } }

    /// Writes `{…}` with the members that `body` writes.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes `[…]` with the elements that `body` writes.
    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes the name of a member; its value must follow.
    package mutating func name(_ name: StaticString) {
        name.withUTF8Buffer { name in
            // One look at the room for all that follows: half of what is written are names.
            room(for: name.count + 4)
            var end = memory + count
            if needsComma {
                end.pointee = UInt8(ascii: ",")
                end += 1
            }
            end.pointee = UInt8(ascii: "\"")
            end += 1
            if let start = name.baseAddress { end.initialize(from: start, count: name.count) }
            end += name.count
            end.pointee = UInt8(ascii: "\"")
            end[1] = UInt8(ascii: ":")
            count = end + 2 - memory
        }
        needsComma = false
    }

    /// Writes the name of a member known only at run time; its value must follow.
    package mutating func name(dynamic name: String) {
        value(name)
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func member(_ name: StaticString, _ text: String) {
        self.name(name)
        value(text)
    }

    package mutating func member(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { value(text) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ number: Int64) {
        self.name(name)
        value(number)
    }

    package mutating func member(_ name: StaticString, _ number: Int64?) {
        self.name(name)
        if let number { value(number) } else { null() }
    }

    package mutating func member(_ name: StaticString, _ number: Int) { member(name, Int64(number)) }

    package mutating func member(_ name: StaticString, _ number: Int?) { member(name, number.map { Int64($0) }) }

    package mutating func member(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        value(flag)
    }

    package mutating func member(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        array { json in
            for text in texts { json.value(text) }
        }
    }

    package mutating func member(_ name: StaticString, _ writable: some JSONWritable) {
        self.name(name)
        writable.write(to: &self)
    }

    package mutating func value(_ text: String) { text.utf8.span.withUnsafeBufferPointer { value(utf8: $0) } }

    /// Writes a string of these bytes, which must be UTF-8.
    package mutating func value(utf8: UnsafeBufferPointer<UInt8>) {
        comma()
        put(UInt8(ascii: "\""))
        escape(utf8)
        put(UInt8(ascii: "\""))
    }

    // Not generic over integers: unspecialised, the conversions would take longer than all the rest of a row.
    package mutating func value(_ number: Int64) {
        comma()
        // Digit by digit from the end, without a string in between.
        var (rest, length) = (number.magnitude, number < 0 ? 2 : 1)
        var power: UInt64 = 10
        while power <= rest, length < 20 {
            length += 1
            (power, _) = power.multipliedReportingOverflow(by: 10)
        }
        room(for: length)
        if number < 0 { memory[count] = UInt8(ascii: "-") }
        for place in stride(from: count + length - 1, through: count + (number < 0 ? 1 : 0), by: -1) {
            memory[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += length
    }

    package mutating func value(_ number: Int) { value(Int64(number)) }

    package mutating func value(_ flag: Bool) {
        comma()
        put(flag ? "true" : "false")
    }

    package mutating func null() {
        comma()
        put("null")
    }

    /// Appends JSON that is already written, such as a stored document.
    package mutating func raw(_ json: String) {
        json.utf8.span.withUnsafeBufferPointer { raw(utf8: $0) }
    }

    /// Appends JSON that is already written, in these bytes.
    package mutating func raw(utf8 json: UnsafeBufferPointer<UInt8>) {
        comma()
        put(json)
    }

    /// Writes a string of bytes that need no escaping, such as a time.
    package mutating func plain(_ bytes: Span<UInt8>) {
        comma()
        put(UInt8(ascii: "\""))
        bytes.withUnsafeBufferPointer { put($0) }
        put(UInt8(ascii: "\""))
    }

    private mutating func open(_ bracket: UInt8) {
        comma()
        put(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        put(bracket)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { put(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while true {
            let place = Self.firstEscaped(in: text, from: start)
            put(UnsafeBufferPointer(rebasing: text[start..<place]))
            guard place < text.count else { return }
            let byte = text[place]
            start = place + 1
            put(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
            case 0x0A: put(UInt8(ascii: "n"))
            case 0x0D: put(UInt8(ascii: "r"))
            case 0x09: put(UInt8(ascii: "t"))
            default:
                put("u00")
                put(Self.digit(byte >> 4))
                put(Self.digit(byte & 0x0F))
            }
        }
    }

    /// The place of the first byte from `start` that needs escaping, or the end.
    private static func firstEscaped(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let bytes = text.baseAddress else { return start }
        func isEscaped(_ byte: UInt8) -> Bool { byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }
        var place = start
        while text.count >= 16, place < text.count {
            // Sixteen bytes without a branch: the compiler makes a few vector instructions of it. The last sixteen may begin before `place`.
            let first = min(place, text.count &- 16)
            var found: UInt8 = 0
            var next = first
            while next < first &+ 16 {
                let byte = bytes[next]
                found |= (byte < 0x20 ? 1 : 0) | (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
                next &+= 1
            }
            if found != 0 { break }
            place = first &+ 16
        }
        while place < text.count, !isEscaped(bytes[place]) { place &+= 1 }
        return place
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
