import API
import Domain
import HTTP
import Testing

/// The enumerations and forms of the document, held against the tables of the program.
@Suite struct TableTests {
    private static let tables: [(schema: String, values: [String])] = [
        ("Role", Role.allCases.map(\.rawValue)),
        ("Permission", Permission.allCases.map(\.rawValue)),
        ("Scope", Scope.allCases.map(\.rawValue)),
        ("StepNotice", StepNotice.allCases.map(\.name)),
        ("EventSubjectType", Event.Subject.allCases.map(\.rawValue)),
        ("UnitKind", Domain.Unit.Kind.allCases.map(\.rawValue)),
        ("TimeZone", IndonesianTimeZone.allCases.map(\.rawValue)),
        ("ConsultationStatus", Consultation.State.allCases.map(\.rawValue)),
        ("WorkspaceItemStatus", WorkspaceItem.State.allCases.map(\.rawValue)),
        ("WorkPriority", WorkspaceItem.Priority.allCases.map(\.rawValue)),
        ("TicketKind", Ticket.Variant.allCases.map(\.rawValue)),
        ("TicketStatus", Ticket.State.allCases.map(\.rawValue)),
        ("TicketCategory", Ticket.Category.allCases.map(\.rawValue)),
        ("Urgency", Ticket.Urgency.allCases.map(\.rawValue)),
        ("TicketPriority", Ticket.Priority.allCases.map(\.rawValue)),
        ("ServiceComplaintKind", ServiceComplaint.Variant.allCases.map(\.rawValue)),
        ("ServiceComplaintStatus", ServiceComplaint.State.allCases.map(\.rawValue)),
        ("NodeKind", Topology.Node.Kind.allCases.map(\.rawValue)),
        ("Medium", Topology.Link.Medium.allCases.map(\.rawValue)),
        ("EquipmentKind", Equipment.Kind.allCases.map(\.rawValue)),
        ("EquipmentCondition", Equipment.Condition.allCases.map(\.rawValue)),
        ("ProcedureRunStatus", ProcedureRun.State.allCases.map(\.rawValue)),
        ("Topic", Consultation.Topic.allCases.map(\.rawValue)),
        ("AttachmentType", AttachmentType.allCases.map(\.rawValue)),
        ("AttachmentSubjectType", AttachmentSubject.allCases.map(\.rawValue)),
        ("SubjectType", CaseKind.allCases.map(\.rawValue)),
        ("TimingSubjectType", StepTiming.SubjectKind.allCases.map(\.rawValue)),
        ("PointRuleName", PointRule.Code.allCases.map(\.rawValue)),
        ("PointStatus", PerformancePoint.Status.allCases.map(\.rawValue)),
        ("RecapKind", Recap.Kind.allCases.map(\.rawValue)),
        ("RecapStatus", Recap.State.allCases.map(\.rawValue)),
        ("Outcome", StepTiming.Outcome.allCases.map(\.rawValue)),
        ("Verdict", StepTiming.Verdict.allCases.map(\.rawValue)),
        ("ProblemCode", ProblemCode.allCases.map(\.rawValue)),
    ]

    @Test(arguments: tables)
    func `an enumeration has the same values on both sides`(_ schema: String, _ values: [String]) throws {
        let contract = try #require(Contract.current)
        let documented = try #require(contract.schema(schema)["enum"]).texts
        #expect(Set(documented) == Set(values))
        #expect(documented.count == values.count)
    }

    @Test func `the roles, states and topics are those of the field`() throws {
        let contract = try #require(Contract.current)
        #expect(
            contract.schema("Role")["enum"]?.texts == [
                "super-admin", "work-unit", "consultation-officer", "subdirectorate-head", "director", "task-giver", "assigned-officer",
                "ict-manager",
                "ict-officer",
            ]
        )
        #expect(
            contract.schema("ConsultationStatus")["enum"]?.texts == [
                "draft", "submitted", "assigned", "in_verification", "verified", "answered", "closed", "withdrawn",
            ]
        )
        #expect(contract.schema("Topic")["enum"]?.texts == ["compliance", "risk_management"])
        #expect(
            contract.schema("WorkspaceItemStatus")["enum"]?.texts == [
                "draft", "assigned", "in_verification", "verified", "in_progress", "completed", "cancelled",
            ]
        )
        #expect(
            contract.schema("TicketStatus")["enum"]?.texts == [
                "draft", "submitted", "assigned", "in_progress", "awaiting_check", "resolved", "reported", "registered", "disposed",
                "examined", "classified", "verified", "prioritised", "considered", "approved", "closed", "rejected", "cancelled",
            ]
        )
        #expect(contract.schema("WorkPriority")["enum"]?.texts == ["low", "normal", "high"])
        #expect(contract.schema("TicketKind")["enum"]?.texts == ["complaint", "service_request"])
        #expect(contract.schema("Urgency")["enum"]?.texts == ["low", "medium", "high"])
        #expect(contract.schema("TicketPriority")["enum"]?.texts == ["low", "medium", "high", "critical"])
        #expect(contract.schema("UnitKind")["enum"]?.texts == ["directorate", "work_unit", "regional_office", "satker"])
    }

    @Test func `every scope but read, write and admin is a permission`() throws {
        let contract = try #require(Contract.current)
        let permissions = Set(contract.schema("Permission")["enum"]?.texts ?? [])
        let scopes = Set(contract.schema("Scope")["enum"]?.texts ?? [])
        #expect(scopes.subtracting(permissions) == ["read", "write", "admin"])
        #expect(permissions.subtracting(scopes) == ["me:read", "me:write"])
        let needed = Set(contract.operations.compactMap(\.needs))
        #expect(needed == permissions)
    }

    // MARK: Ids and numbers

    private func checkIdentifier<Entity: Identified>(_ type: Entity.Type, _ prefix: String, _ schema: String) throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema(schema)["pattern"]?.text)
        #expect(pattern == "^\(prefix)_[0-9a-z]{20,40}$")
        let made = IdentifierSource().make(Identifier<Entity>.self, at: Instant(milliseconds: 1_795_000_000_000))
        #expect(SchemaValidator.matches(made.text, pattern))
        let tail = String(repeating: "a", count: 20)
        let texts = [
            "\(prefix)_\(tail)", "\(prefix)_\(tail)\(tail)", "\(prefix)_\(tail.dropLast())", "\(prefix)_\(tail)\(tail)a", "xyz_\(tail)",
            "\(prefix)-\(tail)",
            "\(prefix)_\(tail.dropLast())A", "\(prefix)_\(tail.dropLast())é", "\(prefix.uppercased())_\(tail)", " \(prefix)_\(tail)", "",
        ]
        for text in texts {
            #expect((Identifier<Entity>(text) != nil) == SchemaValidator.matches(text, pattern), "\(text)")
        }
    }

    @Test func `ids have the form of the document`() throws {
        try checkIdentifier(User.self, "usr", "UserID")
        try checkIdentifier(Domain.Unit.self, "unt", "UnitID")
        try checkIdentifier(Token.self, "tok", "TokenID")
        try checkIdentifier(Consultation.self, "con", "ConsultationID")
        try checkIdentifier(WorkspaceItem.self, "wsi", "WorkspaceItemID")
        try checkIdentifier(Ticket.self, "tkt", "TicketID")
        try checkIdentifier(Equipment.self, "eqp", "EquipmentID")
        try checkIdentifier(ServiceComplaint.self, "svc", "ServiceComplaintID")
        try checkIdentifier(Topology.self, "top", "TopologyID")
        try checkIdentifier(CaseComment.self, "cmt", "CommentID")
        try checkIdentifier(Attachment.self, "att", "AttachmentID")
        try checkIdentifier(Event.self, "evt", "EventID")
        try checkIdentifier(StepTiming.self, "tim", "StepTimingID")
        try checkIdentifier(ProcedureRun.self, "run", "ProcedureRunID")
        try checkIdentifier(PerformancePoint.self, "pts", "PointID")
        try checkIdentifier(Recap.self, "rcp", "RecapID")
        try checkIdentifier(RunParticipant.self, "par", "ParticipantID")
    }

    private func checkNumber<Kind: Case>(_ type: Kind.Type, _ prefix: String, _ schema: String) throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema(schema)["properties"]?["number"]?["pattern"]?.text)
        let parameter = try #require(contract.root["components"]?["parameters"]?["\(schema)Id"]?["schema"]?["pattern"]?.text)
        let other = prefix == "KON" ? "WSP" : "KON"
        let texts = [
            ("\(prefix)-2026-000001", true), ("\(prefix)-2026-123456789012", true), ("\(prefix)-2026-00001", false),
            ("\(prefix)-2026-1234567890123", false), ("\(prefix)-26-000001", false), ("\(other)-2026-000001", false),
            ("\(prefix.lowercased())-2026-000001", false), ("\(prefix)-2026-00000a", false), ("\(prefix)2026000001", false),
        ]
        for (text, isNumber) in texts {
            #expect(SchemaValidator.matches(text, pattern) == isNumber, "\(text)")
            #expect(SchemaValidator.matches(text, parameter) == isNumber, "\(text)")
            #expect(Kind.kind.isNumber(text) == isNumber, "\(text)")
            #expect((CaseReference<Kind>(text) != nil) == isNumber, "\(text)")
        }
    }

    @Test func `case numbers have the form of the document`() throws {
        try checkNumber(Consultation.self, "KON", "Consultation")
        try checkNumber(WorkspaceItem.self, "WSP", "WorkspaceItem")
        try checkNumber(Ticket.self, "TIK", "Ticket")
        try checkNumber(ServiceComplaint.self, "PLY", "ServiceComplaint")
        try checkNumber(ProcedureRun.self, "RUN", "ProcedureRun")
    }

    @Test func `a number is counted with six digits and goes on beyond`() {
        #expect(CaseKind.consultation.number(year: 2026, ordinal: 1) == "KON-2026-000001")
        #expect(CaseKind.consultation.number(year: 2026, ordinal: 1_234_567) == "KON-2026-1234567")
    }

    @Test(arguments: [
        "abc", "a.b_c-9", "ab", "", "ABC", "a b", "a@b", "ébc", String(repeating: "a", count: 64), String(repeating: "a", count: 65),
    ])
    func `usernames have the form of the document`(_ text: String) throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema("NewUser")["properties"]?["username"]?["pattern"]?.text)
        #expect(User.isUsername(text) == SchemaValidator.matches(text, pattern))
    }

    @Test(arguments: [
        "A", "KI", "9", "A.B_C-9", "", ".A", "-A", "a", "A B", "É", String(repeating: "A", count: 32), String(repeating: "A", count: 33),
    ])
    func `unit codes have the form of the document`(_ text: String) throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema("NewUnit")["properties"]?["code"]?["pattern"]?.text)
        #expect(Domain.Unit.isCode(text) == SchemaValidator.matches(text, pattern))
    }

    @Test(arguments: [
        "a@b.id", "a.b+c@d.e.id", "a", "@b.id", "a@b", "a@.id", "a@b.", "a@b..id", "a@@b.id", "a b@c.id", "é@b.id", "a@b.id\n",
    ])
    func `e-mail addresses have the form of the document`(_ text: String) throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema("NewUser")["properties"]?["email"]?["pattern"]?.text)
        #expect(User.isEmail(text) == SchemaValidator.matches(text, pattern))
    }

    @Test(arguments: [
        "2026-11-21T08:00:00Z", "2026-11-21T08:00:00.123Z", "2026-11-21T15:00:00+07:00", "2026-11-21t08:00:00z", "2026-11-21T08:00:00",
        "2026-11-21 08:00:00Z", "2026-11-21", "2026-11-21T08:00Z", "2026-11-21T08:00:00.Z", "2026-11-21T08:00:00+0700",
        "2026-11-21T08:00:00.1234567890Z",
    ])
    func `times are read in the form of the document`(_ text: String) throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema("Instant")["pattern"]?.text)
        #expect((Instant(rfc3339: text) != nil) == SchemaValidator.matches(text, pattern))
    }

    @Test func `times are written in the form of the document`() throws {
        let contract = try #require(Contract.current)
        let pattern = try #require(contract.schema("Timestamp")["pattern"]?.text)
        #expect(SchemaValidator.matches(Instant(milliseconds: 1_795_000_000_007).rfc3339, pattern))
    }
}
