import Domain
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_248_000_123, "2026-11-21T08:00:00.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func `a moment is written in UTC with milliseconds and read back`(_ milliseconds: Int64, _ text: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        ("2026-11-21T15:00:00+07:00", "2026-11-21T08:00:00.000Z"),
        ("2026-11-20T23:30:00-08:30", "2026-11-21T08:00:00.000Z"),
        ("2026-11-21T08:00:00-00:00", "2026-11-21T08:00:00.000Z"),
        ("2026-11-21t08:00:00z", "2026-11-21T08:00:00.000Z"),
        ("2026-11-21T08:00:00.1Z", "2026-11-21T08:00:00.100Z"),
        ("2026-11-21T08:00:00.12Z", "2026-11-21T08:00:00.120Z"),
        ("2026-11-21T08:00:00.123999999Z", "2026-11-21T08:00:00.123Z"),
        ("1969-12-31T23:59:59.9999+00:00", "1969-12-31T23:59:59.999Z"),
        ("2026-01-01T00:30:00.000000001+09:00", "2025-12-31T15:30:00.000Z"),
        ("9999-12-31T23:59:59.999999999+23:59", "9999-12-31T00:00:59.999Z"),
    ])
    func `offsets and fractions are understood`(_ text: String, _ expected: String) throws {
        #expect(try moment(text).rfc3339 == expected)
    }

    @Test(arguments: [
        "", "Z", "2026-11-21", "2026-11-21T08:00:00", "2026-11-21 08:00:00Z", "2026-11-21T08:00Z", "2026-11-21T24:00:00Z",
        "2026-11-21T23:60:00Z", "2026-12-31T23:59:60Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-00-10T00:00:00Z",
        "2026-13-10T00:00:00Z", "2026-04-31T00:00:00Z", "2026-04-00T00:00:00Z", "0000-01-01T00:00:00Z", "2026-11-21T08:00:00.Z",
        "2026-11-21T08:00:00.1234567890Z", "2026-11-21T08:00:00,5Z", "2026-11-21T08:00:00+0700", "2026-11-21T08:00:00+07",
        "2026-11-21T08:00:00+24:00", "2026-11-21T08:00:00+07:60", "2026-11-21T08:00:00ZZ", "2026-11-21T08:00:00Z ",
        " 2026-11-21T08:00:00Z", "+026-11-21T08:00:00Z", "-026-11-21T08:00:00Z", "2026-11-21T08:00:00\u{2212}07:00",
        "٢٠٢٦-11-21T08:00:00Z", "2026-11-21T08:00:00.٣Z", "20261-11-21T08:00:00Z", "2026-W47-6T08:00:00Z",
        "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-00:01", "2026-11-21T08:00:00Z\u{301}", "2026-11-21T08:00:00\0Z",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `every moment of years 1 to 9999 survives writing and reading`() {
        var random = SeededGenerator(seed: 3339)
        let ends = Instant.earliest.milliseconds...Instant.latest.milliseconds
        for _ in 0..<20_000 {
            let instant = Instant(milliseconds: .random(in: ends, using: &random))
            guard Instant(rfc3339: instant.rfc3339) != instant else { continue }
            Testing.Issue.record("\(instant.milliseconds) became \(instant.rfc3339)")
        }
    }

    @Test func `random damage to a timestamp never traps and what is read can be written`() {
        let alphabet = Array("0123456789-:.TZtz+ \u{0}é9".utf8)
        for seed in UInt64(0)..<20_000 {
            var random = SeededGenerator(seed: seed)
            var bytes = Array("2026-11-21T08:00:00.123+07:00".utf8)
            for _ in 0..<random.int(1...4) {
                switch random.int(0...2) {
                case 0: bytes[random.int(0...bytes.count - 1)] = alphabet[random.int(0...alphabet.count - 1)]
                case 1: bytes.remove(at: random.int(0...bytes.count - 1))
                default: bytes.insert(alphabet[random.int(0...alphabet.count - 1)], at: random.int(0...bytes.count))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let read = Instant(rfc3339: text) else { continue }
            #expect(Instant(rfc3339: read.rfc3339) == read, "seed \(seed): \(text)")
        }
    }

    @Test func `moments beyond the written years stop at their ends`() {
        #expect(Instant(milliseconds: .min).rfc3339 == "0001-01-01T00:00:00.000Z")
        #expect(Instant(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(Instant(milliseconds: 5).advanced(byMilliseconds: .max).milliseconds == .max)
        #expect(Instant(milliseconds: -5).advanced(byMilliseconds: .min).milliseconds == .min)
        #expect(Instant(milliseconds: 5).advanced(byMilliseconds: -7).milliseconds == -2)
        #expect(Instant(milliseconds: 1) < Instant(milliseconds: 2))
    }
}
