package import Domain

/// Holidays read from an iCalendar stream (RFC 5545): whole-day events only, each with its name.
///
/// Written by hand: libical drops in silence what it cannot read, where a fault must be told, and would be C over foreign bytes.
package struct HolidayImport: Sendable {
    /// What is wrong in one line of the stream.
    package struct Fault: Sendable, Equatable {
        /// Counted from 1.
        package let line: Int
        package let code: String
        package let detail: Text
    }

    package private(set) var holidays: [WorkingCalendar.Holiday] = []
    package private(set) var faults: [Fault] = []

    static let mostEvents = 2_000
    static let longestLine = 4_000
    static let mostFaults = 100
    private static let mostLevels = 8
    /// In days.
    private static let longestEvent = 31
    private static let longestName = 200

    /// An event that is being read.
    private struct Event {
        let line: Int
        var start: CivilDate?
        var end: CivilDate?
        var name: String?
        var isBad = false
        var isCancelled = false
        var seen: Set<String> = []
    }

    /// Reads a whole stream; either there are faults, or the holidays are all that it has, in their order.
    package init(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            note(1, "bad_encoding", "Berkas harus UTF-8.", "The file must be UTF-8.")
            return
        }
        read(Self.unfolded(text))
        if !faults.isEmpty { holidays = [] }
    }

    private mutating func note(_ line: Int, _ code: String, _ id: String, _ en: String) {
        if faults.count < Self.mostFaults { faults.append(Fault(line: line, code: code, detail: Text(id: id, en: en))) }
    }

    /// The content lines with the numbers of their first lines: a line that begins with a space or a tab goes on with the one before it.
    private static func unfolded(_ text: String) -> [(number: Int, text: String)] {
        var lines: [(number: Int, text: String)] = []
        // Bytes: CRLF is one Character.
        for (index, raw) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let bytes = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
            let line = String(Substring(bytes))
            if let first = bytes.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t"), !lines.isEmpty {
                lines[lines.count - 1].text += String(Substring(bytes.dropFirst()))
            } else {
                lines.append((index + 1, line))
            }
        }
        while let last = lines.last, last.text.isEmpty { lines.removeLast() }
        return lines
    }

    private mutating func read(_ lines: [(number: Int, text: String)]) {
        var open: [String] = []
        var event: Event?
        var events = 0
        var hasCalendar = false
        for (number, text) in lines {
            guard text.utf8.count <= Self.longestLine else {
                note(number, "too_long", "Baris terlalu panjang.", "The line is too long.")
                continue
            }
            guard let property = Property(text) else {
                note(number, "bad_line", "Bukan baris iCalendar.", "This is no line of iCalendar.")
                continue
            }
            switch property.name {
            case "BEGIN":
                let component = property.value.uppercased()
                if open.isEmpty { hasCalendar = component == "VCALENDAR" }
                guard hasCalendar, open.count < Self.mostLevels else {
                    note(number, "bad_line", "Harus di dalam VCALENDAR.", "It must be inside a VCALENDAR.")
                    return
                }
                open.append(component)
                if open == ["VCALENDAR", "VEVENT"] {
                    events += 1
                    guard events <= Self.mostEvents else {
                        note(number, "too_many", "Paling banyak \(Self.mostEvents) acara.", "At most \(Self.mostEvents) events.")
                        return
                    }
                    event = Event(line: number)
                }
            case "END":
                guard open.popLast() == property.value.uppercased() else {
                    note(number, "bad_line", "Tidak menutup bagian yang terbuka.", "It does not end what was begun.")
                    return
                }
                if open == ["VCALENDAR"], let whole = event {
                    take(whole)
                    event = nil
                }
            default:
                // What an event holds inside, such as an alarm, says nothing of its days.
                if open == ["VCALENDAR", "VEVENT"], event != nil { read(property, at: number, into: &event) }
            }
        }
        if !hasCalendar || !open.isEmpty {
            note(lines.last?.number ?? 1, "cut_off", "VCALENDAR tidak lengkap.", "The VCALENDAR is not whole.")
        }
    }

    private mutating func read(_ property: Property, at number: Int, into event: inout Event?) {
        let isSingle = ["DTSTART", "DTEND", "SUMMARY", "STATUS"].contains(property.name)
        if isSingle, event?.seen.insert(property.name).inserted == false {
            note(number, "duplicate", "\(property.name) hanya boleh sekali.", "\(property.name) may be given once.")
            event?.isBad = true
            return
        }
        switch property.name {
        case "DTSTART", "DTEND":
            guard let date = property.date else {
                note(
                    number,
                    "no_whole_day",
                    "Harus tanggal tanpa jam, seperti \(property.name);VALUE=DATE:20261225.",
                    "It must be a date without a time, such as \(property.name);VALUE=DATE:20261225."
                )
                event?.isBad = true
                return
            }
            if property.name == "DTSTART" { event?.start = date } else { event?.end = date }
        case "SUMMARY": event?.name = property.text
        case "STATUS": event?.isCancelled = property.value.uppercased() == "CANCELLED"
        case "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "DURATION":
            note(
                number,
                "not_supported",
                "\(property.name) tidak didukung: tulis setiap hari libur sebagai acara sendiri.",
                "\(property.name) is not supported: write each holiday as an event of its own."
            )
            event?.isBad = true
        default: break
        }
    }

    private mutating func take(_ event: Event) {
        if event.isBad || event.isCancelled { return }
        guard let start = event.start else {
            note(event.line, "required", "Acara tanpa DTSTART.", "The event has no DTSTART.")
            return
        }
        let first = start.daysSinceEpoch
        // The end is the first day after the event (RFC 5545, section 3.6.1).
        let end = event.end?.daysSinceEpoch ?? first + 1
        guard (1...Self.longestEvent).contains(end - first) else {
            note(
                event.line,
                "out_of_range",
                "Acara harus 1 sampai \(Self.longestEvent) hari.",
                "An event must have 1 to \(Self.longestEvent) days."
            )
            return
        }
        let name = event.name?.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace || $0.value < 0x20 || $0.value == 0x7F })
            .map { String($0) }.joined(separator: " ")
        guard let name, (1...Self.longestName).contains(name.unicodeScalars.count) else {
            note(
                event.line,
                "bad_name",
                "SUMMARY harus 1 sampai \(Self.longestName) karakter.",
                "SUMMARY must have 1 to \(Self.longestName) characters."
            )
            return
        }
        for day in first..<end { holidays.append(WorkingCalendar.Holiday(date: CivilDate(daysSinceEpoch: day), name: name)) }
    }
}

extension HolidayImport {
    /// One content line: a name, parameters and a value.
    private struct Property {
        let name: String
        let parameters: [String: String]
        let value: String

        init?(_ line: String) {
            var isQuoted = false
            var colon: String.UTF8View.Index?
            var pieces: [Substring] = []
            var start = line.startIndex
            for index in line.utf8.indices {
                let byte = line.utf8[index]
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                guard !isQuoted, byte == UInt8(ascii: ";") || byte == UInt8(ascii: ":") else { continue }
                pieces.append(line[start..<index])
                start = line.utf8.index(after: index)
                if byte == UInt8(ascii: ":") {
                    colon = index
                    break
                }
            }
            guard colon != nil, let head = pieces.first, !head.isEmpty, head.utf8.allSatisfy(Self.isNameByte) else { return nil }
            name = head.uppercased()
            var parameters: [String: String] = [:]
            for piece in pieces.dropFirst() {
                let parts = piece.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { return nil }
                parameters[parts[0].uppercased()] = String(parts[1])
            }
            self.parameters = parameters
            value = String(line[start...])
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }

        /// The value as a date without a time (RFC 5545, section 3.3.4).
        var date: CivilDate? {
            guard parameters["VALUE"]?.uppercased() == "DATE" || parameters["VALUE"] == nil, value.utf8.count == 8,
                value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            let digits = Array(value)
            return CivilDate("\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))")
        }

        /// The value as a text, its escapes resolved (RFC 5545, section 3.3.11).
        var text: String {
            var text = String.UnicodeScalarView()
            var isEscaped = false
            for scalar in value.unicodeScalars {
                switch (isEscaped, scalar) {
                case (false, "\\"): isEscaped = true
                case (true, "n"), (true, "N"):
                    text.append(" ")
                    isEscaped = false
                default:
                    text.append(scalar)
                    isEscaped = false
                }
            }
            return String(text)
        }
    }
}
