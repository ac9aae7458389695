import Domain
import Testing

@Suite struct CaseKindTests {
    @Test(
        arguments: [
            (2026, 1, "KON-2026-000001"), (2026, 42, "KON-2026-000042"), (2027, 999_999, "KON-2027-999999"),
            (2026, 1_000_000, "KON-2026-1000000"), (2026, 123_456_789, "KON-2026-123456789"),
        ]
    )
    func `a number has six digits and grows beyond them`(_ year: Int, _ ordinal: Int, _ number: String) {
        #expect(CaseKind.consultation.number(year: year, ordinal: ordinal) == number)
        #expect(CaseKind.consultation.isNumber(number))
    }

    @Test(arguments: [
        (CaseKind.consultation, "KON"), (.workspaceItem, "WSP"), (.ticket, "TIK"), (.serviceComplaint, "PLY"), (.procedureRun, "RUN"),
    ])
    func `each kind has numbers of its own`(_ kind: CaseKind, _ prefix: String) {
        #expect(kind.number(year: 2026, ordinal: 7) == "\(prefix)-2026-000007")
        for other in CaseKind.allCases { #expect(other.isNumber("\(prefix)-2026-000007") == (other == kind)) }
    }

    @Test(
        arguments: [
            "", "KON", "KON-2026", "KON-2026-1", "KON-2026-00001", "kon-2026-000001", "WSP-2026-000001", "KON-26-000001", "KON-2026-00000a",
            "KON-2026-000001-", "KON-2026-0000000000001", "KON--000001", " KON-2026-000001", "KON-2026-٠٠٠٠٠١",
        ]
    )
    func `another text is no number`(_ text: String) {
        #expect(!CaseKind.consultation.isNumber(text))
        #expect(CaseReference<Consultation>(text) == nil)
    }

    @Test(
        arguments: [
            ("2026-12-31T16:59:59.999Z", 2026), ("2026-12-31T17:00:00Z", 2027), ("2027-01-01T00:00:00Z", 2027),
            ("2025-12-31T17:00:00Z", 2026), ("2026-01-01T00:00:00+07:00", 2026), ("2028-02-29T23:59:59Z", 2028),
        ]
    )
    func `the year turns at midnight in Jakarta, which is 17 o'clock in UTC`(_ time: String, _ year: Int) throws {
        #expect(WorkingCalendar.standard.localYear(of: try #require(Instant(rfc3339: time))) == year)
    }
}
