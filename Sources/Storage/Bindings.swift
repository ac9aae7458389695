package import Domain

extension Identifier: SQLBindable {
    package var sqlValue: SQLValue { .shortText(characters) }
}

extension Instant: SQLBindable {
    package var sqlValue: SQLValue { .integer(milliseconds) }
}

extension SQLBindable where Self: RawRepresentable<String> {
    package var sqlValue: SQLValue { .text(rawValue) }
}

extension Consultation.State: SQLBindable {}
extension Consultation.Topic: SQLBindable {}
extension WorkspaceItem.State: SQLBindable {}
extension WorkspaceItem.Priority: SQLBindable {}
extension Ticket.State: SQLBindable {}
extension Ticket.Variant: SQLBindable {}
extension Ticket.Category: SQLBindable {}
extension Ticket.Urgency: SQLBindable {}
extension Ticket.Priority: SQLBindable {}
extension ServiceComplaint.State: SQLBindable {}
extension ServiceComplaint.Variant: SQLBindable {}
extension ProcedureRun.State: SQLBindable {}
extension CaseKind: SQLBindable {}
extension Recurrence.Unit: SQLBindable {}
extension CaseLink.Relation: SQLBindable {}
extension AttachmentType: SQLBindable {}
extension AttachmentSubject: SQLBindable {}
extension Procedure.Scope: SQLBindable {}
extension StepTiming.SubjectKind: SQLBindable {}
extension StepTiming.Outcome: SQLBindable {}
extension StepTiming.Verdict: SQLBindable {}
extension Domain.Unit.Kind: SQLBindable {}
extension IndonesianTimeZone: SQLBindable {}
extension Equipment.Kind: SQLBindable {}
extension Equipment.Condition: SQLBindable {}
extension Topology.Node.Kind: SQLBindable {}
extension Topology.Link.Medium: SQLBindable {}
extension Token.Kind: SQLBindable {}
extension Event.Subject: SQLBindable {}

extension PointRule.Code: SQLBindable {}
extension PerformancePoint.Status: SQLBindable {}
extension PointObjection.Answer: SQLBindable {}
extension Recap.Kind: SQLBindable {}
extension Recap.State: SQLBindable {}
extension RecapTotals.Part: SQLBindable {}

extension CivilMonth: SQLBindable {
    package var sqlValue: SQLValue { .text(description) }
}

extension EmployeeNumber: SQLBindable {
    package var sqlValue: SQLValue { .text(text) }
}

extension RoleSet: SQLBindable {
    package var sqlValue: SQLValue { .integer(Int64(rawValue)) }
}

extension Columns {
    mutating func identifier<Entity>() -> Identifier<Entity> { Identifier(stored: shortText() ?? ShortText("")) }

    mutating func optionalIdentifier<Entity>() -> Identifier<Entity>? { shortText().map { Identifier(stored: $0) } }

    mutating func month() throws(DomainError) -> CivilMonth {
        let text = text()
        guard let month = CivilMonth(text) else { throw .fault("stored value \(text) is no month") }
        return month
    }

    mutating func instant() -> Instant { Instant(milliseconds: Int64(integer())) }

    mutating func optionalInstant() -> Instant? { optionalInteger().map { Instant(milliseconds: Int64($0)) } }
}
