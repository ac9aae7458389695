import API
import Domain
import HTTP
import TestSupport
import Testing

@Suite struct HolidayImportTests {
    private static func file(_ events: String, newline: String = "\r\n") -> [UInt8] {
        let lines = ["BEGIN:VCALENDAR", "VERSION:2.0"] + events.split(separator: "\n").map(String.init) + ["END:VCALENDAR", ""]
        return Array(lines.joined(separator: newline).utf8)
    }

    private static func event(_ lines: String) -> String { "BEGIN:VEVENT\n\(lines)\nEND:VEVENT" }

    private func holidays(_ events: String, newline: String = "\r\n") -> [String] {
        let read = HolidayImport(Self.file(events, newline: newline))
        #expect(read.faults == [])
        return read.holidays.map { "\($0.date) \($0.name)" }
    }

    private func faults(_ bytes: [UInt8]) -> [String] {
        let read = HolidayImport(bytes)
        #expect(read.holidays.isEmpty)
        return read.faults.map { "\($0.line) \($0.code)" }
    }

    @Test(arguments: ["\r\n", "\n"])
    func `whole days are read with their names, folded lines and escapes`(_ newline: String) {
        let events = [
            Self.event("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY;LANGUAGE=id:Natal\\, cuti\\n bersama"),
            Self.event("DTSTART:20270101\nDESCRIPTION:a:b;c\nSUMMARY:Tahun B\n aru 2\n\t027"),
            Self.event("DTSTART;VALUE=DATE:20270102\nBEGIN:VALARM\nTRIGGER:-PT15M\nSUMMARY:x\nEND:VALARM\nX-A;B=\"c:d;e\":f\nSUMMARY:Lain"),
            Self.event("DTSTART;VALUE=DATE:20270103\nSTATUS:CANCELLED\nSUMMARY:Batal"),
            "BEGIN:VTODO\nDTSTART;VALUE=DATE:20270104\nSUMMARY:Tugas\nEND:VTODO",
        ].joined(separator: "\n")
        let expected = [
            "2026-12-25 Natal, cuti bersama", "2026-12-26 Natal, cuti bersama", "2027-01-01 Tahun Baru 2027", "2027-01-02 Lain",
        ]
        #expect(holidays(events, newline: newline) == expected)
        #expect(holidays("") == [])
    }

    @Test func `every fault is told at once with its line, and then nothing is taken`() {
        let events = [
            Self.event("DTSTART;VALUE=DATE:20261225\nSUMMARY:Natal"),
            Self.event("DTSTART:20261225T080000Z\nSUMMARY:Rapat"),
            Self.event("DTSTART;VALUE=DATE:20261226\nRRULE:FREQ=YEARLY\nSUMMARY:Ulang"),
            Self.event("SUMMARY:Tanpa tanggal"),
            Self.event("DTSTART;VALUE=DATE:20261226\nDTEND;VALUE=DATE:20261226\nSUMMARY:Kosong"),
            Self.event("DTSTART;VALUE=DATE:20260230\nSUMMARY:Tak ada"),
            Self.event("DTSTART;VALUE=DATE:20261226"),
            Self.event("DTSTART;VALUE=DATE:20261226\nDTSTART;VALUE=DATE:20261227\nSUMMARY:Dua"),
            "nonsense",
        ].joined(separator: "\n")
        let told = [
            "8 no_whole_day", "13 not_supported", "16 required", "19 out_of_range", "25 no_whole_day", "28 bad_name", "33 duplicate",
            "36 bad_line",
        ]
        #expect(faults(Self.file(events)) == told)
    }

    @Test func `a stream that is none is refused`() {
        #expect(faults([]) == ["1 cut_off"])
        #expect(faults(Array("hello".utf8)) == ["1 bad_line", "1 cut_off"])
        #expect(faults([0xFF, 0xFE]) == ["1 bad_encoding"])
        #expect(faults(Array("BEGIN:VEVENT\nEND:VEVENT".utf8)) == ["1 bad_line"])
        #expect(faults(Array("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR".utf8)) == ["3 bad_line"])
        #expect(faults(Array("BEGIN:VCALENDAR\nBEGIN:VEVENT".utf8)) == ["2 cut_off"])
        #expect(faults(Self.file("X:" + String(repeating: "x", count: 4_000))) == ["3 too_long"])
        let many = (0...2_000).map { _ in Self.event("DTSTART:20261225\nSUMMARY:x") }.joined(separator: "\n")
        #expect(faults(Self.file(many)) == ["8003 too_many"])
        #expect(faults(Array(repeating: UInt8(ascii: "\n"), count: 100_000)).count == 1)
        #expect(HolidayImport(Array(String(repeating: "a\n", count: 10_000).utf8)).faults.count == 100)
    }

    @Test func `random bytes and broken files never trap`() {
        var random = SystemRandomNumberGenerator()
        let whole = Self.file(Self.event("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY:Nat\\,al\n folded"))
        let marks = Array("\r\n:;=\"\\ \tBEGINVT0129".utf8) + [0, 0xC3, 0xFF]
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(marks.randomElement(using: &random) ?? 0, at: place)
                default: bytes[place] = marks.randomElement(using: &random) ?? 0
                }
            }
            let read = HolidayImport(bytes)
            #expect(read.faults.isEmpty || read.holidays.isEmpty)
        }
    }

    @Test func `a file adds to the calendar or replaces a year of it`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let before = CalendarBody.standard(holidays: [("2026-12-25", "Natal"), ("2026-12-31", "Cuti"), ("2027-01-01", "Lama")])
            _ = try await house.send(.put, "/v1/calendar", before, as: cast.admin, headers: ["if-match": "*"])
            func take(_ events: String, _ query: String) async throws -> [String] {
                let file = String(decoding: Self.file(events), as: UTF8.self)
                let type = ["content-type": "text/calendar"]
                let taken = try await house.send(.post, "/v1/calendar/holidays\(query)", file, as: cast.admin, headers: type)
                return taken.json.elements(at: "holidays").map { "\($0.text(at: "date") ?? "") \($0.text(at: "name") ?? "")" }
            }
            let added = try await take(
                Self.event("DTSTART:20270101\nSUMMARY:Tahun Baru") + "\n" + Self.event("DTSTART:20270101\nSUMMARY:Imlek"),
                ""
            )
            #expect(added == ["2026-12-25 Natal", "2026-12-31 Cuti", "2027-01-01 Tahun Baru / Imlek"])
            let replaced = try await take(Self.event("DTSTART:20261225\nSUMMARY:Hari Raya Natal"), "?replace_year=2026")
            #expect(replaced == ["2026-12-25 Hari Raya Natal", "2027-01-01 Tahun Baru / Imlek"])
        }
    }

    @Test func `the cases of a unit go by its zone, or by its own calendar`() async throws {
        try await APIHouse.with { house throws in
            let cast = try await Cast(in: house)
            let id = try await house.consultation(cast)
            func due() async throws -> String? {
                let row = try await house.send(.get, "/v1/consultations/\(id)", as: cast.asker).text("clock.due_at")
                let list = try await house.send(.get, "/v1/consultations/\(id)/timings?sort=created_at", as: cast.asker)
                #expect(list.data.last?.text(at: "due_at") == row)
                return row
            }
            #expect(try await due() == "2026-11-17T01:00:00.000Z")
            let path = "/v1/units/\(cast.unit.id.text)"
            let any = ["if-match": "*"]
            // 08:00 in Jakarta is 10:00 in Jayapura: five hours of that day are left, and two and a half of the next.
            _ = try await house.send(.patch, path, #"{"time_zone":"Asia/Jayapura"}"#, as: cast.admin, headers: any)
            #expect(try await due() == "2026-11-17T01:00:00.000Z")
            house.pass(seconds: 11 * 3_600)
            let late = try await house.consultation(cast, asker: cast.asker)
            let elsewhere = try await house.consultation(cast, asker: cast.stranger)
            func due(of id: String) async throws -> String? {
                try await house.send(.get, "/v1/consultations/\(id)", as: cast.director).text("clock.due_at")
            }
            // From 19:00 in Jakarta, 21:00 in Jayapura, to the end of the next day there.
            #expect(try await due(of: late) == "2026-11-17T07:00:00.000Z")
            #expect(try await due(of: elsewhere) == "2026-11-17T09:00:00.000Z")
            let own = CalendarBody.standard(zone: "Asia/Jayapura", holidays: [("2026-11-17", "Hari Noken")])
            #expect(try await house.send(.put, path + "/calendar", own, as: cast.admin, headers: any).integer("version") == 1)
            #expect(try await due(of: late) == "2026-11-18T07:00:00.000Z")
            #expect(try await due(of: elsewhere) == "2026-11-17T09:00:00.000Z")
            #expect(try await house.send(.delete, path + "/calendar", as: cast.admin, headers: any).status == 204)
            #expect(try await due(of: late) == "2026-11-17T07:00:00.000Z")
            #expect(
                try await house.send(.put, path + "/calendar", own, as: cast.admin, headers: ["if-match": "\"0-1-2\""]).integer("version")
                    == 3
            )
        }
    }
}
