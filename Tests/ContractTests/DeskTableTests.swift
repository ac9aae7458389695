import API
import Domain
import HTTP
import Testing

/// The enumerations and forms around links, held against the document.
@Suite struct DeskTableTests {
    @Test func `links have the types, directions and ids of the document`() throws {
        let contract = try #require(Contract.current)
        #expect(contract.schema("LinkType")["enum"]?.texts == CaseLink.Relation.allCases.map(\.rawValue))
        #expect(contract.schema("LinkType")["enum"]?.texts == ["relates_to", "caused_by", "blocks"])
        #expect(
            contract.schema("CaseLink")["properties"]?["direction"]?["enum"]?.texts == CaseLink.Direction.allCases.map(\.rawValue)
        )
        let pattern = try #require(contract.schema("CaseLinkID")["pattern"]?.text)
        let made = IdentifierSource().make(CaseLink.ID.self, at: Instant(milliseconds: 1_795_000_000_000))
        #expect(made.text.hasPrefix("lnk_") && SchemaValidator.matches(made.text, pattern))
    }

    @Test(arguments: [
        ("KON-2026-000001", true), ("WSP-2026-000001", true), ("TIK-2026-000001", true), ("RUN-2026-000001", true),
        ("PLY-2026-000001", true),
        ("REK-2026-000001", false), ("KON-2026-1", false),
        ("con_0123456789abcdefghijk", true), ("wsi_0123456789abcdefghijk", true), ("tkt_0123456789abcdefghijk", true),
        ("svc_0123456789abcdefghijk", true),
        ("usr_0123456789abcdefghijk", false), ("con_0", false), ("", false),
    ])
    func `a case of any kind is named in the form of the document`(_ text: String, _ isReference: Bool) throws {
        let pattern = try #require(Contract.current?.schema("CaseReference")["pattern"]?.text)
        #expect(SchemaValidator.matches(text, pattern) == isReference)
        #expect((AnyCaseReference(text) != nil) == isReference)
    }
}
