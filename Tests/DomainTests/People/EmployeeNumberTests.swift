import Domain
import Testing

@Suite struct EmployeeNumberTests {
    @Test(arguments: [
        "198503152010011001", "199912312022042999", "200002292021211001", "196001011975121002", "199001012023392123",
    ])
    func `a well-formed number is taken`(_ text: String) throws {
        #expect(EmployeeNumber(text)?.text == text)
        #expect(EmployeeNumber.issue(in: text, at: "/nip") == nil)
        #expect(try EmployeeNumber(text, at: "/nip").text == text)
    }

    @Test(arguments: [
        ("", "18 digits"), ("19850315201001100", "18 digits"), ("1985031520100110011", "18 digits"),
        ("19850315 201001 1 1", "18 digits"), ("19850315201001100x", "18 digits"), ("٩٩٩٩٩٩٩٩٩", "18 digits"),
        ("198502302010011001", "date of birth"), ("190002292010011001", "date of birth"), ("198513012010011001", "date of birth"),
        ("000003152010011001", "date of birth"), ("198503151999011001", "year of appointment"),
        ("198503152010001001", "contract code"), ("198503152010131001", "contract code"), ("198503152010201001", "contract code"),
        ("198503152010401001", "contract code"), ("198503152010010001", "Digit 15"), ("198503152010013001", "Digit 15"),
        ("198503152010011000", "serial"),
    ])
    func `a fault is named and points at the field`(_ text: String, _ reason: String) throws {
        #expect(EmployeeNumber(text) == nil)
        let issue = try #require(EmployeeNumber.issue(in: text, at: "/applicant_nip"))
        #expect(issue.pointer == "/applicant_nip")
        #expect(issue.code == "invalid_nip")
        #expect(issue.detail.en.contains(reason))
        #expect(issue.detail.id.contains("NIP"))
        #expect(throws: DomainError.invalid([issue])) { try EmployeeNumber(text, at: "/applicant_nip") }
    }

    @Test func `printing it in any way shows only the last four digits`() throws {
        let number = try #require(EmployeeNumber("198503152010011001"))
        var dumped = ""
        dump([number], to: &dumped)
        for shown in ["\(number)", String(reflecting: number), String(describing: [number]), "\(Optional(number) as Any)", dumped] {
            #expect(shown.contains("**************1001"))
            #expect(!shown.contains("19850315"))
        }
        #expect(number.masked == "**************1001")
    }
}
