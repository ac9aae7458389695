import Domain
import Testing

@Suite struct CivilMonthTests {
    @Test(arguments: ["2026-11", "1000-01", "2999-12", "2028-02"])
    func `a month is written as it is read`(_ text: String) throws {
        #expect(CivilMonth(text)?.description == text)
    }

    @Test(arguments: ["2026-13", "2026-00", "2026-1", "0999-12", "3000-01", "2026-11-01", "2026/11", "", "abcd-ef", "+026-11"])
    func `anything else is none`(_ text: String) { #expect(CivilMonth(text) == nil) }

    @Test func `months follow one another over years and leap days`() throws {
        var month = try #require(CivilMonth("2027-11"))
        var seen: [String] = []
        for _ in 0..<5 {
            month = month.next
            seen.append(month.description)
        }
        #expect(seen == ["2027-12", "2028-01", "2028-02", "2028-03", "2028-04"])
        #expect(try #require(CivilMonth("2999-12")).next.description == "2999-12")
    }

    @Test(arguments: [
        // A Tuesday; a Saturday, so that work begins on Monday.
        ("2026-11", "2026-12-01T00:30:00.000Z"), ("2026-07", "2026-08-03T00:30:00.000Z"),
    ])
    func `work after a month begins on the first working day`(_ text: String, _ start: String) throws {
        #expect(WorkingCalendar.standard.firstWork(after: try #require(CivilMonth(text))).rfc3339 == start)
    }

    @Test func `a month is that of the wall in Jakarta`() throws {
        let last = try #require(Instant(rfc3339: "2026-11-30T23:59:59.999+07:00"))
        #expect(WorkingCalendar.standard.month(of: last).description == "2026-11")
        #expect(WorkingCalendar.standard.month(of: last.advanced(byMilliseconds: 1)).description == "2026-12")
        #expect(WorkingCalendar.standard.start(of: try #require(CivilMonth("2026-12"))) == last.advanced(byMilliseconds: 1))
    }
}
